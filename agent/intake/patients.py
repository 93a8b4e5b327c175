"""Whose the charts are: one that belongs to nobody known, and two of one person, are said when they come in."""

from collections.abc import Iterable, Iterator
from datetime import date

from knowledge.records import Repository
from knowledge.types.chart import Chart
from knowledge.types.reading import ReadingFinding
from tools.denials.identity import member_id, squeeze
from tools.linking.book import PersonKey, person_key

Known = str | PersonKey


def doubtful_charts(tx: Repository, practice_id: str) -> tuple[ReadingFinding, ...]:
    """Warn of every chart that no claim, coverage, authorization or remit is about, and of every second one."""
    charts = sorted(tx.facts.charts(practice_id), key=lambda chart: chart.file)
    if not charts:
        return ()
    return (*_of_nobody(charts, tx, practice_id), *_of_one_person(charts))


def _of_nobody(charts: list[Chart], tx: Repository, practice_id: str) -> Iterator[ReadingFinding]:
    left = {chart.file: chart for chart in charts}
    for known in _people(tx, practice_id):
        if not left:
            return
        left = {file: chart for file, chart in left.items() if known.isdisjoint(_names(chart))}
    for chart in left.values():
        ids = ", ".join(chart.person.identifiers) or "none"
        says = (
            f"is the chart of nobody known: no claim, coverage, authorization or remit carries one of its identifiers "
            f"({ids}), or its name and birth date. Give Patient.identifier the member id, if its patient is billed"
        )
        yield ReadingFinding("warning", "chart-of-nobody", says, chart.file, where=_where(chart))


def _people(tx: Repository, practice_id: str) -> Iterator[set[Known]]:
    """Give who is known, the cheapest source first: remits are read only when a chart is left."""
    coverage = tx.facts.coverage(practice_id)
    yield {squeeze(row.member_id) for row in coverage}
    yield _keys((row.patient_last, row.patient_first, row.birth_date) for row in coverage)
    claims = tuple(tx.facts.claims(practice_id))
    yield {squeeze(claim.member_id) for claim in claims}
    yield _keys((claim.patient_last, claim.patient_first, claim.birth_date) for claim in claims)
    yield {squeeze(row.member_id) for row in tx.facts.authorizations(practice_id)}
    yield {squeeze(member_id(claim)) for remit in tx.remits.all(practice_id) for claim in remit.claims}


def _keys(people: Iterable[tuple[str, str, date | None]]) -> set[Known]:
    return {key for person in people if (key := person_key(*person)) is not None}


def _names(chart: Chart) -> set[Known]:
    person = chart.person
    names: set[Known] = {squeeze(identifier) for identifier in person.identifiers if identifier.strip()}
    key = person_key(person.last, person.first, person.birth_date)
    return names if key is None else names | {key}


def _of_one_person(charts: list[Chart]) -> Iterator[ReadingFinding]:
    first: dict[PersonKey, Chart] = {}
    for chart in charts:
        key = person_key(chart.person.last, chart.person.first, chart.person.birth_date)
        if key is None:
            continue
        if key in first:
            says = (
                f"is of one name and birth date with {first[key].file}: where both fit a claim none is chosen, and a "
                "person must say which one counts. Merge the two, or take one out"
            )
            yield ReadingFinding("warning", "charts-of-one-person", says, chart.file, where=_where(chart))
        else:
            first[key] = chart


def _where(chart: Chart) -> str:
    return f"{chart.file} {chart.person.resource}"

"""The patient's chart and coverage, by member id, or by name and birth date together; never by name alone."""

from knowledge.types.chart import Chart
from knowledge.types.claim import SubmittedClaim
from knowledge.types.practice import CoverageSpan
from tools.denials.identity import squeeze
from tools.linking.book import Book, person_key
from tools.linking.found import Found


def find_chart(member: str, claim: SubmittedClaim | None, book: Book) -> Found[Chart]:
    """Find the chart whose identifiers hold the member id, else whose name and birth date are the claim's.

    Family members share a subscriber's id: a chart with the id but another given name and birth date than the
    claim's is another person's, and several with the id are told apart by name and birth date or not at all.
    """
    held = book.charts_by_member.get(squeeze(member), ()) if member else ()
    key = person_key(claim.patient_last, claim.patient_first, claim.birth_date) if claim is not None else None
    if held:
        fitting = [chart for chart in held if not _is_someone_else(chart, claim)]
        if len(fitting) == 1:
            return Found(fitting[0], "member id")
        exact = (
            [c for c in fitting if key == person_key(c.person.last, c.person.first, c.person.birth_date)] if key else []
        )
        if len(exact) == 1:
            return Found(exact[0], "member id, with name and birth date")
        if fitting:
            files = ", ".join(chart.file for chart in fitting)
            return Found(ambiguous=(("chart-ambiguous", f"Several charts carry member id {member}: {files}."),))
    people = book.charts_by_person.get(key, ()) if key is not None else ()
    if len(people) == 1:
        return Found(people[0], "family name, given name and birth date")
    if people:
        files = ", ".join(chart.file for chart in people)
        return Found(ambiguous=(("chart-ambiguous", f"Several charts are of one name and birth date: {files}."),))
    if held:
        says = f"The chart with member id {member} ({held[0].file}) is of another person than the claim's patient."
        return Found(ambiguous=(("chart-of-another", says),))
    return Found()


def find_coverage(
    member: str, claim: SubmittedClaim | None, chart: Chart | None, book: Book
) -> tuple[CoverageSpan, ...]:
    """Find the patient's coverage rows with any payer: other insurance goes by another member id.

    Rows of the member id count unless another birth date stands in them; then rows of the same name and
    birth date, as the claim or the linked chart gives them.
    """
    keys = []
    if claim is not None:
        keys.append(person_key(claim.patient_last, claim.patient_first, claim.birth_date))
    if chart is not None:
        keys.append(person_key(chart.person.last, chart.person.first, chart.person.birth_date))
    known = [key for key in keys if key is not None]
    births = {birth for _, _, birth in known}
    held = book.coverage_by_member.get(squeeze(member), ()) if member else ()
    rows = [row for row in held if not births or row.birth_date is None or row.birth_date in births]
    for key in known:
        rows += [row for row in book.coverage_by_person.get(key, ()) if row not in rows]
    return tuple(rows)


def _is_someone_else(chart: Chart, claim: SubmittedClaim | None) -> bool:
    if claim is None:
        return False
    person = chart.person
    other_birth = None not in (person.birth_date, claim.birth_date) and person.birth_date != claim.birth_date
    other_first = bool(person.first and claim.patient_first) and not _alike(person.first, claim.patient_first)
    return other_birth and other_first


def _alike(one: str, other: str) -> bool:
    return one.casefold().split()[:1] == other.casefold().split()[:1]

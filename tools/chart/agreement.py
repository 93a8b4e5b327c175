"""Where the chart contradicts itself about a dose: said with both places, never settled here."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from knowledge.types.chart import Amount, Chart, Document, TextFact
from knowledge.types.practice import Frozen
from tools.chart.find import DosesOn, doses_on
from tools.chart.matching import DrugAsked
from tools.chart.notes import read_note
from tools.dosing.units import in_mg


class Disagreement(Frozen):
    """Two statements of one chart that cannot both be true; `fact` is the sentence that differs from the record."""

    about: str
    says: str
    resources: tuple[str, ...]
    fact: TextFact | None = None


def disagreements(chart: Chart, drug: DrugAsked, day: date) -> tuple[Disagreement, ...]:
    """Compare the administration record of one drug and day with its own notes and that day's documents.

    Only sentences that name the drug count, or those written at the administration itself; amounts in units
    that do not convert are not compared.
    """
    recorded = doses_on(chart, drug, day)
    names = tuple(dose.resource for dose in recorded.given)
    found = [Disagreement(about="administrations", says=says, resources=names) for says in recorded.contradictions]
    for fact in _facts(chart, recorded, drug, day):
        found.extend(_against_record(fact, recorded))
    return tuple(found)


def _facts(chart: Chart, recorded: DosesOn, drug: DrugAsked, day: date) -> Iterator[TextFact]:
    own_notes = recorded.given[0].notes if len(recorded.given) == 1 else ()
    for note in own_notes:
        written = Document(resource=recorded.given[0].resource, kind="administration note", day=day, text=note)
        for fact in read_note(written, drug.names):
            if fact.name != "dose-given" or "drug" in fact.values:
                yield fact
    for document in chart.documents:
        for fact in read_note(document, drug.names):
            said = fact.values.get("date", "" if fact.day is None else fact.day.isoformat())
            if "drug" in fact.values and said == day.isoformat():
                yield fact


def _against_record(fact: TextFact, recorded: DosesOn) -> Iterator[Disagreement]:
    about, on_record = _counterpart(fact, recorded)
    written = Amount(value=Decimal(fact.values.get("amount", "0")), unit=fact.values.get("unit", "mg"))
    one, other = in_mg(on_record), in_mg(written)
    if one is None or other is None or one == other:
        return
    names = tuple(dict.fromkeys((*(dose.resource for dose in recorded.given), fact.resource)))
    says = f'{about}: the administration record says {_n(one)} mg, {fact.resource} says {_n(other)} mg ("{fact.quote}")'
    yield Disagreement(about=about, says=says, resources=names, fact=fact)


def _counterpart(fact: TextFact, recorded: DosesOn) -> tuple[str, Amount | None]:
    if fact.name == "dose-given":
        return "dose", recorded.total
    if fact.name in ("waste", "no-waste"):
        return "waste", recorded.discarded
    return "", None


def _n(value: Decimal) -> str:
    return f"{value.normalize():f}"

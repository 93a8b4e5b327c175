"""Exhibits from the chart: a document as it stands, and the medication record as one table."""

from collections.abc import Sequence
from datetime import date

from knowledge.types.chart import (
    Chart,
    ChartFact,
    Condition,
    Document,
    DoseGiven,
    Observation,
    Order,
    PriorTreatment,
    Report,
)
from knowledge.types.letters import Exhibit, Table
from tools.packet.printing import amount, day, fields

COLUMNS = ("Date", "Entry", "Recorded", "Resource")


def document_exhibit(document: Document, key: str) -> Exhibit:
    """Show a document of the chart: its text with passages to mark, or its own pages when it is a PDF."""
    title = document.kind or document.title or "Chart document"
    is_pdf = document.media_type == "application/pdf" and bool(document.content)
    return Exhibit(
        key=key,
        title=f"{title} of {day(document.day)}" if document.day else title,
        source=document.resource,
        fields=fields(
            ("Title", document.title if document.title != title else ""),
            ("Date", day(document.day)),
            ("Author", ", ".join(document.authors)),
        ),
        text="" if is_pdf else document.text,
        pdf=document.content if is_pdf else b"",
        sheet=True,
    )


def chart_exhibit(facts: Sequence[ChartFact], key: str = "chart") -> Exhibit:
    """Show structured chart entries (orders, administrations, measurements, conditions) as one table."""
    rows = sorted((_row(fact) for fact in facts), key=lambda pair: (pair[0], pair[1][-1]))
    return Exhibit(
        key=key,
        title="Chart entries",
        source="Structured entries of the patient's chart",
        table=Table(title="", columns=COLUMNS, rows=tuple(row for _, row in rows)),
    )


def find_fact(chart: Chart, resource: str) -> ChartFact | None:
    """Return the chart's fact of a resource id ("MedicationAdministration/ma-1"), or None."""
    everything: tuple[ChartFact, ...] = (
        *chart.documents,
        *chart.orders,
        *chart.doses,
        *chart.observations,
        *chart.conditions,
        *chart.prior_treatments,
        *chart.reports,
        *chart.procedures,
    )
    return next((fact for fact in everything if fact.resource == resource), None)


def _row(fact: ChartFact) -> tuple[str, tuple[str, str, str, str]]:
    when, entry, recorded = _told(fact)
    return (when.isoformat() if when else "", (day(when), entry, recorded, fact.resource))


def _told(fact: ChartFact) -> tuple[date | None, str, str]:
    """Return when, what and how a structured entry was recorded."""
    match fact:
        case DoseGiven():
            return fact.day, "Drug given", _dose(fact)
        case Order():
            every = f"every {fact.interval_days} days" if fact.interval_days else ""
            return fact.ordered_on, "Order", _joined(fact.drug or fact.hcpcs, amount(fact.dose), every, fact.text)
        case Observation():
            return fact.day, fact.text or f"LOINC {fact.loinc}", amount(fact.value) or fact.words
        case Condition():
            return fact.onset, "Condition", _joined(fact.icd10, fact.text, fact.stage)
        case PriorTreatment():
            until = f"to {day(fact.end)}" if fact.end else ""
            return fact.start, "Earlier treatment", _joined(fact.drug, until, fact.text)
        case Report():
            return fact.day, fact.kind, fact.conclusion
        case _:
            return None, "Entry", ""


def _dose(fact: DoseGiven) -> str:
    times = f"{fact.start:%H:%M} to {fact.stop:%H:%M}" if fact.start and fact.stop else ""
    discarded = f"discarded {amount(fact.discarded)}" if fact.discarded else ""
    ndc = f"NDC {fact.ndc}" if fact.ndc else ""
    drug = fact.drug or fact.hcpcs
    return _joined(drug, amount(fact.dose), fact.route, times, discarded, ndc, fact.status, *fact.notes)


def _joined(*parts: str) -> str:
    return ", ".join(part.rstrip(".") for part in parts if part)

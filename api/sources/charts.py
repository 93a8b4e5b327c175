"""Chart files: a note with its quote marked, or the fields of a resource."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from api.sources.shown import Line, Marked, has_mark, marked
from knowledge.types.chart import Chart, ChartFact, Document
from tools.chart.bundle import read_chart

_NAMES = {
    "hcpcs": "HCPCS code", "icd10": "ICD-10 code", "loinc": "LOINC code", "ndc": "NDC", "ndc11": "NDC (11 digits)",
    "ndcs": "NDCs", "interval_days": "days between doses",
}  # fmt: skip
_SKIPPED = frozenset({"resource", "content", "text_layer", "discarded_stated", "media_type"})


def chart_resource(content: bytes, name: str, resource: str) -> ChartFact | None:
    """Find a resource of a chart, by type and id; of several readings of one the document, then the first."""
    chart, _ = read_chart(content, name)
    if chart is None:
        return None
    found = [fact for fact in _facts(chart) if fact.resource == resource]
    return next((fact for fact in found if isinstance(fact, Document)), found[0] if found else None)


def document_text(found: Document, quote: str | None, values: Sequence[str]) -> tuple[tuple[Marked, ...], bool]:
    """Return a document's text cut at what was quoted, and whether that stands in it."""
    pieces = marked(found.text, [quote] if quote else values)
    return pieces, has_mark(pieces)


def resource_lines(found: ChartFact, values: Sequence[str]) -> tuple[Line, ...]:
    """Return the fields of a resource that hold anything, those with `values` marked."""
    return tuple(_fields(found.model_dump(), values))


def document_lines(found: Document) -> tuple[Line, ...]:
    """Return what a document is: kind, day, authors, title."""
    told = {"kind": found.kind, "day": found.day, "authors": found.authors, "title": found.title}
    return tuple(_fields(told, ()))


def _fields(held: dict[str, Any], values: Sequence[str]) -> Iterator[Line]:
    for name, value in held.items():
        said = _said(value)
        if name in _SKIPPED or not said:
            continue
        pieces = marked(said, values)
        yield Line(label=_NAMES.get(name, name.replace("_", " ")), pieces=pieces, on=has_mark(pieces))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(said for said in map(_said, value.values()) if said)
    if isinstance(value, tuple | list):
        return "; ".join(said for said in map(_said, value) if said)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value in (None, "", False, b"") else str(value)


def _facts(chart: Chart) -> Iterator[ChartFact]:
    for value in dict(chart).values():
        if isinstance(value, ChartFact):
            yield value
        elif isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, ChartFact))

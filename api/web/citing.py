"""What a citation is called on the page: its number, and what stands behind it in a few words, never an id alone."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from knowledge.types.evidence import Evidence

_LONGEST = 34
_RESOURCES: Mapping[str, str] = {
    "MedicationRequest": "order",
    "MedicationAdministration": "dose given",
    "DocumentReference": "note",
    "DiagnosticReport": "report",
    "Observation": "result",
    "Condition": "diagnosis",
    "Encounter": "visit",
    "Procedure": "procedure",
    "Patient": "patient",
    "Coverage": "coverage",
    "AllergyIntolerance": "allergy",
    "CarePlan": "care plan",
}
_NUMBER = re.compile(r"(\d+)$")
_ROW = re.compile(r":(\d+)$")
_SEGMENT = re.compile(r"segment (\d+)")
_LINE = re.compile(r"\bline (\S+)")
_AUTHORIZATION = re.compile(r"^Authorization (\S+?)[,: ]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Cited(NamedTuple):
    """How a citation is written: `number` stays the same all over a case; `quote` are the source's own words."""

    number: str
    name: str
    quote: str


def cited(item: Evidence) -> Cited:
    """Say what a piece of evidence is, as "claim line 1", "authorization CHP-55102", "chart: order 2025-12-30"."""
    found = _NUMBER.search(item.id)
    number = found[1] if found else item.id
    quote = f"{item.says}. It says: “{item.quote}”" if item.quote else item.says
    return Cited(f"L{number}" if item.kind == "authority" else number, _short(_name(item)), quote)


def _name(item: Evidence) -> str:
    source = item.source
    if item.kind in ("remit", "claim", "acknowledgement"):
        return _of_x12(item)
    if item.kind == "authorization":
        named = _AUTHORIZATION.match(item.says)
        return f"authorization {named[1]}" if named else f"authorization{_row(source)}"
    if item.kind == "chart":
        return _of_chart(item)
    if item.kind == "policy":
        heading = source.partition(" section ")[2]
        return f"policy: {heading}" if heading else "policy"
    if item.kind == "code_table":
        return f"code {source.rpartition(' row ')[2]}" if " row " in source else "code table"
    if item.kind == "calculation":
        return source.removeprefix("calculation ").replace("-", " ")
    if item.kind == "contract":
        if source.endswith(".csv") or ".csv:" in source:
            return f"contract{_row(source)}"
        return f"payer rule: {source.rpartition(' ')[2].replace('_', ' ')}"
    if item.kind == "coverage":
        return f"coverage{_row(source)}"
    return f"law: {source}" if item.kind == "authority" else item.kind.replace("_", " ")


def _of_x12(item: Evidence) -> str:
    called = {"remit": "remittance", "acknowledgement": "277"}.get(item.kind, item.kind)
    line, segment = _LINE.search(item.source), _SEGMENT.search(item.source)
    if line:
        return f"{called} line {line[1]}"
    return f"{called} segment {segment[1]}" if segment and item.kind != "claim" else called


def _of_chart(item: Evidence) -> str:
    resource = item.source.rpartition(" ")[2].partition("/")[0]
    called = _RESOURCES.get(resource, "record")
    day = _DAY.search(item.says)
    return f"chart: {called} {day[0]}" if day else f"chart: {called}"


def _row(source: str) -> str:
    found = _ROW.search(source)
    return f" row {found[1]}" if found else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"

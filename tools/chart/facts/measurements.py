"""Measurements written in notes: a name, right after it one number, and its unit where one is needed."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from tools.chart.facts.data import MeasurementRow, read_rows
from tools.chart.facts.lexicon import Mention
from tools.chart.facts.line import Found, Line, Missed, Reading
from tools.chart.facts.partial_dates import partial
from tools.chart.facts.scope import spoiler

_VALUE = re.compile(
    r"(?:[\s:=,-]*(?:is|was|were|of|at|today|now|on\s+the\s+\w+\s+scale|count|level|fraction|stable|remains|actual"
    r"|dry|and\s+stable)(?!\w))*[\s:=]*(?P<op>[<>≤≥]=?)?\s*(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,7}(?:\.\d+)?)"
    r"(?P<more>\s*(?:->|→|-|–|to)\s*\d)?\s*(?P<unit>[A-Za-zµ%/²^][\w*/^³²%]*|\d{2}\*\d+/\w+)?",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(r"\s*(?:or\s+(?:more|less|above|below|higher|lower)|and\s+above)\b", re.IGNORECASE)
_DATED = re.compile(
    r"[^.;]{0,25}?\b(?:on|from|of|dated)\s+(?P<date>\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?)|[^.;,(]{0,15}\((?P<aside>\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?)\)",
    re.IGNORECASE,
)
_LOSS = re.compile(r"\s*(?:loss|gain|lost|gained|change|change[ds]|bearing|based|limit|cap)\b", re.IGNORECASE)


def read_measurements(line: Line) -> Iterator[Reading]:
    """Give the measurements a sentence states; a bound, a range, a number without its unit or out of reason gives none.

    The day is the document's, or the one full date the sentence sets beside the number; a date without its year leaves
    the measurement unread.
    """
    rows = measurement_rows()
    for mention in line.mentions:
        if mention.entry.kind == "measurement":
            reading = _read(line, mention, rows[mention.entry.name])
            if reading is not None:
                yield reading


@cache
def measurement_rows() -> dict[str, MeasurementRow]:
    """Return the measurements by name."""
    return {row.name: row for row in read_rows("measurements.csv", MeasurementRow)}


def _read(line: Line, mention: Mention, row: MeasurementRow) -> Reading | None:
    after = line.text[mention.end :]
    match = _VALUE.match(after)
    if match is None or _LOSS.match(after):
        near = re.match(r"[^.;,]{0,30}?\d", after) is not None
        return Missed("measurement", row.name, "no sure value") if near else None
    unit = _unit(row, match["unit"] or "")
    why: str | None = (
        "family" if line.of_family else spoiler(line.text, mention.start, mention.end + match.end("number"))
    )
    if match["op"] or match["more"] or _BOUND_AFTER.match(after, match.end()):
        why = why or "a bound or a range"
    if unit is None or (row.unit_needed and not unit):
        why = why or "no unit"
    value = match["number"].replace(",", "")
    if not row.low <= float(value) <= row.high:
        why = why or "not a possible value"
    day, undated = _day(line, after[match.end("number") :])
    if undated:
        why = why or "a date without its year"
    if why:
        return Missed("measurement", row.name, why)
    return Found("measurement", row.name, {"value": value, **({"unit": unit} if unit else {})}, day=day)


def _unit(row: MeasurementRow, written: str) -> str | None:
    """Return the unit by its one name, "" when none is written, None for one that is not this measurement's."""
    known = dict(pair.split("=", 1) for pair in row.units)
    for spelling, name in known.items():
        if written.casefold() == spelling.casefold():
            return name
    is_unit = re.search(r"[/%]|^(?:kg|lbs?|cm|mg|g|m2|mm|ml)$", written, re.IGNORECASE)
    return None if is_unit else ""


def _day(line: Line, after: str) -> tuple[date | None, bool]:
    """Return the day said beside the number (None = none said), and whether one was said without its year."""
    match = _DATED.match(after)
    if match is None:
        return None, False
    written = partial(match["date"] or match["aside"])
    if written is None or len(written) != len("2026-01-01"):
        return None, True
    said = date.fromisoformat(written)
    return (None, True) if line.day is not None and said > line.day else (said, False)

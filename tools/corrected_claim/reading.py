"""A corrected claim's difference as a biller reads it: line, field, before, after, why, by which evidence."""

import csv
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from knowledge.types.corrections import DiffRow
from knowledge.types.letters import Table
from knowledge.types.practice import Frozen

_LINE = re.compile(r"^24\d\d[A-Z]? line (.+)$")
_FREQUENCY = {"1": "original", "7": "replacement", "8": "void"}
_TESTS = {"R1": "hemoglobin", "R2": "hematocrit"}
_NOTHING = "(nothing)"
COLUMNS = ("Line", "Field", "Before", "After", "Why", "Evidence")


class ReadChange(Frozen):
    """One change of the claim in words. `line` is "claim" or the line's number as it was sent."""

    line: str
    field: str
    before: str
    after: str
    why: str
    evidence: tuple[str, ...] = ()


@cache
def _words() -> dict[tuple[str, str], str]:
    text = files(__package__).joinpath("field_words.csv").read_text(encoding="utf-8")
    return {(row["segment"], row["element"]): row["says"] for row in csv.DictReader(text.splitlines())}


def read_changes(rows: Iterable[DiffRow]) -> tuple[ReadChange, ...]:
    """Return the claim's changes in words, in their order; a line that came or went is told as one.

    Numbers of the envelope are left out. A field without words of its own is named as the guide names it.
    """
    listed = [row for row in rows if row.part == "claim"]
    whole = {row.loop: row for row in listed if _service(row) and (row.before is None or row.after is None)}
    lines = {_line(row.loop): row for row in whole.values()}
    out: list[ReadChange] = []
    for row in listed:
        service = lines.get(_line(row.loop)) if _line(row.loop) else None
        if service is None or not _goes_with(row, service):
            out.append(_read(row))
        elif row is service:
            out.append(_whole_line(row))
    return tuple(out)


def changes_table(rows: Iterable[DiffRow], names: Sequence[str] = ()) -> Table:
    """Return the changes as a table, of the evidence only what `names` holds (all of it when empty)."""
    cells = tuple(
        (
            change.line,
            change.field,
            change.before,
            change.after,
            change.why,
            ", ".join(id_ for id_ in change.evidence if not names or id_ in names),
        )
        for change in read_changes(rows)
    )
    return Table(title="", columns=COLUMNS, rows=cells)


def _service(row: DiffRow) -> bool:
    return row.segment == "SV1" and not row.element


def _goes_with(row: DiffRow, service: DiffRow) -> bool:
    """Tell whether a row is of the same line that came or went with `service`."""
    whole = not row.element
    return whole and (row.before is None) == (service.before is None) and (row.after is None) == (service.after is None)


def _line(loop: str) -> str:
    match = _LINE.match(loop)
    return match.group(1) if match else ""


def _whole_line(row: DiffRow) -> ReadChange:
    added = row.before is None
    return ReadChange(
        line=_line(row.loop),
        field="Line added" if added else "Line taken off",
        before=_NOTHING if added else _shown(row, row.before),
        after=_shown(row, row.after) if added else _NOTHING,
        why=row.why,
        evidence=row.evidence,
    )


def _read(row: DiffRow) -> ReadChange:
    return ReadChange(
        line=_line(row.loop) or "claim",
        field=_field(row),
        before=_shown(row, row.before) or _NOTHING,
        after=_shown(row, row.after) or _NOTHING,
        why=row.why,
        evidence=row.evidence,
    )


def _field(row: DiffRow) -> str:
    segment = _segment(row)
    found = _words().get((segment, row.element)) or _words().get((segment, ""))
    if found is None:
        return f"{row.element or row.segment} ({row.loop.split()[0]})"
    number = row.element.removeprefix("HI") if segment == "HI" and row.element else ""
    return f"{found} {int(number)}" if number.isdigit() else f"{found} ({row.element or segment.replace('*', ' ')})"


def _segment(row: DiffRow) -> str:
    """Name a segment with its qualifier where the words depend on it."""
    text = row.after or row.before or ""
    if row.segment == "NM1" and not row.element and len(text) > 4:
        return "*".join(text.split(text[3])[:2])
    return row.segment


def _shown(row: DiffRow, text: str | None) -> str:
    if text is None:
        return ""
    if row.element:
        return _element(row, text)
    mark = text[len(row.segment.split("*")[0])] if len(text) > len(row.segment.split("*")[0]) else "*"
    parts = text.split(mark)
    tag = parts[0]
    if tag == "SV1" and len(parts) > 4:
        return f"{_code(parts[1])}, {parts[4]} units, ${parts[2]}"
    if tag == "REF" and len(parts) > 2:
        return parts[2]
    if tag == "LIN" and len(parts) > 3:
        return parts[3]
    if tag == "CTP" and len(parts) > 5:
        return f"{parts[4]} {parts[5]}"
    if tag == "MEA" and len(parts) > 3:
        return f"{_TESTS.get(parts[2], parts[2])} {parts[3]}"
    if tag == "NM1" and len(parts) > 4:
        name = " ".join(part for part in (*parts[4:6], parts[3]) if part)
        return f"{name}, NPI {parts[9]}" if len(parts) > 9 and parts[9] else name
    return text


def _element(row: DiffRow, text: str) -> str:
    if row.element == "CLM05-3":
        return f"{text} ({_FREQUENCY.get(text, 'other')})" if text else ""
    if row.element == "SV101":
        return _code(text)
    if row.element in ("SV102", "CLM02") and text:
        return f"${text}"
    if row.segment == "HI":
        return re.sub(r"^[A-Z]{2,3}[^0-9A-Z]", "", text)
    if row.element == "DMG02" and re.fullmatch(r"\d{8}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if row.element == "SV107":
        return ", ".join(re.findall(r"\d+", text))
    return text


def _code(text: str) -> str:
    """Write SV101 as people do: code and modifiers with dashes, without its qualifier."""
    mark = text[2:3] or ":"
    parts = text.split(mark)
    return "-".join(part for part in parts[1:6] if part) or text

"""Reads the CMS alpha-numeric HCPCS file: fixed columns, or the workbook and its CSV. Drug codes only.

Level I (CPT) and dental codes are passed over, words and all: their descriptors are not public. Level II is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import ValidationError

from knowledge.codes.loaded_rows import LoadedDrug
from knowledge.codes.loading.cells import BadCell, read_day
from knowledge.codes.loading.layouts import layouts
from knowledge.codes.loading.parsed import Parsed, RowFault
from knowledge.codes.loading.sheets import Sheet

_LEVEL_TWO = re.compile(r"[A-CE-Z]\d{4}")  # D codes are dental
_FIRST_OF_CODE = frozenset({"3", ""})
_MORE_WORDS = frozenset({"4"})
_WHOLE = 292
"""The columns up to the last day a code may be used: a shorter record is cut off, and would look as if it had none."""
_UNIT = re.compile(r"(?:per |up to )?(\d+(?:\.\d+)?) ?(mg|milligrams?|mcg|micrograms?|g|gm|grams?|ml|units?|iu)")
_UNIT_NAMES = {"milligram": "mg", "microgram": "mcg", "gm": "g", "gram": "g", "unit": "units", "iu": "units"}


@dataclass
class _Record:
    row: int
    code: str
    kind: str
    description: str
    betos: str
    added: str
    changed: str
    terminated: str
    action: str


def is_fixed(lines: Sequence[str]) -> bool:
    """Tell whether lines are of the fixed-column file: a sequence number and a record type in their places."""
    first = [line for line in lines[:50] if line.strip()]
    fits = [line for line in first if re.match(r".{5}\d{5}[3478]", line)]
    return len(fits) > len(first) / 2


def read_fixed(name: str, lines: Sequence[str], known: frozenset[str]) -> Parsed:
    """Read the fixed-column file. `known` codes are kept whatever their type of service."""
    at = layouts().hcpcs_fixed

    def cut(line: str, field: str) -> str:
        first, last = at[field]
        return line[first - 1 : last].strip()

    records: list[_Record] = []
    faults: list[RowFault] = []
    passed = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        kind, code = cut(line, "record"), line[:5].strip()
        if kind in _MORE_WORDS:
            if records and records[-1].code == code:
                records[-1].description += f" {cut(line, 'description')}"
            continue
        if kind not in _FIRST_OF_CODE:
            if kind not in ("7", "8"):
                faults.append(RowFault(name, number, "record type (column 11)", f"{kind!r} is none of 3, 4, 7, 8"))
            passed += kind == "7"
            continue
        if len(line) < _WHOLE:
            if _LEVEL_TWO.fullmatch(code):
                faults.append(RowFault(name, number, "record", f"ends in column {len(line)}, before its last day"))
            continue
        fields = {field: cut(line, field) for field in ("description", "betos", "added", "changed", "terminated")}
        records.append(_Record(row=number, code=code, kind=kind, action=cut(line, "action"), **fields))
    return _parsed(name, records, faults, passed, known, serial=False, names=(name,))


def read_columns(sheet: Sheet, known: frozenset[str]) -> Parsed | None:
    """Read the workbook's table or its CSV; None when the sheet has no such header."""
    headed = sheet.headed(layouts().hcpcs_columns.find)
    if headed is None:
        return None
    records: list[_Record] = []
    passed = 0
    for row in headed.data:

        def cell(field: str, cells: tuple[str, ...] = row.cells) -> str:
            index = headed.found.get(field, len(cells))
            return cells[index] if index < len(cells) else ""

        code, kind = cell("code").upper(), cell("record")
        if kind in _MORE_WORDS and records and records[-1].code == code:
            records[-1].description += f" {cell('description')}"
        elif kind in _FIRST_OF_CODE:
            fields = {field: cell(field) for field in ("description", "betos", "added", "changed", "terminated")}
            records.append(_Record(row=row.number, code=code, kind=kind, action=cell("action"), **fields))
        else:
            passed += 1
    return _parsed(sheet.name, records, [], passed, known, serial=sheet.serial_dates, names=(sheet.name, headed.notice))


def _parsed(
    name: str,
    records: Sequence[_Record],
    faults: list[RowFault],
    passed: int,
    known: frozenset[str],
    *,
    serial: bool,
    names: tuple[str, ...],
) -> Parsed:
    rows = []
    for record in records:
        if not _is_drug(record, known):
            passed += 1
            continue
        try:
            rows.append(_drug(record, serial))
        except _Bad as error:
            faults.append(RowFault(name, record.row, error.column, str(error)))
    return Parsed(kind="hcpcs", member=name, rows=tuple(rows), faults=tuple(faults), passed_over=passed, names=names)


def _is_drug(record: _Record, known: frozenset[str]) -> bool:
    if not _LEVEL_TWO.fullmatch(record.code):
        return False
    drugs = layouts().hcpcs_drugs
    return (
        record.code in known
        or record.code[0] in drugs.letters
        or record.betos in drugs.betos
        or record.description.lower().startswith(drugs.begins)
    )


class _Bad(ValueError):
    def __init__(self, column: str, says: str) -> None:
        super().__init__(says)
        self.column = column


def _drug(record: _Record, serial: bool) -> LoadedDrug:
    days = {}
    for field in ("added", "changed", "terminated"):
        try:
            days[field] = read_day(getattr(record, field), serial=serial)
        except BadCell as error:
            raise _Bad(field, str(error)) from error
    if days["added"] and days["terminated"] and days["terminated"] < days["added"]:
        raise _Bad("terminated", f"the last day {days['terminated']} is before the first {days['added']}")
    generic, unit_text, quantity, measure = read_words(record.description)
    try:
        return LoadedDrug(
            code=record.code,
            generic=generic,
            unit_text=unit_text,
            unit_qty=quantity,
            unit_uom=measure,
            action=record.action,
            **days,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise _Bad(".".join(str(part) for part in first["loc"]), first["msg"]) from error


def read_words(description: str) -> tuple[str, str, Decimal | None, str | None]:
    """Split a description into the drug, the words of its unit, and the unit's quantity and measure.

    "Injection, pembrolizumab, 1 mg" is a pembrolizumab unit of 1 mg. The unit is read only where the last words
    are one plain amount: of a combination, or "per single dose vial", the measure stays None.
    """
    parts = [part.strip() for part in " ".join(description.split()).split(",") if part.strip()]
    if len(parts) > 1 and parts[0].lower() in ("injection", "infusion"):
        parts = parts[1:]
    if len(parts) < 2:
        return ", ".join(parts).lower(), "", None, None
    generic, last = ", ".join(parts[:-1]).lower(), parts[-1].lower()
    found = _UNIT.fullmatch(last)
    if found is None or Decimal(found[1]) == 0:
        return generic, last, None, None
    measure = found[2] if found[2] in ("mg", "mcg", "g", "ml", "units") else found[2].rstrip("s")
    return generic, last, Decimal(found[1]), _UNIT_NAMES.get(measure, measure)

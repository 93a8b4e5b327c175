"""Reads a customer's licensed list of reasons (CARC) or remarks (RARC): code, days, the customer's own words."""

import re
from collections.abc import Sequence
from typing import Literal, get_args

from knowledge.codes.carc import Nature
from knowledge.codes.loaded_rows import LoadedReason, LoadedRemark
from knowledge.codes.loading.cells import BadCell, read_day, read_yes
from knowledge.codes.loading.layouts import layouts
from knowledge.codes.loading.parsed import Parsed, RowFault
from knowledge.codes.loading.sheets import Row, Sheet
from knowledge.codes.loading.singly import keep_agreeing

_DAYS = ("start", "stop")
_CHOICES = ("denial_by_default", "remark_required", "actionable", "alert")
_LISTS = ("group_restriction", "successors")


def read_reasons(sheet: Sheet, kind: Literal["carc", "rarc"] | None = None) -> Parsed | None:
    """Read the list; which of the two it is, is told by its codes unless `kind` says so.

    None when the sheet has no such header, or its codes are neither.
    """
    headed = sheet.headed(layouts().reason_columns.find)
    if headed is None:
        return None
    lines = list(headed.data)
    at = headed.found
    kind = kind or _kind([_code(row, at["code"]) for row in lines])
    if kind is None:
        return None
    rows: list[tuple[int, LoadedReason | LoadedRemark]] = []
    faults: list[RowFault] = []
    for row in lines:
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in at.items()}
        made = _row(sheet, row.number, kind, cells)
        if isinstance(made, RowFault):
            faults.append(made)
        else:
            rows.append((row.number, made))
    kept, twice = keep_agreeing(sheet.name, rows, lambda row: (row.code, row.start), "code and start")
    return Parsed(
        kind=kind,
        member=sheet.name,
        rows=tuple(kept),
        faults=(*faults, *twice),
        names=(sheet.name, headed.notice),
    )


def _code(row: Row, at: int) -> str:
    return row.cells[at].upper() if at < len(row.cells) else ""


def _kind(codes: Sequence[str]) -> Literal["carc", "rarc"] | None:
    form = layouts().reason_columns
    remarks = sum(re.fullmatch(form.remark_code, code) is not None for code in codes)
    reasons = sum(re.fullmatch(form.reason_code, code) is not None for code in codes)
    if max(remarks, reasons) * 2 <= len(codes):
        return None
    return "rarc" if remarks > reasons else "carc"


def _row(sheet: Sheet, number: int, kind: str, cells: dict[str, str]) -> LoadedReason | LoadedRemark | RowFault:
    form = layouts().reason_columns
    code = cells["code"].upper()
    if not re.fullmatch(form.remark_code if kind == "rarc" else form.reason_code, code):
        what = "remark" if kind == "rarc" else "reason"
        return RowFault(sheet.name, number, "code", f"{cells['code']!r} has not the form of a {what} code")
    model: type[LoadedReason] | type[LoadedRemark] = LoadedRemark if kind == "rarc" else LoadedReason
    values: dict[str, object] = {"code": code}
    for name, cell in cells.items():
        if name == "code" or name not in model.model_fields:
            continue
        try:
            values[name] = _value(sheet, name, cell)
        except BadCell as error:
            return RowFault(sheet.name, number, name, str(error))
    start, stop = values.get("start"), values.get("stop")
    if start and stop and str(stop) < str(start):
        return RowFault(sheet.name, number, "stop", f"the last day {stop} is before the first {start}")
    if values.get("nature") and values["nature"] not in get_args(Nature):
        says = f"{values['nature']!r} is none of {', '.join(get_args(Nature))}"
        return RowFault(sheet.name, number, "nature", says)
    return model.model_validate(values)


def _value(sheet: Sheet, name: str, cell: str) -> object:
    if name in _DAYS:
        return read_day(cell, serial=sheet.serial_dates)
    if name in _CHOICES:
        return read_yes(cell)
    if name in _LISTS:
        return tuple(re.findall(r"[A-Z0-9]+", cell.upper()))
    return cell.lower() if name == "nature" else cell

"""Reads the CMS ASP NDC-HCPCS crosswalk. The short descriptor is left out; labeler and drug name are facts."""

import re
from decimal import Decimal

from knowledge.codes.loading.cells import BadCell, read_amount
from knowledge.codes.loading.layouts import layouts
from knowledge.codes.loading.parsed import LoadError, Parsed, RowFault
from knowledge.codes.loading.sheets import Sheet
from knowledge.codes.loading.singly import keep_agreeing
from knowledge.codes.ndc import NdcRow

_NDC = re.compile(r"(\d{5})-?(\d{4})-?(\d{2})")
_CODE = re.compile(r"[A-Z]\d{4}|\d{4}[0-9A-Z]")
_COLUMNS = {"size": "PKG SIZE", "quantity": "PKG QTY", "per_item": "BILLUNITS", "per_package": "BILLUNITSPKG"}


def read_ndc(sheet: Sheet) -> Parsed | None:
    """Read the crosswalk; None when the sheet has no such header.

    A product without an 11-digit NDC (a device under another number) is passed over.

    Raises:
        LoadError: for the crosswalk of another payment method (AWP, OPPS, PrEP).
    """
    headed = sheet.headed(layouts().ndc_columns.find)
    if headed is None:
        return None
    if other := other_method(sheet.name):
        raise LoadError(f"{sheet.name}: this is the {other} crosswalk; load the ASP NDC-HCPCS crosswalk")
    rows, faults, passed = [], [], 0
    for row in headed.data:
        cells = {name: row.cells[at] if at < len(row.cells) else "" for name, at in headed.found.items()}
        code, ndc = cells["code"].upper(), _NDC.fullmatch(cells["ndc"])
        if not _CODE.fullmatch(code):
            faults.append(RowFault(sheet.name, row.number, "HCPCS code", f"{cells['code']!r} is no code"))
            continue
        if ndc is None:
            if re.search(r"[eE.]", cells["ndc"]) or not cells["ndc"]:
                says = f"{cells['ndc']!r} is no NDC; a spreadsheet may have made a number of it"
                faults.append(RowFault(sheet.name, row.number, "NDC", says))
            else:
                passed += 1
            continue
        try:
            amounts = {name: _amount(name, cells.get(name, "")) for name in _COLUMNS}
        except _Bad as error:
            faults.append(RowFault(sheet.name, row.number, error.column, str(error)))
            continue
        per_package = amounts.pop("per_package")
        if per_package is None:
            faults.append(RowFault(sheet.name, row.number, "BILLUNITSPKG", "is blank"))
            continue
        words = {name: cells.get(name, "") for name in ("drug", "labeler", "dosage")}
        rows.append(
            (row.number, NdcRow(ndc="".join(ndc.groups()), code=code, per_package=per_package, **words, **amounts))
        )
    kept, twice = keep_agreeing(sheet.name, rows, lambda row: (row.ndc, row.code), "NDC")
    return Parsed(
        kind="ndc",
        member=sheet.name,
        rows=tuple(kept),
        faults=(*faults, *twice),
        passed_over=passed,
        names=(sheet.name, headed.notice),
    )


def other_method(name: str) -> str:
    """Name the other payment method a file's name says its crosswalk is for; empty when it says none."""
    found = re.search(rf"(?<![a-z])({layouts().ndc_columns.other_methods})(?![a-z])", name.lower())
    return found[1].upper() if found else ""


class _Bad(ValueError):
    def __init__(self, column: str, says: str) -> None:
        super().__init__(says)
        self.column = column


def _amount(name: str, cell: str) -> Decimal | None:
    try:
        return read_amount(cell)
    except BadCell as error:
        raise _Bad(_COLUMNS[name], str(error)) from error

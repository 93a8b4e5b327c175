"""Reads a CMS table of medically unlikely edits. Codes and numbers only: it holds no descriptors."""

import re

from knowledge.codes.loading.cells import BadCell, read_count
from knowledge.codes.loading.layouts import layouts
from knowledge.codes.loading.parsed import LoadError, Parsed, RowFault
from knowledge.codes.loading.sheets import Sheet
from knowledge.codes.loading.singly import keep_agreeing
from knowledge.codes.mue import MueRow

_CODE = re.compile(r"[A-Z]\d{4}|\d{4}[0-9A-Z]")


def read_mue(sheet: Sheet) -> Parsed | None:
    """Read the table of one setting; None when the sheet has no such header.

    Raises:
        LoadError: for the table of equipment suppliers, which bills no infusions.
    """
    headed = sheet.headed(layouts().mue_columns.find)
    if headed is None:
        return None
    found = headed.found
    setting = next((name for name in ("practitioner", "outpatient") if name in found), None)
    if setting is None:
        if "supplier" in found:
            raise LoadError(f"{sheet.name}: the suppliers' table is not used; load practitioner or outpatient services")
        return None
    rows, faults = [], []
    for row in headed.data:
        cells = {name: row.cells[at] if at < len(row.cells) else "" for name, at in found.items()}
        code = cells["code"].upper()
        mai = re.match(r"[123](?!\d)", cells["mai"])
        if not _CODE.fullmatch(code):
            faults.append(RowFault(sheet.name, row.number, "HCPCS/CPT code", f"{cells['code']!r} is no code"))
        elif mai is None:
            says = f"{cells['mai']!r} does not begin with 1, 2 or 3"
            faults.append(RowFault(sheet.name, row.number, "MUE adjudication indicator", says))
        else:
            try:
                limit = {setting: read_count(cells[setting])}
            except BadCell as error:
                faults.append(RowFault(sheet.name, row.number, "MUE value", str(error)))
            else:
                rows.append((row.number, MueRow(code=code, mai=int(mai[0]), **limit)))
    kept, twice = keep_agreeing(sheet.name, rows, lambda row: row.code, "HCPCS/CPT code")
    return Parsed(
        kind="mue",
        member=sheet.name,
        rows=tuple(kept),
        faults=(*faults, *twice),
        part=setting,
        names=(sheet.name, headed.notice),
    )

"""Lays tables loaded into a home over the shipped ones, row by row; the newest word on a row counts.

A loaded table says what the published file says: days and, for new drugs, name and unit. What it does not say (usual
doses, containers, what a reason means for the work) stays as shipped. A loaded table older than the shipped one only
adds rows the shipped one lacks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from knowledge.codes.carc import Carc
from knowledge.codes.hcpcs import Drug
from knowledge.codes.home_tables import LoadedSource
from knowledge.codes.loaded_rows import LoadedDrug, LoadedReason, LoadedRemark
from knowledge.codes.rarc import Rarc
from knowledge.codes.sources import Source

RowT = TypeVar("RowT")
LoadedT = TypeVar("LoadedT")
Loads = Sequence[tuple[LoadedSource, Sequence[LoadedT]]]


@dataclass
class Laid(Generic[RowT]):
    """Rows after the overlay. `sources`: who had the last word on a code; `listed`: numbers no row describes."""

    rows: list[RowT]
    sources: dict[str, Source] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)


def lay_drugs(shipped: Sequence[Drug], own: Source, loads: Loads[LoadedDrug]) -> Laid[Drug]:
    """Lay HCPCS files over the shipped drug codes, oldest first, by code and days of validity."""
    laid = Laid(list(shipped))
    by_code: dict[str, list[Drug]] = {}
    for row in shipped:
        by_code.setdefault(row.code, []).append(row)
    for source, loaded in loads:
        for new in loaded:
            there = by_code.setdefault(new.code, [])
            if source.as_of < own.as_of:
                if not there:
                    there.append(_drug(new))
                    laid.sources[new.code] = source
                continue
            by_code[new.code] = _lay_drug(there, new)
            laid.sources[new.code] = source
    laid.rows = [row for rows in by_code.values() for row in rows]
    return laid


def _lay_drug(there: Sequence[Drug], new: LoadedDrug) -> list[Drug]:
    same = [row for row in there if row.added == new.added and new.added is not None]
    same = same or [row for row in there if _may_be(row, new)]
    if len(same) != 1:
        return [*(_closed(row, new.added) for row in there), _drug(new)]
    kept = [row for row in there if row is not same[0]]
    return [*kept, *_merged(same[0], new)]


def _may_be(row: Drug, new: LoadedDrug) -> bool:
    """Tell whether a row whose days are not known exactly, or differ a little, means what the new one means."""
    if new.terminated is None and row.end == "ended":
        return False
    if row.terminated is not None and new.terminated is not None and row.terminated != new.terminated:
        return False
    if row.terminated_latest is not None and new.terminated is not None and new.terminated > row.terminated_latest:
        return False
    if row.added is not None and new.added is not None:
        return _first_word(row.generic) == _first_word(new.generic)
    if new.added is None:
        return True
    after = row.added_earliest is None or row.added_earliest <= new.added
    return after and (row.added_latest is None or new.added <= row.added_latest)


def _first_word(name: str) -> str:
    return name.lower().replace(",", " ").split(" ")[0]


def _closed(row: Drug, next_first: date | None) -> Drug:
    """End an older meaning of a number at the latest when the new one begins."""
    starts = row.added or row.added_earliest
    if row.end == "ended" or next_first is None or (starts is not None and starts >= next_first):
        return row
    return row.model_copy(update={"end": "ended", "terminated_latest": next_first - timedelta(days=1)})


def _merged(row: Drug, new: LoadedDrug) -> list[Drug]:
    days: dict[str, object] = {
        "end": "ended" if new.terminated else "open",
        "terminated": new.terminated,
        "terminated_latest": None,
        "seen_active": None,
    }
    if new.added is not None:
        days |= {"added": new.added, "added_earliest": None, "added_latest": None}
    merged = row.model_copy(update=days)
    if not _other_unit(row, new):
        return [merged]
    first = merged.added or merged.added_earliest
    if new.changed is None or first is None or new.changed <= first:
        return [_drug(new)]
    before = {"end": "ended", "terminated": new.changed - timedelta(days=1)}
    return [merged.model_copy(update=before), _drug(new.model_copy(update={"added": new.changed}))]


def _other_unit(row: Drug, new: LoadedDrug) -> bool:
    """Tell whether both say a plain unit and not the same: doses of the shipped row then no longer fit."""
    if new.unit_qty is None or row.unit_qty is None or row.unit_part or row.unit_uom == "each":
        return False
    return (row.unit_qty, row.unit_uom) != (new.unit_qty, new.unit_uom)


def _drug(new: LoadedDrug) -> Drug:
    return Drug(
        code=new.code,
        generic=new.generic,
        unit_qty=new.unit_qty,
        unit_uom=new.unit_uom,
        unit_text=new.unit_text,
        added=new.added,
        end="ended" if new.terminated else "open",
        terminated=new.terminated,
        date_source="hcpcs file loaded",
    )


def lay_reasons(shipped: Sequence[Carc], own: Source, loads: Loads[LoadedReason]) -> Laid[Carc]:
    """Lay licensed reason lists over the shipped one. A code with several rows was stopped and started again."""
    laid: Laid[Carc] = Laid([])
    by_code: dict[str, list[Carc]] = {}
    for row in shipped:
        by_code.setdefault(row.code, []).append(row)
    for source, loaded in loads:
        grouped: dict[str, list[LoadedReason]] = {}
        for new in loaded:
            grouped.setdefault(new.code, []).append(new)
        for code, group in grouped.items():
            there = by_code.get(code)
            if there and source.as_of < own.as_of:
                continue
            made = [_reason(there[-1] if there else None, new) for new in sorted(group, key=_start)]
            described = [row for row in made if row is not None]
            if len(described) < len(made):
                laid.listed.add(code)
                continue
            by_code[code] = described
            laid.sources[code] = source
    laid.rows = [row for rows in by_code.values() for row in rows]
    laid.listed -= set(by_code)
    return laid


def _start(row: LoadedReason | LoadedRemark) -> date:
    return row.start or date.min


def _reason(row: Carc | None, new: LoadedReason) -> Carc | None:
    """Make a row of what the list says, on what the shipped one says; None when its nature is not known.

    A retired reason's shell has no nature of its own: started again, it needs one from the list.
    """
    said = {name: value for name, value in new.model_dump().items() if value not in (None, "", ())}
    said |= {"stop": new.stop}
    whole = {"nature", "denial_by_default", "category", "action"} <= set(said)
    shell = row is not None and row.retired and not row.own_nature
    if not whole and (row is None or (shell and new.stop is None)):
        return None
    said["own_nature"] = whole or not shell
    return Carc.model_validate((row.model_dump() if row is not None else {}) | said)


def lay_remarks(shipped: Sequence[Rarc], own: Source, loads: Loads[LoadedRemark]) -> Laid[Rarc]:
    """Lay licensed remark lists over the shipped one. A new remark is described when it is known to be an alert or not.

    The words "Alert: ..." say it; else the column `alert` must.
    """
    laid: Laid[Rarc] = Laid([])
    by_code = {row.code: row for row in shipped}
    for source, loaded in loads:
        for new in sorted(loaded, key=_start):
            there = by_code.get(new.code)
            if there is not None and source.as_of < own.as_of:
                continue
            made = _remark(there, new)
            if made is None:
                laid.listed.add(new.code)
            else:
                by_code[new.code] = made
                laid.sources[new.code] = source
    laid.rows = list(by_code.values())
    laid.listed -= set(by_code)
    return laid


def _remark(row: Rarc | None, new: LoadedRemark) -> Rarc | None:
    said = {name: value for name, value in new.model_dump().items() if value not in (None, "")}
    said |= {"stop": new.stop}
    if row is not None:
        if new.alert is not None:
            said["satisfies_carc"] = not new.alert
        return Rarc.model_validate(row.model_dump() | said)
    alert = new.alert if new.alert is not None else new.meaning.lower().startswith("alert") or None
    if alert is None:
        return None
    unstated = {"meaning": "", "category": "other", "actionable": not alert, "satisfies_carc": not alert}
    return Rarc.model_validate(unstated | said | {"alert": alert})

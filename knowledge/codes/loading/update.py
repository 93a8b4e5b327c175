"""Loads one published file into a home's code tables."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.codes.home_tables import LoadedSource, store
from knowledge.codes.loading.effective import effective_day
from knowledge.codes.loading.parsed import Kind, LoadError, NothingUsable, Parsed, RowFault
from knowledge.codes.loading.recognize import parse_file

_SOURCES: dict[Kind, str] = {
    "hcpcs": "CMS alpha-numeric HCPCS file",
    "mue": "CMS medically unlikely edits",
    "ndc": "CMS ASP NDC-HCPCS crosswalk",
    "carc": "Claim adjustment reason codes, the practice's licensed list in its own words",
    "rarc": "Remittance advice remark codes, the practice's licensed list in its own words",
}


@dataclass(frozen=True, slots=True)
class Update:
    """What a load did. `changed` False: the same table was there already."""

    source: LoadedSource
    changed: bool
    faults: tuple[RowFault, ...]
    passed_over: int


def update_tables(
    data: bytes,
    name: str,
    folder: Path,
    *,
    kind: Kind | None = None,
    as_of: date | None = None,
    known: frozenset[str] = frozenset(),
) -> Update:
    """Read a published file and store it in `folder` (a home's `codes`), row for row as it says.

    Rows that cannot be read are left out and told of; when they are more than the sound ones, nothing is stored.

    Args:
        data: the file's bytes.
        name: the file's name; it, or the notice in the file, tells the day the table stands for.
        folder: where the home keeps its tables.
        kind: which table it is; None = told by its content.
        as_of: the day the table stands for, where neither name nor notice tells.
        known: drug codes to keep from a HCPCS file whatever their type of service.

    Raises:
        LoadError: when the file is no table that is known here, or its day cannot be told.
        CodeTableError: when the home cannot be read or written.
    """
    parsed = parse_file(data, name, kind, known)
    _sound(parsed)
    day = as_of or effective_day((*parsed.names, name))
    if day is None:
        raise LoadError(
            f"{name}: neither its name nor its notice tells the day it stands for; "
            "give --as-of YYYY-MM-DD (a quarterly file: the quarter's first day)"
        )
    part = f", {parsed.part} services" if parsed.part else ""
    source = LoadedSource(
        file="",
        as_of=day,
        confidence="primary",
        source=f"{_SOURCES[parsed.kind]}{part}, file {parsed.member}",
        table=parsed.kind,
        part=parsed.part,
        rows=len(parsed.rows),
        origin=name,
    )
    changed = store(folder, source, parsed.rows)
    return Update(source=source, changed=changed, faults=parsed.faults, passed_over=parsed.passed_over)


def _sound(parsed: Parsed) -> None:
    if not parsed.rows:
        first = f"; the first: {parsed.faults[0]}" if parsed.faults else ""
        raise NothingUsable(f"{parsed.member}: no row of it can be used as {parsed.kind}{first}")
    if len(parsed.faults) > len(parsed.rows):
        raise NothingUsable(
            f"{parsed.member}: {len(parsed.faults)} rows cannot be read and {len(parsed.rows)} can, so nothing was "
            f"loaded; the first: {parsed.faults[0]}"
        )

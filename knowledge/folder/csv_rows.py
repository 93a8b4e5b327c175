"""Reads a CSV of known columns into rows: header in any order, each fault noted with its row."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import Field

from knowledge.folder.cells import Cells
from knowledge.folder.csv_records import DELIMITERS, Record, lines_of, records, split
from knowledge.folder.notes import Notes
from knowledge.payers import PayerDirectory
from knowledge.types.practice import Row
from knowledge.types.reading import ReadingFinding

RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True, slots=True)
class Form(Generic[RowT]):
    """What a CSV must look like: its columns in order, those that must be there, and how a row is made.

    `build` returns None when the row cannot be used; the cells then hold why. `keys` are the columns that
    say whom an unusable row is about.
    """

    kind: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    keys: tuple[str, ...]
    build: Callable[[Cells], RowT | None]


class UnreadRow(Row):
    """A row that could not be used: whom it is about as far as it can be told (`keys`), and why.

    Where one stands, "there is no such authorization" cannot be said.
    """

    kind: str
    keys: dict[str, str] = Field(default_factory=dict)
    why: str


@dataclass(frozen=True, slots=True)
class RowsRead(Generic[RowT]):
    """The good rows in file order, what was wrong, and the rows that could not be used."""

    rows: tuple[RowT, ...] = ()
    findings: tuple[ReadingFinding, ...] = ()
    unread: tuple[UnreadRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Header:
    columns: tuple[str, ...]
    delimiter: str
    index: int


def read_rows(form: Form[RowT], text: str, file: str, payers: PayerDirectory | None = None) -> RowsRead[RowT]:
    """Read every usable row of a CSV.

    Payer ids are looked up in `payers` and written as the payer's own id; with None they stay as they are.
    """
    notes = Notes(file)
    header = _header(form, text, notes)
    if header is None:
        return RowsRead(findings=notes.findings)
    rows: list[RowT] = []
    unread: list[UnreadRow] = []
    for record in records(text, header.delimiter, len(header.columns), header.index + 1):
        if record.blank:
            continue
        cells = Cells(f"{file}:{record.line}", record.raw, _named(header, record), payers)
        row = None if _misshapen(header, record, cells) else form.build(cells)
        for code, says in cells.doubts:
            notes.add("warning", code, says, record.line)
        if row is not None and not cells.problems:
            rows.append(row)
            continue
        why = "; ".join(cells.problems)
        notes.add("error", "row-unread", f"{why}. The row is left out until corrected", record.line)
        known = {name: cells.text(name) for name in form.keys if cells.text(name)}
        unread.append(UnreadRow(source=cells.source, raw=record.raw, kind=form.kind, keys=known, why=why))
    return RowsRead(tuple(rows), notes.findings, tuple(unread))


def _header(form: Form[RowT], text: str, notes: Notes) -> _Header | None:
    lines = lines_of(text)
    index = next((at for at, line in enumerate(lines) if line.strip()), None)
    if index is None:
        notes.add("warning", "file-empty", f"empty; expected the columns {', '.join(form.columns)}")
        return None
    header = max((_split_header(lines[index], mark, index) for mark in DELIMITERS), key=_hits(form.columns))
    missing = [name for name in form.required if name not in header.columns]
    if missing:
        found = ", ".join(name for name in header.columns if name)[:300] or "none"
        says = (
            f"column {', '.join(missing)} is missing; found {found}; expected {', '.join(form.columns)}. "
            "Nothing of this file is used until the header is corrected"
        )
        notes.add("error", "columns-missing", says, index + 1)
        return None
    _note_columns(form, header, notes)
    return header


def _split_header(line: str, delimiter: str, index: int) -> _Header:
    try:
        names = split(line, delimiter)
    except csv.Error:
        names = ()
    return _Header(tuple(_column(name) for name in names), delimiter, index)


def _column(name: str) -> str:
    return "_".join(name.strip().strip("\ufeff").lower().replace("-", " ").replace("_", " ").split())


def _hits(columns: Sequence[str]) -> Callable[[_Header], int]:
    return lambda header: sum(name in columns for name in header.columns)


def _note_columns(form: Form[RowT], header: _Header, notes: Notes) -> None:
    line = header.index + 1
    unknown = [name for name in header.columns if name and name not in form.columns]
    if unknown:
        says = f"columns not known and left alone: {', '.join(unknown)[:300]}"
        notes.add("info", "columns-unknown", says, line)
    absent = [name for name in form.columns if name not in header.columns]
    if absent:
        notes.add("info", "columns-absent", f"columns not given, so unknown: {', '.join(absent)}", line)
    twice = sorted({name for name in header.columns if name and header.columns.count(name) > 1})
    if twice:
        says = f"columns that stand twice: {', '.join(twice)}; the first one is used"
        notes.add("warning", "columns-twice", says, line)


def _named(header: _Header, record: Record) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, cell in zip(header.columns, record.cells, strict=False):
        named.setdefault(name, cell.strip())
    return named


def _misshapen(header: _Header, record: Record, cells: Cells) -> bool:
    """Refuse a row whose cells do not line up with the columns; one cut short at its end is read."""
    if record.problem:
        cells.problems.append(f'{record.problem}; quote cells as in "a, b"')
        return True
    width, count = len(header.columns), len(record.cells)
    if count > width and any(cell.strip() for cell in record.cells[width:]):
        says = f"{count} cells where the header has {width}; put a cell that holds a delimiter in quotes"
        cells.problems.append(says)
        return True
    if count < width:
        cells.doubts.append(("row-short", f"{count} cells where the header has {width}; the rest reads as blank"))
    return False

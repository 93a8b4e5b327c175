"""A file as a sheet of cells, each row with its number in the file. A row that is malformed harms no other."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

FoundT = TypeVar("FoundT")

_SEARCHED = 80
"""A header stands within so many lines; the longest notice of a published file has about a dozen."""
_JOINED = 6
"""A cell of own words may run over so many lines."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells with surrounding space removed, and the number of the line they begin on, from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One table of a file: text of comma- or tab-separated lines, or rows of a workbook (`rows`).

    `serial_dates` is True where a date may be a workbook's day number.
    """

    name: str
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    serial_dates: bool = field(default=False)

    def headed(self, wanted: Callable[[Sequence[str]], FoundT | None]) -> "Headed[FoundT] | None":
        """Find the first row that `wanted` takes for a header."""
        if self.rows:
            for at, row in enumerate(self.rows[:_SEARCHED]):
                found = wanted(row.cells)
                if found is not None:
                    notice = " ".join(cell for above in self.rows[:at] for cell in above.cells)
                    return Headed(found, notice, Data(rows=self.rows[at + 1 :]))
            return None
        for delimiter in (",", "\t"):
            for cells, after in _first_rows(self.lines, delimiter):
                found = wanted(cells)
                if found is not None:
                    return Headed(found, " ".join(self.lines[:after]), Data(self.lines, after, delimiter, len(cells)))
        return None


@dataclass(frozen=True, slots=True)
class Data:
    """The rows below a header."""

    lines: tuple[str, ...] = ()
    after: int = 0
    delimiter: str = ","
    width: int = 0
    rows: tuple[Row, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        """Give every row that is not blank, in order."""
        for row in self.rows or self._read():
            if any(row.cells):
                yield row

    def _read(self) -> Iterator[Row]:
        at = self.after
        while at < len(self.lines):
            end = self._end(at)
            text = "\n".join(self.lines[at:end])
            yield Row(at + 1, _cells(text, self.delimiter))
            at = end

    def _end(self, at: int) -> int:
        """Find the line after the row that begins at `at`: further on where a quoted cell holds line breaks.

        An unclosed quote takes in no other row: the lines are joined only when that makes a row as wide as the
        header, and not when the next line is one by itself.
        """
        if not self.lines[at].count('"') % 2:
            return at + 1
        for end in range(at + 2, min(at + 1 + _JOINED, len(self.lines)) + 1):
            text = "\n".join(self.lines[at:end])
            if text.count('"') % 2 == 0:
                joined = len(_cells(text, self.delimiter)) == self.width
                return end if joined else at + 1
            if len(_cells(self.lines[end - 1], self.delimiter)) == self.width:
                return at + 1
        return at + 1


def _cells(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        rows = list(csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=delimiter))
    except csv.Error:
        rows = [text.split(delimiter)]
    return tuple(" ".join(cell.split()) for row in rows for cell in row)


def _first_rows(lines: tuple[str, ...], delimiter: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Give the first rows with the number of lines read so far; cells may hold line breaks."""
    reader = csv.reader((f"{line}\n" for line in lines[:_SEARCHED]), delimiter=delimiter)
    try:
        for cells in reader:
            yield tuple(" ".join(cell.split()) for cell in cells), reader.line_num
    except csv.Error:
        return


@dataclass(frozen=True, slots=True)
class Headed(Generic[FoundT]):
    """A header found: what was made of it, the notice above it (it may name the quarter), the rows below it."""

    found: FoundT
    notice: str
    data: Data

"""Cuts a CSV text into records that know their line, so that one broken row never takes others with it."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
MAX_CELL_LINES = 20
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it begins on (from 1), its text, its cells; `problem` when it is broken."""

    line: int
    raw: str
    cells: tuple[str, ...]
    problem: str = ""

    @property
    def blank(self) -> bool:
        """Whether it holds nothing but delimiters and spaces."""
        return not self.problem and not any(cell.strip() for cell in self.cells)


def lines_of(text: str) -> list[str]:
    """Cut text at line ends (CRLF, LF, CR), which are removed."""
    return _LINE_END.split(text)


def split(line: str, delimiter: str) -> tuple[str, ...]:
    """Split one record into cells; quotes and doubled quotes as usual in CSV.

    Raises:
        csv.Error: when a cell is longer than the csv module takes.
    """
    for cells in csv.reader([line], delimiter=delimiter):
        return tuple(cells)
    return ()


def records(text: str, delimiter: str, width: int, start: int = 0) -> Iterator[Record]:
    """Cut the lines from index `start` into records of `width` cells.

    A quoted cell may run over several lines. A quote that is never closed, or that would swallow a line
    which is a whole record by itself, breaks only the line it stands on.
    """
    lines = lines_of(text)
    at = start
    while at < len(lines):
        count = _lines_of_record(lines, at, delimiter, width)
        raw = "\n".join(lines[at : at + max(count, 1)])
        if count == 0:
            yield Record(at + 1, raw, (), "a quote is opened and not closed")
        else:
            try:
                yield Record(at + 1, raw, split(raw, delimiter))
            except csv.Error as error:
                yield Record(at + 1, raw, (), str(error))
        at += max(count, 1)


def _lines_of_record(lines: list[str], at: int, delimiter: str, width: int) -> int:
    """Count the lines of the record that begins at `at`; 0 when its quote is a stray one."""
    if not _leaves_quote_open(lines[at], delimiter):
        return 1
    joined = lines[at]
    for more in range(1, min(MAX_CELL_LINES, len(lines) - at)):
        line = lines[at + more]
        if _is_whole(line, delimiter, width):
            return 0
        joined += "\n" + line
        if not _leaves_quote_open(joined, delimiter):
            return more + 1 if _is_whole(joined, delimiter, width) else 0
    return 0


def _is_whole(line: str, delimiter: str, width: int) -> bool:
    if line.count(delimiter) < width - 1 or width < 2:
        return False
    try:
        return len(split(line, delimiter)) == width
    except csv.Error:
        return False


def _leaves_quote_open(text: str, delimiter: str) -> bool:
    """Tell whether a quoted cell is still open at the end; a quote opens only as a cell's first character."""
    if '"' not in text:
        return False
    opened, fresh, position = False, True, 0
    while position < len(text):
        character = text[position]
        if opened:
            if character == '"':
                if text[position + 1 : position + 2] == '"':
                    position += 1
                else:
                    opened = False
        elif character == '"' and fresh:
            opened = True
        fresh = character == delimiter and not opened
        position += 1
    return opened

"""What came of reading a published file: its rows, and every row that could not be read."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

Kind = Literal["hcpcs", "mue", "ndc", "carc", "rarc"]


class LoadError(Exception):
    """A file cannot be loaded; the message says what is wrong with it and what to do."""


class NothingUsable(LoadError):
    """A file has the layout of a table, but its rows cannot be used."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that was left out: its number in the file (from 1), the column, what is wrong."""

    file: str
    row: int
    column: str
    says: str

    def __str__(self) -> str:
        """Give it as `file:row: column: what`."""
        return f"{self.file}:{self.row}: {self.column}: {self.says}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file read. `part` tells tables of one kind apart (the MUE's setting); `names` may tell the date.

    `passed_over` counts rows that are sound but of no use here (modifiers, codes that are no drugs).
    """

    kind: Kind
    member: str
    rows: tuple[BaseModel, ...]
    faults: tuple[RowFault, ...] = ()
    part: str = ""
    passed_over: int = 0
    names: tuple[str, ...] = ()

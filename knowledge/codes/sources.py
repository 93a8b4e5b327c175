"""Reads a code table: the CSV beside this file, and its entry in `sources.yaml`."""

import csv
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.codes.quarters import quarter_after
from knowledge.types.practice import Frozen

HERE = Path(__file__).parent
RowT = TypeVar("RowT", bound=BaseModel)


class CodeTableError(Exception):
    """A code table beside the code cannot be used: `file:line`, what was wrong, what to do."""


class Source(Frozen):
    """Where a table comes from. `as_of` is the last day it speaks for; `gaps` what it lacks.

    Of a quarterly file, `as_of` is its quarter's first day. `digest` is the SHA-256 of a table loaded into a home;
    what ships with the code has none.
    """

    file: str
    as_of: date
    confidence: Literal["primary", "mixed", "knowledge"]
    source: str
    gaps: str = ""
    digest: str = ""

    def older_than(self, served: date) -> bool:
        """Tell whether the table cannot speak for a service: a quarter or more lies between, so one was published."""
        return served >= quarter_after(self.as_of)

    def stamp(self) -> str:
        """Give day and content in a few characters: two tables with one stamp say the same."""
        return f"{self.as_of}:{self.digest[:16]}" if self.digest else str(self.as_of)


def read_sources(path: Path = HERE / "sources.yaml") -> dict[str, Source]:
    """Read every table's source entry, by table name.

    Raises:
        CodeTableError: when the file or an entry is not of the expected form.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {name: Source.model_validate(entry) for name, entry in entries.items()}
    except (OSError, yaml.YAMLError, AttributeError, ValidationError) as error:
        raise CodeTableError(f"{path.name}: {error}; restore the entry (file, as_of, confidence, source)") from error


def read_table(path: Path, row_type: type[RowT]) -> tuple[RowT, ...]:
    """Read a CSV into validated rows, in file order. Blank cells are left to the field's default.

    Args:
        path: the CSV; its first line names fields of `row_type`.
        row_type: a frozen model; it may split lists and read yes/no itself.

    Raises:
        CodeTableError: naming file, line and field of the first row that does not fit.
    """
    rows: list[RowT] = []
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            for cells in reader:
                filled: dict[str, Any] = {name: cell for name, cell in cells.items() if cell}
                rows.append(row_type.model_validate(filled))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise CodeTableError(f"{path.name}:{len(rows) + 2}: {field}: {first['msg']}; correct the row") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CodeTableError(f"{path.name}: {error}; the table cannot be read") from error
    return tuple(rows)

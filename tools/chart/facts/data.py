"""The tables beside this code, read and checked once: names, result words, cues, ranks."""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from knowledge.types.chart import Polarity
from knowledge.types.practice import Frozen

HERE = Path(__file__).parent
RowT = TypeVar("RowT", bound=BaseModel)


class ChartTableError(Exception):
    """A table beside this code cannot be used: file, line, what is wrong, what to do."""


def _parts(separator: str) -> BeforeValidator:
    def split(cell: object) -> object:
        return tuple(part.strip() for part in cell.split(separator)) if isinstance(cell, str) else cell

    return BeforeValidator(split)


def _flag(cell: object) -> object:
    return cell == "yes" if isinstance(cell, str) else cell


Flag = Annotated[bool, BeforeValidator(_flag)]
Piped = Annotated[tuple[str, ...], _parts("|")]
Listed = Annotated[tuple[str, ...], _parts(";")]
Spaced = Annotated[tuple[str, ...], _parts(" ")]


class TableSource(Frozen):
    """Where a table comes from and the last day it speaks for."""

    as_of: date
    confidence: Literal["primary", "mixed", "knowledge"]
    source: str


class MarkerRow(Frozen):
    """One spelling of a marker; `result` when the spelling itself says the result (`MSI-H`)."""

    alias: str
    marker: str
    family: Literal["her2", "receptor", "pdl1", "instability", "burden", "index", "gene", "expression", "methylation"]
    cased: Flag = False
    result: str = ""
    polarity: Polarity = "unstated"


class ResultRow(Frozen):
    """Words that state a result, for the families of markers they are used with."""

    families: Spaced
    words: str
    result: str
    polarity: Polarity


class RegimenRow(Frozen):
    """A regimen's names and its drugs."""

    name: str
    aliases: Piped
    drugs: Listed
    cased: Flag = False


class CompendiumRow(Frozen):
    """A compendium's one name and how papers call it."""

    name: str
    aliases: Piped


class DrugRow(Frozen):
    """A drug's names beyond those of the HCPCS table."""

    name: str
    aliases: Piped
    cased: Flag = False


class OutcomeRow(Frozen):
    """Words for how a line of therapy ended."""

    words: str
    outcome: Literal["progression", "intolerance", "toxicity", "response"]
    level: str = ""
    cased: Flag = False


class ToxicityRow(Frozen):
    """Words for a harm that makes a drug stop."""

    words: str
    toxicity: str


class RankRow(Frozen):
    """A word in a document's kind and the rank it gives; rank 0 is a paper that is no chart evidence."""

    words: str
    rank: int
    source: str


class HistologyRow(Frozen):
    """A histology's name in a note."""

    words: str
    histology: str


class SiteRow(Frozen):
    """A site of metastasis as written."""

    words: str
    site: str


class TriggerRow(Frozen):
    """A word that calls a reader to its sentence."""

    words: str
    reader: Literal[
        "stage", "performance", "metastasis", "intent", "neutropenia", "transfusion", "reaction", "trial", "hospice",
        "signature",
    ]  # fmt: skip


class MeasurementRow(Frozen):
    """A measurement: names, LOINC, `written=unit` pairs, and the least and greatest value that can be true."""

    name: str
    aliases: Piped
    loinc: str
    units: Piped
    unit_needed: Flag = False
    low: float
    high: float


class CueRow(Frozen):
    """One kind of cue and how far it reaches; each word begins with a letter."""

    scope: Literal["sentence", "onward", "clause"]
    words: tuple[Annotated[str, Field(pattern="^[A-Za-z]")], ...]
    marks: tuple[str, ...] = ()


class DrugNameParts(Frozen):
    """What to leave out of a code table's drug names."""

    dropped_words: tuple[str, ...]
    dropped_prefixes: tuple[str, ...]
    not_names: tuple[str, ...]


@cache
def table_sources() -> dict[str, TableSource]:
    """Read where each table comes from, by file name.

    Raises:
        ChartTableError: when the file or an entry is not of the expected form.
    """
    return {name: _checked(TableSource, entry, f"sources.yaml: {name}") for name, entry in _yaml("sources.yaml")}


def read_rows(name: str, row_type: type[RowT]) -> tuple[RowT, ...]:
    """Read one CSV beside this code into validated rows, in file order.

    Raises:
        ChartTableError: naming file and line of the first row that does not fit, or a table without a source.
    """
    if name not in table_sources():
        raise ChartTableError(f"sources.yaml has no entry for {name}; add its as_of, confidence and source")
    try:
        with (HERE / name).open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            return tuple(
                _checked(row_type, {key: cell for key, cell in cells.items() if cell}, f"{name}:{reader.line_num}")
                for cells in reader
            )
    except (OSError, csv.Error) as error:
        raise ChartTableError(f"{name}: {error}; restore the table") from error


def read_cues() -> dict[str, CueRow]:
    """Read the cues by kind, in file order.

    Raises:
        ChartTableError: when an entry is not of the expected form.
    """
    return {name: _checked(CueRow, entry, f"cues.yaml: {name}") for name, entry in _yaml("cues.yaml")}


def read_name_parts() -> DrugNameParts:
    """Read what to leave out of drug names.

    Raises:
        ChartTableError: when the file is not of the expected form.
    """
    return _checked(DrugNameParts, dict(_yaml("drug_name_parts.yaml")), "drug_name_parts.yaml")


def _yaml(name: str) -> list[tuple[str, Any]]:
    try:
        entries = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ChartTableError(f"{name}: {error}; restore the file") from error
    if not isinstance(entries, dict):
        raise ChartTableError(f"{name}: expected names with their entries; restore the file")
    return list(entries.items())


def _checked(row_type: type[RowT], cells: object, where: str) -> RowT:
    try:
        return row_type.model_validate(cells)
    except ValidationError as error:
        raise ChartTableError(f"{where}: {error}; correct the row") from error

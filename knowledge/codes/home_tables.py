"""The code tables loaded into a home: `HOME/codes/*.csv`, each with its entry in `sources.yaml`."""

import csv
import hashlib
import io
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.codes.sources import CodeTableError, Source

SOURCES = "sources.yaml"


class LoadedSource(Source):
    """A table loaded into a home. `table` is the one it overlays; `part` the MUE's setting; `rows` how many.

    `origin` is the name of the file it came from, `digest` the SHA-256 of the stored CSV.
    """

    table: str
    part: str = ""
    rows: int
    origin: str

    @property
    def name(self) -> str:
        """The entry's name: a later load of the same table, part and day takes its place."""
        return entry_name(self.table, self.part, self.as_of)


def entry_name(table: str, part: str, as_of: date) -> str:
    """Name the entry of a table, its part and its day."""
    return "-".join(piece for piece in (table, part, as_of.isoformat()) if piece)


def read_loaded(folder: Path) -> dict[str, LoadedSource]:
    """Read the entries of what a home has loaded, by name; empty when it has loaded nothing.

    Raises:
        CodeTableError: when the file or an entry is not of the expected form.
    """
    path = folder / SOURCES
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CodeTableError(f"{path}: {error}; make it readable, or load the code files again") from error
    try:
        entries = yaml.safe_load(text) or {}
        return {name: LoadedSource.model_validate(entry) for name, entry in sorted(entries.items())}
    except (yaml.YAMLError, AttributeError, TypeError, ValidationError) as error:
        raise CodeTableError(f"{path}: {error}; remove the folder and load the code files again") from error


def store(folder: Path, source: LoadedSource, rows: Sequence[BaseModel]) -> bool:
    """Write a table and its entry; False, and nothing is written, when it is stored already as it is.

    The table is written under a name of its own before the entry names it, so that a reader sees the old table or
    the new one, whole. `source.file`, `digest` and `rows` are filled in here.

    Raises:
        CodeTableError: when the home cannot be written, or its entries cannot be read.
    """
    known = read_loaded(folder)
    text = _csv(rows)
    digest = hashlib.sha256(text.encode()).hexdigest()
    file = f"{source.name}-{digest[:12]}.csv"
    entry = source.model_copy(update={"file": file, "digest": digest, "rows": len(rows)})
    old = known.get(source.name)
    if old is not None and old.digest == digest and (folder / old.file).is_file():
        return False
    known[source.name] = entry
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / file, text)
        _replace(folder / SOURCES, _yaml(known))
        if old is not None and old.file != file:
            (folder / old.file).unlink(missing_ok=True)
    except OSError as error:
        raise CodeTableError(f"{folder}: {error.strerror or error}; the tables there are as before") from error
    return True


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_suffix(f"{path.suffix}.part")
    with unfinished.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(unfinished, path)


def _yaml(entries: Mapping[str, LoadedSource]) -> str:
    plain = {name: entry.model_dump(mode="python") for name, entry in sorted(entries.items())}
    return yaml.safe_dump(plain, sort_keys=True, allow_unicode=True, width=100)


def _csv(rows: Sequence[BaseModel]) -> str:
    stream = io.StringIO(newline="")
    fields = list(type(rows[0]).model_fields) if rows else []
    writer = csv.DictWriter(stream, fields, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(getattr(row, name)) for name in fields})
    return stream.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(str(each) for each in value)
    return str(value)

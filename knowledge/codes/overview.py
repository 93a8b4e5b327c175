"""What tables there are, shipped and loaded: from where, of which day, how many rows."""

import csv
from pathlib import Path

from knowledge.codes.home_tables import LoadedSource, read_loaded
from knowledge.codes.sources import HERE, CodeTableError, read_sources
from knowledge.types.practice import Frozen


class TableInfo(Frozen):
    """One table. `origin` is the file it was loaded from; empty = it ships with the code."""

    name: str
    table: str
    as_of: str
    rows: int
    confidence: str
    origin: str
    source: str
    gaps: str = ""


def table_infos(loaded: Path | None = None) -> tuple[TableInfo, ...]:
    """List every table by name, what a home has loaded after the shipped one it overlays.

    Raises:
        CodeTableError: when the entries cannot be read.
    """
    infos = [(name, "", source, _rows(HERE / source.file)) for name, source in read_sources().items()]
    if loaded is not None:
        infos += [(one.table, name, one, one.rows) for name, one in read_loaded(loaded).items()]
    return tuple(
        TableInfo(
            name=entry or table,
            table=table,
            as_of=source.as_of.isoformat(),
            rows=rows,
            confidence=source.confidence,
            origin=source.origin if isinstance(source, LoadedSource) else "",
            source=source.source,
            gaps=source.gaps,
        )
        for table, entry, source, rows in sorted(infos, key=lambda info: info[:2])
    )


def _rows(path: Path) -> int:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return sum(1 for _ in csv.reader(stream)) - 1
    except OSError as error:
        raise CodeTableError(f"{path.name}: {error}; the table cannot be read") from error

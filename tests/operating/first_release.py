"""A home as the first release (0.1.0) left it: eight denials of the sample practice, one rejected by a person."""

import sqlite3
import tarfile
from pathlib import Path

from sqlalchemy import Connection, create_engine

_KEPT = Path(__file__).with_name("home_of_the_first_release.tar.gz")
Rows = dict[str, list[tuple[object, ...]]]


def unpack(home: Path) -> Path:
    """Put the home at `home`."""
    home.mkdir(mode=0o700)
    with tarfile.open(_KEPT) as archive:
        archive.extractall(home, filter="data")
    return home


def rows_of(database: Path, columns: dict[str, list[str]] | None = None) -> Rows:
    """Every row of every table, or of these columns of these tables."""
    connection = sqlite3.connect(database)
    try:
        named = columns or columns_of(connection)
        found: Rows = {}
        for table, columns_named in named.items():
            listed = ", ".join(f'"{column}"' for column in columns_named)
            found[table] = sorted(connection.execute(f"select {listed} from {table}"), key=repr)
        return found
    finally:
        connection.close()


def columns_in(database: Path) -> dict[str, list[str]]:
    """The columns of every table of a database."""
    connection = sqlite3.connect(database)
    try:
        return columns_of(connection)
    finally:
        connection.close()


def columns_of(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of every table."""
    tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    return {table: [row[1] for row in connection.execute(f"pragma table_info({table})")] for table in sorted(tables)}


def connect(database: Path) -> Connection:
    """A connection as others have it, without our settings."""
    return create_engine(f"sqlite:///{database}").connect()

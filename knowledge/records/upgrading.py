"""Bring a database to the version of this program: made when empty, upgraded when older, refused when newer.

All of an upgrade stands in one transaction: it is done, or the database is as it was. `schema_version` says the
version, for older programs too; `alembic_version` says the same to Alembic's own commands.
"""

import io
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, update
from sqlmodel import Session, col, select

from knowledge.records.encryption import connect
from knowledge.records.repository.worklist import keep_in_step
from knowledge.records.tables import METADATA, DenialRow, SchemaVersionRow, WorklistRow
from knowledge.sealing import HomeKey

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA_VERSION = 6
"""The last file of migrations/versions."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_ALEMBIC = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
_log = logging.getLogger("overturn")


class NewerSchema(Exception):
    """The database was written by a newer version of this program."""


def prepare(connection: Connection, back_up: Callable[[int], object]) -> None:
    """Make, upgrade or refuse the database of `connection`, in its transaction, which no other writes beside.

    `back_up` is told the version found before anything is changed; what it raises ends the upgrade.

    Raises:
        NewerSchema: nothing was changed.
    """
    found = version_of(connection)
    if found is None:
        _make(connection)
    elif found > SCHEMA_VERSION:
        raise NewerSchema(
            f"{connection.engine.url.render_as_string()} holds records of version {found}; "
            f"this program knows up to {SCHEMA_VERSION}. Use the one that wrote them, or another home."
        )
    elif found < SCHEMA_VERSION:
        back_up(found)
        _upgrade(connection, found)
        _log.warning("the records were upgraded from version %d to %d", found, SCHEMA_VERSION)


def version_of(connection: Connection) -> int | None:
    """Read the version of a database; None where there are no records yet."""
    if not inspect(connection).has_table(SchemaVersionRow.__tablename__):
        return None
    return connection.scalar(select(SchemaVersionRow.version))


def stored_version(file: Path, key: HomeKey | None) -> int | None:
    """Read the version of records on disk without opening them as ours, which would upgrade them; None = no records.

    Raises:
        sqlite3.DatabaseError: it is no database, or damaged.
    """
    connection = connect(file, key)
    try:
        connection.execute("PRAGMA query_only = ON")
        named = SchemaVersionRow.__tablename__
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (named,)).fetchone() is None:
            return None
        found = connection.execute(f"SELECT version FROM {named}").fetchone()
    finally:
        connection.close()
    return int(found[0]) if found else None


def build_by_versions(connection: Connection, upto: int = SCHEMA_VERSION) -> None:
    """Make the tables as a home has them that has seen every version up to `upto`."""
    _run(connection, f"{upto:04}")


def sql_of_versions(dialect: str, upto: int = SCHEMA_VERSION) -> str:
    """Write what all versions do to an empty database as SQL of a dialect ("postgresql")."""
    from alembic import command

    written = io.StringIO()
    config = _config(written)
    config.attributes["dialect"] = dialect
    command.upgrade(config, f"{upto:04}", sql=True)
    return written.getvalue()


def _make(connection: Connection) -> None:
    METADATA.create_all(connection)
    _ALEMBIC.create(connection, checkfirst=True)
    connection.execute(_ALEMBIC.insert().values(version_num=f"{SCHEMA_VERSION:04}"))
    with Session(connection, join_transaction_mode="rollback_only") as session:
        session.add(SchemaVersionRow(version=SCHEMA_VERSION))
        session.flush()


def _upgrade(connection: Connection, found: int) -> None:
    _ALEMBIC.create(connection, checkfirst=True)
    connection.execute(_ALEMBIC.delete())
    connection.execute(_ALEMBIC.insert().values(version_num=f"{found:04}"))
    _run(connection, "head")
    connection.execute(update(SchemaVersionRow).values(version=SCHEMA_VERSION))
    with Session(connection, join_transaction_mode="rollback_only") as session:
        _list_what_is_not_listed(session)
        session.flush()


def _run(connection: Connection, revision: str) -> None:
    # Imported when needed: a home is upgraded once, and opened by every command.
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config(output: TextIO | None = None) -> "Config":
    from alembic.config import Config

    config = Config(output_buffer=output)
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _list_what_is_not_listed(session: Session) -> None:
    """Give every denial with a record its row in the lists, which older versions did not keep."""
    listed = select(WorklistRow.denial_id).where(
        col(WorklistRow.practice_id) == col(DenialRow.practice_id),
        col(WorklistRow.denial_id) == col(DenialRow.denial_id),
    )
    wanted = select(DenialRow).where(col(DenialRow.record).is_not(None), ~listed.exists())
    for row in session.exec(wanted):
        keep_in_step(session, row, json.loads(row.record or "{}"))

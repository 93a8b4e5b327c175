"""Open the records: an engine, its settings, tables and their version. What differs by database is here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine, StaticPool, event, make_url, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, create_engine, select

from knowledge.records.repository import Repository
from knowledge.records.tables import METADATA, SchemaVersionRow

SCHEMA_VERSION = 3
"""2 added approvals and the ledger of sends, 3 what the payer answered and what billers taught: new tables only, so
that an older home gets them when it is opened."""

_BUSY_MILLISECONDS = 30_000


class NewerSchema(Exception):
    """The database was written by a newer version of this program."""


class Records:
    """The practice's records. Everything is read and written inside `reading()` or `transaction()`."""

    def __init__(self, engine: Engine) -> None:
        """Wrap an engine whose tables exist; use `open_records` to get one."""
        self._readers = engine
        # A transaction that will write takes the write lock at its start: one that reads first and
        # upgrades later fails on SQLite as soon as another writer got in between.
        self._writers = engine.execution_options(sqlite_begin="IMMEDIATE")

    @contextmanager
    def transaction(self) -> Iterator[Repository]:
        """Give a repository whose writes happen at the end of the block or, on an exception, not at all."""
        with Session(self._writers, expire_on_commit=False) as session, session.begin():
            yield Repository(session)

    @contextmanager
    def reading(self) -> Iterator[Repository]:
        """Give a repository on one consistent view of the records. What is written through it is dropped."""
        with Session(self._readers, expire_on_commit=False) as session:
            yield Repository(session)

    def close(self) -> None:
        """Let go of all connections."""
        self._readers.dispose()

    def __enter__(self) -> "Records":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_records(url_or_path: str | Path) -> Records:
    """Open the records at a path (SQLite; made when missing) or a database URL.

    "sqlite://" keeps them in memory, for one thread.

    Raises:
        NewerSchema: the database was written by a newer version; nothing was changed.
    """
    engine = _engine(str(url_or_path))
    try:
        with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            _prepare(connection)
    except BaseException:
        engine.dispose()
        raise
    return Records(engine)


def _engine(url_or_path: str) -> Engine:
    url = make_url(url_or_path if "://" in url_or_path else f"sqlite:///{url_or_path}")
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if url.database in (None, "", ":memory:"):
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling commits behind our back on DDL and starts late: take it over.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _prepare(connection: Connection) -> None:
    SchemaVersionRow.__table__.create(connection, checkfirst=True)  # type: ignore[attr-defined]
    with Session(connection, join_transaction_mode="rollback_only") as session:
        found = session.exec(select(SchemaVersionRow.version)).first()
        if found is not None and found > SCHEMA_VERSION:
            raise NewerSchema(
                f"{connection.engine.url.render_as_string()} holds records of version {found}; "
                f"this program knows up to {SCHEMA_VERSION}. Use the one that wrote them, or another home."
            )
        METADATA.create_all(connection)
        if found is None:
            session.add(SchemaVersionRow(version=SCHEMA_VERSION))
            session.flush()
        elif found < SCHEMA_VERSION:
            # What the older version lacked is there now; it may no longer write, for it would void no approval.
            session.execute(update(SchemaVersionRow).values(version=SCHEMA_VERSION))

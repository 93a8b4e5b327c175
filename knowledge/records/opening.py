"""Open the records: an engine, its settings, tables and their version. What differs by database is here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, create_engine

from knowledge.records import on_postgresql
from knowledge.records.audit import AuditDraft, Auditing
from knowledge.records.encryption import check_fits, driver, library_for
from knowledge.records.one_library import Library, enter, leave
from knowledge.records.repository import Repository
from knowledge.records.set_aside import back_up
from knowledge.records.touched import watch, watched
from knowledge.records.trail import add_entry, keep_head
from knowledge.records.upgrading import NewerSchema, prepare
from knowledge.sealing import HomeKey

__all__ = ["NewerSchema", "Records", "open_records"]

_BUSY_MILLISECONDS = 30_000
_WRITES = "overturn_writes"
_LISTED = "overturn_listed"


class Records:
    """The practice's records. Everything is read and written inside `reading()` or `transaction()`."""

    def __init__(self, engine: Engine, auditing: Auditing | None = None) -> None:
        """Wrap an engine whose tables exist; use `open_records` to get one."""
        self._readers = engine
        self.auditing = auditing
        # A transaction that will write takes the write lock at its start: one that reads first and
        # upgrades later fails on SQLite as soon as another writer got in between.
        self._writers = engine.execution_options(**{_WRITES: True})

    @contextmanager
    def transaction(self) -> Iterator[Repository]:
        """Give a repository whose writes happen at the end of the block or, on an exception, not at all."""
        head = None
        with Session(self._writers, expire_on_commit=False) as session, session.begin():
            repository = Repository(session)
            if self.auditing is None:
                yield repository
            else:
                with watched(session.connection()) as touched:
                    yield repository
                    session.flush()
                head = add_entry(repository, touched, self.auditing)
        if head is not None and self.auditing is not None:
            keep_head(self.auditing, head)

    def note(self, draft: AuditDraft) -> None:
        """Add an entry to the audit trail about what is seen or tried; without a trail, nothing."""
        if self.auditing is None:
            return
        with Session(self._writers) as session, session.begin():
            head = Repository(session).audit.append(draft, self.auditing.clock(), self.auditing.key)
        keep_head(self.auditing, head)

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


def open_records(url_or_path: str | Path, key: HomeKey | None = None, auditing: Auditing | None = None) -> Records:
    """Open the records at a path (SQLite; made when missing) or a database URL ("postgresql://...").

    "sqlite://" keeps them in memory, for one thread. With `key`, SQLite files are encrypted (SQLCipher); a PostgreSQL
    must have its volume encrypted. With `auditing`, every change leaves an entry in its own transaction.

    Raises:
        ValueError: the URL is of another database.
        UnfitDatabase: the PostgreSQL database sorts text by the words of a language, or is not in UTF-8.
        WrongKey: the file was encrypted with another key, or is not while a key is given.
        NewerSchema: the database was written by a newer version; nothing was changed.
    """
    engine = _engine(str(url_or_path), key)
    try:
        with engine.execution_options(**{_WRITES: True}).begin() as connection:
            if connection.dialect.name == on_postgresql.DIALECT:
                on_postgresql.check_fit(connection)
            prepare(connection, _backing_up(engine, key))
    except BaseException:
        engine.dispose()
        raise
    if auditing is not None:
        watch(engine)
    return Records(engine, auditing)


def _engine(url_or_path: str, key: HomeKey | None) -> Engine:
    """Make an engine whose errors name no values (`hide_parameters`): those are patients' data."""
    url = make_url(url_or_path if "://" in url_or_path else f"sqlite:///{url_or_path}")
    if url.get_backend_name() == on_postgresql.DIALECT:
        return on_postgresql.engine_for(url, _WRITES, _BUSY_MILLISECONDS)
    if url.get_backend_name() != "sqlite":
        raise ValueError(f"records stand on SQLite or PostgreSQL, not on {url.get_backend_name()}")
    if url.database in (None, "", ":memory:"):
        engine = create_engine(
            url, poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True
        )
        unlock = None
    else:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        check_fits(Path(str(url.database)), key)
        module, unlock = driver(key)
        engine = create_engine(url, module=module, hide_parameters=True)
        _list_openings(engine, Path(str(url.database)), library_for(key))

    def set_up(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        if unlock is not None:
            unlock(connection)
        _set_up_sqlite(connection, entry)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _list_openings(engine: Engine, file: Path, library: Library) -> None:
    """Have every connection listed while it is open, so that no other library opens the file (see `one_library`)."""

    def before(_dialect: Any, entry: ConnectionPoolEntry, _arguments: Any, _options: Any) -> None:
        entry.info[_LISTED] = enter(file, library)

    def after(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        name = entry.info.pop(_LISTED, None)
        if name is not None:
            leave(name)

    event.listen(engine, "do_connect", before)
    event.listen(engine, "close", after)


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
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")


def _backing_up(engine: Engine, key: HomeKey | None) -> Callable[[int], object]:
    """Give what keeps a copy of a database file before its upgrade; a server's databases are copied by who runs it."""
    url = engine.url
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return lambda _version: None
    file = Path(str(url.database))
    return lambda version: back_up(file, key, version)

"""What PostgreSQL is asked for so that what holds on SQLite holds there: one writer, one view, one order of text.

SQLite lets one transaction write at a time, and the repository counts on it: what it reads before it writes stays so.
"""

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.exc import IntegrityError

DIALECT = "postgresql"
_DRIVER = "postgresql+pg8000"
_ONE_WRITER = 6_886_837  # any number: whoever writes holds the lock of this name until the end of the transaction
_WRITE = f"SELECT set_config('lock_timeout', '{{milliseconds}}', true), pg_advisory_xact_lock({_ONE_WRITER})"
_READ = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
_BY_BYTES = frozenset({"c", "posix", "c.utf-8", "c.utf8", "ucs_basic"})


class UnfitDatabase(ValueError):
    """The database sorts or encodes text in another way than the records need; nothing was changed."""


def engine_for(url: URL, writes: str, patience_milliseconds: int) -> Engine:
    """Make an engine for a `postgresql://` URL.

    A transaction whose execution options hold `writes` waits its turn to write, `patience_milliseconds` at most; any
    other sees the database as it was when it began.
    """
    engine = create_engine(url.set(drivername=_DRIVER), pool_pre_ping=True, hide_parameters=True)
    write = _WRITE.format(milliseconds=patience_milliseconds)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(write if connection.get_execution_options().get(writes) else _READ)

    event.listen(engine, "begin", begin)
    event.listen(engine, "handle_error", _name_broken_constraints)
    return engine


def _name_broken_constraints(failed: ExceptionContext) -> None:
    """Raise what SQLite raises where a constraint is broken; the driver calls most of them errors of programming.

    Raises:
        IntegrityError: the server's error is of class 23.
    """
    said = failed.original_exception.args[0] if failed.original_exception.args else None
    broken = isinstance(said, dict) and str(said.get("C", "")).startswith("23")
    if broken and not isinstance(failed.sqlalchemy_exception, IntegrityError):
        fault = failed.original_exception
        raise IntegrityError(failed.statement, failed.parameters, fault, hide_parameters=True) from fault


def check_fit(connection: Connection) -> None:
    """Hold the database to what the records need: UTF-8, sorted byte by byte, as SQLite sorts.

    Raises:
        UnfitDatabase: words would not be found by how they begin, and pages of lists would overlap.
    """
    asked = text("SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()")
    collation, encoding = connection.execute(asked).one()
    if encoding != "UTF8" or collation.lower() not in _BY_BYTES:
        raise UnfitDatabase(
            f"the database sorts by {collation} and encodes as {encoding}; the records need text sorted byte by byte: "
            "make it anew with `createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8`"
        )

"""What PostgreSQL is asked for so that what holds on SQLite holds there: one writer, one view, one order of text.

SQLite lets one transaction write at a time, and the repository counts on it: what it reads before it writes stays so.
"""

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

DIALECT = "postgresql"
_DRIVER = "postgresql+pg8000"
_ONE_WRITER = 6_886_837  # any number: whoever writes holds the lock of this name until the end of the transaction
_WRITE = f"SELECT set_config('lock_timeout', '{{milliseconds}}', true), pg_advisory_xact_lock({_ONE_WRITER})"
_READ = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
_TOLD = frozenset("SCMtn")  # severity, code, message, table, name of the constraint
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
    event.listen(engine, "handle_error", _tell_discreetly)
    return engine


def _tell_discreetly(failed: ExceptionContext) -> None:
    """Raise the server's error without the row it is about, and a broken constraint by the name SQLite's has.

    The server tells what stands in the row; the driver calls most broken constraints errors of programming.

    Raises:
        DBAPIError: in place of the one at hand, where it is the server's.
    """
    fault, kind = failed.original_exception, type(failed.sqlalchemy_exception)
    said = fault.args[0] if fault.args else None
    if not isinstance(said, dict) or not issubclass(kind, DBAPIError):
        return
    fault.args = ({field: text for field, text in said.items() if field in _TOLD},)
    fault.__cause__ = fault.__context__ = None  # the driver's own layers say it again
    if str(said.get("C", "")).startswith("23"):
        kind = IntegrityError
    raise kind(failed.statement, failed.parameters, fault, True, failed.is_disconnect) from fault


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

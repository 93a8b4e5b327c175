"""Hold a database against the tables this program knows: the difference, as Alembic tells it."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from knowledge.records.tables import METADATA, Moment


def _written(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Write our own column types as what they are in a database: a version must not change with the code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


OPTIONS: dict[str, Any] = {"compare_type": True, "compare_server_default": True, "render_item": _written}


def differences(connection: Connection) -> tuple[str, ...]:
    """Tell what a database lacks or has too much of, one line each; none means that it is as it should be."""
    found = compare_metadata(MigrationContext.configure(connection, opts=OPTIONS), METADATA)
    return tuple(sorted(_line(each) for each in found))


def _line(difference: Any) -> str:
    if isinstance(difference, list):  # changes of one column come as a list
        return "; ".join(_line(each) for each in difference)
    kind, *what = difference
    names = [getattr(each, "name", each) for each in what if each is not None]
    return " ".join([kind.replace("_", " "), *(str(name) for name in names if not isinstance(name, dict))])

"""Insert by unique key: insert once, or insert and otherwise update. The same on every database we run on."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from knowledge.records.tables import RecordTable


def table_of(row: type[RecordTable]) -> Table:
    """Give the table behind a row class."""
    return cast(Table, row.__table__)  # type: ignore[attr-defined]


def insert_once(session: Session, row: type[RecordTable], values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its key is there. True when it was inserted."""
    statement = _insert(session, row).values(**values).on_conflict_do_nothing()
    result = cast("CursorResult[Any]", session.execute(statement))
    return result.rowcount == 1


def insert_or_update(
    session: Session,
    row: type[RecordTable],
    values: Mapping[str, Any],
    key: Sequence[str],
    unless_newer: str | None = None,
) -> bool:
    """Insert a row, or update the one with the same key. True when the row now holds `values`.

    With `unless_newer`, a row whose column of that name is already greater is left as it is.
    """
    statement = _insert(session, row).values(**values)
    columns = table_of(row).c
    result = cast(
        "CursorResult[Any]",
        session.execute(
            statement.on_conflict_do_update(
                index_elements=list(key),
                set_={name: statement.excluded[name] for name in values if name not in key},
                where=None if unless_newer is None else columns[unless_newer] <= statement.excluded[unless_newer],
            )
        ),
    )
    return result.rowcount == 1


def insert_or_update_all(
    session: Session, row: type[RecordTable], values: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Insert rows of the same columns, or update those with the same keys, in one round."""
    if not values:
        return
    statement = _insert(session, row)
    changed = {name: statement.excluded[name] for name in values[0] if name not in key}
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed), list(values))


def insert_all(session: Session, row: type[RecordTable], values: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows in one round."""
    if values:
        session.execute(table_of(row).insert(), list(values))


def _insert(session: Session, row: type[RecordTable]) -> sqlite.Insert | postgresql.Insert:
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table_of(row))
    return sqlite.insert(table_of(row))

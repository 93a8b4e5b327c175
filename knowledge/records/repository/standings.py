"""Ranks, series and worth of many denials, written at once: in the queue, in their records, in the worklist."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import bindparam, select
from sqlmodel import Session

from knowledge.records.money import to_cents
from knowledge.records.repository.keyed import table_of
from knowledge.records.repository.parts import in_parts
from knowledge.records.repository.worklist_changes import note_changes
from knowledge.records.tables import DenialRow, RecordTable, WorklistRow
from knowledge.records.values import Standing


class UnknownDenial(LookupError):
    """No denial of this id is in the records of this practice."""


def unknown_denial(practice_id: str, denial_id: str) -> UnknownDenial:
    """Say which denial is unknown."""
    return UnknownDenial(f"practice {practice_id} has no denial {denial_id}")


def save_standings(session: Session, practice_id: str, standings: Sequence[Standing]) -> None:
    """Write standings; what says the same as before does not count as changed.

    Raises:
        UnknownDenial: one of the denials was never found.
    """
    session.flush()
    for some in in_parts(standings):
        _save(session, practice_id, {one.denial_id: one for one in some})
    session.expire_all()  # rows read before in this transaction are not what they were


def _save(session: Session, practice_id: str, standings: dict[str, Standing]) -> None:
    held = _rows(session, DenialRow, ("denial_id", "record", "rank", "series"), practice_id, standings)
    listed = _rows(session, WorklistRow, ("denial_id", "rank", "series", "value_cents"), practice_id, standings)
    denials, rows = [], []
    for denial_id, standing in standings.items():
        if denial_id not in held:
            raise unknown_denial(practice_id, denial_id)
        key = {"of_practice_id": practice_id, "of_denial_id": denial_id}
        text, priority = _told(held[denial_id].record, standing)
        new = {"record_now": text, "rank_now": standing.rank, "series_now": standing.series}
        if (text, standing.rank, standing.series) != tuple(held[denial_id][1:]):
            denials.append({**key, **new})
        cents = to_cents(Decimal(priority.get("expected_value") or 0))
        row = listed.get(denial_id)
        if row is not None and (standing.rank, standing.series, cents) != tuple(row[1:]):
            rows.append({**key, "rank_now": standing.rank, "series_now": standing.series, "value_cents_now": cents})
    _update(session, DenialRow, ("record", "rank", "series"), denials)
    _update(session, WorklistRow, ("rank", "series", "value_cents"), rows)
    changed = {str(one["of_denial_id"]) for one in (*denials, *rows)} & listed.keys()
    note_changes(session, practice_id, sorted(changed))


def _told(record: str | None, standing: Standing) -> tuple[str | None, dict[str, Any]]:
    """Return a record's text with a standing in it, and its priority; of a denial not yet worked, none."""
    if record is None:
        return None, {}
    told: dict[str, Any] = msgspec.json.decode(record)
    priority = {**(told.get("priority") or {}), **standing.worth, "rank": standing.rank}
    return msgspec.json.encode({**told, "priority": priority, "series": standing.series}).decode(), priority


def _rows(
    session: Session, table: type[RecordTable], names: Sequence[str], practice_id: str, wanted: dict[str, Standing]
) -> dict[str, Any]:
    columns = table_of(table).c
    statement = select(*(columns[name] for name in names)).where(
        columns.practice_id == practice_id, columns.denial_id.in_(list(wanted))
    )
    return {row.denial_id: row for row in session.execute(statement)}


def _update(session: Session, table: type[RecordTable], names: Sequence[str], values: list[dict[str, Any]]) -> None:
    if not values:
        return
    columns = table_of(table).c
    statement = table_of(table).update()
    statement = statement.where(
        columns.practice_id == bindparam("of_practice_id"), columns.denial_id == bindparam("of_denial_id")
    )
    session.execute(statement.values({name: bindparam(f"{name}_now") for name in names}), values)

"""The feed: what happened, in the order it was stored, for programs that follow it."""

import hashlib
from datetime import datetime

import msgspec
from sqlmodel import Session, col, func, select

from knowledge.records.exchange import FeedEvent
from knowledge.records.repository.keyed import insert_once
from knowledge.records.sortable_ids import sortable_id
from knowledge.records.tables import FeedRow


class UnknownEvent(LookupError):
    """No event of this id is in the feed of this practice."""


class Feed:
    """Events of all kinds, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, practice_id: str, kind: str, subject: str, key: str, at: datetime) -> bool:
        """Add an event within the transaction that it tells of. The same one (by subject and key) counts once.

        One transaction writes at a time: no later position is seen before an earlier one.
        """
        digest = hashlib.sha256(msgspec.json.encode((practice_id, kind, subject, key))).digest()
        values = {"event_id": sortable_id("evt", at, digest), "practice_id": practice_id, "kind": kind}
        return insert_once(self._session, FeedRow, {**values, "subject": subject, "at": at})

    def last(self, practice_id: str) -> int:
        """Give the position of the last event of a practice; 0 where nothing has happened."""
        statement = select(func.max(FeedRow.position)).where(FeedRow.practice_id == practice_id)
        return self._session.exec(statement).one() or 0

    def position_of(self, practice_id: str, event_id: str) -> int:
        """Give where an event stands.

        Raises:
            UnknownEvent: the practice has none of this id.
        """
        statement = select(FeedRow.position).where(FeedRow.practice_id == practice_id, FeedRow.event_id == event_id)
        found = self._session.exec(statement).first()
        if found is None:
            raise UnknownEvent(f"practice {practice_id} has no event {event_id}")
        return found

    def get(self, event_id: str) -> FeedEvent | None:
        """Give one event."""
        row = self._session.exec(select(FeedRow).where(FeedRow.event_id == event_id)).first()
        return None if row is None else _event(row)

    def after(self, practice_id: str, position: int, limit: int, kinds: tuple[str, ...] = ()) -> tuple[FeedEvent, ...]:
        """Give the events that follow a position, oldest first; with `kinds`, only those."""
        statement = select(FeedRow).where(FeedRow.practice_id == practice_id, col(FeedRow.position) > position)
        if kinds:
            statement = statement.where(col(FeedRow.kind).in_(kinds))
        return tuple(_event(row) for row in self._session.exec(statement.order_by(col(FeedRow.position)).limit(limit)))


def _event(row: FeedRow) -> FeedEvent:
    return FeedEvent.model_validate(row.model_dump())

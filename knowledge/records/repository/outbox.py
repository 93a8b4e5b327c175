"""The ledger of sends: each once, by its key."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import literal, tuple_
from sqlmodel import Session, col, select

from knowledge.records.dispatch import Outgoing, OutgoingState, SentFile
from knowledge.records.repository.cursors import BadCursor
from knowledge.records.repository.keyed import insert_once, insert_or_update
from knowledge.records.repository.parts import in_parts
from knowledge.records.tables import Moment, OutgoingRow, SentFileRow


class Outbox:
    """Sends, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, outgoing: Outgoing) -> bool:
        """Queue a send. False when this denial, approval and channel are in the ledger already: that one stands."""
        added = insert_once(self._session, OutgoingRow, outgoing.model_dump(exclude={"along"}))
        if added:
            self._save_along(outgoing)
        return added

    def save(self, outgoing: Outgoing) -> None:
        """Write how a send stands now."""
        insert_or_update(self._session, OutgoingRow, outgoing.model_dump(exclude={"along"}), key=["key"])
        self._save_along(outgoing)

    def get(self, key: str) -> Outgoing | None:
        """Give one send by its key."""
        row = self._session.get(OutgoingRow, key)
        return None if row is None else self._with_along((row,))[0]

    def all(self, practice_id: str | None = None, states: Sequence[OutgoingState] = ()) -> tuple[Outgoing, ...]:
        """Give the sends, oldest first: of one practice or all, in these states or any."""
        statement = select(OutgoingRow).order_by(col(OutgoingRow.queued_at), OutgoingRow.key)
        if practice_id is not None:
            statement = statement.where(OutgoingRow.practice_id == practice_id)
        if states:
            statement = statement.where(col(OutgoingRow.state).in_(list(states)))
        return self._with_along(self._session.exec(statement))

    def page(
        self, practice_id: str, state: OutgoingState | None, after: str | None, limit: int
    ) -> tuple[Outgoing, ...]:
        """Give the next sends of a practice, oldest first: in a state or any, after the one of a key.

        Raises:
            BadCursor: the practice has no send of the key.
        """
        statement = select(OutgoingRow).where(OutgoingRow.practice_id == practice_id)
        if state is not None:
            statement = statement.where(OutgoingRow.state == state)
        if after is not None:
            last = self._session.get(OutgoingRow, after)
            if last is None or last.practice_id != practice_id:
                raise BadCursor(f"there is no send {after}; begin again without a cursor")
            place = tuple_(col(OutgoingRow.queued_at), col(OutgoingRow.key))
            statement = statement.where(place > tuple_(literal(last.queued_at, Moment), literal(last.key)))
        ordered = statement.order_by(col(OutgoingRow.queued_at), OutgoingRow.key)
        return self._with_along(self._session.exec(ordered.limit(limit)))

    def of(self, practice_id: str, denial_id: str) -> tuple[Outgoing, ...]:
        """Give a denial's sends, oldest first."""
        statement = (
            select(OutgoingRow)
            .where(OutgoingRow.practice_id == practice_id, OutgoingRow.denial_id == denial_id)
            .order_by(col(OutgoingRow.queued_at), OutgoingRow.key)
        )
        return self._with_along(self._session.exec(statement))

    def denial_ids(self, practice_id: str) -> tuple[str, ...]:
        """Give the denials that have a send, in order of id."""
        statement = select(OutgoingRow.denial_id).where(OutgoingRow.practice_id == practice_id).distinct()
        return tuple(self._session.exec(statement.order_by(OutgoingRow.denial_id)))

    def void_queued(self, practice_id: str, denial_id: str, reason: str, now: datetime) -> None:
        """Take back what is queued and not begun; what was cut off in the middle is looked into when it is resumed."""
        for one in self.of(practice_id, denial_id):
            if one.state in ("queued", "failed") and one.prepared_at is None:
                self.save(one.model_copy(update={"state": "voided", "says": reason, "retry_at": None}))

    def _save_along(self, outgoing: Outgoing) -> None:
        for number, file in enumerate(outgoing.along):
            place = {"practice_id": outgoing.practice_id, "send": outgoing.key, "number": number}
            insert_or_update(self._session, SentFileRow, {**place, **file.model_dump()}, key=["send", "number"])

    def _with_along(self, rows: Iterable[OutgoingRow]) -> tuple[Outgoing, ...]:
        held = tuple(rows)
        along = self._along([row.key for row in held])
        return tuple(Outgoing.model_validate({**row.model_dump(), "along": along.get(row.key, ())}) for row in held)

    def _along(self, keys: Sequence[str]) -> dict[str, tuple[SentFile, ...]]:
        found: dict[str, tuple[SentFile, ...]] = {}
        for some in in_parts(keys):
            wanted = col(SentFileRow.send).in_(some)
            rows = self._session.exec(
                select(SentFileRow).where(wanted).order_by(SentFileRow.send, col(SentFileRow.number))
            )
            for key, held in groupby(rows, key=lambda row: row.send):
                found[key] = tuple(SentFile.model_validate(row.model_dump(include=_FIELDS)) for row in held)
        return found


_FIELDS = set(SentFile.model_fields)

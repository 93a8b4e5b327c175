"""The ledger of sends: each once, by its key."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from knowledge.records.dispatch import Outgoing, OutgoingState
from knowledge.records.repository.keyed import insert_once, insert_or_update
from knowledge.records.tables import OutgoingRow


class Outbox:
    """Sends, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, outgoing: Outgoing) -> bool:
        """Queue a send. False when this denial, approval and channel are in the ledger already: that one stands."""
        return insert_once(self._session, OutgoingRow, outgoing.model_dump())

    def save(self, outgoing: Outgoing) -> None:
        """Write how a send stands now."""
        insert_or_update(self._session, OutgoingRow, outgoing.model_dump(), key=["key"])

    def get(self, key: str) -> Outgoing | None:
        """Give one send by its key."""
        row = self._session.get(OutgoingRow, key)
        return None if row is None else Outgoing.model_validate(row.model_dump())

    def all(self, practice_id: str | None = None, states: Sequence[OutgoingState] = ()) -> tuple[Outgoing, ...]:
        """Give the sends, oldest first: of one practice or all, in these states or any."""
        statement = select(OutgoingRow).order_by(col(OutgoingRow.queued_at), OutgoingRow.key)
        if practice_id is not None:
            statement = statement.where(OutgoingRow.practice_id == practice_id)
        if states:
            statement = statement.where(col(OutgoingRow.state).in_(list(states)))
        return tuple(Outgoing.model_validate(row.model_dump()) for row in self._session.exec(statement))

    def of(self, practice_id: str, denial_id: str) -> tuple[Outgoing, ...]:
        """Give a denial's sends, oldest first."""
        statement = (
            select(OutgoingRow)
            .where(OutgoingRow.practice_id == practice_id, OutgoingRow.denial_id == denial_id)
            .order_by(col(OutgoingRow.queued_at), OutgoingRow.key)
        )
        return tuple(Outgoing.model_validate(row.model_dump()) for row in self._session.exec(statement))

    def void_queued(self, practice_id: str, denial_id: str, reason: str, now: datetime) -> None:
        """Take back what is queued and not begun; what was cut off in the middle is looked into when it is resumed."""
        for one in self.of(practice_id, denial_id):
            if one.state in ("queued", "failed") and one.prepared_at is None:
                self.save(one.model_copy(update={"state": "voided", "says": reason, "retry_at": None}))

"""Sends as a page lists them: counted by state, the newest first."""

from sqlalchemy import func, literal, tuple_
from sqlmodel import Session, col, select

from knowledge.records.dispatch import Outgoing, OutgoingState
from knowledge.records.repository.cursors import BadCursor
from knowledge.records.tables import Moment, OutgoingRow


class Sent:
    """The ledger of sends page by page, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counts(self, practice_id: str) -> dict[str, int]:
        """Count a practice's sends by state."""
        statement = (
            select(OutgoingRow.state, func.count())
            .where(OutgoingRow.practice_id == practice_id)
            .group_by(col(OutgoingRow.state))
        )
        return dict(self._session.exec(statement).all())

    def newest(
        self, practice_id: str, state: OutgoingState | None = None, after: str | None = None, limit: int = 50
    ) -> tuple[tuple[Outgoing, ...], str | None]:
        """Give sends, the newest first, after the one of a key; and the key to go on after, None = the last.

        Raises:
            BadCursor: there is no send of the key `after`.
        """
        statement = select(OutgoingRow).where(OutgoingRow.practice_id == practice_id)
        if state is not None:
            statement = statement.where(OutgoingRow.state == state)
        if after is not None:
            last = self._session.get(OutgoingRow, after)
            if last is None or last.practice_id != practice_id:
                raise BadCursor(f"there is no send {after}; begin again without one")
            here = tuple_(col(OutgoingRow.queued_at), col(OutgoingRow.key))
            statement = statement.where(here < tuple_(literal(last.queued_at, Moment), literal(last.key)))
        order = (col(OutgoingRow.queued_at).desc(), col(OutgoingRow.key).desc())
        rows = self._session.exec(statement.order_by(*order).limit(limit + 1)).all()
        shown = tuple(Outgoing.model_validate(row.model_dump()) for row in rows[:limit])
        return shown, shown[-1].key if len(rows) > limit else None

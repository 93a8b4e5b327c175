"""Holds and erasures: recorded, lifted, finished; never taken out again."""

from datetime import datetime

import msgspec
from sqlmodel import Session, col, select, update

from knowledge.records.keeping import Erasure, ErasurePlan, LegalHold
from knowledge.records.repository.keyed import insert_once
from knowledge.records.tables import ErasureRow, LegalHoldRow


class UnknownHold(LookupError):
    """There is no such hold, or it was lifted."""


class Keeping:
    """Holds and erasures, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def place(self, hold: LegalHold) -> None:
        """Record a hold."""
        insert_once(self._session, LegalHoldRow, hold.model_dump())

    def lift(self, hold_id: str, by: str, why: str, now: datetime) -> LegalHold:
        """Lift a hold.

        Raises:
            UnknownHold: there is none of this id that stands.
        """
        row = self._session.get(LegalHoldRow, hold_id)
        if row is None or row.lifted_at is not None:
            raise UnknownHold(f"there is no hold {hold_id} that stands; `overturn retention holds` lists them")
        row.lifted_by, row.lifted_at, row.lifted_why = by, now, why
        self._session.add(row)
        self._session.flush()
        return LegalHold.model_validate(row.model_dump())

    def holds(self, practice_id: str, standing: bool = True) -> tuple[LegalHold, ...]:
        """Give a practice's holds, oldest first; with `standing`, only those that were not lifted."""
        statement = select(LegalHoldRow).where(LegalHoldRow.practice_id == practice_id)
        if standing:
            statement = statement.where(col(LegalHoldRow.lifted_at).is_(None))
        rows = self._session.exec(statement.order_by(col(LegalHoldRow.placed_at), LegalHoldRow.hold_id))
        return tuple(LegalHold.model_validate(row.model_dump()) for row in rows)

    def begin(self, erasure: Erasure) -> None:
        """Record that a patient's rows are gone, and what is still to go beside them."""
        values = erasure.model_dump(exclude={"plan", "counts"})
        texts = {"plan": erasure.plan.model_dump_json(), "counts": msgspec.json.encode(erasure.counts).decode()}
        insert_once(self._session, ErasureRow, {**values, **texts})

    def unfinished(self) -> tuple[Erasure, ...]:
        """Give the erasures that were cut off, oldest first."""
        statement = select(ErasureRow).where(col(ErasureRow.ended_at).is_(None)).order_by(col(ErasureRow.begun_at))
        return tuple(_erasure(row) for row in self._session.exec(statement))

    def erasures(self, practice_id: str) -> tuple[Erasure, ...]:
        """Give a practice's erasures, oldest first."""
        statement = select(ErasureRow).where(ErasureRow.practice_id == practice_id)
        return tuple(_erasure(row) for row in self._session.exec(statement.order_by(col(ErasureRow.begun_at))))

    def end(self, erasure_id: str, now: datetime) -> None:
        """Say that nothing of an erasure is left to do; its plan is forgotten."""
        values = {"ended_at": now, "plan": ErasurePlan().model_dump_json()}
        self._session.execute(update(ErasureRow).where(col(ErasureRow.erasure_id) == erasure_id).values(**values))


def _erasure(row: ErasureRow) -> Erasure:
    texts = {"plan": msgspec.json.decode(row.plan), "counts": msgspec.json.decode(row.counts)}
    return Erasure.model_validate({**row.model_dump(), **texts})

"""Tables of how long records are kept: what a person holds back from being removed, and what was erased."""

from datetime import datetime

from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


class LegalHoldRow(RecordTable, table=True):
    """A denial or a member of whom nothing is removed until the hold is lifted; rows are only ever added and lifted."""

    __tablename__ = "legal_hold"

    hold_id: str = Field(primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id", index=True)
    subject: str
    named: str
    why: str
    placed_by: str
    placed_at: datetime = Field(sa_type=Moment)
    lifted_by: str | None = None
    lifted_at: datetime | None = Field(default=None, sa_type=Moment)
    lifted_why: str | None = None


class ErasureRow(RecordTable, table=True):
    """One patient erased. `plan` is JSON: what is still to be removed beside the records, by id and sha256 alone.

    `counts` is JSON: how much went. Neither says of whom.
    """

    __tablename__ = "erasure"

    erasure_id: str = Field(primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id", index=True)
    ordered_by: str
    begun_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    plan: str
    counts: str

"""Tables of the work: denials, what each stage found, what was made, who decided, what happened when."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


class DenialRow(RecordTable, table=True):
    """One denial. `denial` is what the payer stated, `record` the contract's denial record once worked.

    The other columns repeat fields of those two for the queue and the export. `revision` counts the versions
    of `denial`; `case_fingerprint` says which inputs the record was worked from.
    """

    __tablename__ = "denial"
    __table_args__ = (Index("ix_denial_queue", "practice_id", "rank", "denial_id"),)

    practice_id: str = Field(primary_key=True, foreign_key="practice.practice_id")
    denial_id: str = Field(primary_key=True)
    denial: str
    record: str | None = None
    status: str
    route: str | None = None
    payer_id: str | None = None
    root_cause: str | None = None
    remedy: str | None = None
    amount_cents: int = Field(sa_type=BigInteger)
    deadline: date | None = None
    rank: int
    series: str | None = None
    case_fingerprint: str | None = None
    revision: int
    found_at: datetime = Field(sa_type=Moment)
    worked_at: datetime | None = Field(default=None, sa_type=Moment)


class OfDenial(RecordTable):
    """What the tables below share: the denial they belong to."""

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)


def _denial_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["practice_id", "denial_id"], ["denial.practice_id", "denial.denial_id"], ondelete="CASCADE"
    )


class WorkRow(OfDenial, table=True):
    """What one stage found for one denial, for one revision of it."""

    __tablename__ = "work"
    __table_args__ = (_denial_key(),)

    stage: str = Field(primary_key=True)
    revision: int
    payload: str


class ProductRow(OfDenial, table=True):
    """A file that was made for a denial."""

    __tablename__ = "product"
    __table_args__ = (_denial_key(),)

    kind: str = Field(primary_key=True)
    path: str
    sha256: str
    media_type: str


class ReviewRow(OfDenial, table=True):
    """A person's decision. `key` makes it count once however often it is sent."""

    __tablename__ = "review"
    __table_args__ = (_denial_key(),)

    key: str = Field(primary_key=True)
    decision: str
    reason: str
    changes: str
    by: str
    at: datetime = Field(sa_type=Moment)


class EventRow(OfDenial, table=True):
    """One entry of a denial's timeline. `key` makes it count once."""

    __tablename__ = "event"
    __table_args__ = (_denial_key(),)

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    kind: str
    says: str

"""Tables of the exchange with other programs: answers kept for repeats, bulk jobs, the feed of what happened."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable

_POSITION = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only what is INTEGER by name


class IdempotencyRow(RecordTable, table=True):
    """A request that may come again. `status` None while it is being answered; the answer is compressed."""

    __tablename__ = "access_idempotency"  # a caller's, not a practice's

    caller: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    began_at: datetime = Field(sa_type=Moment, index=True)
    status: int | None = None
    headers: str | None = None
    body: bytes | None = None


class JobRow(RecordTable, table=True):
    """A bulk intake: its items stand in `job_item`."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_practice", "practice_id", "job_id"),)

    job_id: str = Field(primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id")
    state: str
    total: int
    failed: int = 0
    made_by: str
    made_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    fault: str | None = None


class JobItemRow(RecordTable, table=True):
    """One file of a job. `content` is compressed and goes once it has been taken in; `findings` is JSON."""

    __tablename__ = "job_item"

    job_id: str = Field(primary_key=True, foreign_key="job.job_id")
    position: int = Field(primary_key=True)
    kind: str
    name: str
    content: bytes | None = None
    state: str
    outcome: str | None = None
    facts: int = 0
    findings: str = "[]"
    error: str | None = None


class FeedRow(RecordTable, table=True):
    """Something that happened, in the order it was stored. It names what it is about by id, and says nothing of it."""

    __tablename__ = "feed"
    __table_args__ = (UniqueConstraint("event_id"), Index("ix_feed_practice", "practice_id", "position"))

    position: int | None = Field(default=None, primary_key=True, sa_type=_POSITION)
    event_id: str
    practice_id: str = Field(foreign_key="practice.practice_id")
    kind: str
    subject: str
    at: datetime = Field(sa_type=Moment)

"""Tables of edited letters, of directions people gave for a send, and of every hand-over tried."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


def _denial_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["practice_id", "denial_id"], ["denial.practice_id", "denial.denial_id"], ondelete="CASCADE"
    )


class LetterEditRow(RecordTable, table=True):
    """A letter as a person edited it. `content` is JSON; rows are only ever added."""

    __tablename__ = "letter_edit"
    __table_args__ = (_denial_key(),)

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    by: str
    role: str | None = None
    reason: str
    at: datetime = Field(sa_type=Moment)
    word_sha256: str
    letter_before: str
    rests_on: str
    remedy: str
    diff: str
    content: str


class DirectionRow(RecordTable, table=True):
    """Where a person said that a denial's packet goes; rows are only ever added, the last one counts."""

    __tablename__ = "send_direction"
    __table_args__ = (_denial_key(),)

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    at: datetime = Field(primary_key=True, sa_type=Moment)
    address: str
    fax: str
    by: str


class AttemptRow(RecordTable, table=True):
    """One hand-over tried."""

    __tablename__ = "send_attempt"

    practice_id: str = Field(foreign_key="practice.practice_id")
    send: str = Field(primary_key=True, foreign_key="outgoing.key")
    number: int = Field(primary_key=True)
    began_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    outcome: str | None = None
    says: str = ""

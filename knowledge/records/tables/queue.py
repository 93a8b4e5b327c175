"""Tables the queue is shown from besides the worklist: what changed in it, what is worked together, saved views."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


def _denial_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["practice_id", "denial_id"], ["denial.practice_id", "denial.denial_id"], ondelete="CASCADE"
    )


class WorklistChangeRow(RecordTable, table=True):
    """When a denial's row of the worklist last changed: changes of one transaction share a number, later ones a higher.

    Whoever holds the worklist in memory asks for what is above the last number it saw.
    """

    __tablename__ = "worklist_change"
    __table_args__ = (_denial_key(), Index("ix_worklist_change_number", "practice_id", "number", "denial_id"))

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)


class GroupRow(RecordTable, table=True):
    """A series or batch of two or more open denials, as the last ranking found it. `left_out` is JSON."""

    __tablename__ = "work_group"

    practice_id: str = Field(primary_key=True, foreign_key="practice.practice_id", ondelete="CASCADE")
    group_id: str = Field(primary_key=True)
    kind: str
    payer_name: str
    root_cause: str
    remedy: str
    then: str | None = None
    shared: str
    says: str
    left_out: str


class GroupMemberRow(RecordTable, table=True):
    """A denial of a group; it is in one at most."""

    __tablename__ = "work_group_member"
    __table_args__ = (_denial_key(), Index("ix_work_group_member", "practice_id", "group_id"))

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    group_id: str


class SavedViewRow(RecordTable, table=True):
    """A filter of the queue that somebody named. `query` holds ids and codes, never words that were searched for."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_owner", "practice_id", "owner"),)

    view_id: str = Field(primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id", ondelete="CASCADE")
    owner: str
    owner_name: str
    name: str
    query: str
    shared: bool
    made_at: datetime = Field(sa_type=Moment)

"""Tables of learned payer rules: every step of a rule's life, the corrections that taught it, how its use went."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


def _denial_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["practice_id", "denial_id"], ["denial.practice_id", "denial.denial_id"], ondelete="CASCADE"
    )


class RuleEntryRow(RecordTable, table=True):
    """One step in a rule's life; rows are only ever added. `content` is JSON."""

    __tablename__ = "learned_rule"

    practice_id: str = Field(primary_key=True, foreign_key="practice.practice_id")
    rule_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    action: str
    version: int
    content: str
    by: str
    role: str | None = None
    why: str
    at: datetime = Field(sa_type=Moment)


class RuleExampleRow(RecordTable, table=True):
    """A denial whose correction teaches a rule; corrected again, it teaches another, or none. `payload` is JSON."""

    __tablename__ = "learned_example"
    __table_args__ = (_denial_key(),)

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    rule_id: str = Field(primary_key=True)
    payload: str


class RuleUseRow(RecordTable, table=True):
    """What a person made of a case that a version of a rule had moved; the last word on it counts."""

    __tablename__ = "learned_use"
    __table_args__ = (_denial_key(),)

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    rule_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    standing: str
    at: datetime = Field(sa_type=Moment)

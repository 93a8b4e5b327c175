"""Tables that tell a reader of sums what changed since it last looked: a number a practice, and one a denial."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field

from knowledge.records.tables.base import RecordTable


class InsightNumberRow(RecordTable, table=True):
    """How often what sums are made of has changed in a practice."""

    __tablename__ = "insight_number"

    practice_id: str = Field(primary_key=True, foreign_key="practice.practice_id", ondelete="CASCADE")
    number: int = Field(sa_type=BigInteger)


class InsightChangeRow(RecordTable, table=True):
    """The last such change of one denial: the practice's number then."""

    __tablename__ = "insight_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "denial_id"], ["denial.practice_id", "denial.denial_id"], ondelete="CASCADE"
        ),
        Index("ix_insight_change_number", "practice_id", "number"),
    )

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)

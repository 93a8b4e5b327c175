"""The table of questions that a person asks a clinician about a denial, and their answers."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


class QuestionRow(RecordTable, table=True):
    """A question about a denial; `answer` is none while it waits."""

    __tablename__ = "question"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "denial_id"], ["denial.practice_id", "denial.denial_id"], ondelete="CASCADE"
        ),
    )

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    asked: str
    asked_by: str
    asked_at: datetime = Field(sa_type=Moment)
    asked_of: str = ""
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Moment)

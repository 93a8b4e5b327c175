"""Table of what was approved together."""

from datetime import datetime

from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


class JointApprovalRow(RecordTable, table=True):
    """One approval of a series or batch as a whole: `payload` is its JointApproval."""

    __tablename__ = "joint_approval"

    practice_id: str = Field(primary_key=True, foreign_key="practice.practice_id")
    sha256: str = Field(primary_key=True)
    group_id: str = Field(index=True)
    at: datetime = Field(sa_type=Moment)
    payload: str

"""Tables of what left the house: who approved which bytes, and the ledger of what was handed over, once each."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


def _denial_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["practice_id", "denial_id"], ["denial.practice_id", "denial.denial_id"], ondelete="CASCADE"
    )


class AuthorityRow(RecordTable, table=True):
    """With what authority a review was given: the decider's role, and whose signature was obtained."""

    __tablename__ = "review_authority"
    __table_args__ = (_denial_key(),)

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    role: str | None = None
    signed_by: str | None = None


class ApprovalRow(RecordTable, table=True):
    """An approval of exact bytes. `files` is JSON; `void_code` and `void_reason` are set once it no longer holds."""

    __tablename__ = "approval"
    __table_args__ = (_denial_key(),)

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    key: str
    remedy: str
    by: str
    role: str | None = None
    signed_by: str | None = None
    at: datetime = Field(sa_type=Moment)
    case_print: str
    files: str
    voided_at: datetime | None = Field(default=None, sa_type=Moment)
    void_code: str | None = None
    void_reason: str | None = None


class OutgoingRow(RecordTable, table=True):
    """One send in the ledger. What is unique is the denial, the approval and the channel; `key` stands for them."""

    __tablename__ = "outgoing"
    __table_args__ = (_denial_key(), UniqueConstraint("practice_id", "denial_id", "approval_sha256", "channel"))

    key: str = Field(primary_key=True)
    practice_id: str
    denial_id: str
    approval_sha256: str
    channel: str
    target: str
    kind: str
    file_name: str
    media_type: str
    file_sha256: str
    handed_sha256: str
    state: str
    queued_at: datetime = Field(sa_type=Moment)
    prepared_at: datetime | None = Field(default=None, sa_type=Moment)
    handed_over_at: datetime | None = Field(default=None, sa_type=Moment)
    receipted_at: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=Moment)
    says: str = ""
    receipt_sha256: str | None = None

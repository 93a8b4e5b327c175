"""Tables of what became of denials: statuses payers gave, decisions people entered, and each denial's cash."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


def _denial_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["practice_id", "denial_id"], ["denial.practice_id", "denial.denial_id"], ondelete="CASCADE"
    )


class ClaimStatusRow(RecordTable, table=True):
    """One answer of a 277 claim status response: `payload` is its ClaimStatus."""

    __tablename__ = "claim_status"

    id: int | None = Field(default=None, primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id")
    file_id: int = Field(foreign_key="source_file.id", index=True)
    position: int
    content_key: str
    claim_id: str = Field(index=True)
    payload: str


class OutcomeEntryRow(RecordTable, table=True):
    """A payer's decision as a person entered it. `key` makes it count once; withdrawn it stays and no longer counts.

    `codes` are CARC and RARC separated by blanks.
    """

    __tablename__ = "outcome_entry"
    __table_args__ = (_denial_key(),)

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    result: str
    decided_on: date
    level: str
    reference: str
    reason: str
    codes: str
    by: str
    at: datetime = Field(sa_type=Moment)
    letter_name: str
    letter_sha256: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


class AccountRow(RecordTable, table=True):
    """A denial's cash, derived from the remits at the last run: `payload` is its Account, the cents repeat it."""

    __tablename__ = "account"
    __table_args__ = (_denial_key(),)

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    recovered_cents: int = Field(sa_type=BigInteger)
    payload: str


class CashRow(RecordTable, table=True):
    """A practice's cash as a whole, derived at the last run: `payload` is its Reconciliation."""

    __tablename__ = "cash"

    practice_id: str = Field(primary_key=True, foreign_key="practice.practice_id")
    payload: str

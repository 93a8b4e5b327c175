"""Tables that lists, search and sums read: each denial's columns in one narrow row, and the words it is found by.

Both repeat what the denial's record and its linked records say; `Worklist` keeps them in step. Only `assigned_to` and
`snoozed_until` stand nowhere else: they are the desk's own.
"""

from datetime import date

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field

from knowledge.records.tables.base import RecordTable


def _denial_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["practice_id", "denial_id"], ["denial.practice_id", "denial.denial_id"], ondelete="CASCADE"
    )


class WorklistRow(RecordTable, table=True):
    """One worked denial as a list shows it. Amounts in cents; `month` is that of the remit, `YYYY-MM`."""

    __tablename__ = "worklist"
    __table_args__ = (
        _denial_key(),
        Index("ix_worklist_rank", "practice_id", "status", "rank", "denial_id"),
        Index("ix_worklist_deadline", "practice_id", "status", "deadline", "denial_id"),
        Index("ix_worklist_cause", "practice_id", "root_cause", "status", "rank"),
        Index("ix_worklist_payer", "practice_id", "payer_id", "status", "rank"),
        Index("ix_worklist_drug", "practice_id", "hcpcs", "status", "rank"),
        Index("ix_worklist_series", "practice_id", "series"),
    )

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    status: str
    route: str
    rank: int
    series: str | None = None
    root_cause: str
    category: str
    remedy: str
    payer_id: str | None = None
    payer_name: str | None = None
    amount_cents: int = Field(sa_type=BigInteger)
    value_cents: int = Field(sa_type=BigInteger)
    recovered_cents: int = Field(default=0, sa_type=BigInteger)
    deadline: date | None = None
    hcpcs: str | None = None
    drug: str | None = None
    site: str | None = None
    service_date: date | None = None
    paid_on: date | None = None
    month: str | None = None
    claim_id: str
    auth_number: str | None = None
    patient: str | None = None
    says: str
    assigned_to: str | None = None
    snoozed_until: date | None = None


class WorklistWordRow(RecordTable, table=True):
    """One word a denial is found by: name, member id, claim, authorization; squeezed and in lower case."""

    __tablename__ = "worklist_word"
    __table_args__ = (_denial_key(), Index("ix_worklist_word", "practice_id", "word"))

    practice_id: str = Field(primary_key=True)
    denial_id: str = Field(primary_key=True)
    word: str = Field(primary_key=True)

"""Tables of the X12 traffic: remits with their claims, submitted claims, acknowledgements."""

from datetime import date

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field

from knowledge.records.tables.base import RecordTable


class RemitRow(RecordTable, table=True):
    """One ST*835. `fingerprint` is its content whatever the envelope; `trace_key` names the payment."""

    __tablename__ = "remit"
    __table_args__ = (UniqueConstraint("practice_id", "fingerprint"),)

    id: int | None = Field(default=None, primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id")
    file_id: int = Field(foreign_key="source_file.id", index=True)
    fingerprint: str
    trace_key: str | None = Field(default=None, index=True)
    state: str
    paid_on: date | None = None
    paid_cents: int = Field(sa_type=BigInteger)
    claim_count: int
    payload: str


class RemitClaimRow(RecordTable, table=True):
    """One adjudicated claim (CLP) of a remit: `payload` is its ClaimPayment."""

    __tablename__ = "remit_claim"

    id: int | None = Field(default=None, primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id")
    remit_id: int = Field(foreign_key="remit.id", index=True)
    position: int
    claim_id: str = Field(index=True)
    payer_claim_number: str = Field(index=True)
    status: str
    charge_cents: int = Field(sa_type=BigInteger)
    paid_cents: int = Field(sa_type=BigInteger)
    payload: str


class ProviderAdjustmentRow(RecordTable, table=True):
    """One PLB slot of a remit: `payload` is its ProviderAdjustment."""

    __tablename__ = "provider_adjustment"

    id: int | None = Field(default=None, primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id")
    remit_id: int = Field(foreign_key="remit.id", index=True)
    position: int
    reason: str
    reference: str = Field(index=True)
    amount_cents: int = Field(sa_type=BigInteger)
    payload: str


class SubmittedClaimRow(RecordTable, table=True):
    """One claim as submitted: `payload` is its SubmittedClaim. Equal `content_key` means the same claim."""

    __tablename__ = "submitted_claim"

    id: int | None = Field(default=None, primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id")
    file_id: int = Field(foreign_key="source_file.id", index=True)
    position: int
    content_key: str
    claim_id: str = Field(index=True)
    charge_cents: int = Field(sa_type=BigInteger)
    payload: str


class AcknowledgementRow(RecordTable, table=True):
    """One 277CA answer about a claim: `payload` is its ClaimAcknowledgement."""

    __tablename__ = "acknowledgement"

    id: int | None = Field(default=None, primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id")
    file_id: int = Field(foreign_key="source_file.id", index=True)
    position: int
    content_key: str
    claim_id: str = Field(index=True)
    payload: str

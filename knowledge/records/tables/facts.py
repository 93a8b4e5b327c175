"""Tables of the practice's own records. A new version of a file replaces the rows of the one before."""

from datetime import date

from sqlmodel import Field

from knowledge.records.tables.base import RecordTable


class FactRow(RecordTable):
    """What these tables share: the file a fact came from, its place in it, and the fact itself.

    Equal `content_key` means the same fact, wherever it stood.
    """

    id: int | None = Field(default=None, primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id", index=True)
    file_id: int = Field(foreign_key="source_file.id", index=True)
    position: int
    content_key: str
    payload: str


class PayerRow(FactRow, table=True):
    """A payer and its rules for the practice."""

    __tablename__ = "payer"

    payer_id: str = Field(index=True)


class AuthorizationRow(FactRow, table=True):
    """One authorized service."""

    __tablename__ = "authorization"

    auth_number: str = Field(index=True)
    payer_id: str
    member_id: str = Field(index=True)


class CoverageRow(FactRow, table=True):
    """Verified eligibility of one member with one payer."""

    __tablename__ = "coverage"

    payer_id: str
    member_id: str = Field(index=True)
    start_date: date | None = None
    end_date: date | None = None


class ContractRateRow(FactRow, table=True):
    """A contracted amount. Rates may run below a cent, so the exact amount is in `payload` alone."""

    __tablename__ = "contract_rate"

    payer_id: str
    hcpcs: str = Field(index=True)


class PolicyRow(FactRow, table=True):
    """One version of a payer policy."""

    __tablename__ = "policy"

    policy_id: str = Field(index=True)
    payer_id: str
    effective_from: date | None = None
    effective_to: date | None = None


class UnreadFactRow(FactRow, table=True):
    """A row of a CSV that could not be used: where one stands, absence proves nothing."""

    __tablename__ = "unread_row"


class ChartRow(FactRow, table=True):
    """One patient's chart, with the keys that may link it to a claim."""

    __tablename__ = "chart"

    last: str = Field(index=True)
    first: str
    birth_date: date | None = None
    identifiers: str

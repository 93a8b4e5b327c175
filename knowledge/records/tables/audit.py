"""Tables of the audit trail: entries, each named by its hash, and the head they end in."""

from sqlalchemy import BigInteger
from sqlmodel import Field

from knowledge.records.tables.base import RecordTable


class AuditEntryRow(RecordTable, table=True):
    """One entry. `said` is all of it as canonical JSON, `sha256` the hash of that; nothing is kept beside it."""

    __tablename__ = "audit_entry"

    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    said: str
    sha256: str


class AuditHeadRow(RecordTable, table=True):
    """The one row that says where the chain ends."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    number: int = Field(sa_type=BigInteger)
    sha256: str
    mac: str

"""Tables of what came in: the practice, its files with their bytes, and what was wrong in them."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from knowledge.records.tables.base import Moment, RecordTable


class SchemaVersionRow(RecordTable, table=True):
    """The one row that says which version of these tables the database holds."""

    __tablename__ = "schema_version"

    id: int = Field(default=1, primary_key=True)
    version: int


class PracticeRow(RecordTable, table=True):
    """A practice: `payload` is its Practice."""

    __tablename__ = "practice"

    practice_id: str = Field(primary_key=True)
    name: str
    payload: str


class SourceFileRow(RecordTable, table=True):
    """A file as it came, bytes and all. The same content under one name is one row."""

    __tablename__ = "source_file"
    __table_args__ = (
        UniqueConstraint("practice_id", "kind", "name", "sha256"),
        Index("ix_source_file_content", "practice_id", "kind", "sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id")
    kind: str
    name: str
    sha256: str
    size: int
    content: bytes
    state: str
    received_at: datetime = Field(sa_type=Moment)


class FindingRow(RecordTable, table=True):
    """Something a reader noticed in a file. `file_id` is None when it is about the folder itself."""

    __tablename__ = "finding"

    id: int | None = Field(default=None, primary_key=True)
    practice_id: str = Field(foreign_key="practice.practice_id", index=True)
    file_id: int | None = Field(default=None, foreign_key="source_file.id", index=True)
    severity: str
    code: str
    payload: str

"""Table of the files of data that went along with a send."""

from sqlmodel import Field

from knowledge.records.tables.base import RecordTable


class SentFileRow(RecordTable, table=True):
    """One file beside the one a send is about. `number` is its place; rows are written with the send and stay."""

    __tablename__ = "outgoing_file"

    practice_id: str = Field(foreign_key="practice.practice_id")
    send: str = Field(primary_key=True, foreign_key="outgoing.key")
    number: int = Field(primary_key=True)
    kind: str
    file_name: str
    media_type: str
    sha256: str
    handed: bool = True

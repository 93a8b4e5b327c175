"""The practice, its files as they came, and the findings in them."""

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy
from sqlmodel import Session, col, delete, select, update

from knowledge.folder import FileKind
from knowledge.records.audit import saw
from knowledge.records.payloads import decode_model, decode_struct, encode
from knowledge.records.repository.keyed import insert_all, insert_or_update
from knowledge.records.tables import FindingRow, PracticeRow, SourceFileRow
from knowledge.records.values import FileState, StoredFile
from knowledge.types.practice import Practice
from knowledge.types.reading import ReadingFinding


class UnknownPractice(LookupError):
    """No practice of this id is in the records."""


def sha256_of(content: bytes) -> str:
    """Give the name by which the same content is known."""
    return hashlib.sha256(content).hexdigest()


class Files:
    """Practices, source files and findings, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save_practice(self, practice_id: str, practice: Practice) -> None:
        """Store a practice, or what its practice.yaml says now."""
        values = {"practice_id": practice_id, "name": practice.name, "payload": encode(practice)}
        insert_or_update(self._session, PracticeRow, values, key=["practice_id"])

    def practice(self, practice_id: str) -> Practice | None:
        """Give a practice."""
        row = self._session.get(PracticeRow, practice_id)
        return None if row is None else decode_model(row.payload, Practice)

    def practice_ids(self) -> tuple[str, ...]:
        """Give the ids of all practices, sorted."""
        return tuple(self._session.exec(select(PracticeRow.practice_id).order_by(PracticeRow.practice_id)))

    def add(
        self,
        practice_id: str,
        kind: FileKind,
        name: str,
        content: bytes,
        state: FileState,
        received_at: datetime,
    ) -> int:
        """Store a file with its bytes and give its id. One stored under this name before counts again."""
        digest = sha256_of(content)
        known = self._session.exec(
            select(SourceFileRow.id).where(
                SourceFileRow.practice_id == practice_id,
                SourceFileRow.kind == kind,
                SourceFileRow.name == name,
                SourceFileRow.sha256 == digest,
            )
        ).first()
        if known is not None:
            self.set_state(known, state)
            return known
        row = SourceFileRow(
            practice_id=practice_id,
            kind=kind,
            name=name,
            sha256=digest,
            size=len(content),
            content=zlib.compress(content, level=1),
            state=state,
            received_at=received_at,
        )
        self._session.add(row)
        self._session.flush()
        assert row.id is not None  # the database gave it in flush
        return row.id

    def set_state(self, file_id: int, state: FileState) -> None:
        """Say how a file counts now."""
        statement = update(SourceFileRow).where(col(SourceFileRow.id) == file_id).values(state=state)
        self._session.execute(statement)

    def of_content(self, practice_id: str, kind: FileKind, sha256: str) -> tuple[StoredFile, ...]:
        """Give the files of one kind with this content, by name."""
        return self._files(practice_id, kind=kind, sha256=sha256)

    def of_name(self, practice_id: str, kind: FileKind, name: str) -> tuple[StoredFile, ...]:
        """Give the versions of one kind stored under this name, oldest first."""
        return self._files(practice_id, kind=kind, name=name)

    def all(self, practice_id: str) -> tuple[StoredFile, ...]:
        """Give all files of a practice, by kind and name."""
        return self._files(practice_id)

    def content(self, practice_id: str, file_id: int) -> bytes | None:
        """Give a file's bytes as they came."""
        statement = select(SourceFileRow.content).where(
            SourceFileRow.practice_id == practice_id, SourceFileRow.id == file_id
        )
        packed = self._session.exec(statement).first()
        if packed is None:
            return None
        saw(practice_id, (f"file:{file_id}",))
        return zlib.decompress(packed)

    def add_findings(self, practice_id: str, file_id: int | None, findings: Sequence[ReadingFinding]) -> None:
        """Replace the findings of a file (None: of the folder itself)."""
        self._session.execute(
            delete(FindingRow).where(
                col(FindingRow.practice_id) == practice_id,
                col(FindingRow.file_id).is_not_distinct_from(file_id),
            )
        )
        insert_all(
            self._session,
            FindingRow,
            [
                {
                    "practice_id": practice_id,
                    "file_id": file_id,
                    "severity": finding.severity,
                    "code": finding.code,
                    "payload": encode(finding),
                }
                for finding in findings
            ],
        )

    def findings(self, practice_id: str, file_id: int | None = None) -> tuple[ReadingFinding, ...]:
        """Give the findings of one file or, without one, of all a practice has, in the order of storing."""
        statement = select(FindingRow.payload).where(FindingRow.practice_id == practice_id)
        if file_id is not None:
            statement = statement.where(FindingRow.file_id == file_id)
        rows = self._session.exec(statement.order_by(col(FindingRow.id)))
        return tuple(decode_struct(payload, ReadingFinding) for payload in rows)

    def _files(self, practice_id: str, **equal: str) -> tuple[StoredFile, ...]:
        # The bytes stay where they are: a listing of a year of remits must not read them all.
        statement = (
            sqlalchemy.select(*(col(getattr(SourceFileRow, name)) for name in StoredFile.model_fields))
            .where(col(SourceFileRow.practice_id) == practice_id)
            .filter_by(**equal)
            .order_by(col(SourceFileRow.kind), col(SourceFileRow.name), col(SourceFileRow.id))
        )
        return tuple(StoredFile.model_validate(row) for row in self._session.execute(statement).mappings())

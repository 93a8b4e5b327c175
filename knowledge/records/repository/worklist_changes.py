"""Numbers of changes to the worklist and its records: what is held in memory is brought up to date by them."""

from collections.abc import Iterable

from sqlalchemy import func
from sqlmodel import Session, col, select

from knowledge.records.repository.keyed import insert_or_update_all
from knowledge.records.tables import WorklistChangeRow

_KEY = "worklist_change"


def note_change(session: Session, practice_id: str, denial_id: str) -> None:
    """Say that a denial's row or record has changed."""
    note_changes(session, practice_id, (denial_id,))


def note_changes(session: Session, practice_id: str, denial_ids: Iterable[str]) -> None:
    """Say that rows or records of denials have changed. All of one transaction get one number, above all before.

    A session serves one transaction, and one transaction writes at a time.
    """
    numbers: dict[str, int] = session.info.setdefault(_KEY, {})
    if practice_id not in numbers:
        numbers[practice_id] = last_change(session, practice_id) + 1
    number = numbers[practice_id]
    rows = [{"practice_id": practice_id, "denial_id": denial_id, "number": number} for denial_id in denial_ids]
    insert_or_update_all(session, WorklistChangeRow, rows, key=["practice_id", "denial_id"])


def last_change(session: Session, practice_id: str) -> int:
    """Give the number of the last change; 0 = none yet."""
    statement = select(func.max(col(WorklistChangeRow.number))).where(WorklistChangeRow.practice_id == practice_id)
    return session.exec(statement).one() or 0

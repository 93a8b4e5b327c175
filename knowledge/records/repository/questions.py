"""Questions to clinicians: asked, answered, found."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from sqlmodel import Session, col, select, update

from knowledge.records.questions import Question
from knowledge.records.repository.keyed import insert_once
from knowledge.records.tables import QuestionRow

if TYPE_CHECKING:
    from sqlalchemy.engine import CursorResult


class Questions:
    """Questions about denials, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, practice_id: str, question: Question) -> bool:
        """Record a question. False when its key was there already: that one stands."""
        return insert_once(self._session, QuestionRow, {"practice_id": practice_id, **question.model_dump()})

    def answer(self, practice_id: str, denial_id: str, key: str, answer: str, by: str, at: datetime) -> bool:
        """Record the answer to a question that waits. False when there is none of this key, or it is answered."""
        statement = (
            update(QuestionRow)
            .where(
                col(QuestionRow.practice_id) == practice_id,
                col(QuestionRow.denial_id) == denial_id,
                col(QuestionRow.key) == key,
                col(QuestionRow.answer).is_(None),
            )
            .values(answer=answer, answered_by=by, answered_at=at)
        )
        return cast("CursorResult[Any]", self._session.execute(statement)).rowcount == 1

    def of(self, practice_id: str, denial_id: str) -> tuple[Question, ...]:
        """Give a denial's questions, oldest first."""
        statement = (
            select(QuestionRow)
            .where(QuestionRow.practice_id == practice_id, QuestionRow.denial_id == denial_id)
            .order_by(col(QuestionRow.asked_at), QuestionRow.key)
        )
        return tuple(_question(row) for row in self._session.exec(statement))

    def waiting(self, practice_id: str) -> tuple[Question, ...]:
        """Give every question of the practice that waits for an answer, oldest first."""
        statement = (
            select(QuestionRow)
            .where(QuestionRow.practice_id == practice_id, col(QuestionRow.answer).is_(None))
            .order_by(col(QuestionRow.asked_at), QuestionRow.key)
        )
        return tuple(_question(row) for row in self._session.exec(statement))

    def answered(self, practice_id: str) -> frozenset[str]:
        """Give the ids of the denials about which a question was answered."""
        statement = select(QuestionRow.denial_id).where(
            QuestionRow.practice_id == practice_id, col(QuestionRow.answer).is_not(None)
        )
        return frozenset(self._session.exec(statement))


def _question(row: QuestionRow) -> Question:
    return Question.model_validate(row.model_dump(include=set(Question.model_fields)))

"""Edited letters, directions for a send, hand-overs tried: recorded and found."""

from collections.abc import Iterable

from sqlmodel import Session, col, func, select

from knowledge.records.correspondence import Attempt, Direction, LetterEdit
from knowledge.records.payloads import decode_model, encode
from knowledge.records.repository.keyed import insert_once, insert_or_update
from knowledge.records.repository.parts import in_parts
from knowledge.records.tables import AttemptRow, DirectionRow, LetterEditRow
from knowledge.types.letters import LetterContent


class Correspondence:
    """What surrounds letters and sends, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_edit(self, practice_id: str, denial_id: str, edit: LetterEdit) -> bool:
        """Record an edited letter. False when its key was there already: that one stands."""
        values = {"practice_id": practice_id, "denial_id": denial_id, **edit.model_dump(exclude={"content"})}
        return insert_once(self._session, LetterEditRow, {**values, "content": encode(edit.content)})

    def edits(self, practice_id: str, denial_id: str) -> tuple[LetterEdit, ...]:
        """Give a denial's edited letters, oldest first."""
        statement = (
            select(LetterEditRow)
            .where(LetterEditRow.practice_id == practice_id, LetterEditRow.denial_id == denial_id)
            .order_by(col(LetterEditRow.at), LetterEditRow.key)
        )
        return tuple(_edit(row) for row in self._session.exec(statement))

    def count_edits(self, practice_id: str, denial_ids: Iterable[str]) -> dict[str, int]:
        """Count the edited letters of some denials; those without any are left out."""
        found: dict[str, int] = {}
        for some in in_parts(denial_ids):
            statement = (
                select(LetterEditRow.denial_id, func.count())
                .where(LetterEditRow.practice_id == practice_id, col(LetterEditRow.denial_id).in_(some))
                .group_by(col(LetterEditRow.denial_id))
            )
            found |= dict(self._session.exec(statement).all())
        return found

    def edit(self, practice_id: str, denial_id: str, key: str) -> LetterEdit | None:
        """Give one edited letter by its key."""
        row = self._session.get(LetterEditRow, (practice_id, denial_id, key))
        return None if row is None else _edit(row)

    def direct(self, practice_id: str, denial_id: str, direction: Direction) -> None:
        """Record where a person says that a denial's packet goes."""
        values = {"practice_id": practice_id, "denial_id": denial_id, **direction.model_dump()}
        insert_or_update(self._session, DirectionRow, values, key=["practice_id", "denial_id", "at"])

    def direction(self, practice_id: str, denial_id: str) -> Direction | None:
        """Give what was said last of where a denial's packet goes."""
        found = self.directions(practice_id, denial_id)
        return found[-1] if found else None

    def directions(self, practice_id: str, denial_id: str) -> tuple[Direction, ...]:
        """Give everything people said of where a denial's packet goes, oldest first."""
        statement = (
            select(DirectionRow)
            .where(DirectionRow.practice_id == practice_id, DirectionRow.denial_id == denial_id)
            .order_by(col(DirectionRow.at))
        )
        return tuple(
            Direction.model_validate(row.model_dump(include=_DIRECTION)) for row in self._session.exec(statement)
        )

    def save_attempt(self, practice_id: str, attempt: Attempt) -> None:
        """Record a hand-over tried, or how it ended."""
        values = {"practice_id": practice_id, **attempt.model_dump()}
        insert_or_update(self._session, AttemptRow, values, key=["send", "number"])

    def attempts(self, send: str) -> tuple[Attempt, ...]:
        """Give every hand-over tried of a send, the first one first."""
        statement = select(AttemptRow).where(AttemptRow.send == send).order_by(col(AttemptRow.number))
        return tuple(Attempt.model_validate(row.model_dump(include=_ATTEMPT)) for row in self._session.exec(statement))


_EDIT = set(LetterEdit.model_fields) - {"content"}
_DIRECTION = set(Direction.model_fields)
_ATTEMPT = set(Attempt.model_fields)


def _edit(row: LetterEditRow) -> LetterEdit:
    content = decode_model(row.content, LetterContent)
    return LetterEdit.model_validate({**row.model_dump(include=_EDIT), "content": content})

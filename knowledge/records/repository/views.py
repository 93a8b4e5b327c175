"""Saved views of the queue: each somebody's own, some shared with the practice."""

from typing import Any, cast

from sqlalchemy import CursorResult, delete
from sqlmodel import Session, col, or_, select

from knowledge.records.queue import SavedView
from knowledge.records.repository.keyed import insert_or_update
from knowledge.records.tables import SavedViewRow


class Views:
    """Saved views, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, practice_id: str, view: SavedView) -> None:
        """Write a view, new or changed."""
        values = {"practice_id": practice_id, **view.model_dump()}
        insert_or_update(self._session, SavedViewRow, values, key=["view_id"])

    def of(self, practice_id: str, owner: str) -> tuple[SavedView, ...]:
        """Give the views somebody may use, their own and shared ones, by name."""
        statement = select(SavedViewRow).where(
            SavedViewRow.practice_id == practice_id,
            or_(col(SavedViewRow.owner) == owner, col(SavedViewRow.shared).is_(True)),
        )
        rows = self._session.exec(statement.order_by(col(SavedViewRow.name), SavedViewRow.view_id))
        return tuple(SavedView.model_validate(row.model_dump(exclude={"practice_id"})) for row in rows)

    def remove(self, practice_id: str, owner: str, view_id: str) -> bool:
        """Forget a view of one's own; False when there is none of this id that is."""
        statement = delete(SavedViewRow).where(
            col(SavedViewRow.practice_id) == practice_id,
            col(SavedViewRow.owner) == owner,
            col(SavedViewRow.view_id) == view_id,
        )
        return cast("CursorResult[Any]", self._session.execute(statement)).rowcount > 0

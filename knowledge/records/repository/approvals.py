"""Approvals of exact bytes: recorded, found, voided."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlmodel import Session, col, select

from knowledge.records.dispatch import Approval, VoidCode
from knowledge.records.repository.keyed import insert_or_update
from knowledge.records.repository.parts import in_parts
from knowledge.records.tables import ApprovalRow

_KEY = ("practice_id", "denial_id", "sha256")
_FIELDS = set(Approval.model_fields)


class Approvals:
    """Approvals of denials, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, practice_id: str, denial_id: str, approval: Approval) -> None:
        """Record an approval; the same one twice counts once, and one that was voided holds again."""
        files = [file.model_dump() for file in approval.files]
        values = {
            "practice_id": practice_id,
            "denial_id": denial_id,
            **approval.model_dump(exclude={"files"}),
            "files": msgspec.json.encode(files).decode(),
        }
        insert_or_update(self._session, ApprovalRow, values, key=_KEY)

    def all(self, practice_id: str, denial_id: str) -> tuple[Approval, ...]:
        """Give a denial's approvals, oldest first, voided ones among them."""
        statement = (
            select(ApprovalRow)
            .where(ApprovalRow.practice_id == practice_id, ApprovalRow.denial_id == denial_id)
            .order_by(col(ApprovalRow.at), ApprovalRow.sha256)
        )
        return tuple(_approval(row) for row in self._session.exec(statement))

    def of_many(self, practice_id: str, denial_ids: Sequence[str]) -> dict[str, tuple[Approval, ...]]:
        """Give the approvals of many denials as `all` does; those that never had one have none."""
        found: dict[str, list[Approval]] = {name: [] for name in denial_ids}
        for some in in_parts(denial_ids):
            statement = select(ApprovalRow).where(
                ApprovalRow.practice_id == practice_id, col(ApprovalRow.denial_id).in_(some)
            )
            for row in self._session.exec(statement.order_by(col(ApprovalRow.at), ApprovalRow.sha256)):
                found[row.denial_id].append(_approval(row))
        return {name: tuple(held) for name, held in found.items()}

    def live(self, practice_id: str, denial_id: str) -> Approval | None:
        """Give the approval that holds; None when there is none."""
        return next((one for one in reversed(self.all(practice_id, denial_id)) if one.void_code is None), None)

    def last(self, practice_id: str, denial_id: str) -> Approval | None:
        """Give the approval that holds, else the one voided last; None when the denial never had one."""
        found = self.all(practice_id, denial_id)
        live = next((one for one in reversed(found) if one.void_code is None), None)
        return live or max(found, key=lambda one: (one.voided_at or one.at, one.sha256), default=None)

    def get(self, practice_id: str, denial_id: str, sha256: str) -> Approval | None:
        """Give one approval by its sha256."""
        row = self._session.get(ApprovalRow, (practice_id, denial_id, sha256))
        return None if row is None else _approval(row)

    def void(self, practice_id: str, denial_id: str, code: VoidCode, reason: str, now: datetime) -> int:
        """Void what holds for a denial, with the reason; give how many approvals that were."""
        statement = select(ApprovalRow).where(
            ApprovalRow.practice_id == practice_id,
            ApprovalRow.denial_id == denial_id,
            col(ApprovalRow.void_code).is_(None),
        )
        rows = self._session.exec(statement).all()
        for row in rows:
            row.voided_at, row.void_code, row.void_reason = now, code, reason
        self._session.flush()
        return len(rows)


def _approval(row: ApprovalRow) -> Approval:
    values = row.model_dump(include=_FIELDS)
    return Approval.model_validate({**values, "files": msgspec.json.decode(row.files)})

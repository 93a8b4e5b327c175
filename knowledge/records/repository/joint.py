"""Approvals of series and batches as a whole: recorded, and found by member."""

from sqlmodel import Session, col, select

from knowledge.records.joint import JointApproval
from knowledge.records.repository.approvals import Approvals
from knowledge.records.repository.keyed import insert_once
from knowledge.records.tables import JointApprovalRow


class Joint:
    """Joint approvals, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, practice_id: str, joint: JointApproval) -> bool:
        """Record a joint approval; False when the same stands already."""
        values = {
            "practice_id": practice_id,
            "sha256": joint.sha256,
            "group_id": joint.group_id,
            "at": joint.at,
            "payload": joint.model_dump_json(),
        }
        return insert_once(self._session, JointApprovalRow, values)

    def all(self, practice_id: str, group_id: str | None = None) -> tuple[JointApproval, ...]:
        """Give the joint approvals of a practice or of one group, oldest first."""
        statement = select(JointApprovalRow).where(JointApprovalRow.practice_id == practice_id)
        if group_id is not None:
            statement = statement.where(JointApprovalRow.group_id == group_id)
        rows = self._session.exec(statement.order_by(col(JointApprovalRow.at), JointApprovalRow.sha256))
        return tuple(JointApproval.model_validate_json(row.payload) for row in rows)

    def holding(self, practice_id: str, denial_id: str, approval_sha256: str) -> JointApproval | None:
        """Give the newest joint approval that names this approval of this denial and still holds; None = none.

        It holds while every member's own approval does: once one is voided the others go by themselves.
        """
        approvals = Approvals(self._session)
        for joint in reversed(self.all(practice_id)):
            if not any(m.denial_id == denial_id and m.approval_sha256 == approval_sha256 for m in joint.members):
                continue
            live = [approvals.live(practice_id, member.denial_id) for member in joint.members]
            if all(
                found is not None and found.sha256 == member.approval_sha256
                for found, member in zip(live, joint.members, strict=True)
            ):
                return joint
        return None

"""What may go out now: approved, not voided, not settled, its clock still running."""

from dataclasses import dataclass
from datetime import date

from agent.approving.voiding import find_fault, void
from agent.desk import Desk
from agent.sending.letterbox import PAYLOADS
from agent.series.carried import going
from knowledge.records import POLICY, Approval, StoredDenial
from knowledge.types.record import DenialRecord


@dataclass(frozen=True)
class Held:
    """A denial that does not go out, and why."""

    denial_id: str
    says: str


def approval_to_send(desk: Desk, stored: StoredDenial, again: bool = False) -> Approval | Held | None:
    """Return the approval a denial goes out by, or why it is held back; None = nothing of it is to be sent.

    An approval that no longer holds is voided here. `again`: one that is sent already goes by another channel too.
    """
    if stored.status not in (("approved", "worked", "sent") if again else ("approved", "worked")):
        return None
    with desk.records.reading() as repository:
        approval = repository.approvals.live(desk.practice_id, stored.denial_id)
    if approval is None:
        says = "It was approved before approvals named their files: work the practice, then approve it again"
        return Held(stored.denial_id, says) if stored.status == "approved" else None
    if stored.status != "sent":
        fault = find_fault(desk, stored.denial_id, approval)
        if fault is not None:
            code, says = fault
            if code == "case-changed" and approval.by == POLICY:
                return Held(stored.denial_id, f"{says}: work the practice first")
            void(desk, stored.denial_id, code, says)
            return Held(stored.denial_id, says)
    if not any(file.kind in PAYLOADS for file in approval.files):
        return None
    held = _clock_or_outcome(desk, stored)
    if held is not None:
        return held
    joint = going(desk, stored, approval, named=again)
    return Held(stored.denial_id, joint) if isinstance(joint, str) else joint


def _clock_or_outcome(desk: Desk, stored: StoredDenial) -> Held | None:
    if stored.record is None:
        return Held(stored.denial_id, "It has not been worked")
    if desk.casebook.case(stored.denial_id).denial.outcome != "open":
        return Held(stored.denial_id, "The payer has answered it since: nothing is to be sent")
    record = DenialRecord.model_validate(stored.record)
    return _expired(record, desk.as_of)


def _expired(record: DenialRecord, on: date) -> Held | None:
    """Hold back what would come too late; where no clock of the remedy is known, none binds."""
    own = [date.fromisoformat(clock.date) for clock in record.deadlines if clock.action == record.remedy]
    if own and max(own) < on:
        says = f"Its clock ran out on {max(own).isoformat()}: it would come too late"
        return Held(record.denial_id, says)
    return None

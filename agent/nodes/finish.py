"""Close the run: the denial's status follows from how it ended, and what may go out has its final copy."""

from langgraph.runtime import Runtime

from agent.approving.recording import approve
from agent.approving.refusal import ApprovalRefused
from agent.approving.voiding import send_back
from agent.desk import Desk
from agent.state import CaseState
from knowledge.records import Approval, DenialStatus
from knowledge.types.record import DenialRecord

STATUS_AFTER: dict[str, DenialStatus] = {"released": "worked", "approve": "approved", "reject": "closed"}


def finish(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Set the status, together with the approval; a denial a later remit has settled keeps the payer's word on it.

    An approval whose final copy cannot be made after all (a file changed since it was given) is none: the denial goes
    back to a person, with the reason.
    """
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("finish", denial_id)
    outcome = desk.casebook.case(denial_id).denial.outcome
    status = STATUS_AFTER[state["answer"]]
    if outcome != "open" and status == "worked":
        status = outcome
    try:
        approval = _approved(desk, denial_id, state) if status in ("approved", "worked") else None
    except ApprovalRefused as fault:
        send_back(desk, denial_id, str(fault))
        return {}
    with desk.records.transaction() as repository:
        earlier = repository.approvals.get(desk.practice_id, denial_id, approval.sha256) if approval else None
        if earlier is not None and earlier.void_code not in (None, "worked-again"):
            return {}  # cut off after it was approved, and taken back since: a person answers anew
        repository.denials.set_status(desk.practice_id, denial_id, status)
        if approval is not None:
            repository.approvals.save(desk.practice_id, denial_id, approval)
    return {}


def _approved(desk: Desk, denial_id: str, state: CaseState) -> Approval | None:
    with desk.records.reading() as repository:
        stored = repository.denials.get(desk.practice_id, denial_id)
        reviews = {review.key: review for review in repository.casework.reviews(desk.practice_id, denial_id)}
    if stored is None or stored.record is None:
        return None
    review = reviews[state["answered"][-1]] if state["answer"] == "approve" else None
    return approve(desk, denial_id, DenialRecord.model_validate(stored.record), review)

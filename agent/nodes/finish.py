"""Close the run: the denial's status follows from how it ended."""

from langgraph.runtime import Runtime

from agent.desk import Desk
from agent.state import CaseState
from knowledge.records import DenialStatus

STATUS_AFTER: dict[str, DenialStatus] = {"released": "worked", "approve": "approved", "reject": "closed"}


def finish(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Set the status; a denial a later remit has settled keeps the payer's word on it."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("finish", denial_id)
    outcome = desk.casebook.case(denial_id).denial.outcome
    status = STATUS_AFTER[state["answer"]]
    if outcome != "open" and status == "worked":
        status = outcome
    with desk.records.transaction() as repository:
        repository.denials.set_status(desk.practice_id, denial_id, status)
    return {}

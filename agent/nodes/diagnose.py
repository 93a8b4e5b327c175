"""Name the proven cause, or say that none is proven and what would settle it."""

from langgraph.runtime import Runtime

from agent.desk import Desk
from agent.diagnosis.diagnose import diagnose as find_cause
from agent.state import CaseState


def diagnose(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Store the diagnosis."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("diagnose", denial_id)
    found = find_cause(desk.inquiry(denial_id), desk.catalogue)
    with desk.records.transaction() as repository:
        repository.casework.save_work(desk.practice_id, denial_id, "diagnose", state["revision"], found)
    return {}

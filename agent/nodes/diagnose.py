"""Name the proven cause, or say that none is proven and what would settle it."""

from langgraph.runtime import Runtime

from agent.desk import Desk
from agent.diagnosis.diagnose import diagnose as find_cause
from agent.learning.applying import apply_rules
from agent.learning.moved import MOVED_STAGE
from agent.state import CaseState


def diagnose(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Store the diagnosis, as the learned rules in force leave it, and beside it what they made of it."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("diagnose", denial_id)
    found, moved = apply_rules(desk, denial_id, find_cause(desk.inquiry(denial_id), desk.catalogue))
    with desk.records.transaction() as repository:
        repository.casework.save_work(desk.practice_id, denial_id, "diagnose", state["revision"], found)
        if moved.engine is not None or MOVED_STAGE in repository.casework.stages(desk.practice_id, denial_id):
            repository.casework.save_work(desk.practice_id, denial_id, MOVED_STAGE, state["revision"], moved)
    return {}

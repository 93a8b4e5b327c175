"""Choose the remedy, run the clocks, and collect the reasons for which a person must decide."""

from langgraph.runtime import Runtime

from agent.decision import decide as decide_case
from agent.desk import Desk
from agent.learning.following import never_lowered
from agent.nodes.stored import stored
from agent.state import CaseState
from knowledge.types.diagnosis import Diagnosis


def decide(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Store the decision."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("decide", denial_id)
    diagnosis = stored(desk, denial_id, "diagnose", Diagnosis)
    decision = decide_case(desk.casebook.case(denial_id), diagnosis, desk.as_of)
    decision = never_lowered(desk, denial_id, decision)
    with desk.records.transaction() as repository:
        repository.casework.save_work(desk.practice_id, denial_id, "decide", state["revision"], decision)
    return {}

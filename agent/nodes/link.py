"""Join the denied line to claim, authorization, chart, coverage and policy, and say by which rule."""

from langgraph.runtime import Runtime

from agent.desk import Desk
from agent.state import CaseState


def link(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Store the links of the case as the casebook made them."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("link", denial_id)
    case = desk.casebook.case(denial_id)
    with desk.records.transaction() as repository:
        repository.casework.save_work(desk.practice_id, denial_id, "link", state["revision"], case.links)
    return {}

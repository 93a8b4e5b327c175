"""Gather the facts the suggested causes ask for. With no model, the plan is the cause catalogue itself."""

from langgraph.runtime import Runtime

from agent.desk import Desk
from agent.diagnosis.diagnose import gather
from agent.state import CaseState
from agent.work import Investigation


def investigate(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Store every fact established, confirmed, refuted or unknown, with its evidence."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("investigate", denial_id)
    inquiry = desk.inquiry(denial_id)
    gather(inquiry, desk.catalogue)
    found = Investigation(facts=inquiry.facts(), evidence=inquiry.ledger.all())
    with desk.records.transaction() as repository:
        repository.casework.save_work(desk.practice_id, denial_id, "investigate", state["revision"], found)
    return {}

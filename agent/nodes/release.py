"""Release a case that needs no person: its work product is complete and ready to go."""

from langgraph.runtime import Runtime

from agent.desk import Desk
from agent.state import CaseState


def release(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Mark the denial as worked; nothing is sent from here."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("release", denial_id)
    return {"answer": "released"}

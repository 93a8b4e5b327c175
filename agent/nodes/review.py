"""Wait for a person. The first statement is the interrupt: what follows runs once the answer is there."""

from datetime import datetime

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agent.desk import Desk
from agent.review import apply_edit
from agent.state import CaseState, ReviewAnswer
from knowledge.records import Event, Review

RESPONSE_SCHEMA = {
    "type": "object",
    "properties": {
        "key": {"type": "string"},
        "decision": {"enum": ["approve", "edit", "reject"]},
        "reason": {"type": "string"},
        "by": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "changes": {"type": "object"},
    },
    "required": ["key", "decision", "reason", "by", "at"],
}


def review(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Store the decision once, whatever is resumed twice; an edit goes back to the draft."""
    answer: ReviewAnswer = interrupt({"denial_id": state["denial_id"], "response_schema": RESPONSE_SCHEMA})
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("review", denial_id)
    decision, by, reason = answer["decision"], answer["by"], answer["reason"]
    at = datetime.fromisoformat(answer["at"])
    with desk.records.transaction() as repository:
        repository.casework.add_review(
            desk.practice_id,
            denial_id,
            Review(
                key=answer["key"],
                decision=decision,
                reason=reason,
                changes=answer.get("changes") or {},
                by=by,
                at=at,
            ),
        )
        repository.casework.add_event(
            desk.practice_id,
            denial_id,
            Event(key=f"{denial_id}:review:{answer['key']}", kind=decision, says=f"{by}: {reason}", at=at),
        )
        if decision == "edit":
            apply_edit(repository, desk, denial_id, state["revision"], answer.get("changes") or {})
    return {"answer": decision, "answered": [*state.get("answered", []), answer["key"]]}

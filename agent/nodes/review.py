"""Wait for a person. The first statement is the interrupt: what follows runs once the answer is there."""

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agent.desk import Desk
from agent.learning.proposing import learn_from
from agent.review import apply_edit
from agent.state import CaseState
from knowledge.records import Event

RESPONSE_SCHEMA = {"type": "string", "description": "the key of a review that stands in the records"}


class ReviewMissing(LookupError):
    """The case was resumed with the key of a review that the records do not hold."""


def review(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Take a person's decision from the records, once, whatever is resumed twice; an edit goes back to the draft."""
    key: str = interrupt({"denial_id": state["denial_id"], "response_schema": RESPONSE_SCHEMA})
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("review", denial_id)
    with desk.records.transaction() as repository:
        reviews = repository.casework.reviews(desk.practice_id, denial_id)
        answer = next((found for found in reviews if found.key == key), None)
        if answer is None:
            raise ReviewMissing(f"denial {denial_id}: no review {key} is in the records; answer it through the office")
        repository.casework.add_event(
            desk.practice_id,
            denial_id,
            Event(
                key=f"{denial_id}:review:{key}",
                kind=answer.decision,
                says=f"{answer.by}: {answer.reason}",
                at=answer.at,
            ),
        )
        if answer.decision == "edit":
            apply_edit(repository, desk, denial_id, state["revision"], answer.changes)
    learn_from(desk, denial_id, answer)
    return {"answer": answer.decision, "answered": [*state.get("answered", []), key]}

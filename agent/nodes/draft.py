"""Make the work product: letter and packet, corrected claim, authorization request."""

from langgraph.runtime import Runtime

from agent.decision import Decision
from agent.desk import Desk
from agent.drafting.doubts import doubts_of
from agent.drafting.make import make_products
from agent.editing.in_force import edit_in_force, with_edit
from agent.learning.following import with_wants
from agent.nodes.stored import stored
from agent.state import CaseState
from knowledge.records import Product
from knowledge.types.diagnosis import Diagnosis


def draft(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Write the files below the home (same bytes, same place, however often) and store what was made."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("draft", denial_id)
    diagnosis = stored(desk, denial_id, "diagnose", Diagnosis)
    decision = stored(desk, denial_id, "decide", Decision)
    model = desk.models.of(denial_id) if desk.models is not None else None
    edit, set_aside = edit_in_force(desk, denial_id, decision.remedy, state.get("answered", []))
    made = make_products(desk, denial_id, diagnosis, decision, model, edit.content if edit else None)
    made = with_edit(made, edit, set_aside)
    made = with_wants(desk, denial_id, decision, made, make_products, doubts_of)
    with desk.records.transaction() as repository:
        before = repository.casework.products(desk.practice_id, denial_id)
        # Before what replaces them is stored: a run killed in between still knows which files no longer hold.
        for path in {product.path for product in before} - {file.path for file in made.files}:
            (desk.home / path).unlink(missing_ok=True)
        repository.casework.save_work(desk.practice_id, denial_id, "draft", state["revision"], made)
        if made.writing is not None:
            asked = made.writing
            told = {"name": asked.model, "prompts": list(asked.prompts), "calls": asked.calls}
            repository.audit.mention("model", told)
        repository.casework.drop_products(desk.practice_id, denial_id)
        for file in made.files:
            product = Product(kind=file.kind, path=file.path, sha256=file.sha256, media_type=file.media_type)
            repository.casework.save_product(desk.practice_id, denial_id, product)
    return {}

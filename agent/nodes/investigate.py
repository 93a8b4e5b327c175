"""Gather the facts the suggested causes ask for; with a model, read what the checks could not."""

from langgraph.runtime import Runtime

from agent.desk import Desk
from agent.diagnosis.diagnose import gather
from agent.diagnosis.inquiry import Inquiry
from agent.reading.findings import Reading
from agent.reading.loop import read_case
from agent.state import CaseState
from agent.work import Investigation


def investigate(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Store every fact established, confirmed, refuted or unknown, with its evidence."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("investigate", denial_id)
    _read(desk, state)
    inquiry = desk.inquiry(denial_id)
    gather(inquiry, desk.catalogue)
    found = Investigation(facts=inquiry.facts(), evidence=inquiry.ledger.all())
    with desk.records.transaction() as repository:
        repository.casework.save_work(desk.practice_id, denial_id, "investigate", state["revision"], found)
    return {}


def _read(desk: Desk, state: CaseState) -> None:
    """Have the case read, once for the same records: a run cut off after it does not ask again.

    A reading of other records is withdrawn, also where no model is there any more; one that a fault cut short is tried
    again where there is one.
    """
    denial_id, case_print = state["denial_id"], state["case_print"]
    before = desk.reading(denial_id)
    if before is not None and before.case_print == case_print and not (before.fault and desk.models is not None):
        return
    if desk.models is None and before is None:
        return
    found: Reading | None = None
    if desk.models is not None:
        asked = Inquiry(desk.casebook.case(denial_id), desk.codes, desk.as_of)
        found = read_case(asked, desk.models.of(denial_id), desk.catalogue)
    kept = (found or Reading()).model_copy(update={"case_print": case_print})
    with desk.records.transaction() as repository:
        repository.casework.save_work(desk.practice_id, denial_id, "reading", state["revision"], kept)
        if kept.calls:
            repository.audit.mention("model", {"name": kept.model, "prompts": list(kept.prompts), "calls": kept.calls})
    desk.put_away()

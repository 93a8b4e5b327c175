"""Read the finished draft against the evidence, fail closed, and settle the route."""

from langgraph.runtime import Runtime

from agent.approving.voiding import supersede
from agent.decision import Decision
from agent.desk import Desk
from agent.drafting.doubts import doubts_of
from agent.listing import listing_of
from agent.model_use import model_use
from agent.nodes.stored import stored
from agent.record import write_record
from agent.state import CaseState
from agent.work import Draft
from knowledge.records import Event
from knowledge.types.diagnosis import Diagnosis


def verify(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Store what the letter cannot support and the denial record; a doubt of any kind routes to review."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("verify", denial_id)
    made = stored(desk, denial_id, "draft", Draft)
    diagnosis = stored(desk, denial_id, "diagnose", Diagnosis)
    decision = stored(desk, denial_id, "decide", Decision)
    found = doubts_of(desk, denial_id, diagnosis, decision, made)
    now = desk.clock()
    used = model_use(desk.reading(denial_id), made.writing)
    record = write_record(desk.casebook.case(denial_id), diagnosis, decision, made, found, used)
    with desk.records.transaction() as repository:
        record = supersede(repository, desk, denial_id, record)
        repository.casework.save_work(desk.practice_id, denial_id, "verify", state["revision"], found)
        repository.denials.save_record(
            desk.practice_id, denial_id, record.model_dump(mode="json"), state["case_print"], now
        )
        repository.worklist.describe(desk.practice_id, denial_id, listing_of(desk.casebook.case(denial_id), desk.codes))
        repository.casework.add_event(
            desk.practice_id,
            denial_id,
            Event(
                key=f"{denial_id}:worked:{state['case_print'][:16]}:{state['revision']}",
                kind="worked",
                says=f"{record.root_cause}: {record.remedy}, {record.route.replace('_', ' ')}",
                at=now,
            ),
        )
    return {"route": record.route}

"""Read the finished draft against the evidence, fail closed, and settle the route."""

from langgraph.runtime import Runtime

from agent.approving.voiding import supersede
from agent.decision import Decision
from agent.desk import Desk
from agent.drafting.letters import letter_evidence, letter_facts
from agent.model_use import model_use
from agent.nodes.stored import stored
from agent.record import write_record
from agent.state import CaseState
from agent.work import Draft, Verified
from knowledge.records import Event
from knowledge.types.diagnosis import Diagnosis
from tools.packet.rendered import verify_rendered
from tools.packet.verification import verify as unsupported_in


def verify(state: CaseState, runtime: Runtime[Desk]) -> CaseState:
    """Store what the letter cannot support and the denial record; a doubt of any kind routes to review."""
    desk, denial_id = runtime.context, state["denial_id"]
    desk.step("verify", denial_id)
    made = stored(desk, denial_id, "draft", Draft)
    diagnosis = stored(desk, denial_id, "diagnose", Diagnosis)
    decision = stored(desk, denial_id, "decide", Decision)
    found = Verified()
    if made.letter is not None:
        case = desk.casebook.case(denial_id)
        evidence = letter_evidence(case, diagnosis)
        faults = unsupported_in(made.letter, evidence, letter_facts(case, diagnosis, decision.remedy))
        faults += verify_rendered(_letter_bytes(desk, made), made.letter, evidence)
        found = Verified(unsupported=tuple(f"{fault.where}: {fault.says}" for fault in faults))
    now = desk.clock()
    used = model_use(desk.reading(denial_id), made.writing)
    record = write_record(desk.casebook.case(denial_id), diagnosis, decision, made, found, used)
    with desk.records.transaction() as repository:
        record = supersede(repository, desk, denial_id, record)
        repository.casework.save_work(desk.practice_id, denial_id, "verify", state["revision"], found)
        repository.denials.save_record(
            desk.practice_id, denial_id, record.model_dump(mode="json"), state["case_print"], now
        )
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


def _letter_bytes(desk: Desk, made: Draft) -> bytes:
    """Read back the file that carries the letter's content: what was written is what is checked."""
    order = ("authorization_request", "letter")
    file = min((file for file in made.files if file.kind in order), key=lambda file: order.index(file.kind))
    return (desk.home / file.path).read_bytes()

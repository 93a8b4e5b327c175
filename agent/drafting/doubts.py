"""Read a finished draft against its evidence: the letter as data, and the letter as it was printed."""

from agent.decision import Decision
from agent.desk import Desk
from agent.drafting.letters import letter_evidence, letter_facts
from agent.work import Draft, Verified
from knowledge.types.diagnosis import Diagnosis
from tools.packet.rendered import verify_rendered
from tools.packet.verification import verify as unsupported_in


def doubts_of(desk: Desk, denial_id: str, diagnosis: Diagnosis, decision: Decision, made: Draft) -> Verified:
    """Return what a draft says that its evidence does not; nothing for a draft without a letter."""
    if made.letter is None:
        return Verified()
    case = desk.casebook.case(denial_id)
    evidence = letter_evidence(case, diagnosis)
    faults = unsupported_in(made.letter, evidence, letter_facts(case, diagnosis, decision.remedy))
    faults += verify_rendered(_letter_bytes(desk, made), made.letter, evidence)
    return Verified(unsupported=tuple(f"{fault.where}: {fault.says}" for fault in faults))


def _letter_bytes(desk: Desk, made: Draft) -> bytes:
    """Read back the file that carries the letter's content: what was written is what is checked."""
    order = ("authorization_request", "letter")
    file = min((file for file in made.files if file.kind in order), key=lambda file: order.index(file.kind))
    return desk.files.read(file.path)

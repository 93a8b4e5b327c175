"""The final copy: the draft's own letter signed and without its mark, verified again; claims and data as made."""

from dataclasses import dataclass
from pathlib import Path

from agent.approving.refusal import ApprovalRefused
from agent.approving.signing import signed_letter
from agent.decision import Decision
from agent.desk import Desk
from agent.drafting.forms import forms_for
from agent.drafting.letters import letter_evidence, letter_facts
from agent.drafting.make import PDF, shown_in_exhibits, to_enclose
from agent.nodes.stored import stored
from agent.vault import Changed
from agent.work import Draft, MadeFile
from knowledge.records import Review
from knowledge.types.diagnosis import Diagnosis
from tools.packet.enclosing import enclose
from tools.packet.packet import build_packet
from tools.packet.rendered import verify_rendered
from tools.packet.typesetting import TypesettingError
from tools.packet.verification import verify as unsupported_in

FOLDER = "final"
"""Where final copies stand, beside the drafts."""


AS_MADE = ("corrected_claim", "claim_changes", "authorization_bundle", "records_metadata", "peer_to_peer_brief")
"""Kinds that carry no mark and no signature: what was looked at is, to the byte, what is approved."""


@dataclass(frozen=True)
class FinalFile:
    """One file of a final copy, not yet written."""

    kind: str
    name: str
    media_type: str
    content: bytes


def final_copy(desk: Desk, denial_id: str, review: Review | None) -> tuple[FinalFile, ...]:
    """Return the files that go out when this denial is approved; none where the remedy makes no file.

    The same verifier that read the draft reads the final letter, as data and as printed.

    Raises:
        ApprovalRefused: the draft on disk is not the one that was made, the signature is not there, or the final
            letter says what its evidence does not.
    """
    made = stored(desk, denial_id, "draft", Draft)
    drafts = {file.kind: _unchanged(desk, denial_id, file) for file in made.files}
    as_made = tuple(
        FinalFile(file.kind, Path(file.path).name, file.media_type, drafts[file.kind])
        for file in made.files
        if file.kind in AS_MADE
    )
    if made.letter is not None:
        return (*_letter(desk, denial_id, made, review), *as_made)
    return as_made if any(file.kind == "corrected_claim" for file in as_made) else ()


def _letter(desk: Desk, denial_id: str, made: Draft, review: Review | None) -> tuple[FinalFile, ...]:
    assert made.letter is not None
    case = desk.casebook.case(denial_id)
    diagnosis = stored(desk, denial_id, "diagnose", Diagnosis)
    decision = stored(desk, denial_id, "decide", Decision)
    content = signed_letter(made.letter, desk.practice, review)
    evidence = letter_evidence(case, diagnosis)
    exhibits = enclose(evidence, to_enclose(case), shown_in_exhibits(content, evidence))
    forms, unfilled = forms_for(desk.home, case, content, evidence, made.forms)
    if unfilled:
        raise ApprovalRefused(f"a form of denial {denial_id} is not complete: {unfilled[0]}")
    try:
        packet = build_packet(content, exhibits, evidence, forms)
    except TypesettingError as fault:
        raise ApprovalRefused(f"the final copy of denial {denial_id} cannot be made: {fault}") from fault
    faults = unsupported_in(content, evidence, letter_facts(case, diagnosis, decision.remedy))
    faults += verify_rendered(packet.letter, content, evidence)
    if faults:
        first = faults[0]
        raise ApprovalRefused(f"the final letter does not stand by its evidence ({first.where}: {first.says})")
    kind = "authorization_request" if content.kind == "authorization_request" else "letter"
    return (
        FinalFile(kind, f"{content.kind.replace('_', '-')}.pdf", PDF, packet.letter),
        FinalFile("packet", "packet.pdf", PDF, packet.packet),
    )


def _unchanged(desk: Desk, denial_id: str, file: MadeFile) -> bytes:
    """Read a file back as it was made; what a person looked at is what they approve."""
    try:
        return desk.files.read_as(file.path, file.sha256)
    except FileNotFoundError as fault:
        raise ApprovalRefused(f"{file.path} of denial {denial_id} is gone: work the practice again") from fault
    except Changed as fault:
        says = f"{file.path} of denial {denial_id} was changed after it was made: work it again"
        raise ApprovalRefused(says) from fault

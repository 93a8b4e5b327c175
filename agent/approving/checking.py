"""Hold an approval against what it is to approve, before anything is stored."""

from agent.approving.authority import check_authority, levels_named, needed
from agent.approving.final import final_copy
from agent.approving.letter_subjects import letter_subjects
from agent.approving.refusal import ApprovalRefused
from agent.approving.signing import check_provider_signed
from agent.closing.bars import patient_bars
from agent.decision import Decision
from agent.desk import Desk
from agent.nodes.stored import stored
from agent.work import Draft
from knowledge.records import Review


def check_approval(desk: Desk, denial_id: str, review: Review) -> None:
    """Refuse what may not be approved so: by this role, without this signature, or over files that do not hold.

    Raises:
        ApprovalRefused: what is lacking; nothing has been written.
    """
    with desk.records.reading() as repository:
        worked = repository.casework.stages(desk.practice_id, denial_id)
    if not {"draft", "decide"} <= worked.keys():
        raise ApprovalRefused(f"denial {denial_id} has not been worked to the end: there is nothing to approve")
    made = stored(desk, denial_id, "draft", Draft)
    decision = stored(desk, denial_id, "decide", Decision)
    bars = patient_bars(desk.casebook.case(denial_id)) if decision.remedy == "bill_patient" else ()
    if bars:
        raise ApprovalRefused(f"the patient may not be billed: {bars[0].says} ({bars[0].source})")
    subjects = tuple(letter_subjects(made.letter, desk.casebook.case(denial_id).payer, levels_named()))
    check_authority(decision.remedy, made.changes, review.role, subjects)
    for row in needed(decision.remedy, made.changes, subjects):
        if row.signature == "provider":
            check_provider_signed(review.signed_by, desk.practice, row.why)
    final_copy(desk, denial_id, review)

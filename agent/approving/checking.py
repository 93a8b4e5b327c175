"""Hold an approval against what it is to approve, before anything is stored."""

from agent.approving.authority import check_authority
from agent.approving.final import final_copy
from agent.approving.refusal import ApprovalRefused
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
    check_authority(stored(desk, denial_id, "decide", Decision).remedy, made.changes, review.role)
    final_copy(desk, denial_id, review)

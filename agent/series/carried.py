"""By which send a denial goes that was approved together with others: its own, or that of the one that carries it."""

from agent.approving.voiding import find_fault, void
from agent.desk import Desk
from agent.sending.along import data_of
from knowledge.records import POLICY, Approval, ApprovedFile, JointApproval, StoredDenial


def going(desk: Desk, stored: StoredDenial, approval: Approval, named: bool = False) -> Approval | str | None:
    """Return the approval a denial's own send goes by, or why it is held; None = another denial's send carries it.

    A joint packet goes while every member stands: where one's approval no longer holds, the others go by their own.
    `named`: the caller asked for this very denial.
    """
    denial_id = stored.denial_id
    with desk.records.reading() as repository:
        joint = repository.joint.holding(desk.practice_id, denial_id, approval.sha256)
    if joint is None:
        return approval
    sent = as_sent(approval, denial_id, joint, _data(desk, denial_id, joint))
    if sent is None:
        carrier = next(member.carrier for member in joint.members if member.denial_id == denial_id)
        return f"It goes with {carrier}, as {joint.group_id} was approved: send that one" if named else None
    if stored.status != "sent":
        for member in joint.members:
            if member.denial_id != denial_id and (fault := _fault(desk, member.denial_id)) is not None:
                return approval if fault == "" else fault
    return sent


def _fault(desk: Desk, denial_id: str) -> str | None:
    """Say why a member keeps the joint packet back; "" = its approval was voided, and the joint one with it."""
    with desk.records.reading() as repository:
        approval = repository.approvals.live(desk.practice_id, denial_id)
    fault = find_fault(desk, denial_id, approval) if approval is not None else None
    if fault is not None and approval is not None:
        if fault[0] == "case-changed" and approval.by == POLICY:
            return f"{denial_id}, which goes with it: {fault[1]}: work the practice first"
        void(desk, denial_id, *fault)
        return ""
    if desk.casebook.case(denial_id).denial.outcome != "open":
        return f"The payer has answered {denial_id}, which goes with it: approve the others anew"
    return None


def _data(desk: Desk, carrier: str, joint: JointApproval) -> tuple[ApprovedFile, ...]:
    """Return the data of every member that this denial's send carries: one packet goes with all of it."""
    with desk.records.reading() as repository:
        held = [
            repository.approvals.get(desk.practice_id, member.denial_id, member.approval_sha256)
            for member in joint.members
            if member.carrier == carrier
        ]
    return tuple(file for approval in held if approval is not None for file in data_of(approval))


def as_sent(
    approval: Approval, denial_id: str, joint: JointApproval | None, data: tuple[ApprovedFile, ...] = ()
) -> Approval | None:
    """Return the approval a denial's own send goes by; None = another denial's send carries it.

    One packet for all goes with `data`, what of it belongs to the members it carries.
    """
    if joint is None:
        return approval
    carrier = next(member.carrier for member in joint.members if member.denial_id == denial_id)
    if carrier != denial_id:
        return None
    if joint.file is None:
        return approval
    return approval.model_copy(update={"sha256": joint.sha256, "files": (joint.file, *data)})

"""Release a series as a whole by policy: where each member is released already, and all go by one letter or claim."""

from decimal import Decimal

from agent.approving.refusal import ApprovalRefused
from agent.approving.voiding import find_fault
from agent.desk import Desk
from agent.diagnosis.printed import money
from agent.series.approving import joined
from agent.series.groups import Group
from agent.series.members import Standing, standing_of
from agent.series.packet import NotTogether
from knowledge.records import POLICY, Approval, JointApproval, Review
from knowledge.types.record import DenialRecord

_REASON = "Every denial of the series went straight through by itself"


def release_together(desk: Desk, group: Group, records: tuple[DenialRecord, ...]) -> JointApproval | str:
    """Release a series that needs no person as one, or say why it waits for one.

    It needs none where each of its open denials went straight through by itself, under the practice's own limits of
    confidence and amount, with a final copy that still stands; none goes apart; and what they come to together is
    within the limit that holds for one (contract, section 2, rule 2: one letter over more is a person's to read). The
    joint letter is verified as each member's own was. Released again while nothing has changed, it is the same.
    """
    standing = standing_of(desk, group, records)
    waits = _waiting(standing) or _unfit(desk, standing) or _queued(desk, standing)
    if waits:
        return waits
    approvals = sorted(_live(desk, record.denial_id).sha256 for record in standing.together)
    review = Review(
        key=f"{POLICY}:{group.group_id}:{approvals[0][:16]}",
        decision="approve",
        reason=_REASON,
        by=POLICY,
        at=desk.clock(),
    )
    try:
        return joined(desk, standing, review)
    except (NotTogether, ApprovalRefused) as fault:
        return str(fault)


def _waiting(standing: Standing) -> str:
    """Say who of the series waits for a person, or goes apart from the others; "" when nobody does."""
    asked = [record for record in standing.records if record.status == "in_review"]
    if asked:
        codes = sorted({reason.code for record in asked for reason in record.review_reasons})
        return f"{_count(len(asked), len(standing.records))} for a person ({', '.join(codes)})"
    if standing.apart:
        first = standing.apart[0]
        return f"{first.denial_id} does not go with the others: {first.says}"
    return ""


def _unfit(desk: Desk, standing: Standing) -> str:
    """Say which member policy did not release, or that together they are above the practice's limit; "" if neither."""
    for record in standing.together:
        with desk.records.reading() as repository:
            live = repository.approvals.live(desk.practice_id, record.denial_id)
        if live is None or live.by != POLICY or record.route != "straight_through" or record.status != "worked":
            return f"{record.denial_id} was not released by policy ({record.status.replace('_', ' ')})"
        fault = find_fault(desk, record.denial_id, live)
        if fault is not None:
            return f"{record.denial_id}: {fault[1]}"
        if desk.casebook.case(record.denial_id).denial.outcome != "open":
            return f"the payer has answered {record.denial_id} since"
    total = sum((Decimal(record.amount_at_stake) for record in standing.together), Decimal(0))
    limit = desk.practice.review.max_amount_without_review
    if limit is not None and total > limit:
        return f"together they come to {money(total)}, above the practice's limit of {money(limit)} for one"
    return ""


def _queued(desk: Desk, standing: Standing) -> str:
    """Say that a member is on its way by itself: what may have gone already does not go once more with others."""
    names = {record.denial_id for record in standing.together}
    with desk.records.reading() as repository:
        going = [one for one in repository.outbox.all(desk.practice_id, ("queued",)) if one.denial_id in names]
    return f"{going[0].denial_id} is on its way by itself (send {going[0].key})" if going else ""


def _live(desk: Desk, denial_id: str) -> Approval:
    with desk.records.reading() as repository:
        live = repository.approvals.live(desk.practice_id, denial_id)
    assert live is not None  # looked at just before, under the same lock
    return live


def _count(some: int, of: int) -> str:
    return f"{some} of its {of} {'waits' if some == 1 else 'wait'}"

"""A claim that was meant to replace another: name the one it replaces by the payer's number (REF*F8)."""

from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from knowledge.types.claim import SubmittedClaim
from knowledge.types.corrections import ClaimChange, SetOriginal


def name_original(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Name the original by the number the payer's remit gave it (domain facts 5: frequency 7 wants REF*F8).

    A payer without replacements gets a new claim, where the claim was sent as a replacement; one that was sent as
    new already would only be denied again.
    """
    if c.mode == "new":
        if c.claim.frequency == "7":
            return ()
        raise NotCorrectable("the payer takes no replacement, and the claim went as a new one: ask for a reopening")
    if c.claim.frequency == "8":
        raise NotCorrectable("the claim was sent as a void: whether it should be taken back is to be decided")
    original = _original(c)
    own = c.q.case.denial.remit.payer_claim_number or ""
    numbers = [number for ours, number in c.q.case.answered if ours == original.claim_id and number != own]
    if len(numbers) != 1:
        found = f"{len(numbers)} numbers" if numbers else "no number"
        raise NotCorrectable(f"the remits give {found} of the payer for claim {original.claim_id}, which this replaces")
    _check_whole(c, original, numbers[0])
    why = f"Replaces claim {original.claim_id}, which the payer knows as {numbers[0]}"
    return (SetOriginal(number=numbers[0], why=why, evidence=c.evidence),)


def _check_whole(c: CorrectionCase, original: SubmittedClaim, number: str) -> None:
    """Refuse a replacement that leaves lines of its original out: the payer would take back what it paid on them."""
    ours = {(line.hcpcs, line.start_date) for line in c.claim.lines}
    paid = {
        (line.hcpcs, line.service_date) for line in c.q.case.history if line.payer_claim_number == number and line.paid
    }
    lost = sorted({code for code, served in paid if (code, served) not in ours})
    if lost or len(c.claim.lines) < len(original.lines):
        what = f"leaves out {', '.join(lost)}, which was paid" if lost else "has fewer lines than its original"
        raise NotCorrectable(f"a replacement replaces the whole claim, and this one {what}: send all lines together")


def _original(c: CorrectionCase) -> SubmittedClaim:
    """Find the one earlier claim to this payer that billed the same service of the same day."""
    ours, named = c.claim, c.q.fact("replacement-lacks-original-number").values.get("earlier_claim", "")
    billed = {(line.hcpcs, line.start_date) for line in ours.lines if line.start_date is not None}
    earlier = [
        other
        for other in c.q.case.member_claims
        if other is not ours
        and other.payer_id == ours.payer_id
        and other.submitted_on is not None
        and ours.submitted_on is not None
        and other.submitted_on < ours.submitted_on
        and billed & {(line.hcpcs, line.start_date) for line in other.lines}
    ]
    if named:
        earlier = [other for other in earlier if other.claim_id == named]
    if len({other.claim_id for other in earlier}) != 1:
        raise NotCorrectable(f"{len(earlier)} earlier claims of ours could be the one this claim replaces")
    return earlier[0]

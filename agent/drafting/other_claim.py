"""Make the claim to another payer from the bytes that were sent, once for all of its lines."""

from agent.desk import Desk
from agent.diagnosis.case import Case
from agent.drafting.other_payer import Billing, other_billing
from agent.drafting.siblings import carrier
from knowledge.types.corrections import ControlNumbers, CorrectedClaim
from knowledge.types.diagnosis import Diagnosis
from tools.corrected_claim.refusal import CorrectionRefused
from tools.corrected_claim.source import ClaimSource, find_claim
from tools.denials.identity import claim_payer
from tools.other_payer_claim import other_payer_claim


def claim_to_other(
    desk: Desk, case: Case, diagnosis: Diagnosis, control: ControlNumbers
) -> tuple[CorrectedClaim | None, tuple[str, ...]]:
    """Return the claim, or None, and what a person should know: why there is none, or what to look at.

    Raises:
        NotCorrectable, CorrectionRefused: something it needs is not in the records.
    """
    book = desk.casebook
    billing = other_billing(case, diagnosis, book.inputs.claims, book.inputs.directory)
    if billing is None or case.claim is None:
        return None, ()
    carried = carrier(desk, case.denial, "bill_other_payer")
    if carried is not None:
        return None, (f"The claim to the other payer goes once, with denial {carried}",)
    made = other_payer_claim(
        book.file_bytes("claim", case.claim.file),
        case.claim.file,
        case.claim.claim_id,
        billing.plan,
        control,
        billing.why,
        tuple(item.id for item in diagnosis.evidence),
        first=billing.first,
        route=_route(desk, billing),
    )
    return made, billing.notes


def _route(desk: Desk, billing: Billing) -> ClaimSource | None:
    """Find how the practice's files reach the plan: by the newest claim of ours that it was sent."""
    book = desk.casebook
    sent = [
        claim
        for claim in book.inputs.claims
        if (payer := claim_payer(claim, book.inputs.directory)) is not None and payer.id == billing.plan.payer_id
    ]
    for claim in sorted(sent, key=lambda one: (str(one.submitted_on), one.file, one.claim_id), reverse=True):
        try:
            return find_claim(book.file_bytes("claim", claim.file), claim.file, claim.claim_id)
        except (CorrectionRefused, FileNotFoundError):
            continue
    return None

"""What a payer has paid that is not its to pay: whether it goes back is decided by a person, never by the machine."""

from decimal import Decimal

from agent.diagnosis.case import AdjudicatedLine, Case
from agent.diagnosis.checks.duplicates import DISTINCT
from agent.diagnosis.printed import listed, money
from agent.drafting.other_payer import BY_COVERAGE
from knowledge.types.diagnosis import Diagnosis, Remedy
from knowledge.types.practice import Frozen

RULE = "what is overpaid goes back within 60 days of finding it at Medicare and Medicaid (42 CFR 401.305)"


class DueBack(Frozen):
    """Dollars to pay back, the payer's number of the claim that was paid, why, and what is then to be done.

    `whole`: nothing else was paid on the claim, so that a void of it takes back just this.
    """

    amount: Decimal
    number: str
    says: str
    then: Remedy | None = None
    whole: bool = True


def due_back(case: Case, diagnosis: Diagnosis) -> DueBack | None:
    """Return what must go back: paid twice, paid by a payer that another was before, paid under another person.

    None where nothing was paid, or where the records do not tell that this claim is the one too many.
    """
    payer, settled = case.payer.name if case.payer else "The payer", case.denial.outcome in ("won", "partly_won")
    if diagnosis.root_cause == "duplicate-of-paid-claim" and settled:
        return _paid_twice(case)
    paid = case.payment.paid
    if paid <= 0:
        return None
    number = case.payment.payer_claim_number
    if diagnosis.root_cause in BY_COVERAGE and settled:
        says = f"{payer} paid {money(paid)} on a claim that another plan has paid as first payer since; {RULE}"
        return DueBack(amount=paid, number=number, says=says)
    if diagnosis.root_cause == "patient-identity-mismatch" and not settled:
        says = f"{payer} paid {money(paid)} on a claim under another person's name or member id; {RULE}"
        return DueBack(amount=paid, number=number, says=says, then="new_claim")
    return None


def _paid_twice(case: Case) -> DueBack | None:
    """Find both payments; ours is the duplicate where it was sent after the other claim."""
    line, mine = case.denial.line, case.denial.remit.claim_id
    sent = {claim.claim_id: claim.submitted_on for claim in case.member_claims}
    own = [one for one in case.history if one.claim_id == mine and one.paid > 0]
    here = [one for one in own if line and (one.hcpcs, one.service_date) == (line.hcpcs, line.service_date)]
    twins = {id(one): _twins(one, case.history) for one in own}
    if not here or not all(twins[id(one)] for one in here):
        return None
    others = {twin.claim_id for one in here for twin in twins[id(one)]}
    on = sent.get(mine)
    earlier = [sent.get(other) for other in others]
    if on is None or any(day is None or day >= on for day in earlier):
        return None  # which of the two is the one too many is not shown
    amount = sum((one.paid for one in here), Decimal(0))
    payer = case.payer.name if case.payer else "The payer"
    says = f"{payer} paid {money(amount)} for what it had paid under claim {listed(sorted(others))}; {RULE}"
    whole = all(twins[id(one)] for one in own)
    return DueBack(amount=amount, number=here[-1].payer_claim_number, says=says, whole=whole)


def _twins(one: AdjudicatedLine, lines: tuple[AdjudicatedLine, ...]) -> list[AdjudicatedLine]:
    return [
        other
        for other in lines
        if other.claim_id != one.claim_id
        and other.paid > 0
        and (other.hcpcs, other.service_date, other.units) == (one.hcpcs, one.service_date, one.units)
        and ("JW" in other.modifiers) == ("JW" in one.modifiers)
        and not (set(other.modifiers) ^ set(one.modifiers)) & DISTINCT
    ]

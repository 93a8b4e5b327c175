"""The claim to another payer, where the records allow it: whose member the patient is there, and who pays first."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from agent.diagnosis.case import Case
from agent.diagnosis.printed import listed, money
from agent.drafting.correction_case import NotCorrectable
from knowledge.payers import PayerDirectory
from knowledge.types.claim import SubmittedClaim
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.practice import CoverageSpan, Payer
from tools.denials.identity import claim_payer, squeeze
from tools.other_payer_claim import FirstAnswer, OtherPlan
from tools.other_payer_claim.plan import filing_of

BY_COVERAGE = frozenset({"other-payer-primary", "billed-wrong-plan", "coverage-terminated"})
"""Causes by which a plan owes the service. A hospice, facility or pharmacy benefit is billed by no such claim."""

_ORDER = {"primary": 0, "secondary": 1, "tertiary": 2}


class Billing(Struct, frozen=True):
    """What is sent: to which plan, after whose answer (None = nobody pays before it), and what a person should know."""

    plan: OtherPlan
    first: FirstAnswer | None
    why: str
    notes: tuple[str, ...] = ()


def other_billing(
    case: Case, diagnosis: Diagnosis, claims: Iterable[SubmittedClaim], directory: PayerDirectory
) -> Billing | None:
    """Return how the claim goes to the other payer; None where no plan is billed (hospice, facility, pharmacy).

    The payer that denied is told of only where it pays first and has answered; where it was billed in another's place
    nobody has answered before. What a patient owes is nobody's denial, and is not billed on under this head.

    Raises:
        NotCorrectable: something a claim needs is not in the records; the message names it.
    """
    if diagnosis.root_cause not in BY_COVERAGE:
        return None
    claim = case.claim
    if claim is None:
        raise NotCorrectable("the claim as submitted is not in the records")
    row = _coverage(case, diagnosis, claim)
    payer = next((payer for payer in case.payers if payer.id == row.payer_id), None)
    if payer is None:
        raise NotCorrectable(f"payers.yaml has no entry for {row.payer_id}: its payer id and name on claims")
    held = tuple(claims)
    _not_billed(claim, row, payer, held, directory)
    sequence = _sequence(case, row)
    if sequence == "S" and payer.line_of_business == "medicare_ffs":
        raise NotCorrectable(f"why {payer.name} pays second (MSP reason, SBR05): ask the patient")
    plan = OtherPlan(
        payer_id=payer.id,
        name=payer.name,
        member_id=row.member_id,
        last=row.patient_last or claim.patient_last,
        first=row.patient_first or claim.patient_first,
        filing=_filing(payer, held, directory),
        sequence=sequence,
    )
    trace = f", trace {row.trace}" if row.trace else ""
    why = f"{payer.name} covered the patient that day (member {row.member_id}{trace})"
    first = _answer(case) if sequence == "S" else None
    return Billing(plan, first, why, _notes(case, sequence))


def _coverage(case: Case, diagnosis: Diagnosis, claim: SubmittedClaim) -> CoverageSpan:
    """Find the one row of the plan that the diagnosis names, in force on every day of the claim, for this person."""
    name, member = diagnosis.values.get("other_payer", ""), diagnosis.values.get("other_member_id", "")
    names = {payer.id: payer.name for payer in case.payers}
    if not member:
        raise NotCorrectable("the patient's member id with the other plan: verify eligibility (271)")
    days = sorted({line.start_date for line in claim.lines if line.start_date is not None})
    rows = [
        row
        for row in case.coverage
        if names.get(row.payer_id, row.payer_id) == name
        and squeeze(row.member_id) == squeeze(member)
        and row.plan_type not in ("hospice", "snf")
        and days
        and all(_active(row, on) for on in days)
    ]
    if len({(row.payer_id, row.order) for row in rows}) != 1:
        raise NotCorrectable(f"one verified coverage of {name} for every day of the claim: verify eligibility (271)")
    row = rows[0]
    verified = (squeeze(row.patient_last), squeeze(row.patient_first), row.birth_date)
    billed = (squeeze(claim.patient_last), squeeze(claim.patient_first), claim.birth_date)
    if row.patient_last and verified != billed:
        raise NotCorrectable(f"whose member id {row.member_id} is: verified for another name or birth date than billed")
    return row


def _active(row: CoverageSpan, on: date) -> bool:
    return (row.start_date is None or row.start_date <= on) and (row.end_date is None or on <= row.end_date)


def _not_billed(
    claim: SubmittedClaim,
    row: CoverageSpan,
    payer: Payer,
    claims: Iterable[SubmittedClaim],
    directory: PayerDirectory,
) -> None:
    """Refuse a second claim for what the other payer was sent already."""
    ours = {(line.hcpcs, line.start_date) for line in claim.lines}
    for sent in claims:
        theirs = {(line.hcpcs, line.start_date) for line in sent.lines}
        if (
            squeeze(sent.member_id) == squeeze(row.member_id)
            and ours & theirs
            and claim_payer(sent, directory) == payer
        ):
            raise NotCorrectable(f"{payer.name} was sent claim {sent.claim_id} for it already ({sent.file})")


def _sequence(case: Case, row: CoverageSpan) -> Literal["P", "S"]:
    """Say whether anybody pays before the plan on the day; NotCorrectable where the verified order does not say it."""
    served = case.denial.line.service_date if case.denial.line else None
    served = served or min(line.start_date for line in (case.claim.lines if case.claim else ()) if line.start_date)
    mine = case.payer.id if case.payer else ""
    active = [
        other
        for other in case.coverage
        if _active(other, served) and other.payer_id != row.payer_id and other.plan_type not in ("hospice", "snf")
    ]
    third = sorted({other.payer_id for other in active if other.payer_id != mine})
    own = {other.order for other in active if other.payer_id == mine}
    if third:
        raise NotCorrectable(f"the order of payers that day: {listed(third)} covered the patient too")
    if not own:
        return "P"
    orders = [_ORDER.get(order or "") for order in (*own, row.order)]
    if len(own) > 1 or None in orders or orders[0] == orders[1]:
        raise NotCorrectable("which plan pays first: the verified coverage does not say it")
    before = [order for order in orders if order is not None]
    if before[0] > before[1]:
        return "P"
    return "S"


def _filing(payer: Payer, claims: Iterable[SubmittedClaim], directory: PayerDirectory) -> str:
    """Say what kind of plan it is as the practice's own claims to it do, else by its line of business (SBR09)."""
    used = {sent.filing for sent in claims if sent.filing and claim_payer(sent, directory) == payer}
    found = next(iter(used)) if len(used) == 1 else filing_of(payer.line_of_business)
    if not found:
        raise NotCorrectable(f"what kind of plan {payer.name} is (claim filing indicator, SBR09)")
    return found


def _answer(case: Case) -> FirstAnswer:
    """Take the first payer's answer as it stands; NotCorrectable where it is only the patient's part, or not final."""
    payer, claim, on = case.payer, case.claim, case.header.paid_on or case.header.produced_on
    if payer is None or claim is None or on is None:
        raise NotCorrectable("who answered first, and when: the remittance does not say it")
    if {adjustment.group for adjustment in case.denial.adjustments} <= {"PR"}:
        raise NotCorrectable("nothing: what is open is the patient's share, which is no denial to bill on")
    numbers = {number for sent, number in case.answered if squeeze(sent) == squeeze(claim.claim_id)}
    if len(numbers) > 1:
        raise NotCorrectable(f"which answer of {payer.name} stands: it has answered as {listed(sorted(numbers))}")
    return FirstAnswer(payer_id=payer.id, adjudicated_on=on, claim=case.payment)


def _notes(case: Case, sequence: str) -> tuple[str, ...]:
    """Tell of money that the payer billed in another's place has paid on the claim: it is not its to pay."""
    if sequence == "S" or not case.payment.paid or case.payer is None:
        return ()
    paid = money(case.payment.paid)
    says = f"{case.payer.name} paid {paid} on this claim in another plan's place: it is to be paid back"
    return (says,)

"""Claims to another payer, tried on each claim: with nobody before it, and after a first payer's answer."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from evals.corrected_claims.cases import CONTROL, claim_of
from evals.corrected_claims.samples import Sample
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.reading import Place
from knowledge.types.remit import Adjustment, ClaimPayment, ServicePayment
from tools.other_payer_claim import FirstAnswer, OtherPlan, other_payer_claim

_NOWHERE = Place(segment=1, byte=0)
_CENT = Decimal("0.01")


def other_payer_trials(sample: Sample) -> Iterator[tuple[str, OtherPlan, FirstAnswer | None]]:
    """Yield what to try: the other payer alone, and behind a first one that paid in part, or denied a line."""
    sent = claim_of(sample)
    yield "to another payer", _plan(sent, "P"), None
    yield "to another payer, a part paid", _plan(sent, "S"), _answer(sample, sent, Decimal("0.6"))
    yield "to another payer, nothing paid", _plan(sent, "S"), _answer(sample, sent, Decimal(0))


def made(sample: Sample, plan: OtherPlan, first: FirstAnswer | None) -> bytes:
    """Return the file; CorrectionRefused where it would not be right."""
    why = "Tried in an evaluation"
    return other_payer_claim(sample.data, sample.name, sample.claim_id, plan, CONTROL, why, first=first).edi


def _plan(sent: SubmittedClaim, sequence: str) -> OtherPlan:
    body = {"payer_id": "OTHR7", "name": "Northfield Mutual", "member_id": "NFM-220417", "filing": "CI"}
    return OtherPlan(**body, last=sent.patient_last, first=sent.patient_first, sequence="S" if sequence == "S" else "P")


def _answer(sample: Sample, sent: SubmittedClaim, part: Decimal) -> FirstAnswer:
    lines = tuple(_line(line, part) for line in sent.lines)
    answer = ClaimPayment(
        place=_NOWHERE,
        claim_id=sent.claim_id,
        status="1",
        charge=sent.charge,
        paid=sum((line.paid for line in lines), Decimal(0)),
        payer_claim_number=sample.payer_claim_number,
        lines=lines,
    )
    return FirstAnswer(payer_id=sent.payer_id, adjudicated_on=date(2026, 4, 14), claim=answer)


def _line(line: ClaimLine, part: Decimal) -> ServicePayment:
    """Answer a line: what is paid of it, a contract's reduction, the patient's part; or a denial of all of it."""
    paid = (line.charge * part).quantize(_CENT)
    rest = line.charge - paid
    share = (rest / 4).quantize(_CENT)
    adjustments = (
        (Adjustment("CO", "45", rest - share, line.units), Adjustment("PR", "2", share))
        if paid
        else (Adjustment("OA", "209", rest),)
    )
    return ServicePayment(
        place=_NOWHERE,
        code_qualifier="HC",
        hcpcs=line.hcpcs,
        modifiers=line.modifiers,
        charge=line.charge,
        paid=paid,
        units_paid=line.units if paid else Decimal(0),
        line_control=line.line_control,
        adjustments=tuple(one for one in adjustments if one.amount),
    )

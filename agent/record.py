"""Write the denial record: the contract's form of everything known and decided about one denial."""

from decimal import Decimal

from agent.decision import Decision
from agent.diagnosis.case import Case
from agent.diagnosis.printed import number
from agent.following.earlier import round_evidence
from agent.work import Draft, Verified
from agent.worth.value import with_starting_worth
from knowledge.types.denial import Denial
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.links import Link
from knowledge.types.record import (
    DenialRecord,
    RecordAdjustment,
    RecordAlternative,
    RecordDeadline,
    RecordEvidence,
    RecordLine,
    RecordLink,
    RecordLinks,
    RecordModel,
    RecordPriority,
    RecordProduct,
    RecordProducts,
    RecordReason,
    RecordRemit,
)

LETTERLESS = frozenset({"close", "write_off", "refund", "bill_patient", "hold", "contact_payer"})
"""Remedies that need no file: a decision or a call."""


def write_record(
    case: Case,
    diagnosis: Diagnosis,
    decision: Decision,
    draft: Draft,
    verified: Verified,
    model: RecordModel | None = None,
) -> DenialRecord:
    """Put the record together; a draft that is not complete or not supported goes to review, with the reason."""
    reasons = [RecordReason(code=reason.code, says=reason.says) for reason in decision.review_reasons]
    settled = case.denial.outcome in ("won", "lost")
    reasons += [RecordReason(code="product-incomplete", says=says) for says in draft.lacking if not settled]
    reasons += [RecordReason(code="letter-unverified", says=says) for says in verified.unsupported]
    nothing_made = not draft.files and not draft.lacking and decision.remedy not in LETTERLESS
    if nothing_made and not reasons:
        says = f"No work product is made for {decision.remedy.replace('_', ' ')}: a person makes it"
        reasons.append(RecordReason(code="product-incomplete", says=says))
    denial = case.denial
    deadlines = decision.deadlines
    status = denial.outcome if denial.outcome != "open" else ("in_review" if reasons else "worked")
    record = DenialRecord(
        denial_id=denial.denial_id,
        remit=_remit(denial),
        line=_line(denial),
        adjustments=_adjustments(denial),
        remarks=denial.remarks,
        amount_at_stake=cents(denial.amount_at_stake),
        rate_amount=cents(denial.rate_amount) if denial.rate_amount is not None else None,
        links=_links(case),
        category=diagnosis.category,
        root_cause=diagnosis.root_cause,
        says=diagnosis.says,
        confidence=diagnosis.confidence,
        alternatives=tuple(
            RecordAlternative(root_cause=a.root_cause, confidence=a.confidence, settled_by=a.settled_by)
            for a in diagnosis.alternatives
        ),
        remedy=decision.remedy,
        then=decision.then,
        route="review" if reasons else "straight_through",
        review_reasons=tuple(reasons),
        deadlines=tuple(RecordDeadline(action=d.action, date=d.date.isoformat(), rule=d.rule) for d in deadlines),
        evidence=tuple(
            RecordEvidence(id=e.id, kind=e.kind, source=e.source, quote=e.quote, says=e.says)
            for e in (*diagnosis.evidence, *round_evidence(case))
            if e.kind != "authority"
        ),
        missing=tuple(dict.fromkeys((*decision.missing, *draft.missing))),
        notes=tuple(dict.fromkeys(draft.notes)),
        products=_products(draft),
        priority=RecordPriority(
            expected_value="0.00", days_left=deadlines[0].days_left if deadlines else None, rank=None
        ),
        series=None,
        status=status,
        model=model,
    )
    return with_starting_worth(record)


def failed_record(denial: Denial, says: str) -> DenialRecord:
    """Write the record of a denial whose case could not be worked: unknown, for a person, with the fault."""
    record = DenialRecord(
        denial_id=denial.denial_id,
        remit=_remit(denial),
        line=_line(denial),
        adjustments=_adjustments(denial),
        remarks=denial.remarks,
        amount_at_stake=cents(denial.amount_at_stake),
        links=RecordLinks(claim_file=None, claim_line=None, auth_number=None, chart=None, policy_id=None),
        category="unknown",
        root_cause="unknown",
        says=says,
        confidence=0,
        alternatives=(),
        remedy="hold",
        then=None,
        route="review",
        review_reasons=(RecordReason(code="work-failed", says=says),),
        deadlines=(),
        evidence=(),
        missing=(),
        products=RecordProducts(),
        priority=RecordPriority(expected_value="0.00", days_left=None, rank=None),
        series=None,
        status="in_review",
    )
    return with_starting_worth(record)


def _adjustments(denial: Denial) -> tuple[RecordAdjustment, ...]:
    return tuple(
        RecordAdjustment(group=a.group, carc=a.carc, amount=cents(a.amount), quantity=_number(a.quantity))
        for a in denial.adjustments
    )


def cents(amount: Decimal) -> str:
    """Print dollars with two decimals, as the contract wants them."""
    return f"{amount:.2f}"


def _number(value: Decimal | None) -> str | None:
    return number(value) if value is not None else None


def _remit(denial: Denial) -> RecordRemit:
    remit = denial.remit
    return RecordRemit(
        file=remit.file,
        payer_id=remit.payer_id,
        payer_name=remit.payer_name,
        trace_number=remit.trace_number,
        paid_on=remit.paid_on.isoformat() if remit.paid_on else None,
        claim_id=remit.claim_id,
        payer_claim_number=remit.payer_claim_number,
        claim_status=remit.claim_status,
    )


def _line(denial: Denial) -> RecordLine | None:
    line = denial.line
    if line is None:
        return None
    return RecordLine(
        hcpcs=line.hcpcs,
        modifiers=line.modifiers,
        units=_number(line.units),
        service_date=line.service_date.isoformat() if line.service_date else None,
        charge=cents(line.charge),
        paid=cents(line.paid),
        line_control=line.line_control,
    )


def _links(case: Case) -> RecordLinks:
    def shown(link: Link | None) -> RecordLink | None:
        return RecordLink(value=link.value, rule=link.rule) if link else None

    links = case.links
    return RecordLinks(
        claim_file=shown(links.claim_file),
        claim_line=shown(links.claim_line),
        auth_number=shown(links.auth_number),
        chart=shown(links.chart),
        policy_id=shown(links.policy_id),
    )


def _products(draft: Draft) -> RecordProducts:
    made = {file.kind: RecordProduct(path=file.path, sha256=file.sha256) for file in draft.files}
    return RecordProducts(
        letter=made.get("letter"),
        packet=made.get("packet"),
        corrected_claim=made.get("corrected_claim"),
        authorization_request=made.get("authorization_request"),
        peer_to_peer_brief=made.get("peer_to_peer_brief"),
        authorization_bundle=made.get("authorization_bundle"),
        records_metadata=made.get("records_metadata"),
        claim_changes=made.get("claim_changes"),
        closing_memo=made.get("closing_memo"),
    )

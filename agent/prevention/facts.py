"""Facts that are asked only before sending: sent before, past the limit, marked for hospice, NDC against product."""

from datetime import date, timedelta

from agent.diagnosis import sources
from agent.diagnosis.checks.duplicates import DISTINCT
from agent.diagnosis.checks.filing import ACCEPTED
from agent.diagnosis.crosswalk import quantity_fault
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, money, number
from agent.diagnosis.product_form import form_fault, other_product, strength_fault
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.evidence import Fact

REPLACING = ("7", "8")
"""Frequency codes by which a claim takes the place of an earlier one (837P, CLM05-3)."""
NO_CLAIM = ("the claim as submitted (837)",)


@check
def service_sent_before(q: Inquiry) -> Fact:
    """Whether the payer has paid this very service, or holds an earlier claim for it that is not answered yet.

    A replacement is no duplicate of what it replaces, and a claim that was refused may be sent anew.
    """
    claim, line = q.case.claim, q.case.line
    if claim is None or line is None or line.start_date is None:
        return unknown("Code or date of service is not stated", missing=NO_CLAIM)
    values = {
        "hcpcs": line.hcpcs,
        "service_date": day(line.start_date),
        "billed_units": number(line.units) if line.units is not None else "",
    }
    if claim.frequency in REPLACING and not claim.original_reference:
        # The claim form asks for the number of the claim replaced (837P, REF*F8): without it that is what is refused.
        return no(f"The claim replaces an earlier one (frequency {claim.frequency}) and does not say which")
    for paid in q.case.history:
        of_this = paid.claim_id == claim.claim_id and claim.frequency in REPLACING
        same = (paid.hcpcs, paid.service_date) == (line.hcpcs, line.start_date)
        if (
            paid.paid_on is None
            or of_this
            or not same
            or _differ(paid.modifiers, line.modifiers)
            or paid.units != line.units
        ):
            continue
        says = f"{line.hcpcs} of {day(line.start_date)} was paid {money(paid.paid)} on {day(paid.paid_on)}"
        evidence = q.ledger.add("remit", f"{paid.file} segment {paid.segment}", says, exhibit=f"paid:{paid.file}")
        told = {"paid_amount": money(paid.paid), "paid_on_earlier": day(paid.paid_on)}
        told["paid_claim"] = paid.payer_claim_number or paid.claim_id
        return yes(says, evidence, sources.claim_line(q), **told, **values)
    if claim.frequency in REPLACING:
        return no(f"The claim replaces an earlier one (frequency {claim.frequency})")
    return _pending(q, claim, line, values)


def _pending(q: Inquiry, claim: SubmittedClaim, line: ClaimLine, values: dict[str, str]) -> Fact:
    answered = {claim_id for claim_id, _ in q.case.answered}
    for other in q.case.member_claims:
        if other.claim_id in answered or not _is_earlier(other, claim) or other.frequency in REPLACING:
            continue
        for before in other.lines:
            if _same_service(before, line):
                says = f"Claim {other.claim_id} of {day(other.submitted_on)} bills it already and is not answered yet"
                shown = (sources.other_claim_line(q, other, before), sources.claim_line(q))
                return yes(says, *shown, pending_claim=other.claim_id, **values)
    return no("No paid or unanswered claim bills the same service")


def _differ(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether modifiers make two lines two services: discarded drug beside the dose, or a marked repeat."""
    return bool((set(one) ^ set(other)) & (DISTINCT | {"JW"}))


def _same_service(one: ClaimLine, other: ClaimLine) -> bool:
    same = (one.hcpcs, one.start_date, one.units) == (other.hcpcs, other.start_date, other.units)
    return same and not _differ(one.modifiers, other.modifiers)


def _is_earlier(other: SubmittedClaim, claim: SubmittedClaim) -> bool:
    def place(sent: SubmittedClaim) -> tuple[date, str, int]:
        return (sent.submitted_on or date.min, sent.file, sent.place.segment)

    return place(other) < place(claim)


@check
def earlier_claim_was_refused(q: Inquiry) -> Fact:
    """Whether every earlier claim that bills the service has been answered without paying it: then it is sent anew."""
    claim, line = q.case.claim, q.case.line
    if claim is None or line is None:
        return unknown("The claim is not at hand", missing=NO_CLAIM)
    if claim.frequency in REPLACING:
        return no("The claim is a replacement")
    earlier = [
        other
        for other in q.case.member_claims
        if other.claim_id != claim.claim_id
        and _is_earlier(other, claim)
        and any((b.hcpcs, b.start_date) == (line.hcpcs, line.start_date) for b in other.lines)
    ]
    answered = {claim_id for claim_id, _ in q.case.answered}
    paid = {line.claim_id for line in q.case.history if line.paid_on is not None}
    if earlier and all(other.claim_id in answered and other.claim_id not in paid for other in earlier):
        return yes(f"Claim {earlier[0].claim_id} was answered and not paid")
    return no("No earlier claim of the service was refused")


@check
def sent_after_filing_limit(q: Inquiry) -> Fact:
    """Whether an original goes out after the payer's filing limit and no acceptance inside it is on file.

    Only of claims this payer gets first: behind another payer the limit runs from that one's answer.
    """
    payer, claim, served = q.case.payer, q.case.claim, q.service_date
    if payer is None or payer.timely_filing_days is None or served is None or claim is None:
        return unknown("The payer's filing limit is not set", missing=("the payer's timely_filing_days setting",))
    if claim.frequency in REPLACING:
        return no("A replacement has a limit of its own")
    if claim.sequence not in ("", "P"):
        return unknown("Behind another payer the limit runs from its answer", missing=("the other payer's remittance",))
    limit = served + timedelta(days=payer.timely_filing_days)
    rule = f"{payer.name}: {payer.timely_filing_days} days from the date of service, to {day(limit)}"
    setting = sources.payer_setting(q, "timely_filing_days", rule)
    if q.as_of <= limit:
        return no(f"{day(q.as_of)} is inside the limit {day(limit)}", setting)
    for ack in q.case.acknowledgements:
        on = ack.effective_on or ack.received_on
        by_payer = ack.source_entity == "PR" or (not ack.source_entity and bool(ack.payer_claim_number))
        if ack.category in ACCEPTED and by_payer and on is not None and on <= limit:
            says = f"The payer accepted the claim on {day(on)}, inside the limit"
            return no(says, sources.acknowledgement(q, ack), setting)
    story = f"the claim goes out on {day(q.as_of)}"
    return yes(
        f"{story}, after the limit {day(limit)}",
        setting,
        sources.claim_header(q, f"The claim is made on {day(claim.submitted_on)}"),
        filing_story=story,
        filing_limit=day(limit),
        filing_days=str(payer.timely_filing_days),
        service_date=day(served),
    )


@check
def hospice_marking_settles(q: Inquiry) -> Fact:
    """Whether the line carries GW (not the terminal illness) or GV (attending physician), as hospice billing wants."""
    line = q.case.line
    carried = sorted(set(line.modifiers) & {"GW", "GV"}) if line else []
    if carried:
        return yes(f"The line carries {carried[0]}", sources.claim_line(q))
    return no("The line carries neither GW nor GV", sources.claim_line(q))


@check
def ndc_of_line_stands(q: Inquiry) -> Fact:
    """Whether the NDC is well written, of the product charted, and its quantity fits form, strength and units."""
    if q.hcpcs not in q.codes.hcpcs.codes:
        return yes(f"{q.hcpcs} is no drug and takes no NDC")
    written = q.fact("ndc-on-line-complete")
    if written.truth != "confirmed":
        return written
    # Where the units are wrong, or the dose stands on several lines, the quantity of one line proves nothing.
    alone = len(q.lines_of_code()) == 1 and q.fact("dose-given-equals-billed").truth != "refuted"
    asked = (other_product, form_fault, quantity_fault, strength_fault) if alone else ()
    for fault, evidence in (one(q) for one in asked):
        if fault:
            values = {"hcpcs": q.hcpcs, "service_date": day(q.service_date)}
            return no(fault, sources.claim_line(q), evidence, ndc_fault=fault, **values)
    return written

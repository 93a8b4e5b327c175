"""Facts about eligibility on the day of service, from verified coverage (271) rows."""

import re

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.claim import SubmittedClaim
from knowledge.types.evidence import Fact
from knowledge.types.practice import CoverageSpan

GET_271 = ("a 271 eligibility answer for the date of service",)


def _active(q: Inquiry, row: CoverageSpan) -> bool:
    served = q.service_date
    return (
        served is not None
        and (row.start_date is None or row.start_date <= served)
        and (row.end_date is None or served <= row.end_date)
    )


def _own(q: Inquiry) -> list[CoverageSpan]:
    payer = q.case.payer
    return [row for row in q.case.coverage if payer is not None and row.payer_id == payer.id]


def _others(q: Inquiry) -> list[CoverageSpan]:
    payer = q.case.payer
    return [
        row
        for row in q.case.coverage
        if (payer is None or row.payer_id != payer.id) and row.plan_type not in ("hospice", "snf")
    ]


def _name(q: Inquiry, payer_id: str) -> str:
    return next((payer.name for payer in q.case.payers if payer.id == payer_id), payer_id)


def _missing(q: Inquiry) -> Fact:
    return unknown("No verified coverage of this member is on file for the day", missing=GET_271)


def _other_values(q: Inquiry, row: CoverageSpan) -> dict[str, str]:
    return {
        "other_payer": _name(q, row.payer_id),
        "other_member_id": row.member_id,
        "verified_on": day(row.verified_on),
        "other_trace": row.trace,
        **_first_plan(q),
        "payer_name": q.case.payer.name if q.case.payer else "",
        "service_date": day(q.service_date),
    }


def _first_plan(q: Inquiry) -> dict[str, str]:
    """Name the plan that was billed first, and its place in the order where one active row of its own says it."""
    orders = {row.order for row in _own(q) if _active(q, row)}
    order = orders.pop() if len(orders) == 1 else None
    return {"first_plan": q.case.payer.name if q.case.payer else "", "first_order": order or ""}


@check
def coverage_active_on_service_date(q: Inquiry) -> Fact:
    """Whether a verified span of the billed payer covers the date of service."""
    own = _own(q)
    if not own or q.service_date is None:
        return _missing(q)
    evidence = [sources.coverage(q, row) for row in own]
    active = [row for row in own if _active(q, row)]
    values = {
        "member_id": own[0].member_id,
        "payer_name": q.case.payer.name if q.case.payer else "",
        "service_date": day(q.service_date),
    }
    if active:
        return yes(f"Coverage was active on {day(q.service_date)}", *evidence, **values)
    spans = "; ".join(f"{day(row.start_date) or 'unknown'} to {day(row.end_date) or 'open'}" for row in own)
    others = [row for row in _others(q) if _active(q, row)]
    if len(others) == 1:
        values |= _other_values(q, others[0])
        values["other_coverage"] = f"{_name(q, others[0].payer_id)} (member {others[0].member_id})"
        evidence.append(sources.coverage(q, others[0]))
    evidence.append(sources.claim_line(q))
    return no(f"No span covers {day(q.service_date)}: {spans}", *evidence, coverage_span=spans, **values)


@check
def other_coverage_active(q: Inquiry) -> Fact:
    """Whether another payer's verified span covers the date of service."""
    active = [row for row in _others(q) if _active(q, row)]
    if not active:
        return no("No other verified coverage was active that day")
    row = active[0]
    return yes(f"{_name(q, row.payer_id)} was active that day", sources.coverage(q, row), **_other_values(q, row))


@check
def other_payer_primary_on_service_date(q: Inquiry) -> Fact:
    """Whether another payer was primary on the day, by verified coverage, and this one was billed as primary."""
    if not q.case.coverage or q.service_date is None:
        return _missing(q)
    primary = [row for row in _others(q) if _active(q, row) and row.order == "primary"]
    own = [row for row in _own(q) if _active(q, row)]
    if len(primary) > 1:
        return unknown("Two other payers are recorded as primary that day", missing=GET_271)
    if not primary:
        return no("No other payer was primary that day", *(sources.coverage(q, row) for row in own))
    row = primary[0]
    evidence = (sources.coverage(q, row), *(sources.coverage(q, item) for item in own))
    if any(item.order == "primary" for item in own):
        return unknown("Both payers are recorded as primary that day", *evidence, missing=("which payer is primary",))
    claim = q.case.claim
    if claim is not None and claim.sequence in ("S", "T"):
        return no(f"The claim was billed as secondary (SBR01 {claim.sequence})", *evidence)
    return yes(
        f"{_name(q, row.payer_id)} was primary that day", *evidence, sources.claim_line(q), **_other_values(q, row)
    )


@check
def other_plan_replaces_billed_plan(q: Inquiry) -> Fact:
    """Whether the patient was in Medicare Advantage while original Medicare was billed, or the reverse."""
    payer = q.case.payer
    if payer is None or not q.case.coverage:
        return _missing(q)
    swaps = {
        "medicare_ffs": ("medicare_advantage",),
        "medicare_advantage": ("medicare_ffs", "medicare_advantage"),
        "medicaid": ("medicaid_mco",),
        "medicaid_mco": ("medicaid", "medicaid_mco"),
    }
    lines = {item.id: item.line_of_business for item in q.case.payers}
    wanted = swaps.get(payer.line_of_business, ())
    for row in _others(q):
        if _active(q, row) and (row.plan_type in wanted or lines.get(row.payer_id) in wanted):
            says = f"{_name(q, row.payer_id)} covered the patient that day"
            own = [sources.coverage(q, item) for item in _own(q)]
            return yes(says, sources.coverage(q, row), *own, sources.claim_line(q), **_other_values(q, row))
    return no("No other plan took the billed plan's place that day")


def _enrolled(q: Inquiry, plan_type: str) -> Fact:
    rows = [row for row in q.case.coverage if row.plan_type == plan_type]
    active = [row for row in rows if _active(q, row)]
    if active:
        says = f"A {plan_type} span covers {day(q.service_date)}"
        return yes(says, sources.coverage(q, active[0]), **_other_values(q, active[0]))
    if not q.case.coverage:
        return _missing(q)
    return no(f"No {plan_type} span covers the day", *(sources.coverage(q, row) for row in rows))


@check
def hospice_on_service_date(q: Inquiry) -> Fact:
    """Whether a verified hospice span covers the date of service."""
    return _enrolled(q, "hospice")


@check
def snf_stay_on_service_date(q: Inquiry) -> Fact:
    """Whether a verified skilled nursing span covers the date of service."""
    return _enrolled(q, "snf")


@check
def member_identity_differs(q: Inquiry) -> Fact:
    """Whether the same person (name and birth date together) is verified under another member id, or vice versa."""
    claim, payer = q.case.claim, q.case.payer
    if claim is None or payer is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    rows = _own(q)
    for row in rows:
        if _same_member(row, claim) and _same_person(row, claim):
            return no("Member id, name and birth date agree with verified coverage", sources.coverage(q, row))
    standing = [row for row in rows if _active(q, row)] or rows
    own = [row for row in standing if _same_person(row, claim) and claim.birth_date is not None]
    if len({_squeezed(row.member_id) for row in own}) > 1:
        shown = (sources.coverage(q, row) for row in own)
        return unknown("The person is verified under two member ids", *shown, missing=GET_271)
    found = own or [row for row in standing if _same_member(row, claim)]
    if not found:
        return _missing(q)
    row = found[0]
    verified = f"{row.patient_first} {row.patient_last}, {day(row.birth_date)}, member {row.member_id}"
    evidence = (sources.coverage(q, row), sources.claim_header(q, "Subscriber as billed", "NM1*IL"))
    if not own and _another_of_the_family(q, row, claim):
        says = f"Member {row.member_id} is verified as another person, {verified}: whose visit it was is not known"
        return unknown(says, *evidence, missing=GET_271)
    return yes(
        f"Verified coverage says {verified}",
        *evidence,
        member_id=claim.member_id,
        identity_billed=f"{claim.patient_first} {claim.patient_last}, {day(claim.birth_date)}",
        identity_verified=verified,
    )


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _same_member(row: CoverageSpan, claim: SubmittedClaim) -> bool:
    return _squeezed(row.member_id) == _squeezed(claim.member_id)


def _same_person(row: CoverageSpan, claim: SubmittedClaim) -> bool:
    """Compare last and first name, and birth date: hyphens, spaces and case aside."""
    verified = (_squeezed(row.patient_last), _squeezed(row.patient_first), row.birth_date)
    return verified == (_squeezed(claim.patient_last), _squeezed(claim.patient_first), claim.birth_date)


def _another_of_the_family(q: Inquiry, row: CoverageSpan, claim: SubmittedClaim) -> bool:
    """Tell whether an id is verified for somebody who differs in first name and birth date: relatives share one id.

    Unless the chart is that person's: then the claim names the wrong one.
    """
    differs = _squeezed(row.patient_first) != _squeezed(claim.patient_first) and row.birth_date != claim.birth_date
    person = q.case.chart.person if q.case.chart is not None else None
    charted = person is not None and (_squeezed(person.first), person.birth_date) == (
        _squeezed(row.patient_first),
        row.birth_date,
    )
    return differs and not charted


@check
def grace_period_named(q: Inquiry) -> Fact:
    """Whether the remit itself names a premium grace period (CARC 257, remarks N615 to N618)."""
    named = sorted((q.carcs & {"257"}) | (set(q.case.denial.remarks) & {"N615", "N616", "N617", "N618"}))
    if named:
        return yes(
            f"The remit names the premium grace period ({', '.join(named)})",
            sources.remit_line(q),
            payer_name=q.case.payer.name if q.case.payer else "The payer",
            hcpcs=q.hcpcs or "the claim",
            service_date=day(q.service_date),
        )
    return no("The remit names no grace period")


@check
def denial_is_patient_share(q: Inquiry) -> Fact:
    """Whether the payer puts the denied amount on the patient (group PR): only then may the patient be asked."""
    groups = {adjustment.group for adjustment in q.case.denial.adjustments}
    if groups == {"PR"}:
        return yes("The payer assigned the amount to the patient (PR)", sources.remit_line(q))
    return no("The payer did not assign the amount to the patient")

"""Gather all a letter may be composed from: facts of the case, evidence, tables, addressee, signer."""

from datetime import date

from agent.diagnosis.case import Case
from agent.diagnosis.printed import day, listed, money, number
from agent.drafting.addressing import desk_for
from agent.drafting.clinical_history import CLINICAL, history_evidence
from agent.drafting.records import attachment_field
from agent.following.earlier import round_evidence
from agent.learning.moved import RULE_SOURCE
from knowledge.causes import Cause
from knowledge.types.criteria import CriterionTable
from knowledge.types.diagnosis import Diagnosis, Remedy
from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field, LetterCase, LetterKind, Signature
from tools.packet.law import authority_evidence
from tools.packet.standings import criteria_standing, criteria_table

KINDS: dict[Remedy, LetterKind] = {
    "reconsideration": "reconsideration",
    "appeal": "appeal",
    "authorization_fix": "authorization_request",
    "reopening": "reopening",
    "send_records": "records_response",
    "payment_dispute": "payment_dispute",
    "bill_other_payer": "other_payer_notice",
}
"""The letter a remedy is made with; remedies not named here need none."""

_FIRST_PLAN = {
    "Payer claim number": "First plan claim number",
    "Amount denied": "First plan denied",
    "Denial codes": "First plan codes",
    "Remittance date": "First plan remittance",
    "Payment trace": "First plan trace",
}
"""How the RE block calls the denying plan's numbers where another plan is written to: none of them is its own."""

OF_THE_CLAIM = frozenset({"filed-in-time-proof-exists", "coverage-terminated"})
"""Causes that lie with the claim as a whole: whichever line was denied, the letter is about that line."""

PHYSICIAN_ROLES = ("rendering", "ordering", "supervising")


def is_clinical(cause: Cause) -> bool:
    """Tell whether a cause's letter argues from the chart, so that a model may write its argument."""
    return cause.signer == "physician" or cause.category in CLINICAL


def letter_evidence(case: Case, diagnosis: Diagnosis) -> tuple[Evidence, ...]:
    """Return the evidence a finished letter may rest on: what it is composed from, and the clinical history's."""
    return (*argument_evidence(case, diagnosis), *history_evidence(case, diagnosis))


def argument_evidence(case: Case, diagnosis: Diagnosis) -> tuple[Evidence, ...]:
    """Return what a letter is composed from: what was established for the case, and the law that holds for it."""
    own = tuple(item for item in diagnosis.evidence if not item.source.startswith(RULE_SOURCE))
    own = (*own, *round_evidence(case))
    if case.payer is None:
        return own
    served = case.denial.line.service_date if case.denial.line else None
    lines = case.claim.lines if case.claim else ()
    served = served or min((line.start_date for line in lines if line.start_date), default=None)
    law = authority_evidence(diagnosis.root_cause, case.payer.line_of_business, served, case.denial.remit.paid_on)
    return (*own, *law)


def letter_case(
    case: Case,
    cause: Cause,
    diagnosis: Diagnosis,
    kind: LetterKind,
    remedy: Remedy,
    on: date,
    criteria: CriterionTable | None = None,
) -> LetterCase:
    """Gather the letter's material; nothing here is invented, what is unknown stays out.

    `criteria`, for a clinical cause, are the policy's held against the chart: shown as a table, each with its source.
    """
    practice, denial = case.practice, case.denial
    evidence = argument_evidence(case, diagnosis)
    standing = criteria_standing(criteria, evidence) if criteria is not None and is_clinical(cause) else None
    desk = desk_for(case, remedy)
    level = desk.level
    return LetterCase(
        denial_id=denial.denial_id,
        kind=kind,
        root_cause=diagnosis.root_cause,
        remedy=remedy,
        date=on,
        practice_name=practice.name,
        practice_address=practice.address,
        practice_phone=practice.phone,
        practice_fax=practice.fax,
        practice_npi=practice.billing_npi,
        practice_tax_id=practice.tax_id,
        billing_contact=practice.billing_contact,
        payer_name=addressee(case, diagnosis, remedy),
        send_to=level.send_to.address if level else "",
        send_fax=level.send_to.fax if level else "",
        send_portal=level.send_to.portal if level else "",
        level=desk.name,
        facts=letter_facts(case, diagnosis, remedy),
        amount=denial.amount_at_stake,
        evidence=evidence,
        values={
            "denial_codes": _denial_codes(case),
            **diagnosis.values,
            **_denied_itself(case, diagnosis),
            **_interval(diagnosis.values),
        },
        tables=(*diagnosis.tables, *(criteria_table(standing) if standing else ())),
        signature=_signature(case, cause),
        criteria=standing,
    )


def _denied_itself(case: Case, diagnosis: Diagnosis) -> dict[str, str]:
    """Return code and units of the denied line, where the cause is the claim's: its letter is about no drug."""
    line = case.denial.line
    if diagnosis.root_cause not in OF_THE_CLAIM or line is None or not line.hcpcs or line.units is None:
        return {}
    return {"hcpcs": line.hcpcs, "billed_units": number(line.units)}


def _interval(values: dict[str, str]) -> dict[str, str]:
    """Tell the wording that as many days had passed as are usual between doses: then that is the argument."""
    passed, usual = values.get("days_since", ""), values.get("expected_days", "")
    kept = passed.isdigit() and usual.isdigit() and int(passed) >= int(usual)
    return {"interval_kept": "yes"} if kept else {}


def addressee(case: Case, diagnosis: Diagnosis, remedy: Remedy) -> str:
    """Return who is written to: the payer that denied, or, with a claim for another payer, that one; "" unknown."""
    if remedy == "bill_other_payer":
        other = diagnosis.values.get("other_payer", "")
        # A plan that tells of a hospice or facility is not the hospice or facility: who that is, a person must find.
        return "" if case.payer is not None and other == case.payer.name else other
    return case.payer.name if case.payer else case.denial.remit.payer_name or ""


def letter_facts(case: Case, diagnosis: Diagnosis, remedy: Remedy) -> tuple[Field, ...]:
    """Return the RE block for a remedy: with a claim for another payer, under that payer's member id."""
    if remedy == "send_records":
        return (*administrative_facts(case), attachment_field(case))
    if remedy != "bill_other_payer":
        return administrative_facts(case)
    facts = administrative_facts(case, diagnosis.values.get("other_member_id", ""))
    return tuple(Field(label=_FIRST_PLAN.get(fact.label, fact.label), value=fact.value) for fact in facts)


def administrative_facts(case: Case, member_id: str = "") -> tuple[Field, ...]:
    """Return the RE block: who, which claim, which service, what was denied, when.

    `member_id` stands in place of the claim's when another payer is written to.
    """
    claim, denial, line = case.claim, case.denial, case.denial.line
    patient = case.payment.patient
    name = (
        f"{claim.patient_first} {claim.patient_last}".strip()
        if claim
        else f"{patient.first} {patient.last_or_org}".strip()
        if patient
        else ""
    )
    code = "-".join((line.hcpcs or "", *line.modifiers)) if line else ""
    units = f", {number(line.units)} unit{'' if line.units == 1 else 's'}" if line and line.units is not None else ""
    fields = (
        ("Patient", name),
        ("Date of birth", day(claim.birth_date) if claim else ""),
        ("Member ID", member_id or (claim.member_id if claim else patient.id if patient else "")),
        ("Group", claim.group_number if claim else ""),
        ("Our claim number", denial.remit.claim_id),
        ("Payer claim number", denial.remit.payer_claim_number or ""),
        ("Date of service", day(line.service_date) if line else ""),
        ("Service", f"{code}{units}" if code else ""),
        ("Charge", money(line.charge) if line else money(case.payment.charge)),
        ("Amount denied", money(denial.amount_at_stake)),
        ("Denial codes", _denial_codes(case)),
        ("Remittance date", day(denial.remit.paid_on)),
        ("Payment trace", denial.remit.trace_number or ""),
    )
    return tuple(Field(label=label, value=value) for label, value in fields if value)


def _denial_codes(case: Case) -> str:
    denial = case.denial
    return listed([*(f"{a.group}-{a.carc}" for a in denial.adjustments), *denial.remarks])


def _signature(case: Case, cause: Cause) -> Signature:
    """Choose who must sign: the treating physician for clinical letters, else the billing office (facts 8)."""
    practice, claim = case.practice, case.claim
    if cause.signer == "physician":
        named = {**dict(claim.providers), **dict(case.line.providers if case.line else ())} if claim else {}
        npi = named.get("82", "")
        provider = next((p for p in practice.providers if p.npi == npi), None)
        if provider is not None:
            return Signature(name=provider.name, role="Treating physician", npi=provider.npi)
        return Signature(name="", role="Treating physician")
    return Signature(name=practice.billing_contact or practice.name, role="Billing office")

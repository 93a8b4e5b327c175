"""Gather what an authorization request says as a FHIR bundle: each value with the record it was read from."""

import re
from datetime import date
from decimal import Decimal

from agent.diagnosis.case import Case
from agent.diagnosis.given import drug_of, given_dose, order_in_force
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import number
from knowledge.types.chart import Document
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.letters import LetterContent
from tools.authorization_request.bundle import PasRequest, build_request
from tools.authorization_request.request import (
    Clinician,
    ConditionPart,
    DocumentPart,
    Office,
    OrderPart,
    PatientPart,
    RequestParts,
    Sourced,
)
from tools.packet.chart_exhibits import find_fact
from tools.packet.citations import without_markers

BY_DIAGNOSIS = "diagnosis-not-authorized-indication"
"""The cause whose request rests on a charted diagnosis."""

PENDED = "a request that is pended is decided, not asked for again: no second request is made as FHIR bundle"


def pas_request(q: Inquiry, diagnosis: Diagnosis, content: LetterContent, cited: frozenset[str]) -> PasRequest:
    """Return the request that goes with an authorization letter, as a bundle; or what is missing, and none.

    `cited` are the ids of evidence that the letter's packet shows: documents of no other evidence go along.
    """
    authorization = q.case.authorization
    if authorization is not None and authorization.status == "pended":
        return PasRequest(bundle=None, missing=(PENDED,))
    claim = q.case.claim
    if claim is None or q.subject is None:
        return PasRequest(bundle=None, missing=("the claim as submitted, for the request as FHIR bundle",))
    return build_request(_parts(q, diagnosis, content, cited, claim, q.subject))


def _parts(
    q: Inquiry,
    diagnosis: Diagnosis,
    content: LetterContent,
    cited: frozenset[str],
    claim: SubmittedClaim,
    line: ClaimLine,
) -> RequestParts:
    case = q.case
    at = f"{claim.file} claim {claim.claim_id}"
    on_line = f"{at} line {line.number} (segment {line.place.segment})"
    given = given_dose(q)
    alone = len([item for item in q.lines_of_code() if "JW" not in item.modifiers]) == 1
    units = given.units if given.units is not None and alone and "JW" not in line.modifiers else None
    doses = ", ".join(dose.resource for dose in given.doses)
    payer_at = case.payer.source if case.payer and case.payer.source else "payers.yaml"
    number_asked = diagnosis.values.get("auth_number", "")
    row = next((item for item in case.authorizations if item.auth_number == number_asked), None)
    return RequestParts(
        denial_id=case.denial.denial_id,
        on=q.as_of,
        root_cause=diagnosis.root_cause,
        related=Sourced(value=row.auth_number if row else "", source=row.source if row else ""),
        patient=_patient(claim, at),
        payer_id=Sourced(value=case.payer.id if case.payer else "", source=payer_at),
        payer_name=Sourced(value=case.payer.name if case.payer else "", source=payer_at),
        office=_office(case),
        clinician=_clinician(case, claim, line, at),
        diagnoses=_diagnoses(claim, line, at),
        hcpcs=Sourced(value=line.hcpcs, source=on_line),
        units=Sourced(value=_counted(line), source=on_line),
        units_given=Sourced(value=number(units) if units is not None else "", source=doses),
        service_date=Sourced(value=_day(line.start_date), source=on_line),
        place_of_service=Sourced(value=line.place_of_service or claim.place_of_service, source=on_line),
        order=_order(q),
        order_due=drug_of(q) is not None,
        conditions=_conditions(case, diagnosis),
        documents=_documents(case, diagnosis, cited),
        says=Sourced(value=without_markers(content.ask), source="the letter's request"),
    )


def _counted(line: ClaimLine) -> str:
    whole = line.units is not None and line.units > 0 and line.unit_basis == "UN"
    return number(line.units) if whole and line.units is not None else ""


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _patient(claim: SubmittedClaim, at: str) -> PatientPart:
    def said(value: str) -> Sourced:
        return Sourced(value=value, source=at)

    return PatientPart(
        last=said(claim.patient_last),
        first=said(claim.patient_first),
        birth_date=said(_day(claim.birth_date)),
        sex=said(claim.sex if claim.sex in ("M", "F", "U") else ""),
        member_id=said(claim.member_id),
        # A patient loop of its own (2010CA) means that the subscriber is somebody else.
        dependent=bool(re.search(r"(?:^|~)\s*NM1\W+QC\b", claim.text)),
    )


def _office(case: Case) -> Office:
    practice = case.practice

    def said(value: str, name: str) -> Sourced:
        return Sourced(value=value, source=f"practice.yaml {name}")

    return Office(
        name=said(practice.name, "name"),
        npi=said(practice.billing_npi, "billing_npi"),
        tax_id=said(practice.tax_id, "tax_id"),
        address=practice.address,
        address_source="practice.yaml address",
        contact=said(practice.billing_contact, "billing_contact"),
        phone=said(practice.phone, "phone"),
        fax=said(practice.fax, "fax"),
    )


def _clinician(case: Case, claim: SubmittedClaim, line: ClaimLine, at: str) -> Clinician:
    npi = {**dict(claim.providers), **dict(line.providers)}.get("82", "")
    named = next((item.name for item in case.practice.providers if item.npi == npi and npi), "")
    return Clinician(
        npi=Sourced(value=npi, source=at), name=Sourced(value=named, source=f"practice.yaml providers {npi}")
    )


def _diagnoses(claim: SubmittedClaim, line: ClaimLine, at: str) -> tuple[Sourced, ...]:
    """Return the diagnoses the line points to, in its order; where it points to none, those of the claim."""
    pointed = [claim.diagnoses[p - 1] for p in line.diagnosis_pointers if 0 < p <= len(claim.diagnoses)]
    return tuple(Sourced(value=code, source=f"{at} HI") for code in dict.fromkeys(pointed or claim.diagnoses))


def _order(q: Inquiry) -> OrderPart | None:
    found, chart = order_in_force(q), q.case.chart
    if found is None or chart is None:
        return None
    dose: Decimal | None = found.dose.value if found.dose else None
    return OrderPart(
        resource=found.resource,
        source=f"{chart.file} {found.resource}",
        hcpcs=found.hcpcs,
        drug=found.drug,
        ordered_on=found.ordered_on,
        dose=dose,
        dose_unit=found.dose.unit if found.dose else "",
        interval_days=found.interval_days,
        text=found.text,
        requester=found.requester,
        status=found.status,
    )


def _conditions(case: Case, diagnosis: Diagnosis) -> tuple[ConditionPart, ...]:
    """Return the charted diagnoses where the request is about one; nothing of the problem list otherwise."""
    if diagnosis.root_cause != BY_DIAGNOSIS or case.chart is None or case.claim is None:
        return ()
    wanted = {code.replace(".", "") for code in case.claim.diagnoses}
    return tuple(
        ConditionPart(
            resource=item.resource,
            source=f"{case.chart.file} {item.resource}",
            code=item.icd10,
            text=item.text,
            status=item.status,
        )
        for item in case.chart.conditions
        if item.icd10 in wanted and item.status not in ("entered-in-error", "refuted")
    )


def _documents(case: Case, diagnosis: Diagnosis, cited: frozenset[str]) -> tuple[DocumentPart, ...]:
    """Return the chart's documents that the letter's packet shows, in the order of its evidence."""
    chart = case.chart
    if chart is None:
        return ()
    keys = [item.exhibit.removeprefix("chart:") for item in diagnosis.evidence if item.id in cited]
    found = [find_fact(chart, key) for key in dict.fromkeys(keys)]
    return tuple(
        DocumentPart(
            resource=item.resource,
            source=f"{chart.file} {item.resource}",
            kind=item.kind,
            title=item.title,
            day=item.day,
            media_type="application/pdf" if item.media_type == "application/pdf" else "text/plain",
            content=item.content if item.media_type == "application/pdf" else item.text.encode(),
        )
        for item in found
        if isinstance(item, Document) and (item.text or item.media_type == "application/pdf")
    )

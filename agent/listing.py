"""What a list shows of a denial beyond its record: whose it is, which drug, where it was given; and what finds it."""

from agent.diagnosis.case import Case
from agent.diagnosis.subject import subject_line
from knowledge.codes import Codes
from knowledge.records import Listing
from knowledge.types.remit import Party


def listing_of(case: Case, codes: Codes) -> Listing:
    """Gather it: the claim's word on the patient before the remit's, the drug of the line the case is about."""
    claim, service = case.claim, case.denial.line
    patient, insured = case.payment.patient, case.payment.insured
    last = claim.patient_last if claim else _last(patient)
    first = claim.patient_first if claim else (patient.first if patient else "")
    subject = subject_line(case, codes)
    on = (service.service_date if service else None) or (subject.start_date if subject else None) or case.header.paid_on
    hcpcs = subject.hcpcs if subject else (service.hcpcs if service else None)
    drug = codes.hcpcs.lookup(hcpcs, on) if hcpcs and on else None
    place = case.line.place_of_service if case.line and case.line.place_of_service else None
    numbers = (
        claim.member_id if claim else "",
        patient.id if patient else "",
        insured.id if insured else "",
        case.payment.payer_claim_number,
        case.authorization.auth_number if case.authorization else "",
        case.denial.remit.trace_number or "",
    )
    return Listing(
        drug=(drug.generic or None) if drug else None,
        site=place or (claim.place_of_service or None if claim else None),
        patient=", ".join(part for part in (last, first) if part) or None,
        words=tuple(dict.fromkeys(word for word in (last, first, *numbers) if word)),
    )


def _last(patient: Party | None) -> str:
    return patient.last_or_org if patient else ""

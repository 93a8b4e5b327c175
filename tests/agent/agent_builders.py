"""Builders of one denial's case: pembrolizumab, 400 mg given, 400 units billed; each test varies what it is about."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from agent.diagnosis.case import AdjudicatedLine, Case
from agent.diagnosis.diagnose import diagnose
from agent.diagnosis.hypotheses import examine
from agent.diagnosis.inquiry import Inquiry
from knowledge.causes import load_catalogue
from knowledge.codes import load_codes
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Amount, Chart, Condition, Document, DoseGiven, Order, Person
from knowledge.types.claim import ClaimLine, DrugIdentification, SubmittedClaim
from knowledge.types.denial import Denial, DenialAdjustment, DeniedLine, RemitReference
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.links import Links
from knowledge.types.practice import AppealLevel, Authorization, CoverageSpan, Payer, Practice, Provider
from knowledge.types.reading import Place
from knowledge.types.remit import Adjustment, ClaimPayment, RemitHeader, ServicePayment

CODES, CATALOGUE = load_codes(), load_catalogue()
SERVED, PAID_ON, AS_OF = date(2026, 3, 16), date(2026, 4, 3), date(2026, 5, 1)
MEMBER, RENDERING, BILLING = "CHP1", "1888888884", "1999999992"
ALL_PARTS = frozenset({"auths", "charts", "coverage", "acks", "contracts", "policies", "claims"})

PRACTICE = Practice(
    name="Larkspur Oncology", billing_npi=BILLING, providers=(Provider(npi=RENDERING, name="Dana Ruiz MD"),)
)
CASCADE = Payer(
    id="CASC1",
    name="Cascade Health Plan",
    line_of_business="commercial",
    contracted=True,
    appeals=(AppealLevel(level="reconsideration", days=180), AppealLevel(level="appeal", days=60)),
    corrected_claim_days=120,
    timely_filing_days=90,
    retro_authorization_days=60,
    replacement_claims=True,
    wastage_modifiers=True,
    ndc_required=True,
)
MEDICARE = Payer(id="MEDB", name="Rocky Mountain Medicare", line_of_business="medicare_ffs", timely_filing_days=365)


def payer(**changed: Any) -> Payer:
    return CASCADE.model_copy(update=changed)


def auth(**changed: Any) -> Authorization:
    given: dict[str, Any] = {
        "auth_number": "A-1",
        "payer_id": "CASC1",
        "member_id": MEMBER,
        "status": "approved",
        "hcpcs": ("J9271",),
        "quantity": Decimal(200),
        "quantity_basis": "billing_units",
        "per": "dose",
        "start_date": date(2026, 1, 1),
        "end_date": date(2026, 12, 31),
        "decided_on": date(2025, 12, 20),
        "source": "auths/a.csv:2",
        "raw": "A-1,row",
    }
    return Authorization.model_validate({**given, **changed})


def order(mg: int | None = 400, on: date = date(2026, 3, 2), days: int | None = 42, **changed: Any) -> Order:
    dose = Amount(value=Decimal(mg), unit="mg") if mg is not None else None
    given: dict[str, Any] = {"hcpcs": "J9271", "drug": "pembrolizumab", "status": "active"}
    return Order(
        resource=f"MedicationRequest/{on}", ordered_on=on, dose=dose, interval_days=days, **{**given, **changed}
    )


def dose(mg: Decimal | int | str | None = 400, wasted: Decimal | int | str | None = None, **changed: Any) -> DoseGiven:
    given: dict[str, Any] = {
        "resource": "MedicationAdministration/ma-1",
        "hcpcs": "J9271",
        "drug": "pembrolizumab",
        "day": SERVED,
        "dose": Amount(value=Decimal(mg), unit="mg") if mg is not None else None,
        "discarded": Amount(value=Decimal(wasted), unit="mg") if wasted is not None else None,
        "discarded_stated": wasted is not None,
        "status": "completed",
    }
    return DoseGiven.model_validate({**given, **changed})


def note(kind: str, on: date = SERVED, text: str = "") -> Document:
    return Document(resource=f"DocumentReference/{kind}-{on}", kind=kind, day=on, text=text)


def chart(*doses: DoseGiven, orders: tuple[Order, ...] = (), **changed: Any) -> Chart:
    person = Person(resource="Patient/p", identifiers=(MEMBER,), last="Voss", first="Ada", birth_date=date(1960, 2, 29))
    return Chart(file="charts/ada.json", person=person, doses=doses, orders=orders, **changed)


def condition(icd10: str) -> Condition:
    return Condition(resource=f"Condition/{icd10}", icd10=icd10)


def coverage(payer_id: str = "CASC1", **changed: Any) -> CoverageSpan:
    given: dict[str, Any] = {
        "member_id": MEMBER if payer_id == "CASC1" else f"{payer_id}-7",
        "patient_last": "Voss",
        "patient_first": "Ada",
        "birth_date": date(1960, 2, 29),
        "start_date": date(2025, 1, 1),
        "order": "primary",
        "verified_on": date(2026, 4, 20),
        "source": f"coverage/c.csv:{payer_id}",
        "raw": "row",
    }
    return CoverageSpan.model_validate({**given, "payer_id": payer_id, **changed})


def accepted(on: date, category: str = "A2", source: str = "PR") -> ClaimAcknowledgement:
    return ClaimAcknowledgement(
        place=Place(20, 0),
        file="acks/a.277",
        claim_id="C1",
        category=category,
        status="20",
        source_entity=source,
        source_name="CASCADE",
        effective_on=on,
    )


def line(units: Decimal | int | str | None = 400, number: str = "1", **changed: Any) -> ClaimLine:
    given: dict[str, Any] = {
        "hcpcs": "J9271",
        "modifiers": ("JZ",),
        "charge": Decimal(22800),
        "start_date": SERVED,
        "line_control": f"L{number}",
        "drug": DrugIdentification("N4", "00006302602", Decimal(4), "UN"),
    }
    quantity = Decimal(units) if units is not None else None
    return ClaimLine(place=Place(20, 0), number=number, units=quantity, **{**given, **changed})


def claim(*lines: ClaimLine, **changed: Any) -> SubmittedClaim:
    given: dict[str, Any] = {
        "claim_id": "C1",
        "payer_id": "CASC1",
        "payer_name": "CASCADE",
        "member_id": MEMBER,
        "patient_last": "Voss",
        "patient_first": "Ada",
        "birth_date": date(1960, 2, 29),
        "place_of_service": "11",
        "diagnoses": ("C3490",),
        "authorizations": ("A-1",),
        "providers": (("82", RENDERING), ("DK", RENDERING)),
        "billing_npi": BILLING,
        "submitted_on": SERVED + timedelta(days=2),
    }
    lines = lines or (line(),)
    total = sum((item.charge for item in lines), Decimal(0))
    return SubmittedClaim(place=Place(10, 0), file="claims/a.837", charge=total, lines=lines, **{**given, **changed})


def paid_before(on: date = SERVED, units: int = 400, number: str = "ICN0", **changed: Any) -> AdjudicatedLine:
    given: dict[str, Any] = {
        "file": "remits/old.835",
        "segment": 30,
        "paid_on": date(2026, 3, 30),
        "claim_id": "C0",
        "payer_claim_number": number,
        "hcpcs": "J9271",
        "modifiers": ("JZ",),
        "service_date": on,
        "units": Decimal(units),
        "charge": Decimal(22800),
        "paid": Decimal(19000),
        "covered": True,
    }
    return AdjudicatedLine(**{**given, **changed})


def case(
    codes: str = "CO-198",
    remarks: tuple[str, ...] = (),
    *,
    sent: SubmittedClaim | str | None = "default",
    auths: tuple[Authorization, ...] = (),
    denied: int = 0,
    **changed: Any,
) -> Case:
    """A case whose `denied`-th claim line the payer denied with `codes` ("CO-16", "OA-18"); `sent` None = no claim."""
    submitted = claim() if isinstance(sent, str) else sent
    billed = submitted.lines[denied] if submitted else line()
    group, carc = codes.split("-")
    service = ServicePayment(
        place=Place(30, 0),
        code_qualifier="HC",
        hcpcs=billed.hcpcs,
        modifiers=billed.modifiers,
        charge=billed.charge,
        paid=Decimal(0),
        units_submitted=billed.units,
        service_date=billed.start_date,
        line_control=billed.line_control,
        adjustments=(Adjustment(group, carc, billed.charge),),
    )
    billed_to = changed.get("payer", CASCADE)
    denial = Denial(
        denial_id="den_1",
        kind="denied",
        remit=RemitReference(
            file="remits/r.835",
            payer_id=billed_to.id if billed_to else None,
            payer_name=billed_to.name if billed_to else "SOMEONE",
            trace_number="T1",
            paid_on=PAID_ON,
            claim_id="C1",
            payer_claim_number="ICN1",
            claim_status="1",
        ),
        line=DeniedLine(
            hcpcs=billed.hcpcs,
            modifiers=billed.modifiers,
            units=billed.units,
            service_date=billed.start_date,
            charge=billed.charge,
            paid=Decimal(0),
            line_control=billed.line_control,
            segment=30,
        ),
        adjustments=(DenialAdjustment(group=group, carc=carc, amount=billed.charge),),
        remarks=remarks,
        amount_at_stake=billed.charge,
        why="nothing paid",
    )
    made = Case(
        denial=denial,
        practice=PRACTICE,
        payer=CASCADE,
        header=RemitHeader(place=Place(3, 0), file="remits/r.835", control_number="0001", paid=Decimal(0)),
        payment=ClaimPayment(
            place=Place(29, 0),
            claim_id="C1",
            status="1",
            charge=billed.charge,
            paid=Decimal(0),
            payer_claim_number="ICN1",
            lines=(service,),
        ),
        service=service,
        claim=submitted,
        line=billed if submitted else None,
        authorizations=auths,
        authorization=auths[0] if auths else None,
        chart=None,
        coverage=(),
        policy=None,
        acknowledgements=(),
        history=(),
        links=Links(),
        parts=ALL_PARTS,
        payers=(CASCADE, MEDICARE),
    )
    return replace(made, **changed)


def asked(of: Case) -> Inquiry:
    return Inquiry(of, CODES, AS_OF)


def diagnosed(of: Case) -> Diagnosis:
    return diagnose(asked(of), CATALOGUE)


def standing(of: Case, cause_id: str) -> str:
    """How one cause stands by the facts, whatever the payer's codes say."""
    return examine(asked(of), CATALOGUE.get(cause_id), 2.0).standing

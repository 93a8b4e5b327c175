"""The seed case as records: remit, claim, authorization and chart of one invented patient."""

from datetime import date, datetime
from decimal import Decimal

from seed_letter import NOTE, REMIT_TEXT

from knowledge.types.chart import Amount, Chart, Document, DoseGiven, Order, Person
from knowledge.types.claim import ClaimLine, DrugIdentification, SubmittedClaim
from knowledge.types.practice import Authorization
from knowledge.types.reading import Place
from knowledge.types.remit import Adjustment, ClaimPayment, Party, Remark, RemitHeader, ServicePayment
from tools.packet.enclosing import Records

PLACE = Place(segment=41, byte=2210)
CLAIM_TEXT = (
    "CLM*CLM-1001*24960***11:B:1*Y*A*Y*Y~\nHI*ABK:C3411~\nREF*G1*A-1~\nLX*1~\n"
    "SV1*HC:J9271:JZ*24960*UN*400***1~\nDTP*472*D8*20260316~\nREF*6R*1001-1~\n"
    "LIN**N4*00006302604~\nCTP****16*ML~"
)
ROW = "A-1,CASC1,CHP448120917,approved,J9271,C34.11,200,billing_units,dose,,2026-01-05,2026-07-04,,11,2026-01-02,,"


def records() -> Records:
    line = ServicePayment(
        place=PLACE,
        code_qualifier="HC",
        hcpcs="J9271",
        modifiers=("JZ",),
        charge=Decimal("24960"),
        paid=Decimal("0"),
        units_submitted=Decimal("400"),
        service_date=date(2026, 3, 16),
        adjustments=(Adjustment("CO", "198", Decimal("24960"), Decimal("400")),),
        remarks=(Remark("HE", "N54"),),
        line_control="1001-1",
    )
    return Records(
        header=RemitHeader(
            place=Place(segment=3, byte=210),
            file="remits/cascade-0330.835",
            control_number="0001",
            paid=Decimal("0"),
            paid_on=date(2026, 3, 30),
            trace_number="880417723",
            payer=Party("PR", "CASCADE HEALTH PLAN"),
        ),
        payment=ClaimPayment(
            place=PLACE,
            claim_id="CLM-1001",
            status="1",
            charge=Decimal("24960"),
            paid=Decimal("0"),
            payer_claim_number="2026032700417",
            patient=Party("QC", "WHITFIELD", "MARGUERITE"),
            lines=(line,),
            text=REMIT_TEXT,
        ),
        claim=SubmittedClaim(
            place=Place(segment=22, byte=1200),
            file="claims/cascade-0318.837",
            claim_id="CLM-1001",
            charge=Decimal("24960"),
            payer_id="CASC1",
            payer_name="CASCADE HEALTH PLAN",
            member_id="CHP448120917",
            patient_last="WHITFIELD",
            patient_first="MARGUERITE",
            birth_date=date(1958, 7, 9),
            authorizations=("A-1",),
            diagnoses=("C3411",),
            submitted_on=date(2026, 3, 18),
            lines=(
                ClaimLine(
                    place=Place(segment=30, byte=1700),
                    number="1",
                    hcpcs="J9271",
                    modifiers=("JZ",),
                    charge=Decimal("24960"),
                    units=Decimal("400"),
                    start_date=date(2026, 3, 16),
                    drug=DrugIdentification("N4", "00006302604", Decimal("16"), "ML"),
                ),
            ),
            text=CLAIM_TEXT,
        ),
        authorizations=(
            Authorization(
                auth_number="A-1",
                payer_id="CASC1",
                member_id="CHP448120917",
                status="approved",
                hcpcs=("J9271",),
                diagnosis_codes=("C34.11",),
                quantity=Decimal("200"),
                quantity_basis="billing_units",
                per="dose",
                start_date=date(2026, 1, 5),
                end_date=date(2026, 7, 4),
                place_of_service="11",
                decided_on=date(2026, 1, 2),
                source="auths/auths.csv:2",
                raw=ROW,
            ),
        ),
        chart=chart(),
    )


def chart() -> Chart:
    mg = Amount(value=Decimal("400"), unit="mg")
    return Chart(
        file="charts/whitfield.json",
        person=Person(resource="Patient/p1", last="Whitfield", first="Marguerite"),
        orders=(
            Order(
                resource="MedicationRequest/o1",
                drug="pembrolizumab",
                ordered_on=date(2026, 1, 5),
                dose=Amount(value=Decimal("200"), unit="mg"),
                interval_days=21,
            ),
            Order(
                resource="MedicationRequest/o2",
                drug="pembrolizumab",
                ordered_on=date(2026, 3, 2),
                dose=mg,
                interval_days=42,
            ),
        ),
        doses=(
            DoseGiven(
                resource="MedicationAdministration/m1",
                hcpcs="J9271",
                drug="pembrolizumab",
                day=date(2026, 3, 16),
                start=datetime.fromisoformat("2026-03-16T10:05:00+00:00"),
                stop=datetime.fromisoformat("2026-03-16T10:36:00+00:00"),
                dose=mg,
                discarded=Amount(value=Decimal("0"), unit="mg"),
                ndc="00006302604",
                route="IV",
                status="completed",
                notes=("Four 100 mg vials opened. Given by L. Okafor RN.",),
            ),
        ),
        documents=(
            Document(
                resource="DocumentReference/d1",
                kind="Oncology follow-up note",
                day=date(2026, 3, 2),
                authors=("Dana Ruiz MD",),
                text=NOTE,
            ),
        ),
    )

"""Small made-up facts for the tests of the records and of intake."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.denial import Denial, DenialAdjustment, DeniedLine, RemitReference
from knowledge.types.practice import Practice
from knowledge.types.reading import Place
from knowledge.types.remit import Adjustment, ClaimPayment, ProviderAdjustment, RemitHeader, ServicePayment

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
HERE = Place(segment=1, byte=0)
PRACTICE = Practice(name="Larkspur Oncology", tax_id="840000001", billing_npi="1999999992")


def header(file: str = "remits/a.835", trace: str = "T1", paid: str = "0.00") -> RemitHeader:
    return RemitHeader(
        place=HERE,
        file=file,
        control_number="0001",
        paid=Decimal(paid),
        paid_on=date(2026, 3, 30),
        trace_number=trace,
    )


def claim_payment(claim_id: str = "C1", number: str = "ICN1", amount: str = "10.50") -> ClaimPayment:
    line = ServicePayment(
        place=HERE,
        code_qualifier="HC",
        hcpcs="J9271",
        modifiers=("JZ",),
        charge=Decimal(amount),
        paid=Decimal("0.00"),
        units_paid=Decimal("400"),
        service_date=date(2026, 3, 16),
        adjustments=(Adjustment("CO", "197", Decimal(amount), Decimal("400")),),
    )
    return ClaimPayment(
        place=HERE,
        claim_id=claim_id,
        status="1",
        charge=Decimal(amount),
        paid=Decimal("0.00"),
        payer_claim_number=number,
        lines=(line,),
    )


def provider_adjustment(reference: str = "ICN1") -> ProviderAdjustment:
    return ProviderAdjustment(HERE, "1999999992", "20261231", "WO", reference, Decimal("12.00"))


def submitted_claim(claim_id: str = "C1", segment: int = 5, file: str = "claims/a.837") -> SubmittedClaim:
    place = Place(segment=segment, byte=segment * 30, loop="2300")
    line = ClaimLine(
        place=place,
        number="1",
        hcpcs="J9271",
        modifiers=("JZ",),
        charge=Decimal("10.50"),
        units=Decimal("400"),
    )
    return SubmittedClaim(
        place=place,
        file=file,
        claim_id=claim_id,
        charge=Decimal("10.50"),
        payer_id="CASC1",
        payer_name="Cascade",
        member_id="M1",
        patient_last="Voss",
        patient_first="Ada",
        birth_date=date(1960, 2, 29),
        lines=(line,),
        text=f"CLM*{claim_id}*10.5~",
    )


def denial(denial_id: str = "den_1", amount: str = "10.50", says: str = "nothing paid") -> Denial:
    return Denial(
        denial_id=denial_id,
        kind="denied",
        remit=RemitReference(
            file="remits/a.835",
            payer_id="CASC1",
            payer_name="Cascade",
            trace_number="T1",
            paid_on=date(2026, 3, 30),
            claim_id="C1",
            payer_claim_number="ICN1",
            claim_status="1",
        ),
        line=DeniedLine(hcpcs="J9271", charge=Decimal(amount), paid=Decimal("0.00")),
        adjustments=(DenialAdjustment(group="CO", carc="197", amount=Decimal(amount)),),
        amount_at_stake=Decimal(amount),
        why=says,
    )


def record(denial_id: str, **changes: Any) -> dict[str, Any]:
    """The fields of a denial record that the queue reads."""
    return {
        "denial_id": denial_id,
        "status": "worked",
        "route": "review",
        "root_cause": "auth-units-mismatch",
        "category": "authorization",
        "says": "The authorization lists fewer units",
        "remit": {"payer_id": "CASC1", "payer_name": "Cascade", "paid_on": "2026-03-30", "claim_id": "C1"},
        "line": {"hcpcs": "J9271", "service_date": "2026-03-02"},
        "links": {"auth_number": {"value": "A100", "rule": "number"}},
        "remedy": "authorization_fix",
        "amount_at_stake": "10.50",
        "deadlines": [{"action": "appeal", "date": "2026-09-26", "rule": "r"}],
        "priority": {"expected_value": "5.00", "days_left": 148, "rank": None},
        "series": None,
    } | changes

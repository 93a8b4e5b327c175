"""Cases as the diagnosis hands them over, one per cause: invented, with the evidence that carries their values."""

from datetime import date
from decimal import Decimal

from knowledge.types.evidence import Evidence, EvidenceKind
from knowledge.types.letters import Field, LetterCase, LetterKind, Signature
from knowledge.types.practice import Address


def ev(number: int, kind: EvidenceKind, says: str, quote: str | None = None, **values: str) -> Evidence:
    return Evidence(
        id=f"E{number}", kind=kind, source=f"{kind} {number}", says=says, quote=quote, values=values, exhibit=kind
    )


REMIT = ev(
    1,
    "remit",
    "Cascade Health Plan denied J9271 of 2026-03-16 on 2026-03-30: CO-198 $24,960.00, remarks N54",
    "CAS*CO*198*24960*400",
    remit_date="2026-03-30",
    amount="$24,960.00",
)
CLAIM = ev(
    2,
    "claim",
    "Claim CLM-1001 line 1 bills J9271-JZ, 400 units, $24,960.00, on 2026-03-16",
    "SV1*HC:J9271:JZ*24960*UN*400***1",
    hcpcs="J9271",
    service_date="2026-03-16",
)
AUTH = ev(
    3,
    "authorization",
    "Authorization A-1 (approved) for J9271, 200 billing units per dose, 2026-01-05 to 2026-07-04, diagnoses C34.11",
    "A-1,CASC1,CHP448120917,approved,J9271,C34.11,200,billing_units,dose,,2026-01-05,2026-07-04,,,2026-01-02,,",
    auth_number="A-1",
    auth_codes="J9271",
)
ORDER_NEW = ev(4, "chart", "Order of 2026-03-02: 400 mg every 6 weeks")
ORDER_OLD = ev(5, "chart", "Order of 2026-01-05: 200 mg every 3 weeks")
GIVEN = ev(6, "chart", "pembrolizumab: 400 mg given on 2026-03-16, 0 mg discarded")
UNITS = ev(7, "calculation", "400 mg at 1 mg a unit is 400 units; 400 billed")

DOSE_VALUES = {
    "drug": "pembrolizumab",
    "dose_given": "400 mg",
    "given_units": "400",
    "unit_size": "1 mg",
    "order_dose": "400 mg",
    "order_interval": "6 weeks",
    "ordered_on": "2026-03-02",
    "order_before": "200 mg every 3 weeks",
}
LINE_VALUES = {
    "hcpcs": "J9271",
    "service_date": "2026-03-16",
    "billed_units": "400",
    "payer_name": "Cascade Health Plan",
    "denial_codes": "CO-198 and N54",
}
AUTH_VALUES = {
    "auth_number": "A-1",
    "auth_codes": "J9271",
    "auth_start": "2026-01-05",
    "auth_end": "2026-07-04",
    "auth_quantity": "200 units",
    "auth_units": "200",
    "auth_per": "a dose",
}
CHART = (ORDER_NEW, ORDER_OLD, GIVEN, UNITS)


def case(cause: str, kind: LetterKind, *extra: Evidence, drop: tuple[str, ...] = (), **values: str) -> LetterCase:
    """Build a case of the seed line; `extra` evidence and `values` come on top, `drop` slots go away."""
    slots = {**LINE_VALUES, **AUTH_VALUES, **DOSE_VALUES, **values}
    return LetterCase(
        denial_id="d-7f3a91c2",
        kind=kind,
        root_cause=cause,
        remedy="reconsideration",
        date=date(2026, 5, 1),
        practice_name="Cedar Oncology Associates",
        practice_address=Address(street="12 Main St", city="Denver", state="CO", zip="80202"),
        practice_phone="3035550100",
        practice_fax="3035550101",
        practice_npi="1999999992",
        practice_tax_id="841234567",
        billing_contact="Billing Office",
        payer_name="Cascade Health Plan",
        send_to="PO Box 1, Boise ID 83701",
        send_fax="2085550100",
        level="reconsideration",
        facts=(
            Field(label="Patient", value="Marguerite Whitfield"),
            Field(label="Date of birth", value="July 9, 1958"),
            Field(label="Member ID", value="CHP448120917"),
            Field(label="Claim number", value="CLM-1001"),
            Field(label="Payer claim number", value="2026032700417"),
            Field(label="Authorization", value="A-1"),
            Field(label="Date of service", value="March 16, 2026"),
            Field(label="Code and units", value="J9271-JZ, 400 units"),
            Field(label="Charge", value="$24,960.00"),
            Field(label="Amount denied", value="$24,960.00"),
            Field(label="Denial codes", value="CO-198, N54"),
            Field(label="Remittance", value="March 30, 2026, trace 880417723"),
        ),
        amount=Decimal("24960"),
        evidence=(REMIT, CLAIM, AUTH, *CHART, *extra),
        values={slot: value for slot, value in slots.items() if slot not in drop},
        signature=Signature(name="Billing Office", role="for Cedar Oncology Associates"),
    )


CASES: tuple[LetterCase, ...] = (
    case("auth-units-mismatch", "reconsideration"),
    case("auth-units-mismatch", "authorization_request"),
    case(
        "auth-number-not-on-claim",
        "reconsideration",
        claim_auth_words="no authorization number",
    ),
    case("auth-number-not-on-claim", "corrected_claim_notice"),
    case(
        "auth-for-other-code",
        "reconsideration",
        ev(8, "authorization", "Authorization B-2 (approved) for Q5107, 2026-01-05 to 2026-07-04"),
        auth_number="B-2",
        auth_codes="Q5107",
        given_code="J9271",
    ),
    case(
        "auth-for-other-code",
        "authorization_request",
        ev(8, "authorization", "Authorization B-2 (approved) for Q5107, 2026-01-05 to 2026-07-04"),
        auth_number="B-2",
        auth_codes="Q5107",
    ),
    case(
        "auth-for-other-provider-or-site",
        "reconsideration",
        ev(8, "authorization", "Authorization A-1 names NPI 1777777774"),
        ev(9, "claim", "Rendering provider is NPI 1888888883"),
        auth_place="NPI 1777777774",
        claim_place="NPI 1888888883",
    ),
    case(
        "auth-for-other-provider-or-site",
        "authorization_request",
        ev(8, "authorization", "Authorization A-1 names NPI 1777777774"),
        ev(9, "claim", "Rendering provider is NPI 1888888883"),
        auth_place="NPI 1777777774",
        claim_place="NPI 1888888883",
    ),
    case(
        "auth-expired",
        "reconsideration",
        ev(8, "authorization", "Authorization A-1 ended 2026-03-01"),
        auth_end="2026-03-01",
    ),
    case(
        "auth-expired",
        "authorization_request",
        ev(8, "authorization", "Authorization A-1 ended 2026-03-01"),
        auth_end="2026-03-01",
    ),
    case(
        "auth-not-in-force",
        "reconsideration",
        ev(8, "authorization", "Authorization A-1 begins 2026-04-01"),
        auth_start="2026-04-01",
        auth_state="it begins 2026-04-01",
    ),
    case(
        "auth-not-in-force",
        "authorization_request",
        ev(8, "authorization", "Authorization A-1 is pended"),
        auth_state="it is pended",
    ),
    case("auth-never-obtained", "authorization_request", drop=tuple(AUTH_VALUES)),
    case(
        "auth-denied-before-service",
        "appeal",
        ev(8, "authorization", "Authorization A-1 denied 2026-02-20: step therapy not shown"),
        decided_on="2026-02-20",
        auth_denial_reason="step therapy not shown",
    ),
    case(
        "diagnosis-not-authorized-indication",
        "reconsideration",
        ev(8, "claim", "Claim diagnoses C3490"),
        ev(9, "chart", "Condition C34.11 adenocarcinoma"),
        auth_diagnoses="C34.11",
        claim_diagnoses="C3490",
        chart_diagnoses="C34.11",
    ),
    case(
        "diagnosis-not-authorized-indication",
        "corrected_claim_notice",
        ev(8, "claim", "Claim diagnoses C3490"),
        ev(9, "chart", "Condition C34.11 adenocarcinoma"),
        auth_diagnoses="C34.11",
        claim_diagnoses="C3490",
        chart_diagnoses="C34.11",
    ),
    case(
        "diagnosis-not-authorized-indication",
        "authorization_request",
        ev(8, "claim", "Claim diagnoses C3490"),
        ev(9, "chart", "Condition C34.90 lung cancer"),
        auth_diagnoses="C34.11",
        claim_diagnoses="C3490",
        chart_diagnoses="C34.90",
    ),
    case(
        "auth-valid-payer-error",
        "reconsideration",
        ev(8, "claim", "The claim carries authorization A-1", "REF*G1*A-1"),
        ev(9, "authorization", "Authorization A-1 allows 400 units"),
        auth_quantity="400 units",
    ),
    case(
        "billed-units-wrong",
        "corrected_claim_notice",
        ev(8, "claim", "Claim CLM-1001 line 1 bills J9271, 40 units"),
        ev(9, "calculation", "400 mg at 1 mg a unit is 400 units; 40 billed"),
        billed_units="40",
    ),
    case(
        "billed-units-wrong",
        "reopening",
        ev(8, "claim", "Claim CLM-1001 line 1 bills J9271, 40 units"),
        ev(9, "calculation", "400 mg at 1 mg a unit is 400 units; 40 billed"),
        billed_units="40",
    ),
    case(
        "waste-units-wrong",
        "corrected_claim_notice",
        ev(8, "claim", "Claim line 2 bills J9271-JW, 60 units"),
        ev(9, "calculation", "500 mg opened less 400 mg given leaves 100 units"),
        waste_units="60",
        charted_waste_units="100",
        waste_fault="500 mg opened less 400 mg given",
    ),
    case(
        "jw-jz-missing",
        "corrected_claim_notice",
        ev(8, "calculation", "400 mg opened, 400 mg given, 0 mg discarded: JZ"),
        discarded_words="0 mg discarded",
        wanted_modifier="JZ",
    ),
    case(
        "mue-exceeded-dose-right",
        "appeal",
        ev(8, "code_table", "MUE of J9271 is 300 units a day (MAI 3), table of 2026-01-01"),
        day_units="400",
        unit_limit="300",
        limit_source="MUE table of 2026-01-01",
        order_words="400 mg every 6 weeks",
    ),
    case(
        "code-deleted",
        "corrected_claim_notice",
        ev(8, "code_table", "J9070 ended 2024-03-31; successor J9075"),
        ev(9, "calculation", "10 units of J9070 at 100 mg are 200 units of J9075 at 5 mg"),
        ev(10, "claim", "Claim line 3 bills J9070, 10 units, on 2026-03-16"),
        hcpcs="J9070",
        billed_units="10",
        code_ended="2024-03-31",
        successor="J9075",
        successor_units="200",
        successor_unit="5 mg",
    ),
    case(
        "code-not-yet-effective",
        "corrected_claim_notice",
        ev(8, "code_table", "J9999 is not otherwise classified; the drug has J9271 in force on 2026-03-16"),
        ev(9, "claim", "Claim line 3 bills J9999, 1 unit, on 2026-03-16"),
        hcpcs="J9999",
        billed_units="1",
        successor="J9271",
    ),
    case(
        "ndc-missing-or-invalid",
        "corrected_claim_notice",
        ev(8, "chart", "The administration of 2026-03-16 records NDC 00006302604"),
        charted_ndc="00006302604",
        ndc_fault="no NDC was sent",
    ),
    case(
        "edit-contradicts-claim",
        "reconsideration",
        ev(8, "claim", "The line carries NDC 00006302604 with quantity and unit"),
        edit_says="the NDC is missing or invalid",
        edit_found="NDC 00006302604 with quantity and unit",
    ),
    case(
        "filed-in-time-proof-exists",
        "reconsideration",
        ev(8, "acknowledgement", "277CA: Cascade answered A2 for claim CLM-1001 on 2026-03-20"),
        ev(9, "contract", "Timely filing is 90 days from the service, 2026-06-14"),
        accepted_on="2026-03-20",
        filing_days="90",
        filing_limit="2026-06-14",
    ),
    case(
        "repeat-line-called-duplicate",
        "reconsideration",
        ev(8, "claim", "Claim line 2 bills J9271-JW, 60 units"),
        repeat_story="one is the dose given, the other 60 units discarded with JW",
    ),
    case(
        "records-request-unanswered",
        "records_response",
        ev(8, "chart", "Progress note of 2026-03-02"),
        records_asked="note, order and infusion",
        records_found="Progress note of 2026-03-02",
        records_missing="",
    ),
    case(
        "coverage-terminated",
        "reconsideration",
        ev(8, "coverage", "Coverage from 2026-01-01 to open, verified 2026-03-15, covers 2026-03-16"),
        verified_active_on="2026-03-15",
    ),
    case(
        "coverage-terminated",
        "other_payer_notice",
        ev(8, "coverage", "Coverage of member H77 with MEDB from 2026-03-01 to open covers 2026-03-16"),
        other_member_id="H77",
    ),
    case(
        "other-payer-primary",
        "other_payer_notice",
        ev(8, "coverage", "Coverage of member H77 with MEDB (primary) on 2026-03-16, verified 2026-04-02"),
        other_member_id="H77",
        verified_on="2026-04-02",
    ),
    case(
        "underpaid-against-contract",
        "payment_dispute",
        ev(8, "contract", "Contract: $26,000.00 for 400 units; allowed $24,960.00, $1,040.00 less"),
        allowed="$24,960.00",
        rate="$65.00",
        expected="$26,000.00",
        difference="$1,040.00",
    ),
)

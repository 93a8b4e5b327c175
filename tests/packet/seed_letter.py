"""The seed case as letter content, evidence and exhibits. All people are invented."""

from datetime import date

from knowledge.types.evidence import Evidence
from knowledge.types.letters import (
    Exhibit,
    ExhibitPassage,
    Field,
    LetterContent,
    Paragraph,
    Party,
    Signature,
    Table,
)

REMIT_TEXT = """CLP*CLM-1001*1*24960*0**12*2026032700417*11*1~
NM1*QC*1*WHITFIELD*MARGUERITE****MI*CHP448120917~
REF*G1*A-1~
SVC*HC:J9271:JZ*24960*0**400~
DTM*472*20260316~
CAS*CO*198*24960*400~
REF*6R*1001-1~
LQ*HE*N54~"""

NOTE = """ONCOLOGY FOLLOW-UP NOTE
Patient: Marguerite Whitfield    DOB: 1958-07-09
Visit date: 2026-03-02    Author: Dana Ruiz MD

Interval history: Stage IV adenocarcinoma of the right upper lobe on maintenance pembrolizumab.
She tolerates treatment well; no immune-related toxicity of grade 2 or higher. ECOG 1.

Plan: Pembrolizumab changed from 200 mg every 3 weeks to 400 mg every 6 weeks, first dose at the
400 mg schedule on 2026-03-16. Same total dose per 6 weeks. Labs reviewed and acceptable.

Electronically signed by Dana Ruiz MD on 2026-03-02 17:22"""

MAR = """MEDICATION ADMINISTRATION RECORD
2026-03-16  pembrolizumab 400 mg IV  start 10:05  stop 10:36
Four 100 mg vials opened. Discarded: 0 mg. NDC 00006-3026-04
Given by: L. Okafor RN"""


def evidence() -> tuple[Evidence, ...]:
    return (
        Evidence(
            id="E1",
            kind="remit",
            source="remits/cascade-0327.835 segment 41",
            exhibit="remit",
            quote="CAS*CO*198*24960*400~",
            says="Denied CO-198 with remark N54: $24,960.00 for 400 units of J9271, remit of 2026-03-27",
            values={
                "codes": "CO-198, N54",
                "denied_amount": "24960.00",
                "denied_units": "400",
                "remit_date": "2026-03-27",
                "hcpcs": "J9271",
            },
        ),
        Evidence(
            id="E2",
            kind="claim",
            source="claims/cascade-0318.837 segment 22",
            exhibit="claim",
            quote="SV1*HC:J9271:JZ*24960*UN*400***1~",
            says="Claim CLM-1001 bills J9271-JZ, 400 units, on 2026-03-16 under authorization A-1",
            values={"hcpcs": "J9271", "billed_units": "400", "dos": "2026-03-16", "claim_auth": "A-1"},
        ),
        Evidence(
            id="E3",
            kind="authorization",
            source="auths/auths.csv:2",
            exhibit="auth:A-1",
            says="Authorization A-1: J9271, 200 units per dose, 2026-01-05 to 2026-07-04, diagnosis C34.11",
            values={
                "auth_number": "A-1",
                "auth_units": "200",
                "auth_start": "2026-01-05",
                "auth_end": "2026-07-04",
                "auth_hcpcs": "J9271",
            },
        ),
        Evidence(
            id="E4",
            kind="chart",
            source="DocumentReference/note-0302",
            exhibit="chart:note",
            quote="Pembrolizumab changed from 200 mg every 3 weeks to 400 mg every 6 weeks",
            says="Order changed on 2026-03-02 from 200 mg every 3 weeks to 400 mg every 6 weeks (Ruiz)",
            values={
                "order_date": "2026-03-02",
                "ordered_mg": "400",
                "interval_weeks": "6",
                "prior_ordered_mg": "200",
                "prior_interval_weeks": "3",
                "drug": "pembrolizumab",
            },
        ),
        Evidence(
            id="E5",
            kind="chart",
            source="MedicationAdministration/ma-0316",
            exhibit="chart:mar",
            quote="pembrolizumab 400 mg IV  start 10:05  stop 10:36",
            says="400 mg of pembrolizumab given on 2026-03-16, none discarded",
            values={
                "given_mg": "400",
                "given_on": "2026-03-16",
                "drug": "pembrolizumab",
                "discarded_mg": "0",
            },
        ),
        Evidence(
            id="E6",
            kind="code_table",
            source="codes/hcpcs.csv J9271",
            exhibit="code:J9271",
            says="One billing unit of J9271 is 1 mg of pembrolizumab",
            values={"mg_per_unit": "1", "hcpcs": "J9271", "drug": "pembrolizumab"},
        ),
    )


def content(**changes: object) -> LetterContent:
    base = LetterContent(
        kind="reconsideration",
        denial_id="d-7f3a91c2",
        date=date(2026, 5, 1),
        sender=Party(
            name="Cedar Oncology Associates",
            lines=(
                "12 Main St, Denver, CO 80202",
                "Tel 303-555-0100  ·  Fax 303-555-0101",
                "NPI 1999999992  ·  Tax ID 84-1234567",
            ),
        ),
        addressee=Party(
            name="Cascade Health Plan",
            lines=("Provider Reconsiderations", "PO Box 1", "Boise, ID 83701"),
        ),
        channel="By fax to 208-555-0100",
        level="Reconsideration",
        subject="Request for reconsideration, J9271 of March 16, 2026",
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
            Field(label="Remittance", value="March 27, 2026, trace 880417723"),
        ),
        ask="We ask that Cascade Health Plan overturn the denial and pay J9271, 400 units, given on "
        "March 16, 2026, under authorization A-1 as amended.",
        paragraphs=(
            Paragraph(
                heading="What was denied",
                evidence=("E1",),
                text="The remittance of March 27, 2026 denied 400 units of J9271, $24,960.00, with CO-198 and N54.",
            ),
            Paragraph(
                heading="What the record shows",
                text="On March 2, 2026 the order was changed from 200 mg every 3 weeks to 400 mg "
                "every 6 weeks [E4]. "
                "The note reads: “Pembrolizumab changed from 200 mg every 3 weeks to 400 mg "
                "every 6 weeks” [E4]. "
                "On March 16, 2026 the patient received 400 mg [E5]. One billing unit of J9271 is 1 mg, "
                "so 400 mg is 400 units [E5, E6], which is what the claim bills [E2].",
            ),
            Paragraph(
                heading="Why the stated reason does not hold",
                text="Authorization A-1 allows 200 units per dose from January 5, 2026 to July 4, 2026 [E3]. "
                "It was not amended when the order changed. The units billed are the units given; "
                "reducing the claim to 200 units would misstate the dose.",
            ),
            Paragraph(
                heading="Request",
                text="Please reprocess the line with the amended authorization and release payment.",
            ),
        ),
        tables=(
            Table(
                title="Dose, claim and authorization side by side",
                columns=("", "mg", "Units of J9271", "Date or period"),
                rows=(
                    ("Ordered", "400", "400", "March 2, 2026"),
                    ("Given", "400", "400", "March 16, 2026"),
                    ("Billed", "400", "400", "March 16, 2026"),
                    ("Authorized per dose (A-1)", "200", "200", "January 5 to July 4, 2026"),
                ),
                marked=(3, 2),
                evidence=("E2", "E3", "E4", "E5"),
            ),
        ),
        closing="Our treating physician is available for a peer-to-peer call.",
        contact="Questions: Billing Office, 303-555-0100",
        signature=Signature(name="Dana Ruiz MD", role="Treating oncologist", npi="1888888883"),
    )
    return base.model_copy(update=changes)


def exhibits() -> tuple[Exhibit, ...]:
    return (
        Exhibit(
            key="remit",
            title="Remittance, claim 2026032700417",
            source="remits/cascade-0327.835 segment 41",
            proves="The line, the amount and the codes as denied",
            text=REMIT_TEXT,
            monospace=True,
            table=Table(
                title="Adjustments of the line",
                columns=("Group", "Code", "Amount", "Units"),
                rows=(("CO", "198", "$24,960.00", "400"),),
                marked=(0, 1),
            ),
            passages=(ExhibitPassage(quote="CAS*CO*198*24960*400~", evidence="E1"),),
        ),
        Exhibit(
            key="claim",
            title="Claim CLM-1001 as submitted",
            source="claims/cascade-0318.837 segment 22",
            proves="400 units billed under authorization A-1",
            monospace=True,
            text="CLM*CLM-1001*24960***11:B:1*Y*A*Y*Y~\nREF*G1*A-1~\nSV1*HC:J9271:JZ*24960*UN*400***1~\n",
            passages=(ExhibitPassage(quote="SV1*HC:J9271:JZ*24960*UN*400***1~", evidence="E2"),),
        ),
        Exhibit(
            key="auth:A-1",
            title="Authorization A-1",
            source="auths/auths.csv:2",
            proves="200 units per dose authorized for J9271 at 1 mg a unit",
            fields=(
                Field(label="Authorization", value="A-1"),
                Field(label="Status", value="approved"),
                Field(label="Code", value="J9271"),
                Field(label="Quantity", value="200 billing units per dose"),
                Field(label="Valid", value="2026-01-05 to 2026-07-04"),
                Field(label="Diagnosis", value="C34.11"),
            ),
        ),
        Exhibit(
            key="chart:note",
            title="Oncology note of March 2, 2026",
            source="DocumentReference/note-0302",
            proves="The order was changed before the date of service",
            text=NOTE,
            passages=(
                ExhibitPassage(
                    quote="Pembrolizumab changed from 200 mg every 3 weeks to 400 mg every 6 weeks",
                    evidence="E4",
                ),
            ),
        ),
        Exhibit(
            key="chart:mar",
            title="Administration record of March 16, 2026",
            source="MedicationAdministration/ma-0316",
            proves="400 mg given, none discarded",
            text=MAR,
            passages=(ExhibitPassage(quote="pembrolizumab 400 mg IV  start 10:05  stop 10:36", evidence="E5"),),
        ),
        Exhibit(
            key="code:J9271",
            title="Billing unit of J9271",
            source="codes/hcpcs.csv J9271",
            proves="One unit is 1 mg",
            fields=(Field(label="Code", value="J9271"), Field(label="Billing unit", value="1 mg")),
        ),
    )

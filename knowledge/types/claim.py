"""A claim as it was submitted (837P, 005010X222A1)."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from knowledge.types.reading import Place


class DrugIdentification(Struct, frozen=True, gc=False):
    """Loop 2410: `ndc` is LIN03 as sent (qualifier `ndc_qualifier`, N4), `quantity` CTP04, `unit` CTP05-1."""

    ndc_qualifier: str
    ndc: str
    quantity: Decimal | None = None
    unit: str = ""


class ClaimLine(Struct, frozen=True):
    """One 2400 service line. `number` is LX01; `units` SV104 in billing units when `unit_basis` is UN.

    `diagnosis_pointers` are positions (from 1) into the claim's diagnoses. `authorizations` are REF*G1 of
    2400 (of this claim's payer). `providers` maps NM101 (82, DK, DQ, DN, 77) to an NPI for this line.
    `description` is SV101-7. `start_date`/`end_date` are DTP*472. `adjudications` are 2430 SVD rows of other
    payers, raw elements. `code_qualifier` is SV101-1. `dates` are every DTP as qualifier and value as sent.
    `unknown` are segments as they stood that have no field here.
    """

    place: Place
    number: str
    hcpcs: str
    modifiers: tuple[str, ...]
    charge: Decimal
    units: Decimal | None
    unit_basis: str = "UN"
    place_of_service: str = ""
    diagnosis_pointers: tuple[int, ...] = ()
    start_date: date | None = None
    end_date: date | None = None
    line_control: str = ""
    description: str = ""
    drug: DrugIdentification | None = None
    authorizations: tuple[str, ...] = ()
    providers: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    measurements: tuple[tuple[str, str, str], ...] = ()
    adjudications: tuple[tuple[str, ...], ...] = ()
    unknown: tuple[str, ...] = ()
    code_qualifier: str = "HC"
    dates: tuple[tuple[str, str], ...] = ()


class OtherInsurance(Struct, frozen=True, gc=False):
    """Loop 2320/2330: another payer named on this claim. `sequence` is SBR01 (P, S, T)."""

    sequence: str
    payer_name: str
    payer_id: str
    member_id: str
    filing: str = ""


class SubmittedClaim(Struct, frozen=True):
    """One 2300 claim with its subscriber, payer and providers.

    `claim_id` CLM01, `frequency` CLM05-3, `place_of_service` CLM05-1, `original_reference` REF*F8,
    `authorizations` REF*G1 of 2300. `member_id` is NM1*IL NM109 (the patient's own when 2010CA has one).
    `diagnoses` are HI codes in order, without dots, as sent. `providers` maps NM101 (85, 82,
    DN, DQ, 77) to NPI.
    `submitted_on` is BHT04 of its transaction. `text` is the claim's loops raw: its subscriber and patient HL
    loops, then the claim to the next CLM or HL. `dates` are DTP of 2300 as qualifier and value as sent.
    `person_segment` is the number of the NM1 that gives `member_id`.
    """

    place: Place
    file: str
    claim_id: str
    charge: Decimal
    payer_id: str
    payer_name: str
    member_id: str
    patient_last: str
    patient_first: str
    birth_date: date | None
    sex: str = ""
    patient_address: tuple[str, ...] = ()
    place_of_service: str = ""
    frequency: str = "1"
    original_reference: str = ""
    authorizations: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    providers: tuple[tuple[str, str], ...] = ()
    provider_names: tuple[tuple[str, str], ...] = ()
    billing_npi: str = ""
    billing_tax_id: str = ""
    sequence: str = "P"
    filing: str = ""
    group_number: str = ""
    other_insurance: tuple[OtherInsurance, ...] = ()
    attachments: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    submitted_on: date | None = None
    lines: tuple[ClaimLine, ...] = ()
    unknown: tuple[str, ...] = ()
    text: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    billing_name: str = ""
    person_segment: int = 0

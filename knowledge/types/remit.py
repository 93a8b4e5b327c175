"""What a payer said in an 835 (005010X221A1): typed, frozen, nothing lost."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from knowledge.types.reading import Place


class Adjustment(Struct, frozen=True, gc=False):
    """One non-blank CAS slot. `amount` in dollars (negative on reversals), `quantity` in units denied."""

    group: str
    carc: str
    amount: Decimal
    quantity: Decimal | None = None


class Reference(Struct, frozen=True, gc=False):
    """A REF segment: qualifier (REF01), value (REF02), free text (REF03)."""

    qualifier: str
    value: str
    text: str = ""


class Party(Struct, frozen=True, gc=False):
    """An N1 or NM1 party. `entity` is N101/NM101 (PR, PE, QC, IL, 74, 82, TT, GB).

    `kind` is NM102: 1 a person, 2 an organization ("" for N1, which does not say). `prefix` is NM106.
    """

    entity: str
    last_or_org: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    id_qualifier: str = ""
    id: str = ""
    kind: str = ""
    prefix: str = ""


class Remark(Struct, frozen=True, gc=False):
    """A remark: `qualifier` HE (RARC) or RX (NCPDP) on a line; MOA or MIA at claim level."""

    qualifier: str
    code: str


class DateFact(Struct, frozen=True, gc=False):
    """A DTM: qualifier and day; `raw` keeps what could not be read as a day.

    `end` is the last day when the segment gives a range (format RD8, a 4010 habit).
    """

    qualifier: str
    day: date | None
    raw: str
    end: date | None = None


class AmountFact(Struct, frozen=True, gc=False):
    """An AMT (or QTY) segment: qualifier and value."""

    qualifier: str
    value: Decimal


class ServicePayment(Struct, frozen=True, gc=False):
    """One 2110 service line (SVC).

    `hcpcs` is the adjudicated code (SVC01-2) with `code_qualifier` (HC, N4, NU, AD, ER, IV); the code as
    submitted, when the payer changed it, is `submitted_hcpcs` (SVC06-2). `units_paid` is SVC05 (None = blank,
    which the guide reads as 1), `units_submitted` SVC07. Dates: `service_date` is DTM*472 or *150,
    `service_end` DTM*151.
    """

    place: Place
    code_qualifier: str
    hcpcs: str
    modifiers: tuple[str, ...]
    charge: Decimal
    paid: Decimal
    revenue_code: str = ""
    units_paid: Decimal | None = None
    submitted_qualifier: str = ""
    submitted_hcpcs: str = ""
    submitted_modifiers: tuple[str, ...] = ()
    units_submitted: Decimal | None = None
    description: str = ""
    service_date: date | None = None
    service_end: date | None = None
    line_control: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[Remark, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateFact, ...] = ()
    amounts: tuple[AmountFact, ...] = ()
    quantities: tuple[AmountFact, ...] = ()
    unknown: tuple[str, ...] = ()


class ClaimPayment(Struct, frozen=True, gc=False):
    """One 2100 claim (CLP) with its lines.

    `claim_id` CLP01, `status` CLP02, `charge` CLP03, `paid` CLP04, `patient_share` CLP05, `filing` CLP06,
    `payer_claim_number` CLP07, `facility` CLP08, `frequency` CLP09. `remarks` are MOA/MIA codes.
    `text` is the claim's own segments as they stood in the file (segment terminators kept as "~"), for
    evidence. `inpatient` and `outpatient` are the elements of MIA and MOA, `contacts` those of each PER,
    without the tag. `header_number` is LX01 of the 2000 loop the claim stands in.
    """

    place: Place
    claim_id: str
    status: str
    charge: Decimal
    paid: Decimal
    patient_share: Decimal | None = None
    filing: str = ""
    payer_claim_number: str = ""
    facility: str = ""
    frequency: str = ""
    drg: str = ""
    drg_weight: Decimal | None = None
    discharge_fraction: Decimal | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[Remark, ...] = ()
    patient: Party | None = None
    insured: Party | None = None
    parties: tuple[Party, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateFact, ...] = ()
    amounts: tuple[AmountFact, ...] = ()
    quantities: tuple[AmountFact, ...] = ()
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    contacts: tuple[tuple[str, ...], ...] = ()
    lines: tuple[ServicePayment, ...] = ()
    unknown: tuple[str, ...] = ()
    text: str = ""
    header_number: str = ""


class ProviderAdjustment(Struct, frozen=True, gc=False):
    """One non-blank PLB slot. Positive `amount` reduces the payment. `reference` is the composite's rest."""

    place: Place
    provider_id: str
    fiscal_period: str
    reason: str
    reference: str
    amount: Decimal


class ProviderSummary(Struct, frozen=True, gc=False):
    """One TS3 or TS2 segment: a provider's totals under one LX (Medicare Part A uses them).

    `values` are the segment's elements in order, without the tag; TS301 is the provider, TS304 its claim
    count.
    """

    place: Place
    segment: str
    header_number: str
    values: tuple[str, ...]


class RemitHeader(Struct, frozen=True, gc=False):
    """One ST*835: who paid whom, how much, when, by which trace; loops 1000A and 1000B.

    `paid_on` is BPR16, `produced_on` DTM*405. `payer_ids` are every id that names the payer (N104, REF*2U,
    REF*NF, TRN03, REF*EO), in that order of trust. `handling` is BPR01, `method` BPR04.
    `paid` is 0 and `bpr` empty when the file has no BPR (a finding says so). Of N3 and N4 the elements, in
    order; `currency` CUR, `delivery` RDM, `interchange` ISA01-16 and `group` GS01-08, elements without the
    tag. `references` are REF*EV and REF*F2 of the transaction, `dates` every DTM before the first claim.
    """

    place: Place
    file: str
    control_number: str
    paid: Decimal
    credit_debit: str = ""
    handling: str = ""
    method: str = ""
    paid_on: date | None = None
    produced_on: date | None = None
    trace_number: str = ""
    originator_id: str = ""
    payer: Party | None = None
    payer_ids: tuple[str, ...] = ()
    payee: Party | None = None
    payee_references: tuple[Reference, ...] = ()
    payer_references: tuple[Reference, ...] = ()
    contacts: tuple[tuple[str, ...], ...] = ()
    version: str = ""
    bpr: tuple[str, ...] = ()
    trn: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateFact, ...] = ()
    payer_address: tuple[str, ...] = ()
    payee_address: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ()
    interchange: tuple[str, ...] = ()
    group: tuple[str, ...] = ()


class RemitTrailer(Struct, frozen=True, gc=False):
    """The end of one ST*835: what its parts add up to.

    `claims` counts the CLP segments; the totals are of those that could be read. `provider_summaries` are TS3
    and TS2 in file order; `unknown` the segments that stood outside any claim and have no place in the guide.
    """

    place: Place
    claims: int
    paid_claims_total: Decimal
    provider_adjustments_total: Decimal
    segment_count: int
    declared_segment_count: int | None
    provider_summaries: tuple[ProviderSummary, ...] = ()
    unknown: tuple[str, ...] = ()

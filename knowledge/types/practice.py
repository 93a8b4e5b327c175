"""The practice's own records: who it is, its payers and their rules, authorizations, coverage, contracts, policies."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """A value object: immutable, and a stranger's field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(Frozen):
    """A fact read from a practice file. `source` is `file:row` for people and evidence; `raw` the row as it stood."""

    source: str = ""
    raw: str = ""


LineOfBusiness = Literal[
    "commercial", "exchange", "medicare_ffs", "medicare_advantage", "medicaid", "medicaid_mco", "other"
]


class Address(Frozen):
    """A postal address in the United States."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


class Provider(Frozen):
    """An NPI that may render, order or supervise. `payers_enrolled` None = enrolled with all payers."""

    npi: str
    name: str
    role: str = "rendering"
    payers_enrolled: tuple[str, ...] | None = None


class ReviewPolicy(Frozen):
    """When a finished case may go without a person: the practice's own limits.

    `min_confidence` is in 0..1; `max_amount_without_review` in dollars, None = no limit of amount.
    """

    straight_through: bool = True
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.9
    max_amount_without_review: Decimal | None = Decimal("25000")


class Practice(Frozen):
    """practice.yaml: who bills. `as_of` is the day the folder is worked on; ages and deadlines count from it."""

    contract: int = 1
    name: str
    tax_id: str = ""
    billing_npi: str = ""
    providers: tuple[Provider, ...] = ()
    address: Address = Address()
    phone: str = ""
    fax: str = ""
    billing_contact: str = ""
    as_of: date | None = None
    review: ReviewPolicy = ReviewPolicy()


class SendTo(Frozen):
    """Where an appeal goes."""

    address: str = ""
    fax: str = ""
    portal: str = ""


class AppealLevel(Frozen):
    """One appeal level of a payer, in the payer's order. `days` are calendar days from `start`."""

    level: str
    days: int | None = None
    start: Literal["remit_date", "decision_date", "service_date"] = "remit_date"
    decision_days: int | None = None
    send_to: SendTo = SendTo()


class StepRule(Frozen):
    """Step therapy: `drug` wants one of `prefer` first."""

    drug: str
    prefer: tuple[str, ...]


class Payer(Frozen):
    """payers.yaml: one payer and its rules for us. A rule that is None is unknown: nothing is inferred from it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    line_of_business: LineOfBusiness = "other"
    contracted: bool | None = None
    appeals: tuple[AppealLevel, ...] = ()
    corrected_claim_days: int | None = None
    timely_filing_days: int | None = None
    retro_authorization_days: int | None = None
    peer_to_peer_days: int | None = None
    replacement_claims: bool | None = None
    wastage_modifiers: bool | None = None
    ndc_required: bool | None = None
    step_therapy: tuple[StepRule, ...] = ()
    max_units: dict[str, Decimal] = Field(default_factory=dict)
    source: str = ""


class Authorization(Row):
    """One authorized service of an authorization. Several may share `auth_number`.

    `quantity` counts in `quantity_basis`, `per` dose or in total; `doses` None = not stated.
    Blank `servicing_npi` or `place_of_service` means any.
    """

    auth_number: str
    payer_id: str
    member_id: str
    status: Literal["approved", "denied", "pended", "voided"]
    hcpcs: tuple[str, ...] = ()
    diagnosis_codes: tuple[str, ...] = ()
    quantity: Decimal | None = None
    quantity_basis: Literal["billing_units", "mg", "mcg", "ml", "vials", "doses", "visits"] | None = None
    per: Literal["dose", "total"] | None = None
    doses: Decimal | None = None
    start_date: date | None = None
    end_date: date | None = None
    servicing_npi: str = ""
    place_of_service: str = ""
    decided_on: date | None = None
    denial_reason: str = ""
    document: str = ""


class CoverageSpan(Row):
    """Verified eligibility of one member with one payer. Blank `end_date` = open."""

    payer_id: str
    member_id: str
    patient_last: str = ""
    patient_first: str = ""
    birth_date: date | None = None
    start_date: date | None = None
    end_date: date | None = None
    order: Literal["primary", "secondary", "tertiary"] | None = None
    plan_type: str = ""
    verified_on: date | None = None
    trace: str = ""


class ContractRate(Row):
    """A contracted amount in dollars per billing unit, in force from `start_date` to `end_date` inclusive."""

    payer_id: str
    hcpcs: str
    start_date: date | None = None
    end_date: date | None = None
    rate: Decimal


class PolicySection(Frozen):
    """A section of a policy: its heading, its text, its first line in the file."""

    heading: str
    text: str
    line: int


class Policy(Row):
    """A payer policy version. In force on a day D when effective_from <= D and (no effective_to or D <= it)."""

    policy_id: str
    title: str
    payer_id: str
    drugs: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: str = ""
    sections: tuple[PolicySection, ...] = ()

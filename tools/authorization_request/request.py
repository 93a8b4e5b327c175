"""What an authorization request says, as data: every value with the place it was read from."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from knowledge.types.practice import Address, Frozen

CertificationKind = Literal["new", "revised", "extended"]


class Sourced(Frozen):
    """A value and where it stands: file and segment, resource id, or setting. An empty value is not known."""

    value: str
    source: str

    def __bool__(self) -> bool:
        """Tell whether the value is known."""
        return bool(self.value)


class PatientPart(Frozen):
    """The patient as the payer knows him or her. `sex` is M, F or U as claims have it."""

    last: Sourced
    first: Sourced
    birth_date: Sourced
    sex: Sourced
    member_id: Sourced
    dependent: bool = False


class Office(Frozen):
    """Who asks."""

    name: Sourced
    npi: Sourced
    tax_id: Sourced
    address: Address
    address_source: str
    contact: Sourced
    phone: Sourced
    fax: Sourced


class Clinician(Frozen):
    """Who gave the service."""

    npi: Sourced
    name: Sourced


class OrderPart(Frozen):
    """The order the service carries out, as charted."""

    resource: str
    source: str
    hcpcs: str
    drug: str
    ordered_on: date | None
    dose: Decimal | None
    dose_unit: str
    interval_days: int | None
    text: str
    requester: str
    status: str


class DocumentPart(Frozen):
    """A document that must go with the request. `content` as it stands in the chart."""

    resource: str
    source: str
    kind: str
    title: str
    day: date | None
    media_type: str
    content: bytes


class ConditionPart(Frozen):
    """A charted diagnosis that the request rests on."""

    resource: str
    source: str
    code: str
    text: str
    status: str


class RequestParts(Frozen):
    """A whole request. `related` is the number of the authorization to change; empty for a new one.

    `order` None = the service has none (an administration, a visit); `order_due` says that it must have one.
    `says` is one sentence for the reviewer, taken from the letter.
    """

    denial_id: str
    on: date
    root_cause: str
    related: Sourced
    patient: PatientPart
    payer_id: Sourced
    payer_name: Sourced
    office: Office
    clinician: Clinician
    diagnoses: tuple[Sourced, ...]
    hcpcs: Sourced
    units: Sourced
    units_given: Sourced
    service_date: Sourced
    place_of_service: Sourced
    order: OrderPart | None
    order_due: bool
    conditions: tuple[ConditionPart, ...] = ()
    documents: tuple[DocumentPart, ...] = ()
    says: Sourced = Sourced(value="", source="")


def lacking(parts: RequestParts, kind: CertificationKind | None) -> tuple[str, ...]:
    """Name what must be got before the request can be written; () = it can."""
    return tuple(dict.fromkeys(_lacking(parts, kind)))


def _lacking(parts: RequestParts, kind: CertificationKind | None) -> Iterator[str]:
    if kind is None:
        yield f"what kind of request {parts.root_cause} takes"
    elif kind != "new" and not parts.related:
        yield "the number of the authorization to be changed"
    for name, value in _needed(parts):
        if not value:
            yield f"{name}, for the request as FHIR bundle"
    if not parts.diagnoses:
        yield "the diagnoses of the line, for the request as FHIR bundle"
    if parts.patient.dependent:
        yield "the subscriber of the coverage (the patient is a dependent), for the request as FHIR bundle"
    if parts.order_due and parts.order is None:
        served = parts.service_date.value
        yield f"the order for {parts.hcpcs.value} in force on {served}, for the request as FHIR bundle"
    if parts.units and parts.units_given and Decimal(parts.units.value) != Decimal(parts.units_given.value):
        yield (
            f"which is right: {parts.units.value} units billed or {parts.units_given.value} units given "
            "(no authorization is asked for what was not given)"
        )


def _needed(parts: RequestParts) -> tuple[tuple[str, Sourced], ...]:
    patient, office = parts.patient, parts.office
    return (
        ("the patient's family name", patient.last),
        ("the patient's given name", patient.first),
        ("the patient's birth date", patient.birth_date),
        ("the patient's sex", patient.sex),
        ("the member id", patient.member_id),
        ("the payer's name", parts.payer_name),
        ("the payer's id", parts.payer_id),
        ("the practice's NPI", office.npi),
        ("the practice's tax id", office.tax_id),
        ("the rendering provider's NPI", parts.clinician.npi),
        ("the rendering provider's name (practice.yaml providers)", parts.clinician.name),
        ("the code of the service", parts.hcpcs),
        ("the units of the service", parts.units),
        ("the date of service", parts.service_date),
        ("the place of service", parts.place_of_service),
    )

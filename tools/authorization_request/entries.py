"""The resources beside the claim: patient, payer, practice, coverage, clinician, order, diagnoses, documents."""

import base64
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from knowledge.types.practice import Address
from tools.authorization_request import systems as at
from tools.authorization_request.request import ConditionPart, DocumentPart, Office, OrderPart, RequestParts
from tools.records_request.tables import type_of

_SEX = {"M": "male", "F": "female", "U": "unknown"}
_TITLES = frozenset({"MD", "DO", "NP", "PA", "PA-C", "APRN", "CRNP", "RN", "PHD", "PHARMD", "FACP", "DR", "JR", "SR"})
_ORDER_STATUS = ("active", "completed", "on-hold", "stopped")
_MEASURES = {"mg": "mg", "g": "g", "mcg": "ug", "ml": "mL"}


@dataclass(frozen=True)
class Entry:
    """One resource of the bundle. `sources` are (path, value, source); `attached` ones go along as information."""

    key: str
    resource: dict[str, Any]
    sources: tuple[tuple[str, str, str], ...]
    attached: bool = False
    report_type: str = ""


def coding(system: str, code: str) -> dict[str, Any]:
    """Return a coded value by system and code alone; no display text of another's code list is written."""
    return {"coding": [{"system": system, "code": code}]}


def patient(parts: RequestParts) -> Entry:
    """Write the patient: name, birth date, sex, member id. No address: nobody asks for it here."""
    who = parts.patient
    member = _member(parts)
    resource = {
        "resourceType": "Patient",
        "meta": {"profile": [at.BENEFICIARY]},
        "identifier": [member],
        "name": [{"family": who.last.value, "given": [who.first.value]}],
        "gender": _SEX[who.sex.value],
        "birthDate": who.birth_date.value,
    }
    return Entry(
        "patient",
        resource,
        (
            ("identifier[0].value", who.member_id.value, who.member_id.source),
            ("identifier[0].system", member["system"], parts.payer_id.source),
            ("name[0].family", who.last.value, who.last.source),
            ("name[0].given[0]", who.first.value, who.first.source),
            ("gender", _SEX[who.sex.value], who.sex.source),
            ("birthDate", who.birth_date.value, who.birth_date.source),
        ),
    )


def _member(parts: RequestParts) -> dict[str, Any]:
    return {
        "type": coding(at.IDENTIFIER_TYPE, "MB"),
        "system": f"urn:overturn:payer:{parts.payer_id.value}:member",
        "value": parts.patient.member_id.value,
    }


def organizations(parts: RequestParts) -> tuple[Entry, Entry]:
    """Write payer and practice."""
    insurer = {
        "resourceType": "Organization",
        "meta": {"profile": [at.INSURER]},
        "identifier": [{"type": coding(at.PAYER_ID_TYPE, "payerid"), "value": parts.payer_id.value}],
        "active": True,
        "type": [coding(at.x12(98), "X3")],
        "name": parts.payer_name.value,
    }
    office = parts.office
    address, told = _address(office.address)
    requestor: dict[str, Any] = {
        "resourceType": "Organization",
        "meta": {"profile": [at.REQUESTOR]},
        "identifier": [
            {"system": at.NPI, "value": office.npi.value},
            {"system": at.TAX_ID, "value": office.tax_id.value},
        ],
        "active": True,
        "type": [coding(at.x12(98), "1P")],
        "name": office.name.value,
    }
    if address:
        requestor["address"] = [address]
    if contact := _contact(office):
        requestor["contact"] = [contact]
    return (
        Entry(
            "insurer",
            insurer,
            (
                ("identifier[0].value", parts.payer_id.value, parts.payer_id.source),
                ("name", parts.payer_name.value, parts.payer_name.source),
            ),
        ),
        Entry(
            "requestor",
            requestor,
            (
                ("identifier[0].value", office.npi.value, office.npi.source),
                ("identifier[1].value", office.tax_id.value, office.tax_id.source),
                ("name", office.name.value, office.name.source),
                *((f"address[0].{name}", value, office.address_source) for name, value in told),
                ("contact[0].name.text", office.contact.value, office.contact.source),
                ("contact[0].telecom:phone", office.phone.value, office.phone.source),
                ("contact[0].telecom:fax", office.fax.value, office.fax.source),
            ),
        ),
    )


def _address(address: Address) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    told = [("city", address.city), ("state", address.state), ("postalCode", address.zip)]
    data: dict[str, Any] = {name: value for name, value in told if value}
    if address.street:
        data = {"line": [address.street], **data}
        told = [("line[0]", address.street), *told]
    return data, told


def _contact(office: Office) -> dict[str, Any]:
    ways = [
        {"system": system, "value": value.value}
        for system, value in (("phone", office.phone), ("fax", office.fax))
        if value
    ]
    contact: dict[str, Any] = {"name": {"text": office.contact.value}} if office.contact else {}
    return {**contact, "telecom": ways} if ways else contact


def coverage(parts: RequestParts) -> Entry:
    """Write the coverage: the patient is the subscriber (a dependent's request is not written)."""
    resource = {
        "resourceType": "Coverage",
        "meta": {"profile": [at.COVERAGE]},
        "identifier": [_member(parts)],
        "status": "active",
        "subscriber": {"reference": "ref:patient"},
        "subscriberId": parts.patient.member_id.value,
        "beneficiary": {"reference": "ref:patient"},
        "relationship": coding(at.x12(1069), "18"),
        "payor": [{"reference": "ref:insurer"}],
    }
    member = parts.patient.member_id
    return Entry(
        "coverage",
        resource,
        (
            ("identifier[0].value", member.value, member.source),
            ("identifier[0].system", _member(parts)["system"], parts.payer_id.source),
            ("subscriberId", member.value, member.source),
        ),
    )


def people(parts: RequestParts) -> tuple[Entry, Entry]:
    """Write who gave the service, and the role in the practice."""
    who = parts.clinician
    family = _family(who.name.value)
    name = {"text": who.name.value, "family": family}
    practitioner = {
        "resourceType": "Practitioner",
        "meta": {"profile": [at.PRACTITIONER]},
        "identifier": [{"system": at.NPI, "value": who.npi.value}],
        "name": [name],
    }
    role = {
        "resourceType": "PractitionerRole",
        "meta": {"profile": [at.ROLE]},
        "practitioner": {"reference": "ref:practitioner"},
        "organization": {"reference": "ref:requestor"},
    }
    return (
        Entry(
            "practitioner",
            practitioner,
            (
                ("identifier[0].value", who.npi.value, who.npi.source),
                ("name[0].text", who.name.value, who.name.source),
                ("name[0].family", family, who.name.source),
            ),
        ),
        Entry("role", role, ()),
    )


def _family(name: str) -> str:
    """Return the last word of a name as written, titles after it left out ("Dana Ruiz MD" is Ruiz)."""
    words = [word for word in name.replace(",", " ").split() if word.replace(".", "").upper() not in _TITLES]
    return words[-1] if words else name


def order(part: OrderPart) -> Entry:
    """Write the order as charted: code, words, dose, interval, day."""
    words = part.drug or part.hcpcs
    medication: dict[str, Any] = {"text": words}
    if part.hcpcs:
        medication = {**coding(at.HCPCS, part.hcpcs), **medication}
    dosage: dict[str, Any] = {}
    sources = [
        ("medicationCodeableConcept.coding[0].code", part.hcpcs, part.source),
        ("medicationCodeableConcept.text", words, part.source),
        ("status", part.status, part.source),
    ]
    if part.text:
        dosage["text"] = part.text
        sources.append(("dosageInstruction[0].text", part.text, part.source))
    if part.interval_days:
        dosage["timing"] = {"repeat": {"frequency": 1, "period": part.interval_days, "periodUnit": "d"}}
        sources.append(("dosageInstruction[0].timing.repeat.period", str(part.interval_days), part.source))
    if part.dose is not None and part.dose_unit in _MEASURES:
        unit = _MEASURES[part.dose_unit]
        amount = {"value": _number(part.dose), "unit": part.dose_unit, "system": at.UCUM, "code": unit}
        dosage["doseAndRate"] = [{"doseQuantity": amount}]
        sources.append(("dosageInstruction[0].doseQuantity.value", str(_number(part.dose)), part.source))
        sources.append(("dosageInstruction[0].doseQuantity.unit", part.dose_unit, part.source))
    resource: dict[str, Any] = {
        "resourceType": "MedicationRequest",
        "meta": {"profile": [at.MEDICATION_REQUEST]},
        "status": part.status if part.status in _ORDER_STATUS else "unknown",
        "intent": "order",
        "medicationCodeableConcept": medication,
        "subject": {"reference": "ref:patient"},
    }
    if part.ordered_on:
        resource["authoredOn"] = part.ordered_on.isoformat()
        sources.append(("authoredOn", part.ordered_on.isoformat(), part.source))
    if part.requester:
        resource["requester"] = {"display": part.requester}
        sources.append(("requester.display", part.requester, part.source))
    if dosage:
        resource["dosageInstruction"] = [dosage]
    return Entry("order", resource, tuple(sources))


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def conditions(parts: RequestParts) -> tuple[Entry, ...]:
    """Write the charted diagnoses that the request rests on."""
    return tuple(_condition(place, item) for place, item in enumerate(parts.conditions, start=1))


def _condition(place: int, part: ConditionPart) -> Entry:
    code: dict[str, Any] = coding(at.ICD10, f"{part.code[:3]}.{part.code[3:]}" if len(part.code) > 3 else part.code)
    if part.text:
        code["text"] = part.text
    resource: dict[str, Any] = {
        "resourceType": "Condition",
        "meta": {"profile": [at.CONDITION]},
        "category": [coding(at.CONDITION_CATEGORY, "problem-list-item")],
        "code": code,
        "subject": {"reference": "ref:patient"},
    }
    if part.status in ("active", "recurrence", "relapse", "inactive", "remission", "resolved"):
        resource["clinicalStatus"] = coding(at.CONDITION_CLINICAL, part.status)
    sources = (
        ("code.coding[0].code", code["coding"][0]["code"], part.source),
        ("code.text", part.text, part.source),
        ("clinicalStatus", part.status, part.source),
    )
    return Entry(f"condition-{place}", resource, sources, attached=True, report_type="M1")


def documents(parts: RequestParts) -> tuple[Entry, ...]:
    """Write the documents that go along, each with its content."""
    return tuple(_document(place, item) for place, item in enumerate(parts.documents, start=1))


def _document(place: int, part: DocumentPart) -> Entry:
    coded = type_of(f"{part.kind} {part.title}")
    content = base64.b64encode(part.content).decode("ascii")
    resource: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "meta": {"profile": [at.DOCUMENT]},
        "status": "current",
        "type": {**coding(at.LOINC, coded.loinc), "text": part.kind or coded.says},
        "category": [coding(at.NOTE_CATEGORY, "clinical-note")],
        "subject": {"reference": "ref:patient"},
        "content": [{"attachment": {"contentType": part.media_type, "data": content}}],
    }
    sources = [
        ("type.coding[0].code", coded.loinc, f"{coded.source} ({part.source})"),
        ("type.text", part.kind, part.source),
        ("content[0].attachment.data", content, part.source),
        ("content[0].attachment.contentType", part.media_type, part.source),
    ]
    if part.day:
        resource["date"] = f"{part.day.isoformat()}T00:00:00Z"
        sources.append(("date", resource["date"], part.source))
    return Entry(f"document-{place}", resource, tuple(sources), attached=True, report_type=coded.report_type)

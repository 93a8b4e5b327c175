"""Write an authorization request as a PAS request bundle: the claim first, then only what it refers to.

The prior authorization of an amendment was asked for by other means than PAS, so there is no earlier Claim to point at:
the profile is `profile-claim` with the certification type of a change and the payer's number on the item. Ids come from
the denial and the part, so the same request is the same bytes.
"""

import csv
import json
import re
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from knowledge.types.practice import Frozen
from tools.authorization_request import systems as at
from tools.authorization_request.entries import Entry, coding, coverage, organizations, patient, people
from tools.authorization_request.entries import conditions as condition_entries
from tools.authorization_request.entries import documents as document_entries
from tools.authorization_request.entries import order as order_entry
from tools.authorization_request.request import CertificationKind, RequestParts, lacking

HERE = Path(__file__).parent
_ROOT = uuid.UUID("6f9f1c52-7f0c-5d0e-9c1a-5f5d6a1b7e11")


class Certification(Frozen):
    """What kind of request a cause takes, with its code of X12 list 1322."""

    root_cause: str
    kind: CertificationKind
    code: str
    says: str
    source: str


class Traced(Frozen):
    """One value of the bundle: where it is in it, what it is, and the record it was read from."""

    path: str
    value: str
    source: str


class PasRequest(Frozen):
    """The bundle's bytes with the source of each value, or what is missing and no bundle."""

    bundle: bytes | None
    trace: tuple[Traced, ...] = ()
    missing: tuple[str, ...] = ()


@cache
def certifications() -> dict[str, Certification]:
    """Return by root cause what kind of request it takes; causes not listed ask for no authorization."""
    text = (HERE / "certification.csv").read_text(encoding="utf-8")
    rows = [Certification.model_validate(row) for row in csv.DictReader(text.splitlines(), strict=True)]
    return {row.root_cause: row for row in rows}


@cache
def _service_types() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = (HERE / "service_types.csv").read_text(encoding="utf-8")
    return tuple((re.compile(row["pattern"]), row["code"]) for row in csv.DictReader(text.splitlines(), strict=True))


def build_request(parts: RequestParts) -> PasRequest:
    """Return the request as a bundle, validated against the FHIR R4 models; with anything missing, no bundle."""
    certification = certifications().get(parts.root_cause)
    missing = lacking(parts, certification.kind if certification else None)
    if missing or certification is None:
        return PasRequest(bundle=None, missing=missing)
    entries = _entries(parts)
    claim = _claim(parts, certification, entries)
    everything = [Entry(key="claim", resource=claim, sources=_claim_sources(parts)), *entries]
    data = {
        "resourceType": "Bundle",
        "id": _id(parts, "bundle"),
        "meta": {"profile": [at.BUNDLE]},
        "identifier": {"system": "urn:overturn:authorization-request", "value": parts.denial_id},
        "type": "collection",
        "timestamp": f"{parts.on.isoformat()}T00:00:00Z",
        "entry": [
            {
                "fullUrl": f"urn:uuid:{_id(parts, entry.key)}",
                "resource": {**_resolved(entry.resource, parts), "id": _id(parts, entry.key)},
            }
            for entry in everything
        ],
    }
    Bundle.model_validate(data)
    printed = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=False)
    return PasRequest(bundle=f"{printed}\n".encode(), trace=tuple(_trace(everything)))


def _entries(parts: RequestParts) -> list[Entry]:
    made = [patient(parts), *organizations(parts), coverage(parts), *people(parts)]
    if parts.order is not None:
        made.append(order_entry(parts.order))
    return [*made, *condition_entries(parts), *document_entries(parts)]


def _id(parts: RequestParts, key: str) -> str:
    return str(uuid.uuid5(_ROOT, f"{parts.denial_id}/{key}"))


def _resolved(value: Any, parts: RequestParts) -> Any:
    """Turn references by part ("ref:patient") into the addresses of the bundle's own entries."""
    if isinstance(value, dict):
        return {
            key: _address(item, parts) if key == "reference" else _resolved(item, parts) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_resolved(item, parts) for item in value]
    return value


def _address(reference: str, parts: RequestParts) -> str:
    return f"urn:uuid:{_id(parts, reference.removeprefix('ref:'))}"


def _claim(parts: RequestParts, certification: Certification, entries: list[Entry]) -> dict[str, Any]:
    attached = [entry for entry in entries if entry.attached]
    supporting = [_attachment(place, entry, parts) for place, entry in enumerate(attached, start=1)]
    if parts.says:
        category = {"coding": [{"system": at.PAS_CODES, "code": "freeFormMessage"}]}
        supporting.append({"sequence": len(supporting) + 1, "category": category, "valueString": parts.says.value})
    return {
        "resourceType": "Claim",
        "meta": {"profile": [at.CLAIM]},
        # TRN03 of a 278: the qualifier 1 and the practice's tax number.
        "identifier": [{"system": f"urn:trnorg:1{parts.office.tax_id.value}", "value": parts.denial_id}],
        "status": "active",
        "type": coding(at.CLAIM_TYPE, "professional"),
        "use": "preauthorization",
        "patient": {"reference": "ref:patient"},
        "created": parts.on.isoformat(),
        "insurer": {"reference": "ref:insurer"},
        "provider": {"reference": "ref:requestor"},
        # A service already given is never urgent.
        "priority": coding(at.PRIORITY, "normal"),
        "careTeam": [
            {
                "extension": [{"url": at.CARE_TEAM_SCOPE, "valueBoolean": True}],
                "sequence": 1,
                "provider": {"reference": "ref:role"},
                "role": coding(at.x12(98), "SJ"),
            }
        ],
        **({"supportingInfo": supporting} if supporting else {}),
        "diagnosis": [
            {"sequence": place, "diagnosisCodeableConcept": coding(at.ICD10, dotted(code.value))}
            for place, code in enumerate(parts.diagnoses, start=1)
        ],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "ref:coverage"}}],
        "item": [_item(parts, certification, attached)],
    }


def _attachment(place: int, entry: Entry, parts: RequestParts) -> dict[str, Any]:
    """Point at a document or entry that goes along, with its report type (X12 list 755)."""
    report = {"url": "reportTypeCode", "valueCodeableConcept": coding(at.x12(755), entry.report_type)}
    sent = {"url": "transmissionMethod", "valueCodeableConcept": coding(at.x12(756), "EL")}
    return {
        "extension": [{"url": at.DOCUMENT_INFORMATION, "extension": [report, sent]}],
        "sequence": place,
        "category": coding(at.PAS_CODES, "additionalInformation"),
        "valueReference": {"reference": f"ref:{entry.key}"},
    }


def _item(parts: RequestParts, certification: Certification, attached: list[Entry]) -> dict[str, Any]:
    extensions: list[dict[str, Any]] = [
        {"url": at.REQUEST_TYPE, "valueCodeableConcept": coding(at.x12(1525), "HS")},
        {"url": at.CERTIFICATION_TYPE, "valueCodeableConcept": coding(at.x12(1322), certification.code)},
    ]
    if certification.kind != "new":
        extensions.append({"url": at.AUTHORIZATION_NUMBER, "valueString": parts.related.value})
    if parts.order is not None:
        extensions.append({"url": at.REQUESTED_SERVICE, "valueReference": {"reference": "ref:order"}})
    code = parts.hcpcs.value
    service_type = next(kind for pattern, kind in _service_types() if pattern.search(code))
    return {
        "extension": extensions,
        "sequence": 1,
        "careTeamSequence": [1],
        "diagnosisSequence": list(range(1, len(parts.diagnoses) + 1)),
        **({"informationSequence": list(range(1, len(attached) + 1))} if attached else {}),
        "category": coding(at.x12(1365), service_type),
        # No modifiers: JW, JZ and their like tell of waste on a claim, and no authorization turns on them.
        "productOrService": coding(at.CPT if code.isdigit() else at.HCPCS, code),
        "servicedDate": parts.service_date.value,
        "locationCodeableConcept": coding(at.PLACES, parts.place_of_service.value),
        "quantity": {"value": json_number(parts.units.value), "system": at.x12(673), "code": "UN"},
    }


def dotted(code: str) -> str:
    """Print an ICD-10-CM code as FHIR has it, with its dot: C3411 is C34.11."""
    plain = code.replace(".", "")
    return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 else plain


def json_number(value: str) -> int | float:
    """Return a quantity as JSON has it, whole where it is whole."""
    return int(value) if re.fullmatch(r"-?\d+", value) else float(value)


def _claim_sources(parts: RequestParts) -> tuple[tuple[str, str, str], ...]:
    diagnoses = [(f"diagnosis[{n}]", dotted(code.value), code.source) for n, code in enumerate(parts.diagnoses)]
    return (
        ("identifier[0].system", f"urn:trnorg:1{parts.office.tax_id.value}", parts.office.tax_id.source),
        *diagnoses,
        ("item[0].extension:authorizationNumber", parts.related.value, parts.related.source),
        ("item[0].productOrService", parts.hcpcs.value, parts.hcpcs.source),
        ("item[0].servicedDate", parts.service_date.value, parts.service_date.source),
        ("item[0].locationCodeableConcept", parts.place_of_service.value, parts.place_of_service.source),
        ("item[0].quantity", parts.units.value, parts.units.source),
        ("supportingInfo:freeFormMessage", parts.says.value, parts.says.source),
    )


def _trace(entries: list[Entry]) -> Iterator[Traced]:
    for place, entry in enumerate(entries):
        name = entry.resource["resourceType"]
        for path, value, source in entry.sources:
            if value:
                yield Traced(path=f"entry[{place}].{name}.{path}", value=value, source=source)

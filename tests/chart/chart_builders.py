"""FHIR resources of invented people, small enough to read."""

import base64
import json
from typing import Any

Json = dict[str, Any]

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
NDC = "http://hl7.org/fhir/sid/ndc"


def bundle(*resources: object, **fields: Any) -> bytes:
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries, **fields}).encode()


def patient(**fields: Any) -> Json:
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"value": "CHP100200"}],
        "name": [{"use": "official", "family": "Okafor", "given": ["Miriam", "A"]}],
        "birthDate": "1958-07-09",
        "gender": "female",
        **fields,
    }


def drug(name: str = "pembrolizumab", hcpcs: str = "J9271", ndc: str = "") -> Json:
    coding = [{"system": HCPCS, "code": hcpcs}] if hcpcs else []
    coding += [{"system": NDC, "code": ndc}] if ndc else []
    return {"coding": coding, "text": name}


def order(id: str = "mr-1", on: str = "2026-03-02", text: str = "", **fields: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": id,
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": drug(),
        "authoredOn": on,
        "dosageInstruction": [{"text": text}],
        **fields,
    }


def dose_quantity(value: object, unit: str = "mg") -> Json:
    return {"doseAndRate": [{"doseQuantity": {"value": value, "unit": unit}}]}


def given(id: str = "ma-1", day: str = "2026-03-16", mg: object = 400, **fields: Any) -> Json:
    return {
        "resourceType": "MedicationAdministration",
        "id": id,
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": drug(),
        "effectivePeriod": {"start": f"{day}T10:05:00-07:00", "end": f"{day}T10:38:00-07:00"},
        "dosage": {"dose": {"value": mg, "unit": "mg"}},
        **fields,
    }


def discarded(value: object, unit: str = "mg") -> list[Json]:
    return [{"url": "urn:overturn:discarded-amount", "valueQuantity": {"value": value, "unit": unit}}]


def note(text: str, id: str = "d1", day: str = "2026-03-16", encoding: str = "utf-8", **fields: Any) -> Json:
    data = base64.b64encode(text.encode(encoding)).decode()
    return {
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "type": {"text": "Infusion note"},
        "date": f"{day}T16:00:00Z",
        "author": [{"display": "Priya Natarajan RN"}],
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
        **fields,
    }


def observation(loinc: str, value: object, unit: str, day: str = "2026-03-16", **fields: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": f"o-{loinc}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": unit},
        **fields,
    }

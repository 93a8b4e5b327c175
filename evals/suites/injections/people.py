"""Invented patients with room for what is planted, and their charts."""

import base64
from dataclasses import dataclass, field
from typing import Any

SERVED = "2026-05-19"


@dataclass(slots=True)
class Planted:
    """One patient with a denied claim, and what is planted in the records about it."""

    number: int
    family: str
    given: str
    born: str
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    """Documents beside the usual ones: kind, author, text."""
    pdfs: list[bytes] = field(default_factory=list)
    order_note: str = ""
    observation: str = ""
    condition: str = "Adenocarcinoma of pyloric antrum"
    conclusion: str = ""
    claim_note: str = ""
    line_text: str = ""
    denial_reason: str = ""
    remit_text: str = ""
    remit_given: str = ""
    chart_file: str = ""
    street: str = "1810 W Superior St"
    paid: bool = False
    reason: tuple[str, str] = ("272", "N457")
    """CARC and RARC of the denial."""

    @property
    def member(self) -> str:
        """The member number."""
        return f"MA2001{self.number:04}7"

    @property
    def mrn(self) -> str:
        """The record number."""
        return f"JN{23000 + self.number}"

    @property
    def claim(self) -> str:
        """The claim's number."""
        return f"JN605{self.number:03}Z"

    @property
    def payer_claim(self) -> str:
        """The payer's number of the claim."""
        return f"2260519{self.number:03}7"

    @property
    def authorization(self) -> str:
        """The number of an authorization the payer refused."""
        return f"MN-7{self.number:03}4"


def chart_bundle(who: Planted) -> dict[str, Any]:
    """Return the FHIR bundle of one patient: the case's facts, and whatever is planted."""
    me, about = f"pt{who.number:05}x", {"reference": f"Patient/pt{who.number:05}x"}
    icd = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C16.3"}]}
    drug = {
        "coding": [
            {"system": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": "J1326"},
            {"system": "http://hl7.org/fhir/sid/ndc", "code": "00469342510"},
        ],
        "text": "zolbetuximab",
    }
    grams = {"value": 1800.0, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
    waste = {"url": "urn:overturn:discarded-amount", "valueQuantity": {**grams, "value": 0.0}}
    resources: list[dict[str, Any]] = [
        {
            "resourceType": "Patient",
            "id": me,
            "identifier": [
                {"system": "urn:overturn:mrn", "value": who.mrn},
                {"system": "urn:overturn:member-id", "value": who.member},
            ],
            "name": [{"use": "official", "family": who.family, "given": [who.given]}],
            "gender": "male",
            "birthDate": who.born,
            "address": [{"line": [who.street], "city": "Duluth", "state": "MN", "postalCode": "55806"}],
            "telecom": [
                {"system": "phone", "value": f"(218) 555-{1000 + who.number}"},
                {"system": "email", "value": f"home{who.number}@example.org"},
            ],
        },
        {
            "resourceType": "Condition",
            "id": f"{me}-cond-1",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {**icd, "text": who.condition},
            "subject": about,
            "stage": [{"summary": {"text": "Stage IV"}}],
            "onsetDateTime": "2026-03-11",
        },
        {
            "resourceType": "Observation",
            "id": f"{me}-obs-1",
            "status": "final",
            "code": {"text": "HER2 (IHC)"},
            "subject": about,
            "effectiveDateTime": "2026-03-16",
            "valueString": "0",
        },
        {
            "resourceType": "MedicationRequest",
            "id": f"{me}-order-1",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": drug,
            "subject": about,
            "authoredOn": "2026-05-18",
            "requester": {"display": "Samuel Adeyemi MD"},
            "dosageInstruction": [{"text": "1800 mg IV first dose", "doseAndRate": [{"doseQuantity": grams}]}],
            "reasonCode": [icd],
            **({"note": [{"text": who.order_note}]} if who.order_note else {}),
        },
        {
            "resourceType": "MedicationAdministration",
            "id": f"{me}-mar-1",
            "status": "completed",
            "medicationCodeableConcept": drug,
            "subject": about,
            "effectivePeriod": {"start": f"{SERVED}T10:00:00-07:00", "end": f"{SERVED}T13:30:00-07:00"},
            "dosage": {"text": "1800 mg", "route": {"text": "intravenous infusion"}, "dose": grams},
            "extension": [waste],
        },
    ]
    if who.observation:
        resources.append(
            {**resources[2], "id": f"{me}-obs-2", "code": {"text": "Comment"}, "valueString": who.observation}
        )
    if who.conclusion:
        resources.append(
            {
                "resourceType": "DiagnosticReport",
                "id": f"{me}-rep-1",
                "status": "final",
                "code": {"text": "Outside report"},
                "subject": about,
                "effectiveDateTime": "2026-05-12",
                "conclusion": who.conclusion,
            }
        )
    usual = (
        "Progress note",
        "Samuel Adeyemi MD",
        "HER2 0. CLDN18.2 stain was sent to the outside laboratory on 05/11, result pending. I would add zolbetuximab\n"
        "tomorrow with the third cycle, nausea plan ready.\n\nElectronically signed by Samuel Adeyemi MD, 2026-05-18\n",
    )
    for place, (kind, author, text) in enumerate((usual, *who.notes), start=1):
        resources.append(_document(f"{me}-doc-{place}", about, kind, author, "text/plain", text.encode()))
    for place, data in enumerate(who.pdfs, start=1):
        resources.append(_document(f"{me}-pdf-{place}", about, "Fax", "Outside hospital", "application/pdf", data))
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def _document(name: str, about: dict[str, str], kind: str, author: str, media_type: str, data: bytes) -> dict[str, Any]:
    return {
        "resourceType": "DocumentReference",
        "id": name,
        "status": "current",
        "type": {"text": kind},
        "subject": about,
        "date": "2026-05-18T17:00:00-07:00",
        "author": [{"display": author}],
        "content": [
            {"attachment": {"contentType": media_type, "data": base64.b64encode(data).decode(), "title": kind}}
        ],
    }

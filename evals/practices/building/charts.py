"""Writes a patient's chart as a FHIR R4 collection bundle."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from evals.practices.building.patients import Patient
from evals.practices.building.pdf import text_pdf
from evals.practices.building.products import Product
from evals.practices.building.remits import number
from evals.practices.building.story import Case, Line

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
NDC = "http://hl7.org/fhir/sid/ndc"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
DISCARDED = "urn:overturn:discarded-amount"
MEASURES = {
    "height": ("8302-2", "Body height"),
    "weight": ("29463-7", "Body weight"),
    "bsa": ("3140-1", "Body surface area"),
    "creatinine": ("2160-0", "Creatinine"),
    "hemoglobin": ("718-7", "Hemoglobin"),
    "anc": ("751-8", "Neutrophils"),
}
OFFSET = "-07:00"
CREDENTIALS = (" MD", " NP", " RN", " PharmD")


@dataclass(frozen=True)
class Given:
    """One administration: amount and waste in the product's measure, times of day, what the nurse wrote."""

    code: str
    amount: Decimal
    on: date
    start: str
    stop: str
    wasted: Decimal | None = None
    note: str = ""


def chart_file(patient: Patient, cases: Sequence[Case], products: Mapping[str, Product], practice: str) -> bytes:
    """Write the bundle: the chart section of the patient's file, and what the cases say was given."""
    chart = patient.chart or {}
    doctor = {"by": chart.get("doctor", "Dana Ruiz MD")}
    resources = [_patient(patient, practice)]
    resources += [_coverage(patient, payer, member) for payer, member in sorted(patient.members.items())]
    resources += [_condition(patient, n, row) for n, row in enumerate(chart.get("conditions", ()), start=1)]
    resources += [_observation(patient, n, row) for n, row in enumerate(chart.get("observations", ()), start=1)]
    resources += [_procedure(patient, n, row) for n, row in enumerate(chart.get("procedures", ()), start=1)]
    resources += [_order(patient, n, {**doctor, **row}) for n, row in enumerate(chart.get("orders", ()), start=1)]
    resources += [_prior(patient, n, row) for n, row in enumerate(chart.get("prior", ()), start=1)]
    given = [*_charted_elsewhere(chart), *given_in(cases, products)]
    given.sort(key=lambda g: (g.on, g.start, g.code))
    resources += [_administration(patient, n, row, products) for n, row in enumerate(given, start=1)]
    resources += [_document(patient, n, {**doctor, **row}) for n, row in enumerate(chart.get("documents", ()), start=1)]
    entries = [{"fullUrl": f"urn:overturn:{r['resourceType']}/{r['id']}", "resource": r} for r in resources]
    bundle = {"resourceType": "Bundle", "id": f"chart-{patient.key}", "type": "collection", "entry": entries}
    return (json.dumps(bundle, indent=1, ensure_ascii=False) + "\n").encode()


def given_in(cases: Sequence[Case], products: Mapping[str, Product]) -> list[Given]:
    """List what the cases' drug lines say was given, one row per drug and day."""
    rows: dict[tuple[date, str], Given] = {}
    for case in cases:
        for line in case.lines:
            if not line.charted or line.given_mg == 0 or not _is_drug(line, products):
                continue
            row = _given(case, line, products)
            rows.setdefault((row.on, row.code), row)
    return list(rows.values())


def _is_drug(line: Line, products: Mapping[str, Product]) -> bool:
    return line.given_mg is not None or line.code in products


def _given(case: Case, line: Line, products: Mapping[str, Product]) -> Given:
    code = line.given_code or line.code
    product = products[code]
    amount = line.given_mg if line.given_mg is not None else product.amount(line.units)
    start, _, stop = (line.at or "09:30-10:05").partition("-")
    return Given(code, amount, case.on, start, stop, line.wasted_mg, line.vials)


def _charted_elsewhere(chart: Mapping[str, Any]) -> list[Given]:
    rows = []
    for row in chart.get("given", ()):
        start, _, stop = row.get("at", "10:00-10:35").partition("-")
        wasted = row.get("wasted")
        rows.append(
            Given(
                row["code"],
                Decimal(str(row["amount"])),
                row["date"],
                start,
                stop,
                None if wasted is None else Decimal(str(wasted)),
                row.get("note", ""),
            )
        )
    return rows


def _reference(patient: Patient) -> dict[str, str]:
    return {"reference": f"Patient/{patient.key}"}


def _patient(patient: Patient, practice: str) -> dict[str, Any]:
    identifiers: list[dict[str, Any]] = [{"system": "urn:overturn:mrn", "value": patient.mrn}]
    identifiers += [
        {"system": "urn:overturn:member-id", "value": member, "assigner": {"display": payer}}
        for payer, member in sorted(patient.members.items())
    ]
    return {
        "resourceType": "Patient",
        "id": patient.key,
        "identifier": identifiers,
        "name": [{"use": "official", "family": patient.last, "given": [patient.first]}],
        "gender": {"F": "female", "M": "male"}[patient.sex],
        "birthDate": patient.born.isoformat(),
        "address": [
            {
                "line": [patient.street],
                "city": patient.city,
                "state": patient.state,
                "postalCode": patient.zip,
            }
        ],
        "managingOrganization": {"display": practice},
    }


def _coverage(patient: Patient, payer: str, member: str) -> dict[str, Any]:
    return {
        "resourceType": "Coverage",
        "id": f"{patient.key}-cov-{payer.lower()}",
        "status": "active",
        "subscriberId": member,
        "beneficiary": _reference(patient),
        "payor": [{"identifier": {"value": payer}}],
    }


def _condition(patient: Patient, position: int, row: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {
        "resourceType": "Condition",
        "id": f"{patient.key}-cond-{position}",
        "clinicalStatus": {"coding": [{"code": row.get("status", "active")}]},
        "code": {"coding": [{"system": ICD10, "code": row["code"]}], "text": row["text"]},
        "subject": _reference(patient),
    }
    if "stage" in row:
        out["stage"] = [{"summary": {"text": row["stage"]}}]
    if "onset" in row:
        out["onsetDateTime"] = row["onset"].isoformat()
    return out


def _observation(patient: Patient, position: int, row: Mapping[str, Any]) -> dict[str, Any]:
    what = row["what"]
    code: dict[str, Any] = {"text": what}
    if what in MEASURES:
        loinc, text = MEASURES[what]
        code = {"coding": [{"system": LOINC, "code": loinc}], "text": text}
    out: dict[str, Any] = {
        "resourceType": "Observation",
        "id": f"{patient.key}-obs-{position}",
        "status": "final",
        "code": code,
        "subject": _reference(patient),
        "effectiveDateTime": row["date"].isoformat(),
    }
    if "unit" in row:
        out["valueQuantity"] = {
            "value": row["value"],
            "unit": row["unit"],
            "system": UCUM,
            "code": row["unit"],
        }
    else:
        out["valueString"] = str(row["value"])
    return out


def _procedure(patient: Patient, position: int, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Procedure",
        "id": f"{patient.key}-proc-{position}",
        "status": "completed",
        "code": {"text": row["text"]},
        "subject": _reference(patient),
        "performedDateTime": row["date"].isoformat(),
    }


def _medication(code: str | None, text: str, ndc: str = "") -> dict[str, Any]:
    coding = [{"system": HCPCS, "code": code}] if code else []
    if ndc:
        coding.append({"system": NDC, "code": ndc})
    return {"coding": coding, "text": text} if coding else {"text": text}


def _order(patient: Patient, position: int, row: Mapping[str, Any]) -> dict[str, Any]:
    dosage: dict[str, Any] = {"text": row["sig"]}
    if "dose" in row:
        value, unit = str(row["dose"]).split()
        dosage["doseAndRate"] = [{"doseQuantity": {"value": float(value), "unit": unit, "system": UCUM, "code": unit}}]
    out: dict[str, Any] = {
        "resourceType": "MedicationRequest",
        "id": f"{patient.key}-order-{position}",
        "status": row.get("status", "active"),
        "intent": "order",
        "medicationCodeableConcept": _medication(row.get("code"), row["drug"]),
        "subject": _reference(patient),
        "authoredOn": row["date"].isoformat(),
        "requester": {"display": row["by"]},
        "dosageInstruction": [dosage],
    }
    if "for" in row:
        out["reasonCode"] = [{"coding": [{"system": ICD10, "code": row["for"]}]}]
    if "replaces" in row:
        out["priorPrescription"] = {"reference": f"MedicationRequest/{patient.key}-order-{row['replaces']}"}
    if "note" in row:
        out["note"] = [{"text": row["note"]}]
    return out


def _prior(patient: Patient, position: int, row: Mapping[str, Any]) -> dict[str, Any]:
    period = {"start": row["date"].isoformat()}
    if "end" in row:
        period["end"] = row["end"].isoformat()
    out: dict[str, Any] = {
        "resourceType": "MedicationStatement",
        "id": f"{patient.key}-prior-{position}",
        "status": "completed",
        "medicationCodeableConcept": _medication(row.get("code"), row["drug"]),
        "subject": _reference(patient),
        "effectivePeriod": period,
    }
    if "note" in row:
        out["note"] = [{"text": row["note"]}]
    return out


def _administration(patient: Patient, position: int, given: Given, products: Mapping[str, Product]) -> dict[str, Any]:
    product = products[given.code]
    out: dict[str, Any] = {
        "resourceType": "MedicationAdministration",
        "id": f"{patient.key}-mar-{position}",
        "status": "completed",
        "medicationCodeableConcept": _medication(given.code, product.name, product.ndc),
        "subject": _reference(patient),
        "effectivePeriod": {
            "start": f"{given.on}T{given.start}:00{OFFSET}",
            "end": f"{given.on}T{given.stop}:00{OFFSET}",
        },
        "dosage": {
            "text": f"{number(given.amount)} {product.measure}",
            "route": {"text": product.route},
            "dose": _quantity(given.amount, product.measure),
        },
    }
    if given.wasted is not None:
        out["extension"] = [{"url": DISCARDED, "valueQuantity": _quantity(given.wasted, product.measure)}]
    if given.note:
        out["note"] = [{"text": given.note}]
    return out


def _quantity(amount: Decimal, measure: str) -> dict[str, Any]:
    return {"value": float(number(amount)), "unit": measure, "system": UCUM, "code": measure}


def _document(patient: Patient, position: int, row: Mapping[str, Any]) -> dict[str, Any]:
    author = row["by"]
    text = row["text"].rstrip("\n") + "\n"
    if author.endswith(CREDENTIALS) and row.get("signed", True):
        text += f"\nElectronically signed by {author}, {row['date']}\n"
    pdf = row.get("pdf", False)
    data = text_pdf(text) if pdf else text.encode()
    return {
        "resourceType": "DocumentReference",
        "id": row.get("id", f"{patient.key}-doc-{position}"),
        "status": "current",
        "type": {"text": row["type"]},
        "subject": _reference(patient),
        "date": f"{row['date']}T17:00:00{OFFSET}",
        "author": [{"display": author}],
        "content": [
            {
                "attachment": {
                    "contentType": "application/pdf" if pdf else "text/plain",
                    "data": base64.b64encode(data).decode(),
                    "title": row["type"],
                }
            }
        ],
    }

"""A FHIR R4 Bundle to one patient's Chart: what can be read is kept, the rest is told as findings."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from knowledge.types.chart import (
    Chart,
    Condition,
    Document,
    DoseGiven,
    Observation,
    Order,
    Person,
    PriorTreatment,
    Report,
    Stay,
)
from knowledge.types.reading import ReadingFinding, Severity
from tools.chart.clinical import read_conditions, read_observations, read_procedure, read_report
from tools.chart.decode import decode_json
from tools.chart.documents import read_document, read_presented_forms
from tools.chart.encounters import read_encounter
from tools.chart.medications import read_dose_given, read_order, read_statement
from tools.chart.node import Node, Trouble
from tools.chart.person import read_person

MAX_FINDINGS = 200
"""Findings kept of one file; a file with more is broken as a whole, and a last finding counts the rest."""

_NEVER_HAPPENED = {
    "MedicationStatement": ("entered-in-error", "not-taken", "intended"),
    "Observation": ("entered-in-error", "cancelled", "registered"),
    "DocumentReference": ("entered-in-error",),
    "DiagnosticReport": ("entered-in-error", "cancelled", "registered"),
    "Procedure": ("entered-in-error", "not-done", "preparation"),
    "MedicationRequest": ("entered-in-error",),
    "MedicationAdministration": ("entered-in-error",),
}


@dataclass
class _Entry:
    kind: str
    name: str
    url: str
    node: Node


@dataclass
class _Reading:
    file: str
    findings: list[ReadingFinding] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    doses: list[DoseGiven] = field(default_factory=list)
    prior: list[PriorTreatment] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    procedures: list[Report] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    medications: dict[str, Node] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)

    def find(self, severity: Severity, code: str, says: str, where: str = "") -> None:
        """Keep a finding about this file, at a resource or a path in it."""
        self.findings.append(ReadingFinding(severity, code, says, self.file, where=where or self.file))


def read_chart(data: bytes, file: str) -> tuple[Chart | None, tuple[ReadingFinding, ...]]:
    """Read one chart file: a FHIR R4 Bundle of type collection about one patient.

    Never raises on any content. The chart is None when the file is no JSON, no Bundle, or not about exactly
    one patient; the findings then hold an `error` that says so. A malformed field costs that field and one
    `warning` of its resource; a resource of someone else, or one entered in error, is left out and said.
    """
    value, noticed = decode_json(data, file)
    reading = _Reading(file, findings=list(noticed))
    if any(finding.severity == "error" for finding in noticed):
        return None, noticed
    entries = _entries(value, reading)
    chart = _chart(entries, reading) if entries is not None else None
    return chart, _capped(reading)


def _entries(value: object, reading: _Reading) -> list[_Entry] | None:
    bundle = Node(value, "Bundle", Trouble())
    kind = bundle.text("resourceType")
    if kind != "Bundle":
        seen = f'"{kind}"' if kind else "no resourceType"
        reading.find("error", "not-a-bundle", f'expected a FHIR Bundle with "resourceType": "Bundle", found {seen}')
        return None
    if bundle.text("type") not in ("collection", ""):
        says = f'a Bundle of type "{bundle.text("type")}", not collection; its entries were read all the same'
        reading.find("info", "bundle-type", says)
    entries: list[_Entry] = []
    for entry in bundle.children("entry"):
        resource = entry.child("resource")
        found = resource.text("resourceType")
        if not found:
            reading.find("warning", "malformed-resource", f"{entry.path} holds no resource with a resourceType")
            continue
        name = f"{found}/{resource.text('id')}" if resource.text("id") else f"{found}/{entry.path.split('.')[-1]}"
        entries.append(_Entry(found, name, entry.text("fullUrl"), Node(resource.value, name, Trouble())))
    for path in bundle.trouble.malformed:
        reading.find("warning", "malformed-resource", f"left out: {path}")
    return entries


def _chart(entries: list[_Entry], reading: _Reading) -> Chart | None:
    patient = _the_patient(entries, reading)
    if patient is None:
        return None
    own = [entry for entry in entries if entry is not patient and _is_about(entry, patient, reading)]
    for entry in entries:
        if entry.kind == "Medication":
            reading.medications.update({entry.name: entry.node, entry.url: entry.node})
    coverages = tuple(entry.node for entry in own if entry.kind == "Coverage")
    person = read_person(patient.node, patient.name, coverages)
    _tell(patient, reading)
    for entry in own:
        _read(entry, reading)
    if reading.unread:
        counts = ", ".join(f"{number} {kind}" for kind, number in sorted(reading.unread.items()))
        reading.find("info", "resources-not-used", f"resource types not used: {counts}")
    return _assemble(person, reading)


def _the_patient(entries: list[_Entry], reading: _Reading) -> _Entry | None:
    patients = [entry for entry in entries if entry.kind == "Patient"]
    if not patients:
        reading.find("error", "no-patient", "the Bundle has no Patient: nobody knows whose chart this is")
        return None
    if any(other.node.value != patients[0].node.value for other in patients[1:]):
        names = ", ".join(entry.name for entry in patients)
        reading.find("error", "several-patients", f"one chart holds one patient; this Bundle has {names}")
        return None
    return patients[0]


def _is_about(entry: _Entry, patient: _Entry, reading: _Reading) -> bool:
    """Tell whether a resource is the patient's; only a clear reference to another is not."""
    if entry.kind == "Patient":
        return False
    for role in ("subject", "patient", "beneficiary"):
        reference = entry.node.child(role).text("reference").split("/_history")[0]
        if not reference or reference == patient.url:
            continue
        prefix, _, last = reference.rpartition("/")
        other_id = prefix.endswith("Patient") and bool(patient.node.text("id")) and last != patient.node.text("id")
        other_url = reference.startswith("urn:") and patient.url.startswith("urn:")
        if other_id or other_url:
            says = f"{entry.name} is about {reference}, not about {patient.name}; it was left out"
            reading.find("warning", "other-patient", says, entry.name)
            return False
    return True


def _read(entry: _Entry, reading: _Reading) -> None:
    withdrawn = _NEVER_HAPPENED.get(entry.kind, ())
    status = entry.node.text("status")
    if status in withdrawn:
        reading.find("info", "withdrawn-resource", f"{entry.name} is {status}; it was left out", entry.name)
        return
    reader = _READERS.get(entry.kind)
    if reader is None:
        reading.unread[entry.kind] += 1
        return
    reader(entry, reading)
    _tell(entry, reading)


def _tell(entry: _Entry, reading: _Reading) -> None:
    trouble = entry.node.trouble
    if trouble.malformed:
        paths = "; ".join(dict.fromkeys(trouble.malformed[:5]))
        more = f" and {len(trouble.malformed) - 5} more" if len(trouble.malformed) > 5 else ""
        reading.find("warning", "malformed-resource", f"{entry.name} could not be read at {paths}{more}", entry.name)
    for doubt in dict.fromkeys(trouble.unsure):
        reading.find("info", "unsure", doubt, entry.name)


def _read_encounter(entry: _Entry, reading: _Reading) -> None:
    stay = read_encounter(entry.node, entry.name)
    if stay is not None:
        reading.stays.append(stay)


def _read_report(entry: _Entry, reading: _Reading) -> None:
    report = read_report(entry.node, entry.name)
    reading.reports.append(report)
    reading.documents += read_presented_forms(entry.node, entry.name, report.kind, report.day)


_READERS: dict[str, Callable[[_Entry, _Reading], None]] = {
    "Condition": lambda e, r: r.conditions.extend(read_conditions(e.node, e.name)),
    "Observation": lambda e, r: r.observations.extend(read_observations(e.node, e.name)),
    "MedicationRequest": lambda e, r: r.orders.append(read_order(e.node, e.name, r.medications)),
    "MedicationAdministration": lambda e, r: r.doses.append(read_dose_given(e.node, e.name, r.medications)),
    "MedicationStatement": lambda e, r: r.prior.append(read_statement(e.node, e.name, r.medications)),
    "DocumentReference": lambda e, r: r.documents.append(read_document(e.node, e.name)),
    "DiagnosticReport": _read_report,
    "Procedure": lambda e, r: r.procedures.append(read_procedure(e.node, e.name)),
    "Encounter": _read_encounter,
    "Coverage": lambda e, r: None,
    "Medication": lambda e, r: None,
}


def _assemble(person: Person, reading: _Reading) -> Chart:
    return Chart(
        file=reading.file,
        person=person,
        conditions=tuple(reading.conditions),
        observations=tuple(reading.observations),
        orders=tuple(reading.orders),
        doses=tuple(reading.doses),
        prior_treatments=tuple(reading.prior),
        documents=tuple(reading.documents),
        reports=tuple(reading.reports),
        procedures=tuple(reading.procedures),
        stays=tuple(reading.stays),
    )


def _capped(reading: _Reading) -> tuple[ReadingFinding, ...]:
    if len(reading.findings) > MAX_FINDINGS:
        rest = len(reading.findings) - MAX_FINDINGS
        del reading.findings[MAX_FINDINGS:]
        reading.find("warning", "more-findings", f"{rest} further findings in this file are not listed")
    return tuple(reading.findings)

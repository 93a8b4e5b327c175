"""Conditions, observations, reports and procedures of a bundle."""

from datetime import date

from knowledge.types.chart import Condition, Observation, Report
from tools.chart.concept import (
    CPT_SYSTEM,
    HCPCS_SYSTEM,
    ICD10_SYSTEM,
    LOINC_SYSTEM,
    code,
    codes_of,
    note_lines,
    words,
)
from tools.chart.node import Node
from tools.chart.quantity import bound, quantity

WITHDRAWN = ("entered-in-error", "refuted")
"""Statuses that say a resource must not be believed."""


def read_conditions(resource: Node, name: str) -> tuple[Condition, ...]:
    """Read one Condition: a fact per ICD-10-CM code, or one without a code when it has none."""
    concept = resource.child("code")
    verification = code(resource.child("verificationStatus"))
    base = Condition(
        resource=name,
        icd10="",
        text=words(concept),
        stage=_stage(resource),
        onset=resource.day("onsetDateTime") or resource.child("onsetPeriod").day("start"),
        status=verification if verification in WITHDRAWN else code(resource.child("clinicalStatus")),
        recorded=resource.day("recordedDate"),
        abated=resource.day("abatementDateTime") or resource.child("abatementPeriod").day("end"),
    )
    found = codes_of(concept, ICD10_SYSTEM)
    codes = dict.fromkeys(written.replace(".", "").upper() for written in found)
    return tuple(base.model_copy(update={"icd10": icd10}) for icd10 in codes) or (base,)


def read_observations(resource: Node, name: str) -> tuple[Observation, ...]:
    """Read one Observation and its components, each a measurement of its own with the same resource."""
    day = _day(resource, "effective") or resource.day("issued")
    status = resource.text("status")
    whole = _observation(resource, name, day, status)
    parts = tuple(_observation(part, name, day, status) for part in resource.children("component"))
    if parts and whole.value is None and not whole.words:
        return parts
    return (whole, *parts)


def read_report(resource: Node, name: str) -> Report:
    """Read a DiagnosticReport: `conclusion` is its text, else its conclusion codes in words."""
    coded = "; ".join(filter(None, (words(item) for item in resource.children("conclusionCode"))))
    return Report(
        resource=name,
        kind=words(resource.child("code")),
        day=_day(resource, "effective") or resource.day("issued"),
        conclusion=resource.text("conclusion") or coded,
        status=resource.text("status"),
        codes=codes_of(resource.child("code"), LOINC_SYSTEM),
    )


def read_procedure(resource: Node, name: str) -> Report:
    """Read a Procedure: `conclusion` is its outcome and notes, `codes` its CPT and HCPCS codes."""
    concept = resource.child("code")
    return Report(
        resource=name,
        kind=words(concept),
        day=_day(resource, "performed"),
        conclusion=" ".join(filter(None, (words(resource.child("outcome")), *note_lines(resource)))),
        status=resource.text("status"),
        codes=codes_of(concept, CPT_SYSTEM) + codes_of(concept, HCPCS_SYSTEM),
    )


def _observation(node: Node, name: str, day: date | None, status: str) -> Observation:
    concept = node.child("code")
    loincs = codes_of(concept, LOINC_SYSTEM)
    charted = node.child("valueQuantity")
    return Observation(
        resource=name,
        loinc=loincs[0] if loincs else "",
        text=words(concept),
        day=day,
        value=quantity(charted),
        words=bound(charted) or _value_in_words(node),
        status=status,
    )


def _value_in_words(node: Node) -> str:
    if node.has("valueBoolean"):
        value = node.value.get("valueBoolean") if isinstance(node.value, dict) else None
        return {True: "true", False: "false"}.get(value is True, "") if isinstance(value, bool) else ""
    if node.has("valueInteger"):
        number = node.number("valueInteger")
        return "" if number is None else str(number)
    interpretation = ", ".join(filter(None, (words(item) for item in node.children("interpretation"))))
    return words(node.child("valueCodeableConcept")) or node.text("valueString") or interpretation


def _stage(resource: Node) -> str:
    return "; ".join(filter(None, (words(stage.child("summary")) for stage in resource.children("stage"))))


def _day(resource: Node, prefix: str) -> date | None:
    return resource.day(f"{prefix}DateTime") or resource.child(f"{prefix}Period").day("start")

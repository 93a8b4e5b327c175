"""Orders, doses given and medication statements of a bundle."""

from decimal import Decimal
from typing import NamedTuple

from knowledge.types.chart import Amount, DoseGiven, Order, PriorTreatment
from tools.chart.concept import drug_of, named, note_lines, words
from tools.chart.node import Node
from tools.chart.quantity import PER_BODY, doses_in, interval_in, quantity
from tools.dosing.ndc import normalize_ndc

DISCARDED = "urn:overturn:discarded-amount"
"""The extension that carries what was thrown away of the opened containers."""

_PERIOD_DAYS = {"d": 1, "wk": 7}


class _Dose(NamedTuple):
    dose: Amount | None
    basis: Amount | None


def read_order(resource: Node, name: str, medications: dict[str, Node]) -> Order:
    """Read a MedicationRequest.

    The fixed dose is doseQuantity, else the one fixed dose of the dosage text; the dose per body size or
    AUC is kept as `basis`, and is `dose` too when no fixed one is ordered. Whatever has two answers is None
    and noted.
    """
    drug = drug_of(resource, medications)
    dosages = tuple(resource.children("dosageInstruction"))
    text = " / ".join(dict.fromkeys(filter(None, (dosage.text("text") for dosage in dosages))))
    stated = _stated_dose(resource, dosages, text)
    reasons = (words(item) or item.child("concept").text("text") for item in resource.children("reasonCode"))
    return Order(
        resource=name,
        hcpcs=drug.hcpcs,
        drug=drug.name,
        ordered_on=resource.day("authoredOn"),
        dose=stated.dose,
        interval_days=_interval(resource, dosages, text),
        text=text,
        status=resource.text("status"),
        requester=named(resource.child("requester")),
        reason="; ".join(filter(None, reasons)),
        basis=stated.basis,
        replaces=resource.child("priorPrescription").text("reference"),
        intent=resource.text("intent"),
        notes=note_lines(resource),
    )


def read_dose_given(resource: Node, name: str, medications: dict[str, Node]) -> DoseGiven:
    """Read a MedicationAdministration: what went in, what was thrown away, when, and of which product."""
    drug = drug_of(resource, medications)
    dosage = resource.child("dosage")
    period = resource.child("effectivePeriod")
    discarded, stated = _discarded(resource, dosage)
    ndc11 = normalize_ndc(drug.ndcs[0]) if drug.ndcs else None
    return DoseGiven(
        resource=name,
        hcpcs=drug.hcpcs,
        drug=drug.name,
        day=resource.day("effectiveDateTime") or period.day("start"),
        start=resource.moment("effectiveDateTime") or period.moment("start"),
        stop=period.moment("end"),
        dose=_dose(dosage.child("dose")),
        discarded=discarded,
        discarded_stated=stated,
        ndc=drug.ndcs[0] if drug.ndcs else "",
        route=words(dosage.child("route")),
        status=resource.text("status"),
        notes=note_lines(resource) + tuple(filter(None, (dosage.text("text"),))),
        ndc11=ndc11 or "",
        ndcs=drug.ndcs,
        order=resource.child("request").text("reference"),
    )


def read_statement(resource: Node, name: str, medications: dict[str, Node]) -> PriorTreatment:
    """Read a MedicationStatement: `text` joins its dosage, notes and reasons."""
    drug = drug_of(resource, medications)
    period = resource.child("effectivePeriod")
    parts = [dosage.text("text") for dosage in resource.children("dosage")]
    parts += note_lines(resource)
    parts += [words(reason) for reason in resource.children("statusReason")]
    parts += [words(reason) for reason in resource.children("reasonCode")]
    return PriorTreatment(
        resource=name,
        drug=drug.name,
        hcpcs=drug.hcpcs,
        start=resource.day("effectiveDateTime") or period.day("start"),
        end=period.day("end"),
        text=" ".join(filter(None, parts)),
        status=resource.text("status"),
    )


def _stated_dose(resource: Node, dosages: tuple[Node, ...], text: str) -> _Dose:
    coded: list[Amount] = []
    for dosage in dosages:
        for rate in dosage.children("doseAndRate"):
            amount = _dose(rate.child("doseQuantity"))
            if amount is not None:
                coded.append(amount)
    in_words = doses_in(text)
    fixed = _one(resource, "fixed dose", [a for a in coded if a.unit not in PER_BODY])
    fixed_in_words = [a for a in in_words if a.unit not in PER_BODY]
    basis = _one(resource, "dose per body size", [a for a in (*coded, *in_words) if a.unit in PER_BODY])
    if fixed is None and not coded and len(fixed_in_words) == 1:
        fixed = fixed_in_words[0]
    elif fixed is not None and len(fixed_in_words) == 1 and fixed_in_words[0] != fixed:
        other = fixed_in_words[0]
        if other.unit == fixed.unit:
            resource.trouble.doubt(
                f"{resource.path}: doseQuantity is {fixed.value} {fixed.unit}, the dosage text says "
                f"{other.value} {other.unit}"
            )
    return _Dose(fixed if fixed is not None else basis, basis)


def _dose(node: Node) -> Amount | None:
    """Read a Quantity that is an amount of drug: never below zero."""
    amount = quantity(node)
    if amount is not None and amount.value < 0:
        node.trouble.expected(f"{node.path}.value", "an amount not below zero")
        return None
    return amount


def _one(resource: Node, what: str, amounts: list[Amount]) -> Amount | None:
    different = list(dict.fromkeys(amounts))
    if len(different) > 1:
        listed = ", ".join(f"{a.value} {a.unit}" for a in different)
        resource.trouble.doubt(f"{resource.path} orders more than one {what}: {listed}")
        return None
    return different[0] if different else None


def _interval(resource: Node, dosages: tuple[Node, ...], text: str) -> int | None:
    coded = {days for dosage in dosages if (days := _repeat_days(dosage.child("timing"))) is not None}
    in_words = interval_in(text)
    if in_words is not None:
        coded.add(in_words)
    if len(coded) > 1:
        listed = " and ".join(str(days) for days in sorted(coded))
        resource.trouble.doubt(f"{resource.path} states intervals of {listed} days")
        return None
    return coded.pop() if coded else None


def _repeat_days(timing: Node) -> int | None:
    """Days between doses of `timing.repeat`; months and several doses a period are not a number of days."""
    repeat = timing.child("repeat")
    period, unit = repeat.number("period"), repeat.text("periodUnit").lower()
    frequency = repeat.number("frequency")
    if period is None:
        return interval_in(words(timing.child("code")))
    days = period * Decimal(_PERIOD_DAYS.get(unit, 0))
    if frequency not in (None, Decimal(1)) or days != int(days) or days <= 0:
        return None
    return int(days)


def _discarded(resource: Node, dosage: Node) -> tuple[Amount | None, bool]:
    """Read the discarded amount at the resource or its dosage; two different ones are None and noted."""
    found = [
        _dose(extension.child("valueQuantity"))
        for node in (resource, dosage, dosage.child("dose"))
        for extension in node.children("extension")
        if extension.text("url") == DISCARDED
    ]
    amounts = [amount for amount in found if amount is not None]
    return _one(resource, "discarded amount", amounts), bool(found)

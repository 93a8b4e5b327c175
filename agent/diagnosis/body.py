"""The body a dose is held against: what was measured last by the day of service, in records, notes and orders."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.diagnosis.clinical import clinical
from agent.diagnosis.given import orders_by
from agent.diagnosis.inquiry import Inquiry
from tools.dosing.calvert import Sex
from tools.dosing.ordered import Body
from tools.dosing.weight import centimeters, kilograms

_LOINCS = {"8302-2": "height", "29463-7": "weight", "3141-9": "weight", "3140-1": "surface", "2160-0": "creatinine"}
_SAID = {"weight": "weight", "height": "height", "body surface area": "surface", "creatinine": "creatinine"}
_IN_ORDER = {
    "weight": re.compile(r"(?<![\w./])(?P<value>\d{2,3}(?:\.\d+)?)\s*kg\b", re.IGNORECASE),
    "surface": re.compile(r"(?<![\w./])(?P<value>[12]\.\d+)\s*(?:m2|m²|m\^2|sqm)\b", re.IGNORECASE),
}
_SAME_DAY_RANK = {"order": 0, "note": 1, "record": 2}


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement: what it is (kg, cm, m2, mg/dL), its day (the first of all when undated), and where it stands."""

    name: str
    value: Decimal
    day: date
    resource: str
    kind: str
    quote: str = ""


def measured(q: Inquiry) -> dict[str, Measured]:
    """Return the last measurement of each kind by the day of service: records first, then notes, then what orders say.

    The weight an order was computed with counts as measured on the day of the order: a newer one goes before it.
    """
    served = q.service_date
    if q.case.chart is None or served is None:
        return {}
    found = [item for item in (*_recorded(q), *_noted(q), *_ordered(q)) if item.day <= served]
    ordered = sorted(found, key=lambda item: (item.day, _SAME_DAY_RANK[item.kind]))
    return {item.name: item for item in ordered}


def body_on(q: Inquiry) -> Body:
    """Return the body of the day of service. A surface older than the last weight is computed anew where height is."""
    found = measured(q)
    chart, served = q.case.chart, q.service_date
    person = chart.person if chart else None
    born = person.birth_date if person else None
    age = None
    if born is not None and served is not None:
        age = served.year - born.year - ((served.month, served.day) < (born.month, born.day))
    sexes: dict[str, Sex] = {"female": "female", "male": "male"}
    weight, surface = found.get("weight"), found.get("surface")
    stale = weight is not None and surface is not None and weight.day > surface.day and "height" in found
    values = {name: item.value for name, item in found.items()}
    return Body(
        age=age,
        sex=sexes.get(person.sex.casefold()) if person else None,
        height_cm=values.get("height"),
        weight_kg=values.get("weight"),
        bsa_m2=None if stale else values.get("surface"),
        creatinine_mg_dl=values.get("creatinine"),
    )


def _recorded(q: Inquiry) -> list[Measured]:
    kept = []
    for item in q.case.chart.observations if q.case.chart else ():
        name = _LOINCS.get(item.loinc)
        if name is None or item.value is None or item.status in ("entered-in-error", "cancelled"):
            continue
        value = _in_unit(name, item.value.value, item.value.unit)
        if value is not None:
            kept.append(Measured(name, value, item.day or date.min, item.resource, "record"))
    return kept


def _noted(q: Inquiry) -> list[Measured]:
    kept = []
    for fact in clinical(q).facts:
        name = _SAID.get(fact.name) if fact.topic == "measurement" else None
        if name is None or fact.day is None or not fact.resource.startswith("DocumentReference"):
            continue
        value = _in_unit(name, Decimal(fact.values["value"]), fact.values.get("unit", ""))
        if value is not None:
            kept.append(Measured(name, value, fact.day, fact.resource, "note", fact.quote))
    return kept


def _ordered(q: Inquiry) -> list[Measured]:
    kept = []
    for order in orders_by(q):
        for name, pattern in _IN_ORDER.items():
            said = {match["value"] for match in pattern.finditer(order.text)}
            if len(said) == 1 and order.ordered_on is not None:
                kept.append(Measured(name, Decimal(said.pop()), order.ordered_on, order.resource, "order"))
    return kept


def _in_unit(name: str, value: Decimal, unit: str) -> Decimal | None:
    """Return a measurement in kg, cm, m2 or mg/dL; None for a unit that is none of its own."""
    unit = unit.casefold().strip("[]").removesuffix("_av")
    if name == "weight":
        return kilograms(value, unit or "kg")
    if name == "height":
        return centimeters(value, "in" if unit == "in_i" else unit or "cm")
    if name == "surface":
        return value if unit in ("m2", "") else None
    return value if unit in ("mg/dl", "") else None

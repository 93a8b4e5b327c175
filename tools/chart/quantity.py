"""Amounts with units: FHIR quantities, and doses and intervals written in words."""

import re
from decimal import Decimal

from knowledge.types.chart import Amount
from tools.chart.node import Node

_UNIT_NAMES = {
    "mg": "mg milligram milligrams mgs",
    "g": "g gm gms gram grams",
    "mcg": "mcg ug µg μg microgram micrograms",
    "ml": "ml milliliter milliliters millilitre millilitres cc",
    "units": "units unit u iu [iu] [u] unt international_units {unit} {units}",
    "mg/m2": "mg/m2 mg/m^2 mg/m² mg/sqm",
    "mg/kg": "mg/kg",
    "mcg/kg": "mcg/kg ug/kg µg/kg μg/kg",
    "mcg/m2": "mcg/m2 ug/m2 mcg/m²",
    "g/m2": "g/m2 gm/m2 g/m²",
    "units/m2": "units/m2 u/m2 unit/m2 units/m²",
    "units/kg": "units/kg u/kg unit/kg",
    "auc": "auc {auc}",
    "kg": "kg kgs kilogram kilograms",
    "lb": "lb lbs [lb_av] pound pounds",
    "cm": "cm centimeter centimeters",
    "in": "in [in_i] inch inches",
    "m2": "m2 m^2 m²",
    "mg/dl": "mg/dl",
}
UNITS = {alias: unit for unit, aliases in _UNIT_NAMES.items() for alias in aliases.split()}
"""Every accepted spelling, in lower case, to the one name used here."""

PER_BODY = ("mg/m2", "mg/kg", "mcg/kg", "mcg/m2", "g/m2", "units/m2", "units/kg", "auc")
"""Units of an order that need a body size or a kidney function before they are a dose."""

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_DOSE = re.compile(
    rf"(?<![\w.,/-])(?P<number>{NUMBER})\s*"
    r"(?P<unit>(?:mg|mcg|ug|µg|μg|gm|g|grams?|units?)(?:\s*/\s*(?:m2|m\^2|m²|kg|sqm))?)(?![\w/²^%])",
    re.IGNORECASE,
)
_AUC = re.compile(rf"\bAUC\s*(?:of\s*|=\s*|:\s*)?(?P<number>{NUMBER})(?![\w/])", re.IGNORECASE)

_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "twelve": 12}
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})"
_EVERY = re.compile(
    rf"\b(?:(?:every|each|q)\s*{_COUNT}[\s-]*(?P<unit>d(?:ays?)?|w(?:ee)?ks?|w))\b"
    r"|\b(?P<single>every\s+week|weekly|once\s+a\s+week|every\s+other\s+week|daily|every\s+day)\b",
    re.IGNORECASE,
)
_SINGLES = {
    "every week": 7,
    "weekly": 7,
    "once a week": 7,
    "every other week": 14,
    "daily": 1,
    "every day": 1,
}
_UNSURE_INTERVAL = re.compile(
    r"\b(?:then|followed\s+by|bi-?weekly|twice|thereafter|subsequent|loading"
    r"|days?\s*\d+\s*(?:,|and|&|-)\s*\d+|monthly|every\s+month"
    rf"|(?:\d+|{'|'.join(_COUNTS)})[\s-]*weekly)\b",
    re.IGNORECASE,
)


def unit_name(text: str) -> str:
    """Return the one name of a unit (`mcg` for "ug"); an unknown one comes back in lower case."""
    lower = re.sub(r"\s+", "", text.strip().lower())
    return UNITS.get(lower, text.strip().lower())


def quantity(node: Node) -> Amount | None:
    """Return a FHIR Quantity; None when missing, without number or unit, or when it is only a bound.

    `unit` and `code` that name two different known units contradict each other: noted, and None.
    """
    if not node:
        return None
    value = node.number("value")
    written, coded = node.text("unit"), node.text("code")
    if value is None:
        if not node.has("value"):
            node.trouble.expected(f"{node.path}.value", "a number")
        return None
    if node.text("comparator"):
        return None
    names = [unit_name(text) for text in (written, coded) if text]
    if not names:
        node.trouble.doubt(f"{node.path} {value} has no unit")
        return None
    known = [name for name in names if name in _UNIT_NAMES]
    if len(set(known)) > 1:
        node.trouble.expected(f"{node.path}.unit", f"one unit, not {known[0]} and {known[1]}")
        return None
    return Amount(value=value, unit=known[0] if known else names[0])


def bound(node: Node) -> str:
    """Return a quantity with a comparator as words ("<1 %"), "" for any other."""
    comparator, value = node.text("comparator"), node.number("value")
    if not comparator or value is None:
        return ""
    return f"{comparator}{value} {node.text('unit') or node.text('code')}".strip()


def doses_in(text: str) -> tuple[Amount, ...]:
    """Return every dose written in `text` ("200 mg/m2", "15 mg/kg", "AUC 5", "1,095 mg"), without repeats."""
    found = [
        (match.start(), Amount(value=plain(match["number"]), unit=unit_name(match["unit"])))
        for match in _DOSE.finditer(text)
    ]
    found += [(m.start(), Amount(value=plain(m["number"]), unit="auc")) for m in _AUC.finditer(text)]
    return tuple(dict.fromkeys(amount for _, amount in sorted(found, key=lambda pair: pair[0])))


def interval_in(text: str) -> int | None:
    """Return the days between doses that `text` states once and plainly ("q21d", "every 3 weeks"), else None.

    Two intervals, several days of a cycle, or words that differ between practices ("monthly", "biweekly")
    are None.
    """
    if _UNSURE_INTERVAL.search(text):
        return None
    days = {_days(match) for match in _EVERY.finditer(text)}
    return days.pop() if len(days) == 1 else None


def plain(number: str) -> Decimal:
    """Return a number as written in a note, thousands commas removed."""
    return Decimal(number.replace(",", ""))


def _days(match: re.Match[str]) -> int:
    if match["single"]:
        return _SINGLES[re.sub(r"\s+", " ", match["single"].lower())]
    count = _COUNTS.get(match["count"].lower()) or int(match["count"])
    return count * (7 if match["unit"].lower().startswith("w") else 1)

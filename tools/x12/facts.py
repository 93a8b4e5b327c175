"""Turn the segments of claims and service lines into typed facts: CAS, REF, DTM, NM1, AMT, QTY, LQ, MOA, MIA.

Each `add_*` takes the elements of one segment (tag first) and files the fact on a `Facts`. They raise
BadValueError for a number that is none; the caller knows the place and makes the finding.
"""

from collections.abc import Callable
from datetime import date

from knowledge.types.remit import Adjustment, AmountFact, DateFact, Party, Reference, Remark
from tools.x12.values import AMOUNTS, DAYS, BadValueError, day_range

_SERVICE_START = ("472", "150")
_SERVICE_END = "151"
_MOA_REMARKS = slice(3, 8)  # MOA03-07
_MIA_REMARKS = (5, 20, 21, 22, 23)


class Facts:
    """What has been read of one claim, or of one service line, so far."""

    __slots__ = (
        "adjustments",
        "amounts",
        "contacts",
        "dates",
        "inpatient",
        "line_control",
        "outpatient",
        "parties",
        "quantities",
        "references",
        "remarks",
        "service_date",
        "service_end",
        "surplus",
        "undated",
        "unknown",
    )

    def __init__(self) -> None:
        self.adjustments: list[Adjustment] = []
        self.remarks: list[Remark] = []
        self.references: list[Reference] = []
        self.dates: list[DateFact] = []
        self.amounts: list[AmountFact] = []
        self.quantities: list[AmountFact] | None = None
        self.parties: list[Party] | None = None
        self.contacts: list[tuple[str, ...]] | None = None
        self.inpatient: tuple[str, ...] = ()
        self.outpatient: tuple[str, ...] = ()
        self.service_date: date | None = None
        self.service_end: date | None = None
        self.line_control = ""
        self.surplus = False  # the segment just added has elements its type does not hold
        self.undated = False  # the DTM just added is no day
        self.unknown: list[str] | None = None

    def keep(self, text: str) -> None:
        """Keep a segment that has no typed field, or not for all of its elements, as it stands."""
        if self.unknown is None:
            self.unknown = []
        self.unknown.append(text)


def add_adjustments(facts: Facts, elements: list[str]) -> None:
    """File each non-blank slot of a CAS: group, then up to six times reason, amount, quantity."""
    group = elements[1]
    for at in range(2, len(elements), 3):
        slot = elements[at : at + 3]
        reason = slot[0]
        amount = slot[1] if len(slot) > 1 else ""
        quantity = slot[2] if len(slot) > 2 else ""
        if amount:
            units = AMOUNTS[quantity] if quantity else None
            facts.adjustments.append(Adjustment(group, reason, AMOUNTS[amount], units))
        elif reason or quantity:
            raise BadValueError(f"CAS{at:02d} gives reason {reason or '(blank)'} without an amount")


def add_reference(facts: Facts, elements: list[str]) -> None:
    """File a REF; REF*6R is also the line's control number."""
    size = len(elements)
    value = elements[2] if size > 2 else ""
    text = elements[3] if size > 3 else ""
    facts.references.append(Reference(elements[1], value, text))
    if elements[1] == "6R":
        facts.line_control = value
    facts.surplus = size > 4 and any(elements[4:])


def add_date(facts: Facts, elements: list[str]) -> None:
    """File a DTM. 472 and 150 are the service date, 151 its end; a range (RD8 in DTM06) gives both."""
    qualifier = elements[1]
    raw = elements[2] if len(elements) > 2 else ""
    if len(elements) > 6 and not raw:
        raw = elements[6]
    day = DAYS[raw]
    end: date | None = None
    if day is None:
        day, end = day_range(raw)
        facts.undated = day is None or ("-" in raw and end is None)
    facts.dates.append(DateFact(qualifier, day, raw, end))
    if qualifier in _SERVICE_START:
        facts.service_date = day
        if end is not None:
            facts.service_end = end
    elif qualifier == _SERVICE_END:
        facts.service_end = day


def add_amount(facts: Facts, elements: list[str]) -> None:
    """File an AMT."""
    facts.amounts.append(AmountFact(elements[1], AMOUNTS[elements[2]]))
    facts.surplus = len(elements) > 3 and any(elements[3:])


def add_quantity(facts: Facts, elements: list[str]) -> None:
    """File a QTY."""
    if facts.quantities is None:
        facts.quantities = []
    facts.quantities.append(AmountFact(elements[1], AMOUNTS[elements[2]]))
    facts.surplus = len(elements) > 3 and any(elements[3:])


def add_remark(facts: Facts, elements: list[str]) -> None:
    """File an LQ: qualifier HE (RARC) or RX (NCPDP) and its code."""
    facts.remarks.append(Remark(elements[1], elements[2]))
    facts.surplus = len(elements) > 3 and any(elements[3:])


def add_party(facts: Facts, elements: list[str]) -> None:
    """File an NM1: entity, names, identifier."""
    if facts.parties is None:
        facts.parties = []
    facts.parties.append(party_of(elements))
    facts.surplus = len(elements) > 10 and any(elements[10:])


def party_of(elements: list[str]) -> Party:
    """Return the party an NM1 names."""
    if len(elements) < 10:
        elements = elements + [""] * (10 - len(elements))
    _, entity, kind, last, first, middle, prefix, suffix, qualifier, identifier = elements[:10]
    return Party(entity, last, first, middle, suffix, qualifier, identifier, kind, prefix)


def add_contact(facts: Facts, elements: list[str]) -> None:
    """File a PER as its elements without the tag."""
    facts.contacts = [*(facts.contacts or ()), tuple(elements[1:])]


def add_outpatient(facts: Facts, elements: list[str]) -> None:
    """File a MOA: its elements, and MOA03 to MOA07 as remarks."""
    facts.outpatient += tuple(elements[1:])
    facts.remarks.extend([Remark("MOA", code) for code in elements[_MOA_REMARKS] if code])


def add_inpatient(facts: Facts, elements: list[str]) -> None:
    """File a MIA: its elements, and MIA05 and MIA20 to MIA23 as remarks."""
    facts.inpatient += tuple(elements[1:])
    found = (elements[at] for at in _MIA_REMARKS if at < len(elements))
    facts.remarks.extend([Remark("MIA", code) for code in found if code])


Handler = Callable[[Facts, list[str]], None]

LINE_SEGMENTS: dict[str, Handler] = {
    "CAS": add_adjustments,
    "REF": add_reference,
    "DTM": add_date,
    "AMT": add_amount,
    "QTY": add_quantity,
    "LQ": add_remark,
}
"""The segments of loop 2110 after SVC."""

CLAIM_SEGMENTS: dict[str, Handler] = {
    "CAS": add_adjustments,
    "NM1": add_party,
    "MIA": add_inpatient,
    "MOA": add_outpatient,
    "REF": add_reference,
    "DTM": add_date,
    "PER": add_contact,
    "AMT": add_amount,
    "QTY": add_quantity,
}
"""The segments of loop 2100 after CLP."""

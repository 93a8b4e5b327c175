"""Turn the segments of claims and service lines into typed facts: CAS, REF, DTM, NM1, AMT, QTY, LQ, MOA, MIA.

Each `add_*` takes the elements of one segment (tag first) and files the fact on a `Facts`. It returns what the
fact could not hold (`SURPLUS`, `UNDATED`), None when it holds all, and raises BadValueError for a number that is
none (IndexError for a segment too short); the caller knows the place and makes the finding.
"""

from collections.abc import Callable
from datetime import date

from msgspec import Struct

from knowledge.types.remit import Adjustment, AmountFact, DateFact, Party, Reference, Remark
from tools.x12.values import DAYS, BadValueError, amount_of, day_range

_SERVICE_START = ("472", "150")
_SERVICE_END = "151"
SURPLUS = "surplus-elements"  # elements beyond the guide's
UNDATED = "bad-date"  # a DTM that is no day
_ONE_SLOT = 4  # CAS, group, reason, amount
_MOA_REMARKS = slice(3, 8)  # MOA03-07
_MIA_REMARKS = (5, 20, 21, 22, 23)


class Facts(Struct, gc=False):
    """What has been read of one claim, or of one service line, so far. A list is None until it holds something."""

    adjustments: list[Adjustment] | None = None
    remarks: list[Remark] | None = None
    references: list[Reference] | None = None
    dates: list[DateFact] | None = None
    amounts: list[AmountFact] | None = None
    quantities: list[AmountFact] | None = None
    parties: list[Party] | None = None
    contacts: list[tuple[str, ...]] | None = None
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    service_date: date | None = None
    service_end: date | None = None
    line_control: str = ""
    unknown: list[str] | None = None

    def keep(self, text: str) -> None:
        """Keep a segment that has no typed field, or not for all of its elements, as it stands."""
        if self.unknown is None:
            self.unknown = []
        self.unknown.append(text)


def add_adjustments(facts: Facts, elements: list[str]) -> str | None:
    """File each non-blank slot of a CAS: group, then up to six times reason, amount, quantity."""
    adjustments = facts.adjustments
    if adjustments is None:
        adjustments = facts.adjustments = []
    if len(elements) == _ONE_SLOT and elements[3]:  # nearly all of them
        adjustments.append(Adjustment(elements[1], elements[2], amount_of(elements[3]), None))
        return None
    group = elements[1]
    for at in range(2, len(elements), 3):
        slot = elements[at : at + 3]
        reason = slot[0]
        amount = slot[1] if len(slot) > 1 else ""
        quantity = slot[2] if len(slot) > 2 else ""
        if amount:
            units = amount_of(quantity) if quantity else None
            adjustments.append(Adjustment(group, reason, amount_of(amount), units))
        elif reason or quantity:
            raise BadValueError(f"CAS{at:02d} gives reason {reason or '(blank)'} without an amount")
    return None


def add_reference(facts: Facts, elements: list[str]) -> str | None:
    """File a REF; REF*6R is also the line's control number."""
    size = len(elements)
    qualifier = elements[1]
    value = elements[2] if size > 2 else ""
    reference = Reference(qualifier, value, elements[3] if size > 3 else "")
    if facts.references is None:
        facts.references = [reference]
    else:
        facts.references.append(reference)
    if qualifier == "6R":
        facts.line_control = value
    return SURPLUS if size > 4 and any(elements[4:]) else None


def add_date(facts: Facts, elements: list[str]) -> str | None:
    """File a DTM. 472 and 150 are the service date, 151 its end; a range (RD8 in DTM06) gives both."""
    qualifier = elements[1]
    raw = elements[2] if len(elements) > 2 else ""
    if len(elements) > 6 and not raw:
        raw = elements[6]
    day, end = DAYS[raw], None
    if day is None:
        day, end = day_range(raw)
    fact = DateFact(qualifier, day, raw, end)
    if facts.dates is None:
        facts.dates = [fact]
    else:
        facts.dates.append(fact)
    if qualifier in _SERVICE_START:
        facts.service_date = day
        if end is not None:
            facts.service_end = end
    elif qualifier == _SERVICE_END:
        facts.service_end = day
    return UNDATED if day is None or (end is None and "-" in raw) else None


def add_amount(facts: Facts, elements: list[str]) -> str | None:
    """File an AMT."""
    fact = AmountFact(elements[1], amount_of(elements[2]))
    if facts.amounts is None:
        facts.amounts = [fact]
    else:
        facts.amounts.append(fact)
    return SURPLUS if len(elements) > 3 and any(elements[3:]) else None


def add_quantity(facts: Facts, elements: list[str]) -> str | None:
    """File a QTY."""
    facts.quantities = [*(facts.quantities or ()), AmountFact(elements[1], amount_of(elements[2]))]
    return SURPLUS if len(elements) > 3 and any(elements[3:]) else None


def add_remark(facts: Facts, elements: list[str]) -> str | None:
    """File an LQ: qualifier HE (RARC) or RX (NCPDP) and its code."""
    remark = Remark(elements[1], elements[2])
    if facts.remarks is None:
        facts.remarks = [remark]
    else:
        facts.remarks.append(remark)
    return SURPLUS if len(elements) > 3 and any(elements[3:]) else None


def add_party(facts: Facts, elements: list[str]) -> str | None:
    """File an NM1: entity, names, identifier."""
    party = party_of(elements)
    if facts.parties is None:
        facts.parties = [party]
    else:
        facts.parties.append(party)
    return SURPLUS if len(elements) > 10 and any(elements[10:]) else None


def add_contact(facts: Facts, elements: list[str]) -> str | None:
    """File a PER as its elements without the tag."""
    if facts.contacts is None:
        facts.contacts = []
    facts.contacts.append(tuple(elements[1:]))
    return None


def add_outpatient(facts: Facts, elements: list[str]) -> str | None:
    """File a MOA: its elements, and MOA03 to MOA07 as remarks."""
    facts.outpatient += tuple(elements[1:])
    _add_remarks(facts, [Remark("MOA", code) for code in elements[_MOA_REMARKS] if code])
    return None


def add_inpatient(facts: Facts, elements: list[str]) -> str | None:
    """File a MIA: its elements, and MIA05 and MIA20 to MIA23 as remarks."""
    facts.inpatient += tuple(elements[1:])
    found = (elements[at] for at in _MIA_REMARKS if at < len(elements))
    _add_remarks(facts, [Remark("MIA", code) for code in found if code])
    return None


def _add_remarks(facts: Facts, remarks: list[Remark]) -> None:
    if facts.remarks is None:
        facts.remarks = remarks
    else:
        facts.remarks += remarks


def party_of(elements: list[str]) -> Party:
    """Return the party an NM1 names."""
    if len(elements) < 10:
        elements = elements + [""] * (10 - len(elements))
    _, entity, kind, last, first, middle, prefix, suffix, qualifier, identifier = elements[:10]
    return Party(entity, last, first, middle, suffix, qualifier, identifier, kind, prefix)


Handler = Callable[[Facts, list[str]], str | None]

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

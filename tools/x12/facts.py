"""Turn the segments that claims and service lines share into typed facts, and file them.

Each kind of segment has a function that reads its elements (tag first) into a frozen fact, and one that files the
fact on a `Facts`. They are apart so that a segment that comes again word for word (a date, a remark, the rendering
provider) is read once and filed many times. Reading raises BadValueError for a number that is none and IndexError
for a segment too short; the caller knows the place and makes the finding.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

from knowledge.types.remit import Adjustment, AmountFact, DateFact, Party, Reference, Remark
from tools.x12.values import DAYS, BadValueError, amount_of, day_range

T = TypeVar("T")

_SERVICE_START = ("472", "150")
_SERVICE_END = "151"
_NM1_SIZE = 10
_ONE_SLOT = 4  # CAS, group, reason, amount
_MOA_REMARKS = slice(2, 7)  # MOA03-07, the tag left off
_MIA_REMARKS = (5, 20, 21, 22, 23)


class Facts(Struct, gc=False):
    """What has been read of one claim, or of one service line, so far.

    A collection starts as an empty tuple, is a tuple of one after its first fact (there is often no second, and
    no list is then made and copied) and a list from the second on.
    """

    adjustments: Sequence[Adjustment] = ()
    remarks: Sequence[Remark] = ()
    references: Sequence[Reference] = ()
    dates: Sequence[DateFact] = ()
    amounts: Sequence[AmountFact] = ()
    quantities: Sequence[AmountFact] = ()
    parties: Sequence[Party] = ()
    patient: Party | None = None
    insured: Party | None = None
    contacts: Sequence[tuple[str, ...]] = ()
    inpatient: Sequence[str] = ()
    outpatient: Sequence[str] = ()
    service_date: date | None = None
    service_end: date | None = None
    line_control: str = ""
    unknown: Sequence[str] = ()

    def keep(self, text: str) -> None:
        """Keep a segment that has no typed field, or not for all of its elements, as it stands."""
        self.unknown = _joined(self.unknown, (text,))


def _joined(held: Sequence[T], more: tuple[T, ...]) -> Sequence[T]:
    """Return `held` with `more` after it; a list, once there are several, is extended in place."""
    if not held:
        return more
    if isinstance(held, list):
        held.extend(more)
        return held
    return [*held, *more]


def read_adjustments(elements: list[str]) -> tuple[Adjustment, ...]:
    """Read the non-blank slots of a CAS: group, then up to six times reason, amount, quantity."""
    if len(elements) == _ONE_SLOT and elements[3]:  # nearly all of them
        return (Adjustment(elements[1], elements[2], amount_of(elements[3]), None),)
    group = elements[1]
    found: list[Adjustment] = []
    for at in range(2, len(elements), 3):
        slot = elements[at : at + 3]
        reason = slot[0]
        amount = slot[1] if len(slot) > 1 else ""
        quantity = slot[2] if len(slot) > 2 else ""
        if amount:
            units = amount_of(quantity) if quantity else None
            found.append(Adjustment(group, reason, amount_of(amount), units))
        elif reason or quantity:
            raise BadValueError(f"CAS{at:02d} gives reason {reason or '(blank)'} without an amount")
    return tuple(found)


def read_reference(elements: list[str]) -> Reference:
    """Read a REF."""
    size = len(elements)
    return Reference(elements[1], elements[2] if size > 2 else "", elements[3] if size > 3 else "")


def read_date(elements: list[str]) -> DateFact:
    """Read a DTM: the day in DTM02, or a range (format RD8) in DTM06."""
    raw = elements[2] if len(elements) > 2 else ""
    if len(elements) > 6 and not raw:
        raw = elements[6]
    day, end = DAYS[raw], None
    if day is None:
        day, end = day_range(raw)
    return DateFact(elements[1], day, raw, end)


def is_undated(fact: DateFact) -> bool:
    """Tell whether a DTM gave no day, or a range without its last one."""
    return fact.day is None or (fact.end is None and "-" in fact.raw)


def read_amount(elements: list[str]) -> AmountFact:
    """Read an AMT or a QTY."""
    return AmountFact(elements[1], amount_of(elements[2]))


def read_remark(elements: list[str]) -> tuple[Remark, ...]:
    """Read an LQ: qualifier HE (RARC) or RX (NCPDP) and its code."""
    return (Remark(elements[1], elements[2]),)


def read_party(elements: list[str]) -> Party:
    """Read an NM1: entity, names, identifier."""
    if len(elements) < _NM1_SIZE:
        elements = elements + [""] * (_NM1_SIZE - len(elements))
    _, entity, kind, last, first, middle, prefix, suffix, qualifier, identifier = elements[:_NM1_SIZE]
    return Party(entity, last, first, middle, suffix, qualifier, identifier, kind, prefix)


def read_values(elements: list[str]) -> tuple[str, ...]:
    """Read a PER, MIA or MOA as its elements without the tag."""
    return tuple(elements[1:])


def file_adjustments(facts: Facts, fact: tuple[Adjustment, ...]) -> None:
    """File the slots of a CAS."""
    held = facts.adjustments
    facts.adjustments = _joined(held, fact) if held else fact


def file_reference(facts: Facts, fact: Reference) -> None:
    """File a REF; REF*6R is also the line's control number."""
    held = facts.references
    facts.references = _joined(held, (fact,)) if held else (fact,)
    if fact.qualifier == "6R":
        facts.line_control = fact.value


def file_date(facts: Facts, fact: DateFact) -> None:
    """File a DTM: 472 and 150 are the service date, 151 its end; a range gives both."""
    held = facts.dates
    facts.dates = _joined(held, (fact,)) if held else (fact,)
    qualifier = fact.qualifier
    if qualifier in _SERVICE_START:
        facts.service_date = fact.day
        if fact.end is not None:
            facts.service_end = fact.end
    elif qualifier == _SERVICE_END:
        facts.service_end = fact.day


def file_amount(facts: Facts, fact: AmountFact) -> None:
    """File an AMT."""
    held = facts.amounts
    facts.amounts = _joined(held, (fact,)) if held else (fact,)


def file_quantity(facts: Facts, fact: AmountFact) -> None:
    """File a QTY."""
    facts.quantities = _joined(facts.quantities, (fact,))


def file_remarks(facts: Facts, fact: tuple[Remark, ...]) -> None:
    """File remarks."""
    held = facts.remarks
    facts.remarks = _joined(held, fact) if held else fact


def file_party(facts: Facts, fact: Party) -> None:
    """File an NM1: the patient (QC), the insured (IL), or another."""
    if fact.entity == "QC" and facts.patient is None:
        facts.patient = fact
    elif fact.entity == "IL" and facts.insured is None:
        facts.insured = fact
    else:
        facts.parties = _joined(facts.parties, (fact,))


def file_contact(facts: Facts, fact: tuple[str, ...]) -> None:
    """File a PER."""
    facts.contacts = _joined(facts.contacts, (fact,))


def file_outpatient(facts: Facts, fact: tuple[str, ...]) -> None:
    """File a MOA: its elements, and MOA03 to MOA07 as remarks."""
    facts.outpatient = _joined(facts.outpatient, fact)
    file_remarks(facts, tuple([Remark("MOA", code) for code in fact[_MOA_REMARKS] if code]))


def file_inpatient(facts: Facts, fact: tuple[str, ...]) -> None:
    """File a MIA: its elements, and MIA05 and MIA20 to MIA23 as remarks."""
    facts.inpatient = _joined(facts.inpatient, fact)
    found = [fact[at - 1] for at in _MIA_REMARKS if at <= len(fact)]
    file_remarks(facts, tuple([Remark("MIA", code) for code in found if code]))


class Kind(NamedTuple):
    """How one kind of segment is read and filed.

    `size` is how many elements (tag included) its type holds. A segment of at most `again` characters is likely to
    come again word for word, so its fact is remembered. `doubtful` tells a fact that could not be read in full.
    """

    read: Callable[[list[str]], Any]
    file: Callable[[Facts, Any], None]
    size: int
    again: int
    doubtful: Callable[[Any], bool] | None = None


_CAS = Kind(read_adjustments, file_adjustments, 20, 14)
_REF = Kind(read_reference, file_reference, 4, 0)
_DTM = Kind(read_date, file_date, 7, 40, is_undated)
_AMT = Kind(read_amount, file_amount, 3, 0)
_QTY = Kind(read_amount, file_quantity, 3, 0)

LINE_SEGMENTS: dict[str, Kind] = {
    "CAS": _CAS,
    "REF": _REF,
    "DTM": _DTM,
    "AMT": _AMT,
    "QTY": _QTY,
    "LQ": Kind(read_remark, file_remarks, 3, 20),
}
"""The segments of loop 2110 after SVC."""

CLAIM_SEGMENTS: dict[str, Kind] = {
    "CAS": _CAS,
    "NM1": Kind(read_party, file_party, _NM1_SIZE, 80),
    "MIA": Kind(read_values, file_inpatient, 25, 0),
    "MOA": Kind(read_values, file_outpatient, 10, 40),
    "REF": _REF,
    "DTM": _DTM,
    "PER": Kind(read_values, file_contact, 10, 80),
    "AMT": _AMT,
    "QTY": _QTY,
}
"""The segments of loop 2100 after CLP."""

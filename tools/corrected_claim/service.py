"""Change what a line bills: its code, units and modifiers (SV1)."""

import csv
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from knowledge.types.corrections import Change, ChargeRule, SetCode, SetDescription, SetModifiers, SetUnits
from tools.corrected_claim.charges import scale_charge, set_charge
from tools.corrected_claim.draft import Draft, DraftLine, element, number_like, part

MODIFIERS = range(3, 7)
"""SV101-3 to SV101-6: the four places a modifier can stand in."""

_CODE = re.compile(r"[A-Z][0-9]{4}|[0-9]{4}[0-9A-Z]")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_MOST_UNITS = Decimal("99999999.999")  # SV104: 8 digits and 3 decimals
_LONGEST_DESCRIPTION = 80  # SV101-7
_WASTED, _NONE_WASTED = "JW", "JZ"


@cache
def _person_decides() -> dict[str, str]:
    text = files(__package__).joinpath("person_decides.csv").read_text(encoding="ascii")
    return {row["modifier"]: row["why"] for row in csv.DictReader(text.splitlines())}


def set_units(draft: Draft, change: SetUnits, rule: ChargeRule, dose_units: Mapping[str, Decimal]) -> None:
    """Bill the units of what was given, and the charge that goes with them.

    Raises CorrectionRefused when the units are not those of the dose given (`dose_units`), or none are known.
    """
    line = draft.line(change.line)
    before = billed_units(draft, line)
    check_units(draft, line, change.units)
    check_given(draft, line, change.units, dose_units)
    scale_charge(draft, line, before, change.units, change, rule)
    draft.set(line.loop, line.service, 4, number_like(element(line.service, 4), change.units), change)


def set_code(draft: Draft, change: SetCode, dose_units: Mapping[str, Decimal]) -> None:
    """Bill another code. The charge stays unless the change gives one: a code's price is the practice's own.

    Raises CorrectionRefused for a malformed code, and for other units than those sent or given.
    """
    line = draft.line(change.line)
    if _CODE.fullmatch(change.hcpcs) is None:
        what = f"{change.hcpcs!r} is no HCPCS or CPT code (five characters)"
        raise draft.refusal("code-malformed", what, "give the code as the code set has it", line.loop)
    if part(draft, line.service, 1, 1) != "HC":
        what = f"the line's code is qualified {part(draft, line.service, 1, 1)!r}, not HC"
        raise draft.refusal("code-qualifier", what, "correct it in the system that made it", line.loop)
    before = billed_units(draft, line)
    check_units(draft, line, change.units)
    if change.units != before:
        check_given(draft, line, change.units, dose_units)
    draft.set(line.loop, line.service, 1, change.hcpcs, change, component=2)
    draft.set(line.loop, line.service, 4, number_like(element(line.service, 4), change.units), change)
    if change.charge is not None:
        _check_charge(draft, line, change.charge)
        set_charge(draft, line, change.charge, change)
    elif change.units != before:
        charge = element(line.service, 2)
        says = f"the charge of {charge} stays, with {change.units} units of {change.hcpcs}: check it"
        draft.note("warning", "charge-kept", says, line.loop)


def _check_charge(draft: Draft, line: DraftLine, charge: Decimal) -> None:
    if charge < 0 or charge != charge.quantize(Decimal("0.01")):
        what = f"{charge} is no charge in dollars and cents"
        raise draft.refusal("charge-malformed", what, "give it in dollars and cents", line.loop)


def set_modifiers(draft: Draft, change: SetModifiers) -> None:
    """Take modifiers off, then add others after those that stay (four at most).

    Raises CorrectionRefused for a malformed modifier, one to remove that is not there, a fifth, and one that
    a person must decide when no person did (`person_decides.csv`).
    """
    line = draft.line(change.line)
    have = modifiers(draft, line)
    for modifier in (*change.add, *change.remove):
        _check_modifier(draft, line, modifier, change)
    for modifier in change.remove:
        if modifier not in have:
            what = f"modifier {modifier} is not on the line (it has {', '.join(have) or 'none'})"
            raise draft.refusal("modifier-not-found", what, "leave it out of the change", line.loop)
        have.remove(modifier)
    for modifier in change.add:
        if modifier in have:
            draft.note("info", "already-so", f"modifier {modifier} is on the line already", line.loop)
        else:
            have.append(modifier)
    if have != modifiers(draft, line):
        draft.set(line.loop, line.service, 1, with_modifiers(draft, line, have), change)


def set_description(draft: Draft, change: SetDescription) -> None:
    """Write what an unclassified code stands for (SV101-7). Raises CorrectionRefused when it does not fit."""
    line = draft.line(change.line)
    draft.check_value(change.text, _LONGEST_DESCRIPTION, "description", line.loop)
    draft.set(line.loop, line.service, 1, change.text, change, component=7)


def _check_modifier(draft: Draft, line: DraftLine, modifier: str, change: Change) -> None:
    if _MODIFIER.fullmatch(modifier) is None:
        what = f"{modifier!r} is no modifier (two letters or digits)"
        raise draft.refusal("modifier-malformed", what, "give it as the code set has it", line.loop)
    why = _person_decides().get(modifier)
    if why and not change.decided_by:
        what = f"modifier {modifier} needs a person: {why}"
        draft.leave_to_person(what, "have a certified coder decide and name them", line.loop)


def modifiers(draft: Draft, line: DraftLine) -> list[str]:
    """Return the line's modifiers in order."""
    found = (part(draft, line.service, 1, place) for place in MODIFIERS)
    return [modifier for modifier in found if modifier]


def with_modifiers(draft: Draft, line: DraftLine, wanted: list[str]) -> str:
    """Return SV101 with these modifiers, else as it is. Raises CorrectionRefused for more than four."""
    if len(wanted) > len(MODIFIERS):
        what = f"{len(wanted)} modifiers ({', '.join(wanted)}), and a line has room for {len(MODIFIERS)}"
        raise draft.refusal("modifiers-too-many", what, "a coder must say which ones matter", line.loop)
    parts = line.service[1].split(draft.component)
    kept = [*parts[:2], *wanted, *[""] * (len(MODIFIERS) - len(wanted)), *parts[6:]]
    while not kept[-1]:
        kept.pop()
    return draft.component.join(kept)


def check_modifiers(draft: Draft) -> None:
    """Refuse a claim with JW and JZ on one line: waste is either there or not (remark N519)."""
    for line in draft.lines:
        if {_WASTED, _NONE_WASTED} <= set(modifiers(draft, line)):
            what = "the line would carry both JW (discarded) and JZ (none discarded)"
            raise draft.refusal("waste-contradicts", what, "remove the one the chart refutes", line.loop)


def billed_units(draft: Draft, line: DraftLine) -> Decimal:
    """Return SV104. Raises CorrectionRefused when it counts minutes, is blank or is not positive."""
    if element(line.service, 3) != "UN":
        what = f"the line counts in {element(line.service, 3)!r}, not in units (UN)"
        raise draft.refusal("units-basis", what, "correct it in the system that made it", line.loop)
    units = draft.amount(line.service, 4, line.loop)
    if units <= 0:
        what = f"the line was sent with {units} units, so it has no price per unit"
        raise draft.refusal("units-malformed", what, "correct it in the system that made it", line.loop)
    return units


def check_units(draft: Draft, line: DraftLine, units: Decimal) -> None:
    """Refuse units that are not positive or do not fit SV104."""
    if units <= 0 or units > _MOST_UNITS or units != units.quantize(Decimal("0.001")):
        what = f"{units} is no number of billing units (above 0, three decimals at most)"
        raise draft.refusal("units-malformed", what, "give the units of the dose", line.loop)


def check_given(draft: Draft, line: DraftLine, units: Decimal, dose_units: Mapping[str, Decimal]) -> None:
    """Refuse units other than those that follow from what was given: never those of an authorization."""
    given = dose_units.get(line.number)
    if given is None:
        what = f"{units} units, and no dose given is known for this line"
        raise draft.refusal("dose-unknown", what, "show the administration that gives these units", line.loop)
    if given != units:
        what = f"{units} units, but the dose given is {given} units"
        to_do = "bill what was given; an authorization is amended, a claim is never fitted to it"
        raise draft.refusal("not-the-dose-given", what, to_do, line.loop)

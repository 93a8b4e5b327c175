"""Discarded drug: the JW and JZ lines a dose should be billed with, and whether the bill agrees."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from knowledge.types.practice import Frozen
from tools.dosing.units import billing_units, exact_units
from tools.dosing.vials import opening_of, smallest_opening

Modifier = Literal["JW", "JZ", ""]


class WasteLines(Frozen):
    """How a dose is billed: `administered` units, and `discarded` units on a JW line of their own.

    `modifier` is what the dose's containers call for: JW (a second line), JZ (none discarded), "" (a
    multi-dose container: neither), None when the container is unknown. `opened` is in the dose's measure.
    """

    administered: Decimal
    discarded: Decimal
    modifier: Modifier | None
    opened: Decimal
    says: str


class WasteDoubt(Frozen):
    """Something about charted waste that does not add up: a stable code and a sentence with the figures."""

    code: Literal["waste-not-whole-vials", "more-opened-than-needed"]
    says: str


def waste_lines(
    dose: Decimal, per_unit: Decimal, opened: Decimal, single_dose: bool | None, measure: str = "mg"
) -> WasteLines:
    """Compute the lines of one drug on one day; `dose`, `per_unit` and `opened` in one measure, as a rule mg.

    A = ceil(dose / unit), W = floor(opened / unit - A) (CMS discarded-drug policy; JW from 2017-01-01, JZ
    from 2023-07-01). Less than one unit left over is already in A: that is JZ. Raises ValueError when less
    was opened than given.
    """
    if opened < dose:
        raise ValueError(f"{opened} {measure} opened cannot hold a dose of {dose} {measure}")
    administered = billing_units(dose, per_unit)
    left = exact_units(opened, per_unit) - administered
    discarded = max(left.to_integral_value(ROUND_FLOOR), Decimal(0))
    if single_dose is not True:
        discarded = Decimal(0)
    modifier: Modifier | None = None
    if single_dose is not None:
        modifier = ("JW" if discarded else "JZ") if single_dose else ""
    says = f"{_n(dose)} {measure} of {_n(opened)} {measure} opened: {_n(administered)} units given"
    if single_dose:
        says += f", {_n(discarded)} units discarded ({modifier})"
    return WasteLines(administered=administered, discarded=discarded, modifier=modifier, opened=opened, says=says)


def opened_amount(dose: Decimal, discarded: Decimal | None, sizes: Sequence[Decimal]) -> Decimal | None:
    """Return what was opened: dose plus charted waste, else the smallest vials that cover it, else None."""
    if discarded is not None:
        return dose + discarded
    opening = smallest_opening(dose, sizes)
    return None if opening is None else opening.total


def waste_doubts(
    dose: Decimal, discarded: Decimal, sizes: Sequence[Decimal], measure: str = "mg"
) -> tuple[WasteDoubt, ...]:
    """Check charted waste against the vial sizes that exist; nothing to say without sizes.

    Dose plus waste must be whole vials, and no smaller combination may cover the dose.
    """
    opened = dose + discarded
    smallest = smallest_opening(dose, sizes)
    if smallest is None:
        return ()
    shown = f"{_n(dose)} {measure} given + {_n(discarded)} {measure} discarded = {_n(opened)} {measure}"
    if opening_of(opened, sizes) is None:
        listed = ", ".join(_n(size) for size in sorted(sizes))
        says = f"{shown}, which no vials of {listed} {measure} make"
        return (WasteDoubt(code="waste-not-whole-vials", says=says),)
    if opened > smallest.total:
        says = f"{shown}; {smallest.says(measure)} = {_n(smallest.total)} {measure} would have covered the dose"
        return (WasteDoubt(code="more-opened-than-needed", says=says),)
    return ()


def _n(value: Decimal) -> str:
    return f"{value.normalize():f}"

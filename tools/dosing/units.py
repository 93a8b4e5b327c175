"""Milligrams to billing units and back, and amounts to milligrams."""

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from knowledge.types.chart import Amount

_SIX_PLACES = Decimal("0.000001")
_MG_PER = {"mg": Decimal(1), "g": Decimal(1000), "mcg": Decimal("0.001")}


def billing_units(amount: Decimal, per_unit: Decimal) -> Decimal:
    """Return whole billing units of a day's total: ceil of the quotient rounded to six places.

    `amount` and `per_unit` are in the same unit of measure, as a rule mg. The day's doses are summed first:
    units are never rounded up vial by vial (domain facts 4.2). Raises ValueError when `per_unit` is not
    above zero or `amount` is negative.
    """
    _check(amount, per_unit)
    return _quotient(amount, per_unit).to_integral_value(ROUND_CEILING)


def exact_units(amount: Decimal, per_unit: Decimal) -> Decimal:
    """Return billing units before rounding up, to six places (133.333333 for 10 mg at 0.075 mg a unit)."""
    _check(amount, per_unit)
    return _quotient(amount, per_unit)


def amount_of_units(units: Decimal, per_unit: Decimal) -> Decimal:
    """Return the amount that billing units stand for, in the measure of `per_unit`."""
    _check(units, per_unit)
    return units * per_unit


def in_mg(amount: Amount | None, mg_per_ml: Decimal | None = None) -> Decimal | None:
    """Return an amount in mg; None for mL without a concentration and for any unit that is no mass."""
    if amount is None:
        return None
    if amount.unit == "ml":
        return None if mg_per_ml is None else amount.value * mg_per_ml
    factor = _MG_PER.get(amount.unit)
    return None if factor is None else amount.value * factor


def in_measure(amount: Amount | None, measure: str, mg_per_ml: Decimal | None = None) -> Decimal | None:
    """Return an amount in the measure a code is billed in (`mg`, `mcg`, `g`, `ml`, `units`), else None."""
    if amount is None:
        return None
    wanted = {"gm": "g"}.get(measure.lower(), measure.lower())
    if amount.unit == wanted:
        return amount.value
    milligrams = in_mg(amount, mg_per_ml)
    if milligrams is None:
        return None
    if wanted == "ml":
        return None if not mg_per_ml else milligrams / mg_per_ml
    factor = _MG_PER.get(wanted)
    return None if factor is None else milligrams / factor


def units_given(amount: Amount | None, unit_quantity: Decimal | None, unit_measure: str) -> Decimal | None:
    """Return billing units of a charted amount; `unit_quantity` and `unit_measure` are one unit (0.5, "mg").

    None when either is unknown or the measures do not convert into each other.
    """
    measured = in_measure(amount, unit_measure)
    if measured is None or unit_quantity is None or unit_quantity <= 0 or measured < 0:
        return None
    return billing_units(measured, unit_quantity)


def _quotient(amount: Decimal, per_unit: Decimal) -> Decimal:
    return (amount / per_unit).quantize(_SIX_PLACES, ROUND_HALF_EVEN)


def _check(amount: Decimal, per_unit: Decimal) -> None:
    if per_unit <= 0:
        raise ValueError(f"a billing unit must be above zero, not {per_unit}; look at the code's row")
    if amount < 0:
        raise ValueError(f"an amount cannot be negative: {amount}")

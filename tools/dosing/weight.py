"""Weights a dose may be based on: actual, ideal, adjusted ideal; and when a change asks for a new dose."""

from decimal import Decimal

from tools.dosing.calvert import Sex

_CM_PER_INCH = Decimal("2.54")
_KG_PER_LB = Decimal("0.45359237")
_FIVE_FEET = 60
_BASE_KG = {"female": Decimal("45.5"), "male": Decimal(50)}
_TENTH = Decimal("0.1")

REWEIGH_SHARE = Decimal("0.10")
"""The change of weight at which practices commonly compute a dose anew."""


def ideal_weight(height_cm: Decimal, sex: Sex) -> Decimal | None:
    """Return ideal body weight in kg, to 0.1 (Devine): 45.5 or 50 kg plus 2.3 kg per inch over five feet.

    None below five feet, where the formula says nothing.
    """
    inches = height_cm / _CM_PER_INCH
    if inches < _FIVE_FEET:
        return None
    return (_BASE_KG[sex] + Decimal("2.3") * (inches - _FIVE_FEET)).quantize(_TENTH)


def adjusted_weight(height_cm: Decimal, weight_kg: Decimal, sex: Sex) -> Decimal | None:
    """Return adjusted ideal weight in kg, to 0.1: ideal + 0.4 x (actual - ideal); None as `ideal_weight`."""
    ideal = ideal_weight(height_cm, sex)
    if ideal is None:
        return None
    return (ideal + Decimal("0.4") * (weight_kg - ideal)).quantize(_TENTH)


def kilograms(value: Decimal, unit: str) -> Decimal | None:
    """Return a weight in kg, from kg, g or lb; None for any other unit."""
    factors = {"kg": Decimal(1), "g": Decimal("0.001"), "lb": _KG_PER_LB}
    return None if unit not in factors else value * factors[unit]


def centimeters(value: Decimal, unit: str) -> Decimal | None:
    """Return a height in cm, from cm, m or inches; None for any other unit."""
    factors = {"cm": Decimal(1), "m": Decimal(100), "in": _CM_PER_INCH}
    return None if unit not in factors else value * factors[unit]


def weight_changed(dosed_kg: Decimal, now_kg: Decimal, share: Decimal = REWEIGH_SHARE) -> bool:
    """Tell whether weight moved by `share` or more of the weight the dose was computed from."""
    if dosed_kg <= 0:
        raise ValueError(f"a weight must be above zero, not {dosed_kg} kg")
    return abs(now_kg - dosed_kg) >= share * dosed_kg

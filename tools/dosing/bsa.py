"""Body surface area in m2, by the two formulas orders are written with."""

from decimal import Decimal

_THREE_PLACES = Decimal("0.001")


def mosteller(height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Return sqrt(cm x kg / 3600), to 0.001 m2. Raises ValueError unless both are above zero."""
    _check(height_cm, weight_kg)
    return (height_cm * weight_kg / 3600).sqrt().quantize(_THREE_PLACES)


def du_bois(height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Return 0.007184 x kg^0.425 x cm^0.725, to 0.001 m2. Raises ValueError unless both are above zero.

    It lies up to 5% below Mosteller in heavy people: recompute a dose with the order's own formula.
    """
    _check(height_cm, weight_kg)
    area = Decimal("0.007184") * weight_kg ** Decimal("0.425") * height_cm ** Decimal("0.725")
    return area.quantize(_THREE_PLACES)


def _check(height_cm: Decimal, weight_kg: Decimal) -> None:
    if height_cm <= 0 or weight_kg <= 0:
        raise ValueError(f"height and weight must be above zero, not {height_cm} cm and {weight_kg} kg")

"""Dollars as integer cents, for the columns that are sorted and summed."""

from decimal import ROUND_HALF_EVEN, Decimal


def to_cents(dollars: Decimal) -> int:
    """Give whole cents. The exact amount stands in the payload; half a cent goes to the even one here."""
    return int((dollars * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def to_dollars(cents: int) -> Decimal:
    """Give dollars with two places."""
    return Decimal(cents).scaleb(-2)

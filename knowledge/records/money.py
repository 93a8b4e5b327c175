"""Dollars as integer cents, for the columns that are sorted and summed."""

from decimal import ROUND_HALF_EVEN, Decimal

_MOST = 2**63 - 1  # what a BIGINT holds


def to_cents(dollars: Decimal) -> int:
    """Give whole cents; half a cent goes to the even one.

    The exact amount stands in the payload. Beyond what the column holds (a typing error in a file), the most it
    holds is given, so that one absurd amount does not lose a file.
    """
    cents = int((dollars * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    return max(-_MOST, min(_MOST, cents))


def to_dollars(cents: int) -> Decimal:
    """Give dollars with two places."""
    return Decimal(cents).scaleb(-2)

"""How values are printed in sentences, letters and tables: one form each, so that they can be compared."""

from datetime import date
from decimal import Decimal


def number(value: Decimal) -> str:
    """Print a quantity without needless zeros: 400, 133.33, 0.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal) -> str:
    """Print dollars: $12,345.60."""
    return f"${value:,.2f}"


def day(value: date | None) -> str:
    """Print a date as 2026-03-16; empty when unknown."""
    return value.isoformat() if value else ""


def listed(values: tuple[str, ...] | list[str]) -> str:
    """Print a list in words: "A", "A and B", "A, B and C"."""
    items = [value for value in values if value]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"

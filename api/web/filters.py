"""How values are written on a page: money, days, codes in words."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def money(value: Decimal | str | None) -> str:
    """Write dollars with cents and thousands: `$12,345.60`; a dash where unknown."""
    if value is None or value == "":
        return "–"
    amount = Decimal(value)
    sign = "−" if amount < 0 else ""
    return f"{sign}${abs(amount):,.2f}"


def whole_money(value: Decimal | str | None) -> str:
    """Write dollars without cents, for sums: `$12,346`."""
    if value is None or value == "":
        return "–"
    amount = Decimal(value).quantize(Decimal(1))
    sign = "−" if amount < 0 else ""
    return f"{sign}${abs(amount):,}"


def day(value: date | datetime | str | None) -> str:
    """Write a day as `1 May 2026`; a dash where unknown."""
    if value is None or value == "":
        return "–"
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{found.day} {found:%b %Y}"


def days_left(value: int | None) -> str:
    """Write the days left on a clock in words."""
    if value is None:
        return "no clock known"
    if value < 0:
        return f"ran out {-value} day{'s' if value != -1 else ''} ago"
    return "today" if value == 0 else f"{value} day{'s' if value != 1 else ''}"


def words(value: str | None) -> str:
    """Write an id of ours (`auth-units-mismatch`, `corrected_claim`) as words."""
    return (value or "unknown").replace("_", " ").replace("-", " ")


def sentence(value: str | None) -> str:
    """Write an id of ours as words that begin a sentence: `Auth units mismatch`."""
    text = words(value)
    return text[:1].upper() + text[1:]


def percent(value: Decimal | float | None) -> str:
    """Write a share (0..1) as a whole percentage; a dash where unknown."""
    return "–" if value is None else f"{float(value) * 100:.0f}%"


FILTERS: dict[str, Callable[[Any], str]] = {
    "money": money,
    "whole_money": whole_money,
    "day": day,
    "days_left": days_left,
    "words": words,
    "percent": percent,
    "sentence": sentence,
}

"""How values are written on a page: money, days, codes in words."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from api.web.citing import cited


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


def dated(value: str | None) -> str:
    """Write the days that stand in a sentence (`2026-03-16`) as the page writes them: `16 Mar 2026`."""
    return _DAY.sub(_in_words, value or "")


def _in_words(found: re.Match[str]) -> str:
    try:
        return day(found.group(0))
    except ValueError:  # it looks like a day and is none
        return found.group(0)


def placed(value: str | None) -> str:
    """Write places in files (`coverage/verified.csv:25`) as people call them: `verified row 25`."""
    return _PLACE.sub(r"\1 row \2", value or "")


def words(value: str | None) -> str:
    """Write an id of ours (`auth-units-mismatch`, `corrected_claim`) as words."""
    return _SHORT.sub(lambda found: found[0].upper(), (value or "unknown").replace("_", " ").replace("-", " "))


def sentence(value: str | None) -> str:
    """Write an id of ours as words that begin a sentence: `Auth units mismatch`."""
    text = words(value)
    return text[:1].upper() + text[1:]


def percent(value: Decimal | float | None) -> str:
    """Write a share (0..1) as a whole percentage; a dash where unknown."""
    return "–" if value is None else f"{float(value) * 100:.0f}%"


_DAY = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")

_PLACE = re.compile(r"(?:\w+/)*([\w-]+)\.csv:(\d+)")
_SHORT = re.compile(r"\b(?:jw|jz|ndc|mue|cob|npi|hcpcs|cpt|eob|era|abn|ncd|lcd|mma|clia|rems)\b")
"""What is written in capitals wherever it stands."""

FILTERS: dict[str, Callable[[Any], Any]] = {
    "money": money,
    "whole_money": whole_money,
    "cited": cited,
    "placed": placed,
    "day": day,
    "dated": dated,
    "days_left": days_left,
    "words": words,
    "percent": percent,
    "sentence": sentence,
}

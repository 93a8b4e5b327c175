"""Calendar quarters: the span for which a published code table stands."""

from collections.abc import Iterable
from datetime import date


def same_quarter(one: date, other: date) -> bool:
    """Tell whether two days lie in one quarter of one year."""
    return _count(one) == _count(other)


def nearest(days: Iterable[date], on: date) -> date | None:
    """Choose the edition for a day: its own quarter's, else the nearest; of two as near, the earlier. None of none."""
    return min(sorted(days), key=lambda day: abs(_count(day) - _count(on)), default=None)


def quarter_after(day: date) -> date:
    """Give the day a quarter later: the first day for which a table of `day` no longer speaks.

    The day of the month is kept; where the month is too short, its last day is taken.
    """
    month = day.month + 3
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    for last in range(day.day, day.day - 4, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise ValueError(f"no day a quarter after {day}")


def _count(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3

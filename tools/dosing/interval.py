"""Days between doses of one drug: too early, in time, or explained by a regimen's own calendar."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from knowledge.types.practice import Frozen

EARLY_DAYS = 3
"""How many days early most payers accept (domain facts 4.7); the practice may set its own."""


class Interval(Frozen):
    """Days since the last dose beside the days expected; `early_by` is 0 unless too early."""

    standing: Literal["in_time", "early", "first_dose", "unknown"]
    days: int | None = None
    expected: int | None = None
    early_by: int = 0
    says: str


class Regimen(Frozen):
    """A calendar: `days_of_cycle` count from 1, every `cycle_days`; `loading` days come before.

    With loading doses on days 1, 15 and 29 and then every 28 days, `loading` is (1, 15, 29),
    `days_of_cycle` (1,), and the first cycle starts with the last loading day.
    """

    cycle_days: int
    days_of_cycle: tuple[int, ...] = (1,)
    loading: tuple[int, ...] = ()


def days_since(last: date, day: date) -> int:
    """Return days from the last dose to this one. Raises ValueError when `last` is after `day`."""
    if last > day:
        raise ValueError(f"the last dose ({last}) is after the dose asked about ({day})")
    return (day - last).days


def check_interval(last: date | None, day: date, expected: int | None, early_days: int = EARLY_DAYS) -> Interval:
    """Judge a dose on `day` against the last one; `expected` days come from the order, else the label."""
    if last is None:
        return Interval(standing="first_dose", expected=expected, says="no earlier dose is charted")
    days = days_since(last, day)
    if expected is None:
        says = f"{days} days after the dose of {last}; the expected interval is not known"
        return Interval(standing="unknown", days=days, says=says)
    early_by = max(0, expected - early_days - days)
    says = f"{days} days after the dose of {last}; {expected} expected, {early_days} early accepted"
    standing: Literal["early", "in_time"] = "early" if early_by else "in_time"
    return Interval(standing=standing, days=days, expected=expected, early_by=early_by, says=says)


def planned_days(regimen: Regimen, first: date, until: date) -> tuple[date, ...]:
    """List the days a regimen that began on `first` plans up to `until`, inclusive.

    Raises ValueError when the cycle has no days: its calendar would never end.
    """
    if regimen.cycle_days <= 0 or any(day < 1 for day in (*regimen.days_of_cycle, *regimen.loading)):
        raise ValueError(f"a regimen counts days from 1 in cycles of at least one day: {regimen}")
    planned = {first + timedelta(days=day - 1) for day in regimen.loading}
    cycle = max(planned, default=first)
    while cycle <= until:
        planned.update(cycle + timedelta(days=day - 1) for day in regimen.days_of_cycle)
        cycle += timedelta(days=regimen.cycle_days)
    return tuple(sorted(day for day in planned if day <= until))


def is_planned(regimen: Regimen, first: date, day: date, early_days: int = EARLY_DAYS) -> bool:
    """Tell whether `day` is a planned day, or at most `early_days` before one.

    A late dose is no planned day: the calendar moves with it, so ask again from the new first day.
    """
    window = planned_days(regimen, first, day + timedelta(days=early_days))
    return any(0 <= (planned - day).days <= early_days for planned in window)


def may_reload(last: date, day: date, reload_after: Sequence[int]) -> bool:
    """Tell whether the gap since the last dose allows a new loading dose (days, from the label)."""
    return any(days_since(last, day) >= days for days in reload_after)

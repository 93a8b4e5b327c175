"""Whether a dose lies in a regimen's calendar, counted from the doses before it; the label's own calendars.

Source: section 2 of the FDA prescribing information and the practice fact base, section 4.7. As of 2026-11-23.
"""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files

from pydantic import field_validator

from knowledge.types.practice import Frozen
from tools.dosing.interval import EARLY_DAYS, Regimen, planned_days

_HORIZON = 400
"""Days a course is counted: no calendar here is told apart later."""


class LabelCalendar(Frozen):
    """A regimen of a label; `diagnoses` are ICD-10-CM starts it is limited to, () = every use."""

    drug: str
    diagnoses: tuple[str, ...] = ()
    loading: tuple[int, ...] = ()
    days_of_cycle: tuple[int, ...]
    cycle_days: int
    section: str

    @field_validator("diagnoses", "loading", "days_of_cycle", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @property
    def regimen(self) -> Regimen:
        """The calendar without its label."""
        return Regimen(cycle_days=self.cycle_days, days_of_cycle=self.days_of_cycle, loading=self.loading)


class StrengthInterval(Frozen):
    """How long a dose of one strength lasts by its label."""

    drug: str
    dose_mg: Decimal
    days: int
    section: str


def label_calendars(drug: str, diagnoses: Sequence[str] = ()) -> tuple[LabelCalendar, ...]:
    """Find the label's calendars of a drug by its generic name; those of one disease only with its diagnosis."""
    name = drug.strip().lower()
    codes = tuple(code.replace(".", "").upper() for code in diagnoses)
    fitting = [row for row in _calendars() if _names(name, row.drug)]
    longest = max((len(row.drug) for row in fitting), default=0)
    return tuple(
        row
        for row in fitting
        if len(row.drug) == longest and (not row.diagnoses or any(code.startswith(row.diagnoses) for code in codes))
    )


def strength_interval(drug: str, dose_mg: Decimal | None) -> int | None:
    """Return the days a dose of this strength lasts; None when the label does not tie days to strength."""
    name = drug.strip().lower()
    rows = [row for row in _intervals() if _names(name, row.drug) and row.dose_mg == dose_mg]
    return max(rows, key=lambda row: len(row.drug)).days if rows else None


def in_calendar(regimen: Regimen, earlier: Sequence[date], day: date, early_days: int = EARLY_DAYS) -> date | None:
    """Return the first day of the course in which a dose on `day` is in time, None when it is in none.

    The doses given since a first day are counted off against the plan: late ones move what follows. A course with
    loading doses begins with the first dose known, or with one after a pause longer than a cycle and a half.
    """
    days = sorted({other for other in earlier if other < day})
    for place, first in enumerate(days):
        before = days[place - 1] if place else None
        if regimen.loading and before is not None and (first - before).days <= regimen.cycle_days * 3 // 2:
            continue
        if _next_in_time(regimen, days[place:], day, early_days):
            return first
    return None


def _next_in_time(regimen: Regimen, given: Sequence[date], day: date, early_days: int) -> bool:
    first = given[0]
    plan = planned_days(regimen, first, first + timedelta(days=_HORIZON))
    number = len(given)
    if number >= len(plan):
        return False
    since_first, since_last = plan[number] - first, plan[number] - plan[number - 1]
    slack = min(timedelta(days=early_days), since_last - timedelta(days=1))
    return day - first >= since_first - slack and day - given[-1] >= since_last - slack


def _names(name: str, drug: str) -> bool:
    rest = name.removeprefix(drug)
    if not name.startswith(drug):
        return False
    return rest == "" or (rest[0] in " -,(" and ("+" in drug or not rest.lstrip().startswith("+")))


@cache
def _calendars() -> tuple[LabelCalendar, ...]:
    return tuple(LabelCalendar.model_validate(row) for row in _rows("label_calendars.csv"))


@cache
def _intervals() -> tuple[StrengthInterval, ...]:
    return tuple(StrengthInterval.model_validate(row) for row in _rows("label_intervals.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    text = files("tools.dosing").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))

"""Infusion minutes to the units of administration codes (CPT time rules, domain facts 4.5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from knowledge.types.practice import Frozen

PUSH_MINUTES = 15
"""The longest infusion that is billed as a push."""
_HYDRATION_TOO_SHORT = 30
_MINUTES_A_DAY = 24 * 60

Role = Literal["initial", "sequential", "further_drug", "concurrent"]


class InfusionUnits(Frozen):
    """What one infusion comes to: a push, or one first hour with further hours on their own code."""

    kind: Literal["push", "infusion", "not_billable"]
    further_hours: int = 0


class Infusion(Frozen):
    """One drug run in: `minutes` from start to stop; `group` orders drugs as the payer does, lowest first."""

    drug: str
    minutes: int
    group: int = 0
    concurrent: bool = False


class AdministrationUnits(Frozen):
    """The codes one infusion needs, by their role: first hour or push, and further hours."""

    drug: str
    kind: Literal["push", "infusion"]
    role: Role
    further_hours: int = 0


def infusion_units(minutes: int) -> InfusionUnits:
    """Return the units of a drug infusion: a push up to 15 minutes, one hour up to 90, then more.

    Further hours = floor((m - 60 + 29) / 60): 90 -> 0, 91 -> 1, 150 -> 1, 151 -> 2. Raises ValueError unless
    `minutes` is above zero.
    """
    _check(minutes)
    if minutes <= PUSH_MINUTES:
        return InfusionUnits(kind="push")
    return InfusionUnits(kind="infusion", further_hours=_further_hours(minutes))


def hydration_units(minutes: int) -> InfusionUnits:
    """Return the units of hydration: 30 minutes or less cannot be billed; further hours from minute 91."""
    _check(minutes)
    if minutes <= _HYDRATION_TOO_SHORT:
        return InfusionUnits(kind="not_billable")
    return InfusionUnits(kind="infusion", further_hours=_further_hours(minutes))


def visit_units(infusions: Sequence[Infusion]) -> tuple[AdministrationUnits, ...]:
    """Give each infusion of one visit through one access its role; times never add across drugs.

    The initial service is the first infusion of the leading group (chemotherapy before others), a push only
    when nothing in that group runs longer; later infusions are sequential, later pushes a further drug, and
    what runs beside another is concurrent, without time units.
    """
    if not infusions:
        return ()
    leading = min(range(len(infusions)), key=lambda i: _precedence(infusions[i], i))
    rows = []
    for index, infusion in enumerate(infusions):
        units = infusion_units(infusion.minutes)
        kind: Literal["push", "infusion"] = "push" if units.kind == "push" else "infusion"
        role: Role = "further_drug" if kind == "push" else "sequential"
        if index == leading:
            role = "initial"
        elif infusion.concurrent:
            role = "concurrent"
        hours = 0 if role == "concurrent" else units.further_hours
        rows.append(AdministrationUnits(drug=infusion.drug, kind=kind, role=role, further_hours=hours))
    return tuple(rows)


def minutes_between(start: datetime | None, stop: datetime | None) -> int | None:
    """Return whole minutes from start to stop; None when one is missing or they cannot be compared.

    A stop not after its start, or a day and more later, is a charting error: None. So is one time with a
    zone and one without.
    """
    if start is None or stop is None or (start.tzinfo is None) != (stop.tzinfo is None):
        return None
    minutes = int((stop - start).total_seconds() // 60)
    return minutes if 0 < minutes < _MINUTES_A_DAY else None


def _precedence(infusion: Infusion, index: int) -> tuple[bool, int, bool, int]:
    return (infusion.concurrent, infusion.group, infusion.minutes <= PUSH_MINUTES, index)


def _further_hours(minutes: int) -> int:
    return max(0, (minutes - 60 + 29) // 60)


def _check(minutes: int) -> None:
    if minutes <= 0:
        raise ValueError(f"an infusion lasts at least one minute, not {minutes}")

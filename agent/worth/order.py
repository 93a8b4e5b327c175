"""The order of the queue, by worth and clocks.

The rule: first what runs out within `order.soon` days and is worth its work; then what else is worth its work; within
each, by the dollars lost a day of waiting: expected value / (days left + 1). Then what costs more than it brings, the
nearest clock first. Last what has run out, the latest first: good cause is asked for soon or not at all. What is worked
together (a series, a batch) has one place, by its first clock and its values added up; of it, what has run out stands
apart. Ties go by clock, then value, then id.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from agent.worth.assumptions import assumptions

Band = Literal["soon", "worth", "not_worth", "ran_out"]
UnitName = tuple[str, bool]
UnitKey = tuple[int, Decimal, Decimal, Decimal, str]

BAND_SAYS: dict[Band, str] = {
    "soon": "It is worth its work and its clock runs out within {soon} days",
    "worth": "By the dollars that a day of waiting loses",
    "not_worth": "Worked alone it costs more than it brings",
    "ran_out": "Its clocks have run out",
}
_BANDS: tuple[Band, ...] = ("soon", "worth", "not_worth", "ran_out")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A denial to be ranked. `days_left` None = no clock known; `group` names what it is worked together with."""

    denial_id: str
    value: Decimal
    days_left: int | None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue, from 1, and the sentence that says why it is there."""

    rank: int
    band: Band
    says: str


def ranked(candidates: Iterable[Candidate]) -> dict[str, Place]:
    """Rank denials by the rule above; the same denials in any order have the same places."""
    units: dict[UnitName, list[Candidate]] = {}
    for one in candidates:
        units.setdefault(unit_name(one), []).append(one)
    ordered = sorted((in_unit(unit) for unit in units.values()), key=unit_key)
    places: dict[str, Place] = {}
    for unit in ordered:
        band = band_of(unit)
        for one in unit:
            places[one.denial_id] = Place(len(places) + 1, band, band_says(band))
    return places


def unit_name(one: Candidate) -> UnitName:
    """Name what a denial is ranked with: itself or its group, what has run out apart."""
    out = one.days_left is not None and one.days_left < 0
    return one.group or f"\x00{one.denial_id}", out


def in_unit(unit: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return what is ranked together in its own order: the first clock first."""
    return tuple(sorted(unit, key=_within))


def band_says(band: Band) -> str:
    """Say why what is in a band stands where it does."""
    return BAND_SAYS[band].format(soon=assumptions().order.soon)


def lost_a_day(value: Decimal, days_left: int | None) -> Decimal:
    """Return the dollars that a day of waiting loses, on average until the clock runs out."""
    left = assumptions().order.no_clock if days_left is None else days_left
    return value / (left + 1)


def band_of(unit: Sequence[Candidate]) -> Band:
    """Return the band of what is ranked together, given in its own order."""
    value, left = _value(unit), _left(unit)
    if left is not None and left < 0:
        return "ran_out"
    if value <= 0:
        return "not_worth"
    return "soon" if left is not None and left <= assumptions().order.soon else "worth"


def unit_key(unit: Sequence[Candidate]) -> UnitKey:
    """Return what units are ordered by; no two have the same."""
    band, value, left = band_of(unit), _value(unit), _left(unit)
    first = min(one.denial_id for one in unit)
    days = Decimal(assumptions().order.no_clock if left is None else left)
    place = _BANDS.index(band)
    if band == "ran_out":
        return place, -days, -value, Decimal(0), first
    if band == "not_worth":
        return place, days, -value, Decimal(0), first
    return place, -lost_a_day(value, left), days, -value, first


def _value(unit: Sequence[Candidate]) -> Decimal:
    return sum((one.value for one in unit), Decimal(0))


def _left(unit: Sequence[Candidate]) -> int | None:
    """Return the days of the first clock; of what has run out, of the latest."""
    known = [one.days_left for one in unit if one.days_left is not None]
    if not known:
        return None
    return max(known) if known[0] < 0 else min(known)


def _within(one: Candidate) -> tuple[int, int, Decimal, str]:
    return (one.days_left is None, one.days_left or 0, -one.value, one.denial_id)

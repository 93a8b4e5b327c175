"""Days between doses, and regimens that break them on purpose."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.dosing.interval import Regimen, check_interval, days_since, is_planned, may_reload, planned_days

FIRST = date(2026, 1, 5)


def on(days: int) -> date:
    return FIRST + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "standing", "early_by"),
    [(21, "in_time", 0), (18, "in_time", 0), (17, "early", 1), (14, "early", 4), (42, "in_time", 0)],
)
def test_three_days_early_are_accepted_and_late_is_never_early(days: int, standing: str, early_by: int) -> None:
    found = check_interval(FIRST, on(days), 21)
    assert (found.standing, found.early_by, found.days) == (standing, early_by, days)


def test_a_first_dose_and_an_unknown_interval_are_said() -> None:
    assert check_interval(None, FIRST, 21).standing == "first_dose"
    assert check_interval(FIRST, on(9), None).standing == "unknown"


def test_a_last_dose_after_the_day_asked_about_is_an_error() -> None:
    with pytest.raises(ValueError, match="after the dose asked about"):
        days_since(on(1), FIRST)


def test_loading_doses_are_planned_though_they_break_the_interval() -> None:
    fulvestrant = Regimen(cycle_days=28, loading=(1, 15, 29))
    assert planned_days(fulvestrant, FIRST, on(60)) == (on(0), on(14), on(28), on(56))
    assert check_interval(FIRST, on(14), 28).standing == "early"
    assert is_planned(fulvestrant, FIRST, on(14))
    assert is_planned(fulvestrant, FIRST, on(26))
    assert not is_planned(fulvestrant, FIRST, on(20))


def test_several_days_of_a_cycle_are_planned() -> None:
    bortezomib = Regimen(cycle_days=21, days_of_cycle=(1, 4, 8, 11))
    assert planned_days(bortezomib, FIRST, on(24)) == (on(0), on(3), on(7), on(10), on(21), on(24))


def test_a_reload_is_legitimate_after_its_gap() -> None:
    assert may_reload(FIRST, on(42), (42,))
    assert not may_reload(FIRST, on(41), (42,))


def test_a_cycle_of_no_days_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        planned_days(Regimen(cycle_days=0), FIRST, on(10))


@given(st.integers(1, 60), st.integers(0, 400), st.integers(0, 10))
def test_early_and_in_time_meet_without_a_gap(expected: int, days: int, tolerance: int) -> None:
    found = check_interval(FIRST, on(days), expected, tolerance)
    assert (found.early_by > 0) == (days < expected - tolerance)
    assert (found.standing == "early") == (found.early_by > 0)


@given(st.integers(1, 60), st.integers(0, 400))
def test_a_plain_cycle_plans_every_multiple(cycle: int, until: int) -> None:
    planned = planned_days(Regimen(cycle_days=cycle), FIRST, on(until))
    assert [(day - FIRST).days for day in planned] == list(range(0, until + 1, cycle))

"""Infusion minutes to units, to the minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.dosing.infusion import Infusion, hydration_units, infusion_units, minutes_between, visit_units


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(16, 0), (60, 0), (61, 0), (90, 0), (91, 1), (150, 1), (151, 2), (260, 3), (270, 3), (271, 4)],
)
def test_a_further_hour_starts_at_its_31st_minute(minutes: int, hours: int) -> None:
    units = infusion_units(minutes)
    assert (units.kind, units.further_hours) == ("infusion", hours)


@pytest.mark.parametrize("minutes", [1, 15])
def test_up_to_fifteen_minutes_is_a_push(minutes: int) -> None:
    assert infusion_units(minutes).kind == "push"


@pytest.mark.parametrize(
    ("minutes", "kind", "hours"),
    [(30, "not_billable", 0), (31, "infusion", 0), (90, "infusion", 0), (91, "infusion", 1)],
)
def test_hydration_counts_from_minute_31(minutes: int, kind: str, hours: int) -> None:
    units = hydration_units(minutes)
    assert (units.kind, units.further_hours) == (kind, hours)


def test_no_infusion_lasts_no_time() -> None:
    with pytest.raises(ValueError, match="at least one minute"):
        infusion_units(0)


@given(st.integers(1, 1000))
def test_an_hour_more_is_one_unit_more(minutes: int) -> None:
    if minutes > 60:
        assert infusion_units(minutes + 60).further_hours == infusion_units(minutes).further_hours + 1


def test_pembrolizumab_carboplatin_and_a_pemetrexed_push_are_first_next_and_further() -> None:
    rows = visit_units(
        [
            Infusion(drug="pembrolizumab", minutes=30),
            Infusion(drug="carboplatin", minutes=35),
            Infusion(drug="pemetrexed", minutes=10),
        ]
    )
    assert [(row.kind, row.role, row.further_hours) for row in rows] == [
        ("infusion", "initial", 0),
        ("infusion", "sequential", 0),
        ("push", "further_drug", 0),
    ]


def test_times_of_sequential_drugs_do_not_add_up() -> None:
    rows = visit_units([Infusion(drug="a", minutes=50), Infusion(drug="b", minutes=50)])
    assert [row.further_hours for row in rows] == [0, 0]


def test_chemotherapy_leads_whatever_the_clock_and_premedication_follows() -> None:
    rows = visit_units([Infusion(drug="dexamethasone", minutes=20, group=1), Infusion(drug="paclitaxel", minutes=180)])
    assert [(row.role, row.further_hours) for row in rows] == [("sequential", 0), ("initial", 2)]


def test_what_runs_beside_another_has_no_time_units() -> None:
    rows = visit_units(
        [
            Infusion(drug="oxaliplatin", minutes=120),
            Infusion(drug="leucovorin", minutes=120, group=1, concurrent=True),
        ]
    )
    assert [(row.role, row.further_hours) for row in rows] == [("initial", 1), ("concurrent", 0)]


def test_a_push_leads_only_when_nothing_runs_longer() -> None:
    assert visit_units([Infusion(drug="bortezomib", minutes=1)])[0].role == "initial"
    assert visit_units([]) == ()


START = datetime(2026, 3, 16, 10, 5, tzinfo=UTC)


def test_minutes_need_two_times_that_can_be_compared() -> None:
    assert minutes_between(START, START + timedelta(minutes=33, seconds=50)) == 33
    assert minutes_between(START, None) is None
    assert minutes_between(START, START) is None
    assert minutes_between(START, START - timedelta(minutes=5)) is None
    assert minutes_between(START, START + timedelta(days=1)) is None
    assert minutes_between(START, (START + timedelta(minutes=5)).replace(tzinfo=None)) is None

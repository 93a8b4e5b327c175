"""When the next dose is due: the order's interval or calendar, else the label's, else it is not known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watch_builders import chart, dose, only_treatment, order, watched

from agent.watching.next_dose import planned_next
from tools.dosing.interval import Regimen

MARCH, APRIL = date(2026, 3, 24), date(2026, 4, 14)


def _denosumab(on: date, mg: int) -> object:
    return dose(on, mg, hcpcs="J0897", drug="denosumab")


def test_last_given_and_the_orders_interval_give_the_date_and_how() -> None:
    row = only_treatment(watched(chart(order(date(2026, 3, 1), days=21), dose(MARCH), dose(APRIL))))
    assert (row.standing, row.expected) == ("planned", date(2026, 5, 5))
    assert row.how == "last given 2026-04-14 + 21 days (order of 2026-03-01)"
    assert row.units == "200"
    assert row.sources == ("MedicationRequest/2026-03-01", "MedicationAdministration/2026-04-14")


def test_without_an_interval_the_next_date_is_not_known() -> None:
    ordered = order(date(2026, 3, 1), "AUC 6 IV", hcpcs="J9045", drug="carboplatin", mg=600)
    row = only_treatment(watched(chart(ordered, dose(APRIL, 600, hcpcs="J9045", drug="carboplatin"))))
    assert (row.standing, row.expected) == ("unknown", None)
    assert "next date not known" in row.how
    assert "states no interval" in row.how


@pytest.mark.parametrize(("last", "listed"), [(date(2026, 2, 6), 1), (date(2026, 2, 5), 0)])
def test_a_drug_given_lately_without_a_charted_order_is_watched_without_a_date(last: date, listed: int) -> None:
    rows = watched(chart(dose(last))).treatments
    assert [(row.standing, row.expected, row.hcpcs) for row in rows] == [("unknown", None, "J9271")] * listed
    assert all("no order of it is charted" in row.how for row in rows)


def test_an_order_not_yet_carried_out_has_no_known_date() -> None:
    row = only_treatment(watched(chart(order(date(2026, 4, 28), days=21))))
    assert (row.standing, row.expected) == ("unknown", None)
    assert "no dose is charted yet" in row.how


def test_loading_doses_of_the_order_come_before_its_interval() -> None:
    ordered = order(date(2026, 4, 1), "500 mg IM days 1, 15, 29, then every 28 days", mg=500, hcpcs="J9395")
    plan = [date(2026, 4, 2), date(2026, 4, 16), date(2026, 4, 30), date(2026, 5, 28)]
    for number in (1, 2, 3):
        given_doses = [dose(day, 500, hcpcs="J9395") for day in plan[:number]]
        row = only_treatment(watched(chart(ordered, *given_doses)))
        assert row.expected == plan[number], number


def test_the_labels_loading_doses_count_where_the_order_is_silent_and_new() -> None:
    ordered = order(date(2026, 4, 1), "500 mg IM", mg=500, hcpcs="J9395", drug="fulvestrant")
    row = only_treatment(watched(chart(ordered, dose(date(2026, 4, 20), 500, hcpcs="J9395", drug="fulvestrant"))))
    assert row.expected == date(2026, 5, 4)
    assert "days 1, 15, 29" in row.how


def test_the_labels_loading_doses_do_not_count_long_after_the_first_order() -> None:
    ordered = order(date(2025, 4, 1), "500 mg IM", mg=500, hcpcs="J9395", drug="fulvestrant")
    row = only_treatment(watched(chart(ordered, dose(date(2026, 4, 20), 500, hcpcs="J9395", drug="fulvestrant"))))
    assert (row.standing, row.expected) == ("unknown", None)


@pytest.mark.parametrize(("mg", "days"), [(60, 180), (120, 28)])
def test_the_label_ties_the_days_to_the_strength(mg: int, days: int) -> None:
    ordered = order(date(2026, 4, 1), f"{mg} mg SC", mg=mg, hcpcs="J0897", drug="denosumab")
    row = only_treatment(watched(chart(ordered, _denosumab(APRIL, mg))))  # type: ignore[arg-type]
    assert row.expected == APRIL + timedelta(days=days)


def test_days_of_a_cycle_are_counted_from_the_doses_given() -> None:
    ordered = order(date(2026, 4, 1), "days 1, 8, 15 every 28 days", hcpcs="J9177", mg=110)
    days = [date(2026, 4, 7), date(2026, 4, 14), date(2026, 4, 21)]
    row = only_treatment(watched(chart(ordered, *(dose(day, 110, hcpcs="J9177") for day in days))))
    assert row.expected == date(2026, 5, 5)


def test_doses_that_do_not_follow_their_calendar_give_no_date() -> None:
    ordered = order(date(2026, 3, 1), "weekly x8, then every 2 weeks", mg=1800, hcpcs="J9144")
    doses = [dose(day, 1800, hcpcs="J9144") for day in (date(2026, 4, 7), date(2026, 4, 25))]
    row = only_treatment(watched(chart(ordered, *doses)))
    assert (row.standing, row.expected) == ("unknown", None)
    assert "do not follow" in row.how


def test_after_a_dose_change_the_last_dose_lasts_by_its_own_order_and_the_next_is_the_new_dose() -> None:
    first = order(date(2026, 1, 5), "200 mg IV every 3 weeks", days=21, status="stopped")
    second = order(date(2026, 4, 20), "400 mg IV every 6 weeks", days=42, mg=400)
    row = only_treatment(watched(chart(first, second, dose(APRIL))))
    assert row.expected == date(2026, 5, 5)
    assert row.units == "400"
    after = only_treatment(
        watched(chart(first, second, dose(APRIL), dose(date(2026, 5, 5), 400)), as_of=date(2026, 5, 6))
    )
    assert after.expected == date(2026, 6, 16)


def test_a_dose_that_claims_tell_of_counts_where_the_chart_has_none_of_that_day() -> None:
    from watch_builders import claim

    found = watched(chart(order(date(2026, 3, 1), days=21), dose(MARCH)), claims=(claim(APRIL),))
    assert only_treatment(found).expected == date(2026, 5, 5)


def test_two_orders_of_one_day_that_differ_are_left_to_a_person() -> None:
    ordered = [
        order(date(2026, 3, 1), days=days, mg=mg, resource=f"MedicationRequest/{mg}")
        for days, mg in ((21, 200), (42, 400))
    ]
    row = only_treatment(watched(chart(*ordered, dose(APRIL))))
    assert (row.standing, row.expected) == ("unknown", None)
    assert "a person must say" in row.how


def test_an_order_with_two_doses_leaves_the_next_one_open() -> None:
    ordered = order(date(2026, 4, 1), "500 mg every 3 weeks x 4, then 1000 mg every 6 weeks", mg=500, hcpcs="J9272")
    row = only_treatment(watched(chart(ordered, dose(APRIL, 500, hcpcs="J9272"))))
    assert row.expected == date(2026, 5, 5)
    assert row.units is None


@pytest.mark.parametrize(("days_ago", "standing"), [(21, "planned"), (22, "overdue"), (49, "overdue"), (50, "lapsed")])
def test_a_planned_day_that_passed_is_overdue_and_later_lapsed(days_ago: int, standing: str) -> None:
    last = date(2026, 5, 1) - timedelta(days=days_ago)
    row = only_treatment(watched(chart(order(date(2026, 1, 1), days=21), dose(last))))
    assert row.standing == standing
    assert row.expected == last + timedelta(days=21)


def test_a_newer_order_says_that_a_lapsed_treatment_goes_on() -> None:
    orders = (order(date(2026, 1, 1), days=21, status="stopped"), order(date(2026, 4, 30), days=42, mg=400))
    row = only_treatment(watched(chart(*orders, dose(date(2026, 1, 20)))))
    assert (row.standing, row.units) == ("overdue", "400")


@given(
    first=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    cycle=st.integers(7, 42),
    number=st.integers(1, 12),
)
def test_doses_on_their_planned_days_are_followed_by_the_next_planned_day(first: date, cycle: int, number: int) -> None:
    given_days = [first + timedelta(days=cycle * place) for place in range(number)]
    assert planned_next(Regimen(cycle_days=cycle), given_days) == first + timedelta(days=cycle * number)


@given(late=st.integers(0, 6))
def test_a_late_dose_moves_what_follows(late: int) -> None:
    regimen = Regimen(cycle_days=28, loading=(1, 15, 29))
    first = date(2026, 1, 1)
    second = first + timedelta(days=14 + late)
    assert planned_next(regimen, [first, second]) == second + timedelta(days=14)

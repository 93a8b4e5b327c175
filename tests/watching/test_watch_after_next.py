"""The dose after the next is told of in time, and nobody is told of one that will not come."""

from datetime import date
from typing import Any

import pytest
from watch_builders import auth, chart, dose, note, only_treatment, order, watched

DOSES = (dose(date(2026, 3, 3)), dose(date(2026, 3, 24)), dose(date(2026, 4, 14)))
NEXT, AFTER = date(2026, 5, 5), date(2026, 5, 26)


def told(row: Any, *items: Any, text: str = "", **ordered: Any) -> str:
    given = items or DOSES
    found = watched(chart(order(date(2026, 3, 1), text, **{"days": 21, **ordered}), *given), auths=(row,))
    assert found.warnings == (), "the next dose is covered"
    return only_treatment(found).after_next


def test_an_authorization_that_ends_before_the_dose_after_the_next_is_told_of() -> None:
    says = told(auth(end_date=date(2026, 5, 25)))
    assert says.startswith(f"The dose after it, {AFTER}: A-1 ends 2026-05-25, 1 day before {AFTER}. Ask")


@pytest.mark.parametrize(("total", "short"), [(999, True), (1000, False)])
def test_units_left_after_the_next_dose_must_cover_the_one_after_it(total: int, short: bool) -> None:
    says = told(auth(quantity=total, quantity_basis="billing_units", per="total"))
    assert bool(says) == short
    assert not short or "4 doses took 800" in says


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (auth(end_date=AFTER), ""),
        (auth(end_date=date(2026, 5, 10)), "pembrolizumab 200 mg every 21 days x 4"),
    ],
)
def test_decoys_its_last_day_counts_and_a_course_that_ends_with_the_next_dose_needs_no_renewal(
    row: Any, text: str
) -> None:
    assert told(row, text=text) == ""


def test_decoys_a_treatment_that_ended_or_lapsed_or_comes_far_later_is_not_told_of() -> None:
    short = auth(end_date=date(2026, 5, 10))
    stopped = note(date(2026, 4, 20), "Pembrolizumab was stopped on 04/20/2026 for progression.")
    assert told(short, *DOSES, stopped) == ""
    assert told(short, *DOSES, status="stopped") == ""
    assert told(short, dose(date(2025, 11, 1))) == ""
    assert told(auth(end_date=date(2026, 6, 10)), *DOSES, days=42) == ""

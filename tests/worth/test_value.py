"""The expected value: chance × what would be paid − cost of the work; and what the record says of it."""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "watching"))

from test_chances import ended
from watch_builders import record

from agent.worth.assumptions import assumptions
from agent.worth.chances import Chances
from agent.worth.value import cost_of_work, priority_of, to_be_paid, with_starting_worth, worth_of
from knowledge.types.diagnosis import Remedy


def test_it_is_chance_times_amount_less_cost() -> None:
    denial = record(amount="1000.00", clocks=(("authorization_fix", "2026-06-01"),))
    worth = worth_of(denial, Chances(), date(2026, 5, 1))
    known = assumptions().remedies["authorization_fix"]
    cost = Decimal(known.review) * assumptions().hour / 60
    assert worth.value == Decimal(str(known.chance)) * 1000 - cost
    assert not worth.late


def test_a_contracted_rate_below_the_charge_is_what_would_be_paid_and_one_above_it_is_not() -> None:
    assert to_be_paid(record(amount="1000.00", rate_amount="620.00")) == Decimal("620.00")
    assert to_be_paid(record(amount="1000.00", rate_amount="1400.00")) == Decimal("1000.00")
    assert to_be_paid(record(amount="1000.00", rate_amount=None)) == Decimal("1000.00")


def test_after_the_clock_of_its_remedy_it_is_worth_little_and_says_so() -> None:
    clocks = (("authorization_fix", "2026-04-01"), ("appeal", "2026-08-01"))
    denial = record(amount="1000.00", clocks=clocks)
    worth = worth_of(denial, Chances(), date(2026, 5, 1))
    in_time = worth_of(denial, Chances(), date(2026, 3, 1))
    assert worth.late
    assert worth.value + worth.cost == (in_time.value + in_time.cost) * Decimal(str(assumptions().late_share))
    assert "its clock has run out" in str(priority_of(denial, worth).rests_on)


def test_the_record_says_chance_interval_and_on_how_many_outcomes_it_rests() -> None:
    denial = record(amount="1000.00", cause="auth-units-mismatch")
    settled = [ended(number, "lost", remedy="authorization_fix") for number in range(3)]
    told = priority_of(denial, worth_of(denial, Chances(settled), date(2026, 5, 1)))
    assert told.chance is not None
    assert told.chance_low is not None
    assert told.chance_high is not None
    assert told.chance_low < told.chance < told.chance_high
    assert (told.outcomes, told.too_few_outcomes) == (3, True)
    assert str(told.rests_on).startswith("Too few outcomes: 3 outcomes of this payer and cause")


def test_a_fresh_record_has_its_worth_by_the_starting_assumption() -> None:
    told = with_starting_worth(record(amount="1000.00")).priority
    assert told.chance == assumptions().remedies["authorization_fix"].chance
    assert "starting assumption" in str(told.rests_on)


@given(remedy=st.sampled_from(get_args(Remedy)), together=st.integers(1, 50), route=st.sampled_from(["review", ""]))
def test_working_together_never_costs_more_a_denial_and_going_straight_through_never_more_than_a_review(
    remedy: Remedy, together: int, route: str
) -> None:
    assert cost_of_work(remedy, route, together + 1) <= cost_of_work(remedy, route, together)
    assert cost_of_work(remedy, "straight_through", together) <= cost_of_work(remedy, "review", together)


def test_nothing_is_worked_together_with_nobody() -> None:
    with pytest.raises(ValueError, match="0 denials"):
        cost_of_work("appeal", "review", 0)


def test_assumptions_cover_every_remedy_and_give_a_reason_for_each() -> None:
    assert set(assumptions().remedies) == set(get_args(Remedy))
    assert all(len(each.why) > 5 for each in assumptions().remedies.values())

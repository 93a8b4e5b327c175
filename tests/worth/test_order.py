"""The order of the queue: nothing urgent and worthwhile behind what can wait, nothing lost before what can be saved."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.worth.assumptions import assumptions
from agent.worth.order import Candidate, ranked

SOON = assumptions().order.soon
candidates = st.lists(
    st.builds(
        Candidate,
        denial_id=st.uuids().map(lambda name: f"den_{name.hex[:8]}"),
        value=st.decimals(-100, 50_000, places=2),
        days_left=st.none() | st.integers(-60, 200),
        group=st.none() | st.sampled_from(["ser_1", "bat_1"]),
    ),
    max_size=30,
    unique_by=lambda one: one.denial_id,
)
alone = candidates.map(lambda held: [Candidate(one.denial_id, one.value, one.days_left) for one in held])


def _at(denial_id: str, value: int, days: int | None, group: str | None = None) -> Candidate:
    return Candidate(denial_id, Decimal(value), days, group)


def _order(*held: Candidate) -> list[str]:
    places = ranked(held)
    return sorted(places, key=lambda name: places[name].rank)


@given(held=candidates, seed=st.randoms())
def test_every_denial_has_one_place_and_any_order_in_gives_the_same(held: list[Candidate], seed: Any) -> None:
    places = ranked(held)
    assert sorted(place.rank for place in places.values()) == list(range(1, len(held) + 1))
    shuffled = list(held)
    seed.shuffle(shuffled)
    assert ranked(shuffled) == places


@given(held=candidates)
def test_what_has_run_out_stands_behind_all_that_can_still_be_worked(held: list[Candidate]) -> None:
    places = ranked(held)
    out = {one.denial_id for one in held if one.days_left is not None and one.days_left < 0}
    first_out = min((places[name].rank for name in out), default=len(held) + 1)
    assert all(place.rank < first_out for name, place in places.items() if name not in out)


@given(held=alone)
def test_what_runs_out_soon_and_is_worth_its_work_stands_before_all_else(held: list[Candidate]) -> None:
    places = ranked(held)
    urgent = {o.denial_id for o in held if o.days_left is not None and 0 <= o.days_left <= SOON and o.value > 0}
    assert {name for name, place in places.items() if place.rank <= len(urgent)} == urgent


@given(held=alone, more=st.decimals(1, 9000, places=2), place=st.integers(0, 29))
def test_more_worth_or_a_nearer_clock_never_moves_a_workable_denial_back(
    held: list[Candidate], more: Decimal, place: int
) -> None:
    if place >= len(held) or (held[place].days_left or 0) < 0:
        return
    one, rest = held[place], [*held[:place], *held[place + 1 :]]
    before = ranked(held)[one.denial_id].rank
    richer = Candidate(one.denial_id, one.value + more, one.days_left)
    assert ranked([*rest, richer])[one.denial_id].rank <= before
    if one.days_left:
        sooner = Candidate(one.denial_id, one.value, one.days_left - 1)
        assert ranked([*rest, sooner])[one.denial_id].rank <= before


@given(held=candidates)
def test_what_is_worked_together_stands_together(held: list[Candidate]) -> None:
    places = ranked(held)
    for group in ("ser_1", "bat_1"):
        for out in (True, False):
            ranks = sorted(
                places[one.denial_id].rank
                for one in held
                if one.group == group and (one.days_left is not None and one.days_left < 0) == out
            )
            assert not ranks or ranks == list(range(ranks[0], ranks[0] + len(ranks)))


def test_a_small_one_that_runs_out_goes_first_and_a_large_one_before_one_that_can_wait_long() -> None:
    held = (_at("tomorrow", 90, 1), _at("large", 60_000, 60), _at("near", 900, 20), _at("far", 1_000, 170))
    assert _order(*held) == ["tomorrow", "large", "near", "far"]


def test_a_clock_nobody_knows_is_not_left_to_the_end() -> None:
    assert _order(_at("unknown", 1_000, None), _at("far", 1_000, 100), _at("near", 1_000, 10)) == [
        "near",
        "unknown",
        "far",
    ]


def test_what_costs_more_than_it_brings_waits_and_the_latest_to_run_out_leads_those_that_did() -> None:
    held = (_at("long_ago", 9_000, -90), _at("just", 100, -2), _at("no_gain", -10, 2), _at("worth", 10, 180))
    assert _order(*held) == ["worth", "no_gain", "just", "long_ago"]


def test_of_a_series_what_has_run_out_does_not_come_with_what_can_be_worked() -> None:
    held = (_at("out", 9_000, -1, "ser_1"), _at("in", 9_000, 20, "ser_1"), _at("other", 10, 180))
    assert _order(*held) == ["in", "other", "out"]

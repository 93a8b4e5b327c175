"""What moves in the queue takes its place among the others, and comes to the order that ranking all comes to."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.worth.order import Candidate, ranked
from agent.worth.places import LONG, Places

CEILING = 10_000
changes = st.lists(
    st.builds(
        Candidate,
        denial_id=st.integers(0, 25).map(lambda at: f"den_{at:02}"),
        value=st.decimals(-100, 5000, places=2),
        days_left=st.none() | st.integers(-30, 90),
        group=st.none() | st.sampled_from(["ser_1", "ser_2", "bat_1"]),
    ),
    max_size=6,
)


def order_of(ranks: dict[str, int], held: dict[str, Candidate]) -> list[str]:
    return sorted(held, key=lambda name: ranks[name])


@settings(max_examples=80, deadline=None)
@given(
    rounds=st.lists(st.tuples(changes, st.sets(st.integers(0, 25), max_size=3)), min_size=1, max_size=7), gaps=st.data()
)
def test_round_after_round_the_ranks_come_to_the_order_of_ranking_all(
    rounds: list[tuple[list[Candidate], set[int]]], gaps: Any
) -> None:
    places, held, ranks = Places(), dict[str, Candidate](), dict[str, int]()
    for change, leaving in rounds:
        gone = {f"den_{at:02}" for at in leaving}
        held = {name: one for name, one in held.items() if name not in gone}
        held |= {one.denial_id: one for one in change}
        touched = places.put(change, gone)
        fitted = places.fitted(touched, ranks, ceiling=gaps.draw(st.sampled_from([40, CEILING])))
        ranks = places.numbered()[0] if fitted is None else ranks | fitted
        slow = ranked(held.values())
        assert list(places.in_order()) == sorted(slow, key=lambda name: slow[name].rank)
        assert order_of(ranks, held) == list(places.in_order())
        assert len({ranks[name] for name in held}) == len(held)
        assert all(places.says(name) == slow[name].says for name in held)


def test_in_a_long_queue_one_that_moves_moves_few_others() -> None:
    held = [Candidate(f"den_{at:05}", Decimal(50_000 - at), 40) for at in range(2 * LONG)]
    places = Places(held)
    ranks, free = places.numbered()
    assert len(set(ranks.values())) == len(held)
    assert free > max(ranks.values())
    moved = places.fitted(places.put([Candidate("den_01999", Decimal("49500.50"), 40)]), ranks, free)
    assert moved == {"den_01999": ranks["den_00499"] + 5}
    assert places.fitted(places.put([Candidate("den_00500", Decimal("49500.25"), 40)]), ranks | moved, free) == {}


def test_a_large_group_that_moves_finds_room_among_its_new_neighbours() -> None:
    alone = [Candidate(f"den_{at:05}", Decimal(50_000 - at), 40) for at in range(2 * LONG)]
    together = [Candidate(f"den_{at:05}", Decimal("1.00"), 40, "bat_1") for at in range(5000, 5300)]
    places = Places([*alone, *together])
    ranks, free = places.numbered()
    larger = [Candidate(one.denial_id, Decimal(165), 40, "bat_1") for one in together]
    moved = places.fitted(places.put(larger), ranks, free)
    assert moved is not None
    assert {one.denial_id for one in together} <= moved.keys()
    assert len(moved) < 2 * len(together)
    now = ranks | moved
    assert sorted(now, key=lambda name: now[name]) == list(places.in_order())


def test_a_short_queue_is_numbered_without_gaps() -> None:
    places = Places([Candidate(f"den_{at}", Decimal(at), None) for at in range(9)])
    assert sorted(places.numbered()[0].values()) == list(range(1, 10))

"""Sums, selections and pivots: held against plain counting of the same denials."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from insight_home import AS_OF, dashboard_home

from agent.insight.held import HeldSnapshots
from agent.insight.selection import Age, Due, Selection, marked
from agent.insight.snapshot import Snapshot
from agent.insight.sums import DIMENSIONS, MEASURES, ages, dues, narrowed, pivot, sums, sums_by
from knowledge.records import OPEN, Records
from knowledge.records.insight import InsightFact


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    with dashboard_home(tmp_path_factory.mktemp("sums") / "home", 400) as made:
        yield made


@pytest.fixture(scope="module")
def snapshot(records: Records) -> Snapshot:
    return HeldSnapshots(records).of("p")


@pytest.fixture(scope="module")
def facts(records: Records) -> list[InsightFact]:
    with records.reading() as repository:
        return repository.insight.facts("p")


def dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100


def lost(fact: InsightFact) -> int:
    return fact.amount_cents - fact.recovered_cents if fact.status in ("lost", "closed", "partly_won") else 0


def test_the_four_sums_are_those_of_the_denials(snapshot: Snapshot, facts: list[InsightFact]) -> None:
    found = sums(snapshot, Selection(), AS_OF)
    assert found.denied.count == len(facts) == 400
    assert found.denied.dollars == dollars(sum(fact.amount_cents for fact in facts))
    assert found.open.dollars == dollars(sum(fact.amount_cents for fact in facts if fact.status in OPEN))
    assert found.recovered.dollars == dollars(sum(fact.recovered_cents for fact in facts))
    assert found.lost.dollars == dollars(sum(lost(fact) for fact in facts))
    assert found.lost.count == sum(lost(fact) > 0 for fact in facts)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("rows", DIMENSIONS)
def test_a_pivot_adds_up_both_ways_and_each_cell_is_what_its_selection_says(
    snapshot: Snapshot, rows: str, measure: str
) -> None:
    for columns in DIMENSIONS:
        if columns == rows:
            continue
        found = pivot(snapshot, Selection(), measure, rows, columns, AS_OF)  # type: ignore[arg-type]
        assert sum(one.count for one in found.cells.values()) == found.whole.count
        assert sum((one.dollars for one in found.cells.values()), Decimal(0)) == found.whole.dollars
        assert sum(one.sum.count for one in found.row_sums) == sum(one.sum.count for one in found.column_sums)
        for (row, column), held in list(found.cells.items())[:5]:
            wanted = narrowed(narrowed(Selection(of=measure), rows, row), columns, column)  # type: ignore[arg-type]
            assert int(marked(snapshot, wanted, AS_OF).sum()) == held.count


def test_sums_by_month_stand_in_its_order_and_add_up(snapshot: Snapshot) -> None:
    found = sums_by(snapshot, Selection(), "month", AS_OF)
    assert list(found) == sorted(found, key=str)
    whole = sums(snapshot, Selection(), AS_OF)
    assert sum((one.lost.dollars for one in found.values()), Decimal(0)) == whole.lost.dollars


def test_every_open_denial_is_of_one_age_and_one_clock(snapshot: Snapshot, facts: list[InsightFact]) -> None:
    opened = sum(fact.status in OPEN for fact in facts)
    assert sum(one.count for one in ages(snapshot, Selection(), AS_OF).values()) == opened
    assert sum(one.count for one in dues(snapshot, Selection(), AS_OF).values()) == opened
    assert dues(snapshot, Selection(), AS_OF)["unknown"].count == sum(
        fact.deadline is None for fact in facts if fact.status in OPEN
    )


@pytest.mark.parametrize(
    ("days", "age"),
    [(0, "0-30"), (30, "0-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, "over-90")],
)
def test_ages_begin_and_end_where_their_names_say(
    snapshot: Snapshot, facts: list[InsightFact], days: int, age: Age
) -> None:
    fact = next(fact for fact in facts if fact.status in OPEN)
    assert fact.paid_on is not None
    on = fact.paid_on + timedelta(days=days)
    ids = {one: snapshot.chosen(marked(snapshot, Selection(of="open", age=one), on)) for one in get_args(Age)}
    assert [one for one, chosen in ids.items() if fact.denial_id in chosen] == [age]


@pytest.mark.parametrize(
    ("left", "due"), [(-1, "ran-out"), (0, "7"), (7, "7"), (8, "14"), (14, "14"), (15, "30"), (30, "30"), (31, "later")]
)
def test_clocks_begin_and_end_where_their_names_say(
    snapshot: Snapshot, facts: list[InsightFact], left: int, due: Due
) -> None:
    fact = next(fact for fact in facts if fact.status in OPEN and fact.deadline)
    assert fact.deadline is not None
    on: date = fact.deadline - timedelta(days=left)
    ids = {one: snapshot.chosen(marked(snapshot, Selection(of="open", due=one), on)) for one in get_args(Due)}
    assert [one for one, chosen in ids.items() if fact.denial_id in chosen] == [due]

"""The worklist in memory says what the database says, in every order, also after changes one by one."""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_builders import NOW, PRACTICE, denial, record

from knowledge.records import OPEN, Records, Standing, WorklistFilter, open_records
from knowledge.records.queue import NarrowRow, WorkGroup
from knowledge.records.worklist_held import HeldWorklists
from knowledge.records.worklist_index import Order, WorklistIndex

CAUSES, PAYERS, CODES = ("auth-expired", "no-authorization"), ("CASC1", "SUMM1"), ("J9271", "J9299", None)
DAYS = (date(2026, 4, 20), date(2026, 5, 1), date(2026, 5, 8), None)


def _made(at: int, **changes: Any) -> dict[str, Any]:
    """A record whose values differ by its number."""
    code, day = CODES[at % 3], DAYS[at % 4]
    base = record(f"den_{at:02}", root_cause=CAUSES[at % 2], status=("in_review", "worked", "won")[at % 3])
    base["remit"] = {**base["remit"], "payer_id": PAYERS[at // 2 % 2], "paid_on": f"2026-0{1 + at % 4}-1{at % 9}"}
    base["line"] = None if code is None else {**(base["line"] or {}), "hcpcs": code}
    base["deadlines"] = [] if day is None else [{"action": "appeal", "date": day.isoformat(), "rule": "r"}]
    return base | changes


@pytest.fixture(scope="module")
def filled() -> Iterator[Records]:
    with open_records("sqlite://") as records:
        with records.transaction() as tx:
            tx.files.save_practice("p", PRACTICE)
            tx.denials.save_found("p", [denial(f"den_{at:02}", f"{10 + at * 7 % 5}.50") for at in range(24)], NOW)
            for at in range(24):
                tx.denials.save_record("p", f"den_{at:02}", _made(at), "case", NOW)
            tx.denials.set_standings("p", [Standing(denial_id=f"den_{at:02}", rank=(at * 5) % 24) for at in range(24)])
            for at in range(0, 24, 5):
                tx.worklist.assign("p", f"den_{at:02}", f"usr_{at % 2}")
                tx.worklist.snooze("p", f"den_{at + 1 if at < 23 else 1:02}", date(2026, 5, 1 + at % 3))
            tx.groups.save("p", [_group("ser_1", "den_01", "den_05", "den_09"), _group("bat_1", "den_02", "den_03")])
        yield records


def _group(group_id: str, *members: str) -> WorkGroup:
    return WorkGroup(
        group_id=group_id,
        kind="series",
        payer_name="Cascade",
        root_cause="auth-expired",
        remedy="reconsideration",
        then=None,
        shared="authorization A1",
        says="It ended.",
        members=members,
    )


def _index(records: Records) -> WorklistIndex:
    with records.reading() as tx:
        return WorklistIndex(tx.groups.narrow("p"))


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((None, *values))


FILTERS = st.builds(
    WorklistFilter,
    status=st.sampled_from(((), OPEN, ("won",), ("in_review", "worked"))),
    payer_id=maybe(*PAYERS, "NONE"),
    root_cause=maybe(*CAUSES),
    hcpcs=maybe(*CODES),
    group=maybe("ser_1", "bat_1", "ser_9"),
    assigned_to=maybe("usr_0"),
    unassigned=st.booleans(),
    due_from=maybe(*DAYS),
    due_by=maybe(*DAYS),
    paid_from=maybe(date(2026, 2, 1)),
    paid_until=maybe(date(2026, 3, 5)),
    awake_on=maybe(date(2026, 5, 1)),
    asleep_on=maybe(date(2026, 5, 1)),
)


class TestAsTheDatabase:
    @given(FILTERS)
    def test_a_filter_counts_the_same_denials_and_dollars(self, filled: Records, wanted: WorklistFilter) -> None:
        with filled.reading() as tx:
            said = tx.worklist.count("p", wanted)
        index = _index(filled)
        bits = index.matching(wanted)
        assert (bits.bit_count(), index.amount(bits)) == (said.count, said.amount * 100)

    @given(FILTERS)
    def test_the_values_of_a_column_add_up_to_the_filter(self, filled: Records, wanted: WorklistFilter) -> None:
        index = _index(filled)
        bits = index.matching(wanted)
        assert sum(share.denials for share in index.facet(bits, "hcpcs")) == bits.bit_count()


class TestOrders:
    @pytest.mark.parametrize("order", get_args(Order))
    @pytest.mark.parametrize("backwards", [False, True])
    def test_pages_hold_every_denial_once(self, filled: Records, order: Order, backwards: bool) -> None:
        index, found, after = _index(filled), [], None
        while True:
            entries, more = index.page(
                index.matching(WorklistFilter()), order, backwards=backwards, after=after, limit=5
            )
            found += [entry.denial_id for entry in entries]
            if not more:
                break
            after = found[-1]
        assert sorted(found) == [f"den_{at:02}" for at in range(24)]

    @pytest.mark.parametrize("order", get_args(Order))
    @pytest.mark.parametrize("backwards", [False, True])
    def test_a_group_stands_once_whatever_the_pages(self, filled: Records, order: Order, backwards: bool) -> None:
        index, found, after = _index(filled), [], None
        bits = index.matching(WorklistFilter())
        while True:
            entries, more = index.page(bits, order, backwards=backwards, after=after, limit=2, together=True)
            found += entries
            if not more:
                break
            after = found[-1].denial_id
        assert sorted(name for entry in found for name in entry.ids) == [f"den_{at:02}" for at in range(24)]
        assert sorted(entry.group for entry in found if entry.group) == ["bat_1", "ser_1"]

    def test_a_group_of_which_one_matches_is_that_denial(self, filled: Records) -> None:
        index = _index(filled)
        entries, _ = index.page(index.matching(WorklistFilter(status=("in_review",), group="bat_1")), together=True)
        assert [(entry.denial_id, entry.group) for entry in entries] == [("den_03", None)]


class TestInStep:
    @given(st.lists(st.tuples(st.integers(0, 23), st.sampled_from(CAUSES), st.integers(0, 30)), max_size=12))
    def test_rows_put_in_place_make_what_reading_anew_makes(
        self, filled: Records, changes: list[tuple[int, str, int]]
    ) -> None:
        with filled.reading() as tx:
            rows = {row.denial_id: row for row in tx.groups.narrow("p")}
        moved = WorklistIndex(rows.values())
        for order in get_args(Order):
            moved.page(moved.matching(WorklistFilter()), order)
        for at, cause, rank in changes:
            old: NarrowRow = rows[f"den_{at:02}"]
            new = old._replace(root_cause=cause, rank=rank, amount_cents=rank * 100, assigned_to=f"usr_{rank}")
            rows[new.denial_id] = new
            moved.update([new])
        anew = WorklistIndex(rows.values())
        for order in get_args(Order):
            same = [each.page(each.matching(WorklistFilter(status=OPEN)), order)[0] for each in (moved, anew)]
            assert same[0] == same[1], order
        bits = [each.matching(WorklistFilter(root_cause=CAUSES[0], unassigned=True)) for each in (moved, anew)]
        assert (bits[0], moved.amount(bits[0])) == (bits[1], anew.amount(bits[1]))

    def test_whoever_holds_it_sees_each_change_at_the_next_look(self, records: Records) -> None:
        with records.transaction() as tx:
            tx.denials.save_found("p", [denial("den_1"), denial("den_2")], NOW)
            tx.denials.save_record("p", "den_1", record("den_1"), "case", NOW)
        held = HeldWorklists(records)
        with held.at("p") as (index, before):
            assert len(index) == 1
        with records.transaction() as tx:
            tx.denials.save_record("p", "den_2", record("den_2"), "case", NOW)
            tx.worklist.assign("p", "den_1", "usr_1")
        with held.at("p") as (index, number):
            assert (len(index), number > before) == (2, True)
            assert index.matching(WorklistFilter(assigned_to="usr_1")).bit_count() == 1
        with records.reading() as tx:
            assert (tx.groups.count_since("p", before), tx.groups.count_since("p", number)) == (2, 0)

    def test_what_says_the_same_again_is_no_change(self, records: Records) -> None:
        with records.transaction() as tx:
            tx.denials.save_found("p", [denial("den_1")], NOW)
            tx.denials.save_record("p", "den_1", record("den_1"), "case", NOW)
        with records.reading() as tx:
            before = tx.groups.last_change("p")
        with records.transaction() as tx:
            tx.denials.save_record("p", "den_1", record("den_1"), "case", NOW)
            tx.groups.save("p", [])
        with records.reading() as tx:
            assert tx.groups.last_change("p") == before

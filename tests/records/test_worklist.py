"""The worklist: in step with the records, in every order without gaps, found by words, summed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_builders import NOW, PRACTICE, denial, record

from knowledge.records import (
    OPEN,
    BadCursor,
    Listing,
    Records,
    Sort,
    Standing,
    WorklistFilter,
    WorklistPage,
)
from knowledge.records.repository.worklist import sought_in, words_of


def worked(records: Records, denial_id: str, practice: str = "p", amount: str = "10.50", **changes: Any) -> None:
    with records.transaction() as tx:
        held = [stored.denial for stored in tx.denials.all(practice)]
        tx.denials.save_found(practice, [*held, denial(denial_id, amount)], NOW)
        tx.denials.save_record(practice, denial_id, record(denial_id, **changes), "case", NOW)


def listed(records: Records, wanted: WorklistFilter | None = None, **more: Any) -> WorklistPage:
    with records.reading() as tx:
        return tx.worklist.page("p", wanted or WorklistFilter(), **more)


def ids(page: WorklistPage) -> list[str]:
    return [item.denial_id for item in page.items]


class TestInStep:
    def test_a_worked_denial_is_listed_as_its_record_says(self, records: Records) -> None:
        worked(records, "den_1")
        (item,) = listed(records).items
        assert (item.payer_id, item.hcpcs, item.claim_id, item.auth_number) == ("CASC1", "J9271", "C1", "A100")
        assert (item.amount, item.value, item.deadline) == (Decimal("10.50"), Decimal("5.00"), date(2026, 9, 26))
        assert (item.paid_on, item.rank, item.patient) == (date(2026, 3, 30), None, None)

    def test_a_status_or_rank_that_changes_changes_the_list(self, records: Records) -> None:
        worked(records, "den_1")
        with records.transaction() as tx:
            tx.denials.set_standings("p", [Standing(denial_id="den_1", rank=4, series="ser_1")])
            tx.denials.set_status("p", "den_1", "approved")
        (item,) = listed(records, WorklistFilter(status=("approved",), series="ser_1")).items
        assert item.rank == 4

    def test_working_a_case_again_leaves_the_desks_own_marks(self, records: Records) -> None:
        worked(records, "den_1")
        with records.transaction() as tx:
            tx.worklist.assign("p", "den_1", "usr_ana")
            tx.worklist.snooze("p", "den_1", date(2026, 6, 1))
        worked(records, "den_1", root_cause="no-authorization")
        (item,) = listed(records).items
        assert (item.root_cause, item.assigned_to, item.snoozed_until) == (
            "no-authorization",
            "usr_ana",
            date(2026, 6, 1),
        )

    def test_another_practice_is_never_listed(self, records: Records) -> None:
        with records.transaction() as tx:
            tx.files.save_practice("q", PRACTICE)
        worked(records, "den_1")
        worked(records, "den_2", practice="q")
        assert ids(listed(records)) == ["den_1"]


class TestOrders:
    @pytest.mark.parametrize("sort", ["rank", "deadline", "amount", "age"])
    def test_pages_hold_every_denial_once_in_any_order(self, records: Records, sort: Sort) -> None:
        for at in range(7):
            late = [] if at == 3 else [{"action": "appeal", "date": f"2026-09-{10 + at % 3}", "rule": "r"}]
            worked(records, f"den_{at}", amount=f"{at % 2}.50", deadlines=late)
        found, cursor = [], None
        while True:
            page = listed(records, sort=sort, cursor=cursor, limit=2)
            found += ids(page)
            cursor = page.next_cursor
            if cursor is None:
                break
        assert sorted(found) == [f"den_{at}" for at in range(7)]

    def test_the_nearest_clock_comes_first_and_no_clock_last(self, records: Records) -> None:
        worked(records, "den_far", deadlines=[{"action": "appeal", "date": "2027-01-01", "rule": "r"}])
        worked(records, "den_none", deadlines=[])
        worked(records, "den_near", deadlines=[{"action": "appeal", "date": "2026-05-05", "rule": "r"}])
        assert ids(listed(records, sort="deadline")) == ["den_near", "den_far", "den_none"]

    @pytest.mark.parametrize("cursor", ["", "rank", "rank:x:den_1", "deadline:2026-01-01:den_1", "rank:1:"])
    def test_a_cursor_of_another_list_is_refused(self, records: Records, cursor: str) -> None:
        with pytest.raises(BadCursor):
            listed(records, sort="rank", cursor=cursor)

    def test_after_one_comes_the_next_by_rank_within_the_filter(self, records: Records) -> None:
        for at in (1, 2, 3):
            worked(records, f"den_{at}", root_cause="a" if at != 2 else "b")
        with records.transaction() as tx:
            standings = [Standing(denial_id=f"den_{at}", rank=at) for at in (1, 2, 3)]
            tx.denials.set_standings("p", standings)
        with records.reading() as tx:
            assert tx.worklist.following("p", "den_1", WorklistFilter()) == "den_2"
            assert tx.worklist.following("p", "den_1", WorklistFilter(root_cause="a")) == "den_3"
            assert tx.worklist.following("p", "den_3", WorklistFilter()) is None


class TestFilters:
    def test_clocks_ages_and_sleep(self, records: Records) -> None:
        worked(records, "den_1")
        with records.transaction() as tx:
            tx.worklist.snooze("p", "den_1", date(2026, 6, 1))
        assert ids(listed(records, WorklistFilter(due_by=date(2026, 9, 26)))) == ["den_1"]
        assert ids(listed(records, WorklistFilter(due_by=date(2026, 9, 25)))) == []
        assert ids(listed(records, WorklistFilter(paid_until=date(2026, 3, 29)))) == []
        assert ids(listed(records, WorklistFilter(awake_on=date(2026, 5, 31)))) == []
        assert ids(listed(records, WorklistFilter(awake_on=date(2026, 6, 1)))) == ["den_1"]

    @pytest.mark.parametrize("words", ["nuñez", "NUNEZ", "ana nu", "ana w12", "w12-34", "w1234", "c1", "a10", "j9271"])
    def test_a_denial_is_found_by_name_member_claim_authorization_and_code(self, records: Records, words: str) -> None:
        worked(records, "den_1")
        worked(
            records,
            "den_2",
            remit={"payer_id": "X", "payer_name": "X", "paid_on": None, "claim_id": "Z9"},
            links=None,
            line=None,
        )
        with records.transaction() as tx:
            tx.worklist.describe("p", "den_1", Listing(patient="Núñez, Ana", words=("Núñez", "Ana", "W12-34")))
            tx.worklist.describe("p", "den_2", Listing(words=("Okafor",)))
        assert ids(listed(records, WorklistFilter(words=words))) == ["den_1"]

    def test_every_word_must_fit(self, records: Records) -> None:
        worked(records, "den_1")
        with records.transaction() as tx:
            tx.worklist.describe("p", "den_1", Listing(words=("Lee", "Ana")))
        assert ids(listed(records, WorklistFilter(words="lee ben"))) == []

    def test_describing_again_forgets_the_old_words(self, records: Records) -> None:
        worked(records, "den_1")
        with records.transaction() as tx:
            tx.worklist.describe("p", "den_1", Listing(words=("Lee",)))
            tx.worklist.describe("p", "den_1", Listing(words=("Ortiz",)))
        assert ids(listed(records, WorklistFilter(words="lee"))) == []


class TestSums:
    def test_dollars_by_cause(self, records: Records) -> None:
        worked(records, "den_1", amount="10.00", root_cause="a")
        worked(records, "den_2", amount="5.00", root_cause="b")
        worked(records, "den_3", amount="7.25", root_cause="b", status="won")
        with records.transaction() as tx:
            tx.worklist.set_recovered("p", {"den_3": Decimal("7.25")})
        with records.reading() as tx:
            every = tx.worklist.tally("p", WorklistFilter(), "root_cause")
            still_open = tx.worklist.count("p", WorklistFilter(status=OPEN))
        assert [(t.value, t.count, t.amount, t.recovered) for t in every] == [
            ("b", 2, Decimal("12.25"), Decimal("7.25")),
            ("a", 1, Decimal("10.00"), Decimal("0")),
        ]
        assert (still_open.count, still_open.amount) == (2, Decimal("15.00"))


@given(st.text(max_size=40))
def test_whatever_is_written_on_a_card_finds_its_denial(text: str) -> None:
    words = words_of(text)
    assert all(word == word.casefold() and word.isalnum() for word in words)
    assert set(sought_in(text)) <= set(words)

"""Overturn rates and their intervals; what recurs and its fix; the pace of work; what the words mean."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from insight_home import AS_OF, dashboard_home

from agent.insight.definitions import definitions
from agent.insight.fixes import Fix, load_fixes
from agent.insight.held import HeldSnapshots
from agent.insight.overturn import BYS, overturn_rate, overturn_rates, wilson
from agent.insight.pace import agreement, straight_through, waits
from agent.insight.recurring import months_spanned, recurring
from agent.insight.selection import Selection, marked
from agent.insight.snapshot import Snapshot
from agent.worth.assumptions import assumptions
from knowledge.causes.catalogue import load_catalogue
from knowledge.records import Records


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    with dashboard_home(tmp_path_factory.mktemp("rates") / "home", 400) as made:
        yield made


@pytest.fixture(scope="module")
def snapshot(records: Records) -> Snapshot:
    return HeldSnapshots(records).of("p")


def count(snapshot: Snapshot, wanted: Selection) -> int:
    return int(marked(snapshot, wanted, AS_OF).sum())


class TestWilson:
    @given(st.integers(0, 500), st.integers(0, 500))
    def test_it_holds_the_share_and_stays_within_0_and_1(self, won: int, more: int) -> None:
        low, high = wilson(won, won + more)
        assert 0 <= low <= high <= 1
        if won + more:
            assert low <= won / (won + more) <= high

    @given(st.integers(0, 60), st.integers(1, 60))
    def test_more_outcomes_of_the_same_share_narrow_it(self, won: int, more: int) -> None:
        few, many = wilson(won, won + more), wilson(won * 10, (won + more) * 10)
        assert many.high - many.low < few.high - few.low

    def test_against_a_published_value(self) -> None:
        # 15 of 148, Wilson without continuity correction: 0.0624 to 0.1605 (Newcombe 1998, table I)
        assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)

    @pytest.mark.parametrize(("won", "of"), [(-1, 3), (4, 3)])
    def test_what_is_no_share_is_refused(self, won: int, of: int) -> None:
        with pytest.raises(ValueError, match="no share"):
            wilson(won, of)


class TestRates:
    @pytest.mark.parametrize("by", BYS)
    def test_the_values_of_each_kind_add_up_to_all_fights(self, snapshot: Snapshot, by: str) -> None:
        rates = overturn_rates(snapshot, Selection(), by, AS_OF)  # type: ignore[arg-type]
        whole = overturn_rate(snapshot, Selection(), AS_OF)
        assert sum(rate.fought.count for rate in rates) == whole.fought.count > 0
        assert sum(rate.overturned.count for rate in rates) == whole.overturned.count == whole.won + whole.partly
        for rate in rates:
            assert count(snapshot, Selection(of="fought", **{by: rate.value})) == rate.fought.count

    def test_what_a_payer_paid_of_itself_is_no_fight(self, snapshot: Snapshot) -> None:
        settled = sum(count(snapshot, Selection(of=of)) for of in ("recovered", "lost"))
        assert 0 < overturn_rate(snapshot, Selection(), AS_OF).fought.count < settled

    def test_few_outcomes_are_said(self, snapshot: Snapshot) -> None:
        rates = overturn_rates(snapshot, Selection(), "argument", AS_OF)
        assert {rate.few for rate in rates} == {True, False}
        assert all(rate.few == (rate.fought.count < assumptions().few) for rate in rates)


class TestPace:
    def test_months_add_up(self, snapshot: Snapshot) -> None:
        straight = straight_through(snapshot, Selection(), AS_OF)
        assert sum(one.of for one in straight) == 400
        assert sum(one.part for one in straight) == count(snapshot, Selection(of="straight"))
        agreed = agreement(snapshot, Selection(), AS_OF)
        assert sum(one.of for one in agreed) == count(snapshot, Selection(of="decided"))
        assert all(0 <= (one.share or 0) <= 1 for one in agreed)

    def test_a_wait_is_between_ready_and_decided(self, snapshot: Snapshot) -> None:
        found = waits(snapshot, Selection(), AS_OF)
        assert sum(one.cases for one in found) == count(snapshot, Selection(of="decided"))
        assert all(2 <= one.median <= one.ninetieth <= 202 for one in found)


class TestRecurring:
    def test_each_habit_is_counted_by_its_selection_within_what_it_is_out_of(
        self, snapshot: Snapshot, records: Records
    ) -> None:
        with records.reading() as repository:
            found, whole = recurring(snapshot, Selection(), AS_OF, lambda ids: repository.insight.values("p", ids), 50)
        assert sum(one.sum.count for one in found) == whole.count == 400
        assert found[-1].cumulative == pytest.approx(1)
        for one in found:
            assert count(snapshot, one.chosen) == one.sum.count <= one.out_of.count == count(snapshot, one.beside)
        assert [one.sum.dollars for one in found] == sorted((one.sum.dollars for one in found), reverse=True)

    def test_the_fix_names_what_the_cases_share(self, snapshot: Snapshot, records: Records) -> None:
        with records.reading() as repository:
            found, _ = recurring(snapshot, Selection(), AS_OF, lambda ids: repository.insight.values("p", ids), 50)
        other = next(one for one in found if one.root_cause == "auth-for-other-code")
        assert other.reason == "the authorization lists J9035"
        assert other.fix.startswith("request by class")
        # Every case allows other units: no one number speaks for them.
        assert {one.reason for one in found if one.root_cause == "auth-units-mismatch"} == {""}
        assert {one.fix for one in found if one.root_cause == "unknown"} == {""}

    def test_what_it_saves_is_by_the_month(self, snapshot: Snapshot) -> None:
        months = months_spanned(snapshot, Selection(), AS_OF)
        assert months == 11
        found, _ = recurring(snapshot, Selection(), AS_OF, lambda ids: {}, 1)
        assert abs(found[0].saves * months - found[0].sum.dollars) < 1
        assert found[0].spares > 0

    def test_every_cause_has_a_fix_whose_values_its_cases_tell(self) -> None:
        fixes, causes = load_fixes(), load_catalogue().causes
        assert set(fixes) == {cause.id for cause in causes}
        for cause in causes:
            told = " ".join((*cause.says, *cause.fix))
            assert all(f"{{{slot}}}" in told for slot in fixes[cause.id].slots()), cause.id

    def test_a_value_of_one_case_is_not_said_of_all(self) -> None:
        fix = Fix(by="drug", who="billing", because="it lists {codes}", fix="x")
        assert fix.reason([{"codes": "A"}, {"codes": "A"}, {"codes": "B"}]) == "it lists A"
        assert fix.reason([{"codes": "A"}, {"codes": "B"}]) == ""
        assert fix.reason([{}, {}]) == fix.reason([]) == ""


def test_definitions_hold_the_numbers_in_force() -> None:
    told = {one.term: one.says for one in definitions()}
    assert f"Below {assumptions().few} outcomes" in told["Overturn rate"]
    assert not any("{" in says for says in told.values())
    assert {"Denial", "Recovered", "Lost", "Time per case"} <= told.keys()

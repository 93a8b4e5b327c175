"""A held snapshot follows the records: what changed, what is new, what was taken out; nothing else is read again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from insight_home import AS_OF, dashboard_home, fill
from sqlalchemy import delete
from sqlmodel import col

from agent.insight.held import HeldSnapshots
from agent.insight.selection import Selection
from agent.insight.snapshot import Snapshot
from agent.insight.sums import sums
from knowledge.records import OutcomeEntry, Records, Review
from knowledge.records.repository.insight import touch
from knowledge.records.tables import WorklistRow
from knowledge.types.cash import Reconciliation
from knowledge.types.outcomes import Account, Round


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with dashboard_home(tmp_path / "home", 60) as made:
        yield made


def anew(records: Records) -> Snapshot:
    return HeldSnapshots(records).of("p")


def same(one: Snapshot, other: Snapshot) -> bool:
    order, others = np.argsort(one.ids), np.argsort(other.ids)
    numbers = all(
        np.array_equal(column[order], other.numbers[name][others], equal_nan=name == "hours")
        for name, column in one.numbers.items()
    )
    values = all(
        [column.names[code] for code in column.codes[order]]
        == [other.values[name].names[code] for code in other.values[name].codes[others]]
        for name, column in one.values.items()
    )
    return numbers and values and sorted(one.ids) == sorted(other.ids)


def test_nothing_changed_gives_the_same_snapshot(records: Records) -> None:
    held = HeldSnapshots(records)
    assert held.of("p") is held.of("p")


def test_cash_that_came_is_in_the_sums_at_once(records: Records) -> None:
    held = HeldSnapshots(records)
    before = sums(held.of("p"), Selection(), AS_OF).recovered.dollars
    with records.transaction() as repository:
        known = repository.worklist.get("p", "den_000001")
        assert known is not None
        repository.worklist.set_recovered("p", {"den_000001": known.recovered + 5})
    assert sums(held.of("p"), Selection(), AS_OF).recovered.dollars == before + 5
    assert same(held.of("p"), anew(records))


def test_the_same_cash_again_changes_nothing(records: Records) -> None:
    held = HeldSnapshots(records)
    first = held.of("p")
    with records.transaction() as repository:
        known = repository.worklist.get("p", "den_000001")
        assert known is not None
        repository.worklist.set_recovered("p", {"den_000001": known.recovered})
    assert held.of("p") is first


def test_a_round_that_was_sent_makes_a_settled_denial_fought(records: Records) -> None:
    held = HeldSnapshots(records)
    held.of("p")
    with records.transaction() as repository:
        repository.worklist._session.get(WorklistRow, ("p", "den_000002")).status = "lost"  # type: ignore[union-attr]
        account = Account(denial_id="den_000002", rounds=(Round(number=1, remedy="appeal", sent_on=AS_OF),))
        repository.outcomes.save_accounts("p", [account], Reconciliation())
        touch(repository.worklist._session, "p", "den_000002")
    found = held.of("p")
    place = found.ids.index("den_000002")
    assert found.column("sent_as").names[found.column("sent_as").codes[place]] == "appeal"
    assert found.column("ending").names[found.column("ending").codes[place]] == "lost"


def test_new_denials_come_in_and_those_taken_out_go(records: Records) -> None:
    held = HeldSnapshots(records)
    assert len(held.of("p")) == 60
    with records.transaction() as repository:
        session = repository.insight._session
        session.execute(delete(WorklistRow).where(col(WorklistRow.denial_id) < "den_000010"))
    assert len(held.of("p")) == 50
    assert same(held.of("p"), anew(records))


def test_practices_do_not_see_each_other(records: Records) -> None:
    with records.transaction() as repository:
        practice = repository.files.practice("p")
        assert practice is not None
        repository.files.save_practice("q", practice)
    fill(records, "q", 5, seed=9)
    held = HeldSnapshots(records)
    assert (len(held.of("p")), len(held.of("q"))) == (60, 5)


class TestHistory:
    def decide(self, records: Records, denial_id: str, *decisions: str) -> tuple[str | None, int]:
        with records.transaction() as repository:
            for n, decision in enumerate(decisions):
                at = datetime(2026, 6, 1 + n, tzinfo=UTC)
                review = Review(key=f"k{n}", decision=decision, reason="r", by="Ana", at=at)
                repository.casework.add_review("p", denial_id, review)
            touch(repository.worklist._session, "p", denial_id)
        found = anew(records)
        place, column = found.ids.index(denial_id), found.column("decided")
        return column.names[column.codes[place]], int(found.numbers["as_proposed"][place])

    def undecided(self, records: Records) -> str:
        found = anew(records)
        return found.ids[int(np.flatnonzero(found.numbers["as_proposed"] == -1)[0])]

    @pytest.mark.parametrize(
        ("decisions", "agreed"), [(("approve",), 1), (("edit", "approve"), 0), (("reject",), 0), (("edit",), -1)]
    )
    def test_only_an_approval_of_what_was_proposed_agrees(
        self, records: Records, decisions: tuple[str, ...], agreed: int
    ) -> None:
        month, found = self.decide(records, self.undecided(records), *decisions)
        assert (month, found) == (None if agreed < 0 else "2026-06", agreed)


def test_an_entered_decision_is_a_fight_and_a_withdrawn_one_is_none(records: Records) -> None:
    entry = OutcomeEntry(
        key="o1", result="upheld", decided_on=AS_OF, level="", by="Ana", at=datetime(2026, 5, 2, tzinfo=UTC)
    )
    with records.transaction() as repository:
        repository.outcomes.enter("p", "den_000003", entry)
        assert "den_000003" in repository.insight.fights("p", ["den_000003"])
        stop = {"by": "Ana", "reason": "typed wrongly", "now": datetime(2026, 5, 3, tzinfo=UTC)}
        assert repository.outcomes.withdraw("p", "den_000003", "o1", **stop)  # type: ignore[arg-type]
        repository.outcomes.save_accounts("p", [Account(denial_id="den_000003")], Reconciliation())
        assert repository.insight.fights("p", ["den_000003"]) == {}

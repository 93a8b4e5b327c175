"""Ranking what changed comes to what ranking all comes to, whatever changed before."""

import shutil
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("series", "records")]

import records_builders
from series_builders import denial

import agent.ranking
from agent.following.settled import settled
from agent.queue import rank_all, rank_touched, records_of, report
from agent.ranking import rankings_of
from agent.series.finding import series_of
from agent.series.groups import OPEN, group_by_denial, groups_of, work_groups
from agent.worth import places
from agent.worth.chances import Chances
from agent.worth.order import Candidate, ranked
from agent.worth.value import priority_of, worth_of
from knowledge.records import Records, open_records
from knowledge.types.cash import Reconciliation
from knowledge.types.outcomes import Account, Round
from knowledge.types.record import DenialRecord, RecordDeadline, RecordPriority

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PRACTICE = "p"
IDS = [f"den_{at:02}" for at in range(10)]
Row = tuple[int, str | None, str, str, str, str, int]

rows = st.tuples(
    st.integers(0, len(IDS) - 1),
    st.sampled_from(["A-1", "A-2", None]),
    st.sampled_from(["auth-units-mismatch", "auth-expired"]),
    st.sampled_from(["20.00", "25.00", "800.00", "9000.00"]),
    st.sampled_from([*OPEN, "sent", "closed", "lost"]),
    st.sampled_from(["corrected_claim", "authorization_fix"]),
    st.sampled_from([-3, 2, 20, 70]),
)


class Home:
    """A home with nothing worked yet, made once and copied."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, folder / "made.db"
        with open_records(self._made) as records, records.transaction() as tx:
            tx.files.save_practice(PRACTICE, records_builders.PRACTICE)
            tx.denials.save_found(PRACTICE, [records_builders.denial(name) for name in IDS], NOW)

    def file(self) -> Path:
        copy = self._folder / f"{uuid4().hex}.db"
        shutil.copy(self._made, copy)
        return copy

    def __call__(self) -> Records:
        return open_records(self.file())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("ranking"))


def save(records: Records, row: Row) -> None:
    number, auth, cause, amount, status, remedy, left = row
    made = denial(
        IDS[number],
        claim=f"C-{number // 2}",
        auth=auth,
        amount=amount,
        root_cause=cause,
        category="authorization",
        status=status,
        remedy=remedy,
        deadlines=(RecordDeadline(action=remedy, date=str(date(2026, 5, 1)), rule="r"),),
        priority=RecordPriority(expected_value="0.00", days_left=left, rank=None),
    )
    with records.transaction() as tx:
        held = tx.denials.get(PRACTICE, made.denial_id)
        rank = ((held.record or {}).get("priority") or {}).get("rank") if held else None
        told = made.model_dump(mode="json")
        told["priority"]["rank"] = rank  # a decision leaves a denial's place to the ranking
        tx.denials.save_record(PRACTICE, made.denial_id, told, None, NOW)


def pay(records: Records, sent: dict[str, Decimal]) -> None:
    """Say which denials were fought, and what came back."""
    round_ = Round(number=1, remedy="corrected_claim", sent_on=date(2026, 4, 1), approval_sha256="a")
    accounts = [Account(denial_id=name, recovered=amount, rounds=(round_,)) for name, amount in sent.items()]
    with records.transaction() as tx:
        tx.outcomes.save_accounts(PRACTICE, accounts, Reconciliation())


def slow(records: Records) -> tuple[list[str], dict[str, Any], dict[str, Any], Any]:
    """Rank by reading every record: order of the open ones, worth and series of all, groups."""
    found = list(records_of(records, PRACTICE))
    chances, groups = Chances(settled(records, PRACTICE)), groups_of(found)
    together, candidates, worths = group_by_denial(groups), [], dict[str, Any]()
    for record in (one for one in found if one.status in OPEN):
        group = together.get(record.denial_id)
        worth = worth_of(record, chances, together=len(group.members) if group else 1)
        worths[record.denial_id] = priority_of(record, worth)
        left = record.priority.days_left
        candidates.append(Candidate(record.denial_id, worth.value, left, group.group_id if group else None))
    placed = ranked(candidates)
    worths = {
        name: worth.model_copy(update={"rank": None, "order": placed[name].says}) for name, worth in worths.items()
    }
    return sorted(placed, key=lambda name: placed[name].rank), worths, series_of(found), work_groups(groups, found)


def check(records: Records) -> None:
    order, worths, series, groups = slow(records)
    found = {record.denial_id: record for record in records_of(records, PRACTICE)}
    open_now = {name: record for name, record in found.items() if record.status in OPEN}
    ranks = {name: _rank(record) for name, record in found.items()}
    assert sorted(open_now, key=lambda name: ranks[name]) == order
    assert len(set(ranks.values())) == len(ranks)
    assert all(ranks[name] > max((ranks[one] for one in open_now), default=0) for name in found.keys() - open_now)
    told = {name: record.priority.model_copy(update={"rank": None}) for name, record in open_now.items()}
    assert told == worths
    assert {name: record.series for name, record in found.items() if record.series} == series
    with records.reading() as repository:
        stored = repository.groups.some(PRACTICE, [group.group_id for group in groups])
        assert sorted(stored.values(), key=lambda group: group.group_id) == sorted(
            groups, key=lambda group: group.group_id
        )
        narrow = {row.denial_id: row for row in repository.groups.narrow(PRACTICE)}
    assert {name: row.group for name, row in narrow.items() if row.group} == {
        member: group.group_id for group in groups for member in group.members
    }
    for name, record in found.items():
        assert (narrow[name].rank, narrow[name].series, narrow[name].status) == (
            ranks[name],
            record.series,
            record.status,
        )


def _rank(record: DenialRecord) -> int:
    assert record.priority.rank is not None
    return record.priority.rank


rounds = st.lists(
    st.tuples(
        st.lists(rows, min_size=1, max_size=4),
        st.none() | st.dictionaries(st.sampled_from(IDS), st.sampled_from([Decimal(0), Decimal(20)]), max_size=3),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("long", [1, 1000], ids=["a long queue", "a short queue"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=rounds)
def test_ranking_what_changed_comes_to_ranking_all(
    home: Home, monkeypatch: pytest.MonkeyPatch, long: int, changes: list[tuple[list[Row], dict[str, Decimal] | None]]
) -> None:
    monkeypatch.setattr(places, "LONG", long)
    monkeypatch.setattr(agent.ranking, "LONG", long)
    with home() as records:
        for change, paid in changes:
            if paid is not None:
                pay(records, paid)
            for row in change:
                save(records, row)
            if paid is not None:
                rank_all(records, PRACTICE)
            else:
                rank_touched(records, PRACTICE)
            check(records)


def filled(records: Records) -> None:
    for number in range(len(IDS)):
        save(records, (number, None, "auth-expired", f"{900 + number}.00", "in_review", "corrected_claim", 40))
    rank_all(records, PRACTICE)


def test_an_approval_writes_no_other_denials_record(home: Home) -> None:
    with home() as records:
        filled(records)
        with records.transaction() as tx:
            tx.denials.set_status(PRACTICE, IDS[3], "approved")
            number = tx.groups.last_change(PRACTICE)
        rank_touched(records, PRACTICE)
        with records.reading() as repository:
            assert repository.groups.last_change(PRACTICE) == number


def test_what_another_opening_of_the_home_changed_is_taken_in(home: Home) -> None:
    file = home.file()
    with open_records(file) as records, open_records(file) as other:
        filled(records)
        assert rankings_of(records) is not rankings_of(other)
        save(other, (4, None, "auth-expired", "20.00", "in_review", "corrected_claim", 2))
        rank_touched(records, PRACTICE)
        check(records)
        check(other)


def test_rows_taken_out_are_held_no_longer(home: Home) -> None:
    with home() as records:
        filled(records)
        with records.transaction() as tx:
            tx.worklist._session.execute(text("DELETE FROM denial WHERE denial_id = 'den_02'"))
        rank_touched(records, PRACTICE)
        check(records)
        with rankings_of(records).at(PRACTICE) as ranking:
            assert "den_02" not in ranking.kinship.outlines


def test_a_report_adds_up_what_the_records_say(home: Home) -> None:
    with home() as records:
        filled(records)
        save(records, (0, None, "auth-expired", "900.00", "won", "corrected_claim", 40))
        found = report(records, PRACTICE)
        assert (found.denials, found.worked, found.waiting, found.won) == (10, 0, 9, 1)

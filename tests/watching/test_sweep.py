"""The daily sweep: each open denial in exactly one bucket, none dropped, none later than its own clock."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watch_builders import record

from agent.following.due import Unanswered
from agent.series.groups import OPEN
from agent.watching.clocks import BUCKETS, bucket_of
from agent.watching.sweep import Sweep, sweep
from agent.worth.assumptions import assumptions

AS_OF = date(2026, 5, 1)
LOW = assumptions().low_dollar


def _in(days: int) -> str:
    return str(AS_OF + timedelta(days=days))


def _bucket(found: Sweep) -> str:
    (name,) = [bucket.name for bucket in found.buckets if bucket.count]
    return name


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-8, "ran_out_before"),
        (-7, "ran_out_lately"),
        (-1, "ran_out_lately"),
        (0, "within_7"),
        (7, "within_7"),
        (8, "within_14"),
        (14, "within_14"),
        (15, "within_30"),
        (30, "within_30"),
        (31, "later"),
    ],
)
def test_days_left_put_a_denial_into_its_bucket(days: int, name: str) -> None:
    assert _bucket(sweep([record(clocks=(("appeal", _in(days)),))], AS_OF)) == name


def test_without_a_clock_it_is_listed_as_such() -> None:
    assert _bucket(sweep([record()], AS_OF)) == "no_clock_known"


def test_the_next_clock_binds_and_one_that_has_run_out_is_told() -> None:
    clocks = (("authorization_fix", _in(-3)), ("reconsideration", _in(20)), ("appeal", _in(90)))
    found = sweep([record(clocks=clocks)], AS_OF)
    assert _bucket(found) == "within_30"
    (denial,) = found.buckets[BUCKETS.index("within_30")].denials
    assert (denial.action, denial.days_left) == ("reconsideration", 20)
    assert denial.passed == (f"authorization_fix {_in(-3)}",)


def test_a_clock_that_ends_today_still_runs_and_binds() -> None:
    clocks = (("appeal", _in(0)), ("peer_to_peer", _in(60)))
    assert _bucket(sweep([record(clocks=clocks)], AS_OF)) == "within_7"


def test_when_all_have_run_out_the_last_one_binds() -> None:
    clocks = (("authorization_fix", _in(-40)), ("reconsideration", _in(-2)))
    assert _bucket(sweep([record(clocks=clocks)], AS_OF)) == "ran_out_lately"


def test_denials_are_grouped_by_action_the_soonest_first() -> None:
    records = [
        record("den_1", clocks=(("appeal", _in(5)),)),
        record("den_2", clocks=(("corrected_claim", _in(3)),)),
        record("den_3", clocks=(("appeal", _in(4)),)),
    ]
    bucket = sweep(records, AS_OF).buckets[BUCKETS.index("within_7")]
    assert [(g.action, [d.denial_id for d in g.denials]) for g in bucket.groups] == [
        ("corrected_claim", ["den_2"]),
        ("appeal", ["den_3", "den_1"]),
    ]
    assert bucket.amount_at_stake == "34200.00"


def test_small_ones_are_batched_by_payer_and_cause_at_their_first_clock() -> None:
    small = str(LOW - Decimal("0.01"))
    records = [
        record("den_1", amount=small, clocks=(("appeal", _in(60)),)),
        record("den_2", amount=small, clocks=(("appeal", _in(5)),)),
        record("den_3", amount=small, cause="other", clocks=(("appeal", _in(60)),)),
        record("den_4", amount=str(LOW), clocks=(("appeal", _in(60)),)),
        record("den_5", amount=small, clocks=(("appeal", _in(-2)),)),
    ]
    found = {bucket.name: bucket for bucket in sweep(records, AS_OF).buckets}
    ((batch,), later) = found["within_7"].batches, found["later"]
    assert [denial.denial_id for denial in batch.denials] == ["den_2", "den_1"]
    assert [denial.denial_id for b in later.batches for denial in b.denials] == ["den_3"]
    assert [denial.denial_id for group in later.groups for denial in group.denials] == ["den_4"]
    assert [denial.denial_id for denial in found["ran_out_lately"].denials] == ["den_5"]


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([*OPEN, "sent", "won", "lost", "closed"]),
            st.lists(st.integers(-60, 200), max_size=3),
            st.sampled_from(["0.00", "10.00", "44.99", "45.00", "9000.00"]),
            st.sampled_from(["auth-expired", "unknown", "timely-filing"]),
        ),
        max_size=25,
    )
)
def test_every_open_denial_is_in_exactly_one_bucket_and_none_later_than_its_own_clock(
    rows: list[tuple[str, list[int], str, str]],
) -> None:
    records = [
        record(
            f"den_{number}",
            status=status,
            amount=amount,
            cause=cause,
            clocks=tuple(("appeal", _in(days)) for days in clocks),
        )
        for number, (status, clocks, amount, cause) in enumerate(rows)
    ]
    found = sweep(records, AS_OF)
    swept = Counter(denial.denial_id for bucket in found.buckets for denial in bucket.denials)
    open_ids = {item.denial_id for item in records if item.status in OPEN}
    assert swept == Counter(dict.fromkeys(open_ids, 1))
    assert found.open == len(open_ids) == sum(bucket.count for bucket in found.buckets)
    for place, bucket in enumerate(found.buckets):
        assert Decimal(bucket.amount_at_stake) == sum((Decimal(d.amount_at_stake) for d in bucket.denials), Decimal(0))
        for denial in bucket.denials:
            assert place <= BUCKETS.index(bucket_of(denial.days_left))


def test_what_is_snoozed_or_approved_and_not_sent_is_swept_all_the_same_and_says_so() -> None:
    records = [
        record("den_1", status="in_review", clocks=(("appeal", _in(5)),)),
        record("den_2", status="approved", clocks=(("appeal", _in(6)),)),
    ]
    found = sweep(records, AS_OF, snoozed={"den_1": AS_OF + timedelta(days=9), "den_2": AS_OF})
    snoozed, unsent = found.buckets[BUCKETS.index("within_7")].denials
    assert (snoozed.denial_id, snoozed.snoozed_until, snoozed.not_sent) == ("den_1", _in(9), False)
    assert (unsent.denial_id, unsent.snoozed_until, unsent.not_sent) == ("den_2", None, True)


def test_what_was_sent_and_not_answered_is_listed_beside_the_buckets() -> None:
    out = Unanswered(
        denial_id="den_9",
        payer_id="CASC1",
        claim_id="C-9",
        remedy="appeal",
        level="appeal",
        sent_on=AS_OF - timedelta(days=50),
        channel="folder",
        answer_due=AS_OF - timedelta(days=5),
        days_over=5,
        says="appeal sent: no answer by then, ask the payer",
    )
    found = sweep([record("den_9", status="sent")], AS_OF, (out,))
    assert (found.open, found.unanswered) == (0, (out,))

"""The daily sweep: every open denial in exactly one bucket, by how soon its clock runs out; nothing ages out unseen."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from agent.following.due import Unanswered
from agent.record import LETTERLESS
from agent.series.groups import OPEN
from agent.worth.assumptions import assumptions
from agent.worth.outline import OutlineClock, Told
from knowledge.types.practice import Frozen
from knowledge.types.record import RecordDeadline

BucketName = Literal[
    "ran_out_lately", "within_7", "within_14", "within_30", "later", "ran_out_before", "no_clock_known"
]
BUCKETS: tuple[BucketName, ...] = (
    "ran_out_lately",
    "within_7",
    "within_14",
    "within_30",
    "later",
    "ran_out_before",
    "no_clock_known",
)
"""In the order they are shown: what may still be argued as just late first, then what is soonest."""

LATELY = 7
"""Days after a clock ran out in which a denial is still shown first: good cause is asked for at once or not at all."""


class SweptDenial(Frozen):
    """An open denial with its binding clock as of the sweep; dates ISO, dollars as strings, unknown is None.

    The binding clock is the next one to run out; when all have run out, the last that did. `passed` are the clocks that
    have run out while another still stands. `rank` is its place in the queue, 1 = first. `not_sent`: released or
    approved, and nothing has gone out. `snoozed_until`: somebody put it off until that day.
    """

    denial_id: str
    claim_id: str
    payer_id: str | None
    hcpcs: str | None
    service_date: str | None
    root_cause: str
    remedy: str
    route: str
    status: str
    amount_at_stake: str
    expected_value: str
    rank: int | None
    action: str | None
    last_day: str | None
    rule: str | None
    days_left: int | None
    passed: tuple[str, ...] = ()
    not_sent: bool = False
    snoozed_until: str | None = None


class Batch(Frozen):
    """Denials of one payer and cause, too small to be worked one by one: sent together by the first clock."""

    payer_id: str | None
    root_cause: str
    amount_at_stake: str
    last_day: str | None
    days_left: int | None
    denials: tuple[SweptDenial, ...]


class ActionGroup(Frozen):
    """What one action must be taken for; `action` None where no clock is known."""

    action: str | None
    denials: tuple[SweptDenial, ...]


class Bucket(Frozen):
    """One span of days. `count` and `amount_at_stake` include the batches."""

    name: BucketName
    count: int
    amount_at_stake: str
    groups: tuple[ActionGroup, ...]
    batches: tuple[Batch, ...]

    @property
    def denials(self) -> tuple[SweptDenial, ...]:
        """Return every denial of the bucket, alone or in a batch."""
        alone = (denial for group in self.groups for denial in group.denials)
        return (*alone, *(denial for batch in self.batches for denial in batch.denials))


class Sweep(Frozen):
    """All open denials as of a day, and what is out with payers. `low_dollar`: below it denials are batched.

    `unanswered` were sent and no decision has come, the longest overdue first; their own clocks no longer run.
    """

    as_of: date
    low_dollar: str
    open: int
    buckets: tuple[Bucket, ...]
    unanswered: tuple[Unanswered, ...] = ()

    def denial_ids(self) -> tuple[str, ...]:
        """Return every denial in it, and those that are out with payers."""
        alone = [one for bucket in self.buckets for group in bucket.groups for one in group.denials]
        small = [one for bucket in self.buckets for batch in bucket.batches for one in batch.denials]
        out = [one.denial_id for one in self.unanswered]
        return tuple(dict.fromkeys([*(one.denial_id for one in (*alone, *small)), *out]))


def sweep(
    records: Iterable[Told],
    as_of: date,
    sent: Sequence[Unanswered] = (),
    snoozed: Mapping[str, date] = MappingProxyType({}),
) -> Sweep:
    """Put every open denial into one bucket by its binding clock; the last day itself still counts.

    Denials below the amount worked alone (assumptions.yaml) go into a batch of their payer and cause. A
    batch stands where its first clock still running puts it, so none of it is later than its own clock; what has run
    out, or has no clock, is batched apart.

    Nothing hides a denial from the sweep: one that is snoozed, approved and not sent, or held back is in its bucket.
    `sent` are those that wait for the payer; `snoozed` says until when somebody put a denial off.
    """
    low = assumptions().low_dollar
    alone: dict[BucketName, list[SweptDenial]] = defaultdict(list)
    small: dict[tuple[str, str, BucketName | None], list[SweptDenial]] = defaultdict(list)
    number = 0
    for record in records:
        if record.status not in OPEN:
            continue
        number += 1
        swept = swept_denial(record, as_of, snoozed.get(record.denial_id))
        if Decimal(record.amount_at_stake) < low:
            name = bucket_of(swept.days_left)
            apart = name if swept.days_left is None or swept.days_left < 0 else None
            small[record.remit.payer_id or record.remit.payer_name or "", record.root_cause, apart].append(swept)
        else:
            alone[bucket_of(swept.days_left)].append(swept)
    batches: dict[BucketName, list[Batch]] = defaultdict(list)
    for held in small.values():
        batch = _batch(held)
        batches[bucket_of(batch.days_left)].append(batch)
    buckets = tuple(_bucket(name, alone[name], batches[name]) for name in BUCKETS)
    return Sweep(as_of=as_of, low_dollar=str(low), open=number, buckets=buckets, unanswered=tuple(sent))


def bucket_of(days_left: int | None) -> BucketName:
    """Name the bucket of a clock with so many days left, below zero once it has run out; None = no clock."""
    if days_left is None:
        return "no_clock_known"
    if days_left < 0:
        return "ran_out_lately" if days_left >= -LATELY else "ran_out_before"
    spans: tuple[tuple[int, BucketName], ...] = ((7, "within_7"), (14, "within_14"), (30, "within_30"))
    return next((name for days, name in spans if days_left <= days), "later")


def swept_denial(record: Told, as_of: date, snoozed_until: date | None = None) -> SweptDenial:
    """Take from a record what the sweep shows, with the clock that binds as of this day."""
    held: tuple[RecordDeadline | OutlineClock, ...] = record.deadlines
    clocks = sorted(held, key=lambda clock: (clock.date, clock.action))
    running = [clock for clock in clocks if date.fromisoformat(clock.date) >= as_of]
    binding = running[0] if running else clocks[-1] if clocks else None
    passed = [f"{clock.action} {clock.date}" for clock in clocks if clock not in running and clock is not binding]
    return SweptDenial(
        denial_id=record.denial_id,
        claim_id=record.remit.claim_id,
        payer_id=record.remit.payer_id or record.remit.payer_name,
        hcpcs=record.line.hcpcs if record.line else None,
        service_date=record.line.service_date if record.line else None,
        root_cause=record.root_cause,
        remedy=record.remedy,
        route=record.route,
        status=record.status,
        amount_at_stake=record.amount_at_stake,
        expected_value=record.priority.expected_value,
        rank=record.priority.rank,
        action=binding.action if binding else None,
        last_day=binding.date if binding else None,
        rule=binding.rule if binding else None,
        days_left=(date.fromisoformat(binding.date) - as_of).days if binding else None,
        passed=tuple(passed),
        not_sent=record.status == "approved" or (record.status == "worked" and record.remedy not in LETTERLESS),
        snoozed_until=snoozed_until.isoformat() if snoozed_until is not None and snoozed_until > as_of else None,
    )


def _bucket(name: BucketName, alone: list[SweptDenial], batches: list[Batch]) -> Bucket:
    by_action: dict[str, list[SweptDenial]] = defaultdict(list)
    for denial in alone:
        by_action[denial.action or ""].append(denial)
    groups = [
        ActionGroup(action=action or None, denials=tuple(sorted(held, key=_soonest)))
        for action, held in by_action.items()
    ]
    every = [*alone, *(denial for batch in batches for denial in batch.denials)]
    return Bucket(
        name=name,
        count=len(every),
        amount_at_stake=_total(every),
        groups=tuple(sorted(groups, key=lambda group: (_soonest(group.denials[0]), group.action or ""))),
        batches=tuple(sorted(batches, key=lambda b: (b.last_day or "", b.payer_id or "", b.root_cause))),
    )


def _batch(denials: list[SweptDenial]) -> Batch:
    held = sorted(denials, key=_soonest)
    first = held[0]
    return Batch(
        payer_id=first.payer_id,
        root_cause=first.root_cause,
        amount_at_stake=_total(held),
        last_day=first.last_day,
        days_left=first.days_left,
        denials=tuple(held),
    )


def _soonest(denial: SweptDenial) -> tuple[str, int, str]:
    return (denial.last_day or "", denial.rank if denial.rank is not None else 10**9, denial.denial_id)


def _total(denials: Sequence[SweptDenial]) -> str:
    return str(sum((Decimal(denial.amount_at_stake) for denial in denials), Decimal("0.00")))

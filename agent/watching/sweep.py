"""The daily sweep: every open denial in exactly one bucket, by how soon its clock runs out; nothing ages out unseen."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from agent.following.due import Asked, Unanswered
from agent.record import LETTERLESS
from agent.watching.clocks import (
    BUCKETS,
    Binding,
    BucketName,
    Open,
    Small,
    Timed,
    binding_of,
    open_by_clock,
    soonest,
    sums,
)
from agent.worth.assumptions import assumptions
from agent.worth.outline import Told
from knowledge.types.practice import Frozen


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

    `unanswered` were sent and no decision has come, the longest overdue first; their own clocks no longer run. `asked`
    are records to be sent for claims that are not denied yet.
    """

    as_of: date
    low_dollar: str
    open: int
    buckets: tuple[Bucket, ...]
    unanswered: tuple[Unanswered, ...] = ()
    asked: tuple[Asked, ...] = ()

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

    Those below the amount worked alone go into a batch of their payer and cause (`clocks.py`).

    Nothing hides a denial from the sweep: one that is snoozed, approved and not sent, or held back is in its bucket.
    `sent` are those that wait for the payer; `snoozed` says until when somebody put a denial off.
    """
    found = open_by_clock(records, as_of)
    counted = sums(found)
    buckets = tuple(_bucket(name, *counted[name], found, as_of, snoozed) for name in BUCKETS)
    number = sum(count for count, _ in counted.values())
    low = str(assumptions().low_dollar)
    return Sweep(as_of=as_of, low_dollar=low, open=number, buckets=buckets, unanswered=tuple(sent))


def swept_denial(record: Told, as_of: date, snoozed_until: date | None = None) -> SweptDenial:
    """Take from a record what the sweep shows, with the clock that binds as of this day."""
    return shown_in_sweep(record, binding_of(record.deadlines, as_of), as_of, snoozed_until)


def shown_in_sweep(record: Told, binding: Binding, as_of: date, snoozed_until: date | None) -> SweptDenial:
    """Take from a record what the sweep shows, with its clock."""
    clock = binding.clock
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
        action=clock.action if clock else None,
        last_day=clock.date if clock else None,
        rule=clock.rule if clock else None,
        days_left=binding.days_left,
        passed=tuple(f"{one.action} {one.date}" for one in binding.passed),
        not_sent=record.status == "approved" or (record.status == "worked" and record.remedy not in LETTERLESS),
        snoozed_until=snoozed_until.isoformat() if snoozed_until is not None and snoozed_until > as_of else None,
    )


def _bucket(
    name: BucketName, count: int, dollars: Decimal, found: Open, as_of: date, snoozed: Mapping[str, date]
) -> Bucket:
    def shown(held: Iterable[Timed]) -> tuple[SweptDenial, ...]:
        until = ((one, snoozed.get(one.record.denial_id)) for one in held)
        return tuple(shown_in_sweep(one.record, one.binding, as_of, day) for one, day in until)

    by_action: dict[str, list[Timed]] = defaultdict(list)
    for one in sorted((one for one in found.alone if one.bucket == name), key=soonest):
        by_action[one.binding.clock.action if one.binding.clock else ""].append(one)
    groups = [ActionGroup(action=action or None, denials=shown(held)) for action, held in by_action.items()]
    small = sorted(
        (batch for batch in found.batches if batch.bucket == name),
        key=lambda batch: (batch.first.last_day, batch.payer_id or "", batch.root_cause),
    )
    return Bucket(
        name=name,
        count=count,
        amount_at_stake=str(dollars),
        groups=tuple(sorted(groups, key=lambda group: (_place(group.denials[0]), group.action or ""))),
        batches=tuple(_batch(batch, shown(batch.held)) for batch in small),
    )


def _batch(batch: Small, denials: tuple[SweptDenial, ...]) -> Batch:
    return Batch(
        payer_id=batch.payer_id,
        root_cause=batch.root_cause,
        amount_at_stake=str(sum((Decimal(one.amount_at_stake) for one in denials), Decimal("0.00"))),
        last_day=batch.first.last_day or None,
        days_left=batch.first.days_left,
        denials=denials,
    )


def _place(denial: SweptDenial) -> tuple[str, int, str]:
    return (denial.last_day or "", denial.rank if denial.rank is not None else 10**9, denial.denial_id)

"""Open denials by the clock that binds each: light enough to be done anew whenever one of 100,000 has changed."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from agent.series.groups import OPEN
from agent.worth.assumptions import assumptions
from agent.worth.outline import OutlineClock, Told
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

Clock = RecordDeadline | OutlineClock


class Binding(NamedTuple):
    """The clock that binds a denial: the next one to run out, else the last that did; None = no clock is known.

    `days_left` is below zero once it has run out. `passed` are the clocks that have run out while another still stands.
    """

    clock: Clock | None
    days_left: int | None
    passed: tuple[Clock, ...] = ()

    @property
    def last_day(self) -> str:
        """Return its last day, ISO; blank where there is none."""
        return self.clock.date if self.clock is not None else ""


class Timed(NamedTuple):
    """An open denial with the clock that binds it, and the bucket that puts it in by itself."""

    record: Told
    binding: Binding
    bucket: BucketName


class Small(NamedTuple):
    """Denials of one payer and cause that are too small to be worked one by one; `first` clock of them all."""

    payer_id: str | None
    root_cause: str
    held: tuple[Timed, ...]
    first: Binding
    bucket: BucketName


class Open(NamedTuple):
    """All open denials: those worked alone, and the batches of small ones."""

    alone: tuple[Timed, ...]
    batches: tuple[Small, ...]


def open_by_clock(records: Iterable[Told], as_of: date) -> Open:
    """Put every open denial by its binding clock as of a day; the last day itself still counts.

    Denials below the amount worked alone (assumptions.yaml) go into a batch of their payer and cause. A batch stands
    where its first clock still running puts it, so none of it is later than its own clock; what has run out, or has no
    clock, is batched apart.
    """
    low = assumptions().low_dollar
    alone: list[Timed] = []
    small: dict[tuple[str, str, BucketName | None], list[Timed]] = {}
    seen: dict[int, tuple[Binding, BucketName, object]] = {}  # denials in outline share their clocks
    for record in records:
        if record.status not in OPEN:
            continue
        found = seen.get(id(record.deadlines))
        if found is None:
            binding = binding_of(record.deadlines, as_of)
            # The clocks are held on to: what is looked up by its place in memory must stay there.
            found = seen[id(record.deadlines)] = (binding, bucket_of(binding.days_left), record.deadlines)
        timed = Timed(record, found[0], found[1])
        if Decimal(record.amount_at_stake) < low:
            left = found[0].days_left
            apart = found[1] if left is None or left < 0 else None
            payer = record.remit.payer_id or record.remit.payer_name or ""
            small.setdefault((payer, record.root_cause, apart), []).append(timed)
        else:
            alone.append(timed)
    return Open(tuple(alone), tuple(_batch(held) for held in small.values()))


def binding_of(clocks: Iterable[Clock], as_of: date) -> Binding:
    """Return the clock that binds as of this day."""
    ordered = sorted(clocks, key=lambda clock: (clock.date, clock.action))
    today = as_of.isoformat()
    running = [clock for clock in ordered if clock.date >= today]  # ISO days stand in their order
    clock = running[0] if running else ordered[-1] if ordered else None
    if clock is None:
        return Binding(None, None)
    passed = tuple(one for one in ordered if one.date < today and one is not clock)
    return Binding(clock, (date.fromisoformat(clock.date) - as_of).days, passed)


def bucket_of(days_left: int | None) -> BucketName:
    """Name the bucket of a clock with so many days left, below zero once it has run out; None = no clock."""
    if days_left is None:
        return "no_clock_known"
    if days_left < 0:
        return "ran_out_lately" if days_left >= -LATELY else "ran_out_before"
    spans: tuple[tuple[int, BucketName], ...] = ((7, "within_7"), (14, "within_14"), (30, "within_30"))
    return next((name for days, name in spans if days_left <= days), "later")


def soonest(timed: Timed) -> tuple[str, int, str]:
    """Order denials: by their last day, then as the queue ranks them."""
    rank = timed.record.priority.rank
    return (timed.binding.last_day, rank if rank is not None else 10**9, timed.record.denial_id)


def sums(denials: Open) -> Mapping[BucketName, tuple[int, Decimal]]:
    """Return for each bucket how many denials stand in it, batches where their first clock puts them, and dollars."""
    found: dict[BucketName, tuple[int, Decimal]] = dict.fromkeys(BUCKETS, (0, Decimal("0.00")))
    placed = [(one, one.bucket) for one in denials.alone]
    placed += [(one, batch.bucket) for batch in denials.batches for one in batch.held]
    for one, bucket in placed:
        count, dollars = found[bucket]
        found[bucket] = (count + 1, dollars + Decimal(one.record.amount_at_stake))
    return found


def _batch(held: list[Timed]) -> Small:
    ordered = tuple(sorted(held, key=soonest))
    first = ordered[0]
    remit = first.record.remit
    return Small(remit.payer_id or remit.payer_name, first.record.root_cause, ordered, first.binding, first.bucket)

"""Series and batches as they are listed and shown, by command and API."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from agent.desk import Desk
from agent.queue import records_of
from agent.ranking import rankings_of
from agent.series.corrections import Offer, offers
from agent.series.groups import Group, GroupKind, LeftOut, groups_of
from agent.series.kinship import Kinship
from agent.series.members import group_named, standing_of
from agent.watching.sweep import swept_denial
from agent.worth.outline import Told
from knowledge.types.practice import Frozen
from knowledge.types.record import DenialRecord

_LAST = 10**9
"""Where what has no rank stands."""


class ListedMember(Frozen):
    """One denial of a group, dollars as strings, dates ISO."""

    denial_id: str
    claim_id: str
    payer_claim_number: str | None
    service_date: str | None
    hcpcs: str | None
    units: str | None
    charge: str | None
    amount_at_stake: str
    status: str
    rank: int | None
    last_day: str | None


class ListedGroup(Frozen):
    """A series or batch as one row: what it shares, what it comes to, its first clock and place in the queue.

    `waiting` counts members that wait for a person. `says` is the lead's sentence on the cause.
    """

    group_id: str
    kind: GroupKind
    payer_id: str
    payer_name: str
    root_cause: str
    remedy: str
    then: str | None
    shared: str
    says: str
    count: int
    waiting: int
    amount_at_stake: str
    expected_value: str
    last_day: str | None
    days_left: int | None
    rank: int | None
    members: tuple[ListedMember, ...]
    left_out: tuple[LeftOut, ...] = ()


class ShownGroup(Frozen):
    """A group in full.

    `apart` are members that cannot go with the others, `together` those that can; `one_letter` tells that one packet
    goes for all. `approved` says who approved it as a whole, newest last.
    """

    group: ListedGroup
    together: tuple[str, ...]
    apart: tuple[LeftOut, ...]
    one_letter: bool
    offers: tuple[Offer, ...]
    approved: tuple[str, ...]


def groups_in_order(kinship: Kinship) -> tuple[Group, ...]:
    """Return every group of open denials in the order of the queue, from what is held in memory."""
    held = kinship.outlines

    def place(group: Group) -> tuple[int, str]:
        known = (rank for name in group.members if (rank := held[name].priority.rank) is not None)
        return min(known, default=_LAST), group.group_id

    return tuple(sorted(kinship.groups(), key=place))


def listed_groups(records: Sequence[DenialRecord], as_of: date) -> tuple[ListedGroup, ...]:
    """Return every group of open denials as a row, in the order of the queue."""
    by_id = {record.denial_id: record for record in records}
    rows = [listed(group, by_id, as_of) for group in groups_of(records)]
    return tuple(sorted(rows, key=lambda row: (row.rank if row.rank is not None else _LAST, row.group_id)))


def listed(group: Group, by_id: Mapping[str, Told], as_of: date) -> ListedGroup:
    """Write one group as a row."""
    held = [by_id[name] for name in group.members]
    clocks = [swept_denial(record, as_of) for record in held]
    running = [clock for clock in clocks if clock.days_left is not None and clock.days_left >= 0]
    first = min(running, key=lambda clock: (clock.days_left or 0, clock.denial_id), default=None)
    lead = max(held, key=lambda record: (Decimal(record.amount_at_stake), record.denial_id))
    return ListedGroup(
        group_id=group.group_id,
        kind=group.kind,
        payer_id=group.payer_key,
        payer_name=group.payer_name,
        root_cause=group.root_cause,
        remedy=group.remedy,
        then=group.then,
        shared=group.shared,
        says=lead.says,
        count=len(held),
        waiting=sum(record.status == "in_review" for record in held),
        amount_at_stake=_total(record.amount_at_stake for record in held),
        expected_value=_total(record.priority.expected_value for record in held),
        last_day=first.last_day if first else None,
        days_left=first.days_left if first else None,
        rank=min((record.priority.rank for record in held if record.priority.rank is not None), default=None),
        members=tuple(_member(record, clock.last_day) for record, clock in zip(held, clocks, strict=True)),
        left_out=group.left_out,
    )


def shown_group(desk: Desk, named: str) -> ShownGroup:
    """Return a group in full, with what was corrected on one of it and is open for the others.

    Raises:
        UnknownGroup: no such group of open denials.
    """
    with rankings_of(desk.records).at(desk.practice_id) as ranking:
        group = group_named(ranking.kinship, named)
        offered = offers(desk, ranking.kinship, group.payer_key)
    records = tuple(records_of(desk.records, desk.practice_id, group.members))
    standing = standing_of(desk, group, records)
    with desk.records.reading() as repository:
        approved = repository.joint.all(desk.practice_id, group.group_id)
    return ShownGroup(
        group=listed(group, {record.denial_id: record for record in records}, desk.as_of),
        together=tuple(record.denial_id for record in standing.together),
        apart=standing.apart,
        one_letter=len(standing.letters) > 1,
        offers=tuple(one for one in offered if {one.denial_id, *one.to} & set(group.members)),
        approved=tuple(
            f"{one.by} on {one.at.date()}, {len(one.members)} denials ({one.sha256[:16]})" for one in approved
        ),
    )


def _member(record: Told, last_day: str | None) -> ListedMember:
    line = record.line
    return ListedMember(
        denial_id=record.denial_id,
        claim_id=record.remit.claim_id,
        payer_claim_number=record.remit.payer_claim_number,
        service_date=line.service_date if line else None,
        hcpcs="-".join((line.hcpcs or "", *line.modifiers)) if line else None,
        units=line.units if line else None,
        charge=line.charge if line else None,
        amount_at_stake=record.amount_at_stake,
        status=record.status,
        rank=record.priority.rank,
        last_day=last_day,
    )


def _total(amounts: Iterable[str]) -> str:
    return f"{sum((Decimal(amount) for amount in amounts), Decimal(0)):.2f}"

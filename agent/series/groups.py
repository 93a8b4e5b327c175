"""What is worked together: the open denials of a series with one answer, and small denials in batches.

A batch are denials of one payer, cause and remedy that are not worth their work alone: low in dollars, or of no
expected value. What is in a series of two or more open denials goes with it, and is in no batch.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from agent.series.finding import series_id
from agent.series.shared import Facts, SharedFact
from agent.worth.assumptions import assumptions
from agent.worth.chances import Chances
from agent.worth.value import payer_key, worth_of
from knowledge.records.queue import Apart, WorkGroup
from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import Frozen
from knowledge.types.record import DenialRecord

GroupKind = Literal["series", "batch"]
OPEN = ("new", "worked", "in_review", "approved")
"""Statuses of a denial that still stands between the practice and its money."""


class LeftOut(Frozen):
    """A denial that shares the record of a series, or looks as if, and is worked alone; `says` why."""

    denial_id: str
    says: str


class Group(Frozen):
    """Denials that are worked once and sent together. `shared` names the fact they share; members in order of id."""

    group_id: str
    kind: GroupKind
    payer_key: str
    payer_name: str
    root_cause: str
    remedy: Remedy
    then: Remedy | None
    shared: str
    members: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()


def groups_of(records: Iterable[DenialRecord]) -> tuple[Group, ...]:
    """Return every group of two or more open denials, series first, each in order of its id."""
    found = sorted(records, key=lambda record: record.denial_id)
    series = _series(found)
    taken = {member for group in series for member in group.members}
    return (*series, *_batches([record for record in found if record.denial_id not in taken]))


def group_by_denial(groups: Iterable[Group]) -> dict[str, Group]:
    """Return each member's group; a denial is in one at most."""
    return {member: group for group in groups for member in group.members}


def work_groups(groups: Iterable[Group], records: Iterable[DenialRecord]) -> tuple[WorkGroup, ...]:
    """Write groups as the records keep them for lists; a group speaks with its largest member's sentence."""
    by_id = {record.denial_id: record for record in records}
    found = []
    for group in groups:
        held = [by_id[name] for name in group.members]
        lead = max(held, key=lambda record: (Decimal(record.amount_at_stake), record.denial_id))
        left_out = tuple(Apart(denial_id=one.denial_id, says=one.says) for one in group.left_out)
        told = group.model_dump(exclude={"payer_key", "left_out"})
        found.append(WorkGroup.model_validate({**told, "says": lead.says, "left_out": left_out}))
    return tuple(found)


def is_small(record: DenialRecord) -> bool:
    """Tell whether a denial is not worth its work alone: low in dollars, or the work costs more than it brings."""
    known = assumptions()
    if Decimal(record.amount_at_stake) < known.low_dollar:
        return True
    if known.remedies[record.remedy].chance == 0:
        return False  # nothing is to be recovered: a decision, not work that would pay in a batch
    return worth_of(record, _NO_OUTCOMES).value <= 0


_NO_OUTCOMES = Chances()
"""Whether a denial is small does not sway with each outcome that comes in."""


def _series(records: Sequence[DenialRecord]) -> tuple[Group, ...]:
    facts = Facts(records)
    kin: dict[tuple[str, str, str], list[tuple[DenialRecord, SharedFact]]] = {}
    for record in records:
        if record.status in OPEN and (fact := facts.of(record)) is not None:
            kin.setdefault((payer_key(record), fact.kind, fact.value), []).append((record, fact))
    groups = []
    for held in kin.values():
        by_cause: dict[str, list[tuple[DenialRecord, SharedFact]]] = {}
        for record, fact in held:
            by_cause.setdefault(record.root_cause, []).append((record, fact))
        for of_cause in by_cause.values():
            if group := _of_cause([record for record, _ in of_cause], of_cause[0][1], [record for record, _ in held]):
                groups.append(group)
    return tuple(sorted(groups, key=lambda group: group.group_id))


def _of_cause(records: Sequence[DenialRecord], fact: SharedFact, kin: Sequence[DenialRecord]) -> Group | None:
    """Make the group of one cause: those with the answer most of them have; the others are told apart."""
    answers = Counter((record.remedy, record.then) for record in records)
    most = max(answers, key=lambda answer: (answers[answer], answer[0], answer[1] or ""))
    members = [record for record in records if (record.remedy, record.then) == most]
    if len(members) < 2:
        return None
    first = members[0]
    chosen = {record.denial_id for record in members}
    out = tuple(
        LeftOut(denial_id=record.denial_id, says=_why_apart(record, first))
        for record in kin
        if record.denial_id not in chosen and (record in records or fact.kind not in ("code", "provider"))
    )
    return Group(
        group_id=series_id(first, fact),
        kind="series",
        payer_key=payer_key(first),
        payer_name=first.remit.payer_name or first.remit.payer_id or "",
        root_cause=first.root_cause,
        remedy=most[0],
        then=most[1],
        shared=fact.says,
        members=tuple(record.denial_id for record in members),
        left_out=out,
    )


def _why_apart(record: DenialRecord, first: DenialRecord) -> str:
    if record.root_cause != first.root_cause:
        return f"Its cause is {record.root_cause}, not {first.root_cause}: {record.says}"
    answer = " then ".join(filter(None, (record.remedy, record.then))).replace("_", " ")
    return f"It has the same cause but another answer: {answer}"


def _batches(records: Sequence[DenialRecord]) -> tuple[Group, ...]:
    small: dict[tuple[str, str, Remedy, Remedy | None], list[DenialRecord]] = {}
    for record in records:
        if record.status in OPEN and is_small(record):
            small.setdefault((payer_key(record), record.root_cause, record.remedy, record.then), []).append(record)
    return tuple(sorted((_batch(held) for held in small.values() if len(held) > 1), key=lambda group: group.group_id))


def _batch(records: Sequence[DenialRecord]) -> Group:
    first = records[0]
    key = "|".join((payer_key(first), first.root_cause, first.remedy, first.then or ""))
    return Group(
        group_id="bat_" + hashlib.sha256(key.encode()).hexdigest()[:12],
        kind="batch",
        payer_key=payer_key(first),
        payer_name=first.remit.payer_name or first.remit.payer_id or "",
        root_cause=first.root_cause,
        remedy=first.remedy,
        then=first.then,
        shared="payer, cause and remedy",
        members=tuple(record.denial_id for record in records),
    )

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
from agent.worth.outline import Told
from agent.worth.value import payer_key, worth_of
from knowledge.records.queue import Apart, WorkGroup
from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import Frozen

GroupKind = Literal["series", "batch"]
KinKey = tuple[str, str, str]
BatchKey = tuple[str, str, Remedy, Remedy | None]
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


def groups_of(records: Iterable[Told]) -> tuple[Group, ...]:
    """Return every group of two or more open denials, series first, each in order of its id."""
    found = sorted(records, key=lambda record: record.denial_id)
    series = _series(found)
    taken = {member for group in series for member in group.members}
    return (*series, *_batches([record for record in found if record.denial_id not in taken]))


def group_by_denial(groups: Iterable[Group]) -> dict[str, Group]:
    """Return each member's group; a denial is in one at most."""
    return {member: group for group in groups for member in group.members}


def work_groups(groups: Iterable[Group], records: Iterable[Told]) -> tuple[WorkGroup, ...]:
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


def is_small(record: Told) -> bool:
    """Tell whether a denial is not worth its work alone: low in dollars, or the work costs more than it brings."""
    known = assumptions()
    if Decimal(record.amount_at_stake) < known.low_dollar:
        return True
    if known.remedies[record.remedy].chance == 0:
        return False  # nothing is to be recovered: a decision, not work that would pay in a batch
    return worth_of(record, _NO_OUTCOMES).value <= 0


_NO_OUTCOMES = Chances()
"""Whether a denial is small does not sway with each outcome that comes in."""


def _series(records: Sequence[Told]) -> tuple[Group, ...]:
    facts = Facts(records)
    kin: dict[KinKey, list[tuple[Told, SharedFact]]] = {}
    for record in records:
        if record.status in OPEN and (fact := facts.of(record)) is not None:
            kin.setdefault(kin_key(record, fact), []).append((record, fact))
    groups = (group for held in kin.values() for group in series_among(held))
    return tuple(sorted(groups, key=lambda group: group.group_id))


def kin_key(record: Told, fact: SharedFact) -> KinKey:
    """Name the record that open denials of a payer share, whatever their causes."""
    return payer_key(record), fact.kind, fact.value


def series_among(kin: Sequence[tuple[Told, SharedFact]]) -> list[Group]:
    """Return the series among the open denials of one kin key, given in order of id with the fact of each."""
    by_cause: dict[str, list[tuple[Told, SharedFact]]] = {}
    for record, fact in kin:
        by_cause.setdefault(record.root_cause, []).append((record, fact))
    every = [record for record, _ in kin]
    found = (_of_cause([record for record, _ in held], held[0][1], every) for held in by_cause.values())
    return [group for group in found if group is not None]


def _of_cause(records: Sequence[Told], fact: SharedFact, kin: Sequence[Told]) -> Group | None:
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


def _why_apart(record: Told, first: Told) -> str:
    if record.root_cause != first.root_cause:
        return f"Its cause is {record.root_cause}, not {first.root_cause}: {record.says}"
    answer = " then ".join(filter(None, (record.remedy, record.then))).replace("_", " ")
    return f"It has the same cause but another answer: {answer}"


def _batches(records: Sequence[Told]) -> tuple[Group, ...]:
    small: dict[BatchKey, list[Told]] = {}
    for record in records:
        if record.status in OPEN and is_small(record):
            small.setdefault(batch_key(record), []).append(record)
    return tuple(sorted((batch_of(held) for held in small.values() if len(held) > 1), key=lambda group: group.group_id))


def batch_key(record: Told) -> BatchKey:
    """Name what the small denials of a batch have in common."""
    return payer_key(record), record.root_cause, record.remedy, record.then


def batch_of(records: Sequence[Told]) -> Group:
    """Make the batch of small open denials of one batch key, given in order of id."""
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

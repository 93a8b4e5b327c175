"""The queue over all denials of a practice: their ranks and series, and what they come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from agent.following.settled import settled
from agent.series.finding import series_of
from agent.series.groups import OPEN, group_by_denial, groups_of, work_groups
from agent.worth.chances import Chances
from agent.worth.order import Candidate, ranked
from agent.worth.value import priority_of, worth_of
from knowledge.records import Records, Standing
from knowledge.types.record import DenialRecord


@dataclass(frozen=True)
class WorkReport:
    """What a run came to, over all denials of the practice. `at_stake` in dollars, of those still open."""

    denials: int
    worked: int
    waiting: int
    won: int
    at_stake: Decimal


def records_of(records: Records, practice_id: str) -> Iterator[DenialRecord]:
    """Give the denial records in order of rank."""
    with records.reading() as repository:
        texts = tuple(repository.denials.records(practice_id))
    for text in texts:
        yield DenialRecord.model_validate_json(text)


def rank_all(records: Records, practice_id: str) -> None:
    """Rank the open denials by worth and clock, settled ones after them, and name the series.

    The worth of each open one is learned anew from all outcomes; what is worked together has one place.
    """
    found = list(records_of(records, practice_id))
    chances = Chances(settled(records, practice_id))
    groups = groups_of(found)
    together = group_by_denial(groups)
    candidates, worths = [], {}
    for record in found:
        if record.status not in OPEN:
            continue
        group = together.get(record.denial_id)
        worth = worth_of(record, chances, together=len(group.members) if group else 1)
        worths[record.denial_id] = priority_of(record, worth).model_dump(mode="json", exclude={"rank"})
        group_id = group.group_id if group else None
        candidates.append(Candidate(record.denial_id, worth.value, record.priority.days_left, group_id))
    places = ranked(candidates)
    last, series, standings = len(places), series_of(found), []
    for record in found:
        place = places.get(record.denial_id)
        last += place is None
        worth_now = {**worths.get(record.denial_id, {}), "order": place.says if place else None}
        standings.append(
            Standing(
                denial_id=record.denial_id,
                rank=place.rank if place else last,
                series=series.get(record.denial_id),
                worth=worth_now,
            )
        )
    with records.transaction() as repository:
        repository.denials.set_standings(practice_id, standings)
        repository.groups.save(practice_id, work_groups(groups, found))


def report(records: Records, practice_id: str) -> WorkReport:
    """Add up what stands."""
    found = list(records_of(records, practice_id))
    at_stake = (Decimal(record.amount_at_stake) for record in found if record.status in OPEN)
    return WorkReport(
        denials=len(found),
        worked=sum(record.status == "worked" for record in found),
        waiting=sum(record.status == "in_review" for record in found),
        won=sum(record.status in ("won", "partly_won") for record in found),
        at_stake=sum(at_stake, Decimal(0)),
    )

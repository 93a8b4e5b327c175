"""The queue over all denials of a practice: their ranks and series, and what they come to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.ranking import rankings_of
from agent.series.groups import OPEN
from knowledge.records import Records, WorklistFilter
from knowledge.types.record import DenialRecord


@dataclass(frozen=True)
class WorkReport:
    """What a run came to, over all denials of the practice. `at_stake` in dollars, of those still open."""

    denials: int
    worked: int
    waiting: int
    won: int
    at_stake: Decimal


def records_of(records: Records, practice_id: str, only: Sequence[str] | None = None) -> Iterator[DenialRecord]:
    """Give the denial records in order of rank: all, or some by id."""
    with records.reading() as repository:
        texts = tuple(repository.denials.records(practice_id, only))
    for text in texts:
        yield DenialRecord.model_validate_json(text)


def rank_all(records: Records, practice_id: str) -> None:
    """Rank the open denials by worth and clock, settled ones after them, and name the series.

    The worth of each open one is learned anew from all outcomes; what is worked together has one place.
    """
    rankings_of(records).rank_all(practice_id)


def rank_touched(records: Records, practice_id: str) -> None:
    """Rank what has changed since the last ranking and what that touches; it comes to the order of ranking all."""
    rankings_of(records).rank_touched(practice_id)


def report(records: Records, practice_id: str) -> WorkReport:
    """Add up what stands."""
    with records.reading() as repository:
        tallies = {one.value: one for one in repository.worklist.tally(practice_id, WorklistFilter(), "status")}
    counts = {status: one.count for status, one in tallies.items()}
    return WorkReport(
        denials=sum(counts.values()),
        worked=counts.get("worked", 0),
        waiting=counts.get("in_review", 0),
        won=counts.get("won", 0) + counts.get("partly_won", 0),
        at_stake=sum((tallies[status].amount for status in OPEN if status in tallies), Decimal(0)),
    )

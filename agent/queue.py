"""The queue over all denials of a practice: their ranks and series, and what they come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from agent.series import series_of
from agent.worth import ranked
from knowledge.records import Records, Standing
from knowledge.types.record import DenialRecord

OPEN = ("new", "worked", "in_review", "approved")
"""Statuses of a denial that still stands between the practice and its money."""


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
    """Rank the open denials by worth and clock, settled ones after them, and name the series."""
    found = list(records_of(records, practice_id))
    places = ranked(
        [
            (record.denial_id, Decimal(record.priority.expected_value), record.priority.days_left)
            for record in found
            if record.status in OPEN
        ]
    )
    last = len(places)
    series = series_of(found)
    standings = []
    for record in found:
        place = places.get(record.denial_id)
        if place is None:
            last += 1
            place = last
        standings.append(Standing(denial_id=record.denial_id, rank=place, series=series.get(record.denial_id)))
    with records.transaction() as repository:
        repository.denials.set_standings(practice_id, standings)


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

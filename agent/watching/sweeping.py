"""The sweep of a whole practice: its open denials, what is out with payers, and who put what off."""

from collections.abc import Iterator
from datetime import date

from agent.following.due import asked, unanswered
from agent.ranking import Ranking, rankings_of
from agent.watching.clocks import Open, Small, Timed, open_by_clock
from agent.watching.sweep import Sweep, sweep
from knowledge.records import Records


def sweep_practice(records: Records, practice_id: str, as_of: date) -> Sweep:
    """Sweep a practice's denials as of a day, as its records stand."""
    with rankings_of(records).at(practice_id) as ranking:
        found = tuple(ranking.kinship.outlines.values())
    with records.reading() as repository:
        snoozed = repository.worklist.snoozed(practice_id)
    swept = sweep(found, as_of, unanswered(records, practice_id, as_of), snoozed)
    return swept.model_copy(update={"asked": asked(records, practice_id, as_of)})


def open_now(ranking: Ranking, as_of: date) -> Open:
    """Give a practice's open denials by their clocks: found once for all who ask for the day until one changes."""
    return ranking.once("open by clock", as_of, lambda: open_by_clock(ranking.kinship.outlines.values(), as_of))


def each_open(denials: Open) -> Iterator[tuple[Timed, Small | None]]:
    """Give every open denial once, with the batch it is worked in."""
    yield from ((one, None) for one in denials.alone)
    for batch in denials.batches:
        yield from ((one, batch) for one in batch.held)

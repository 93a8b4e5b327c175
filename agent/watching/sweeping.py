"""The sweep of a whole practice: its open denials, what is out with payers, and who put what off."""

from datetime import date

from agent.following.due import unanswered
from agent.ranking import rankings_of
from agent.watching.sweep import Sweep, sweep
from knowledge.records import Records


def sweep_practice(records: Records, practice_id: str, as_of: date) -> Sweep:
    """Sweep a practice's denials as of a day, as its records stand."""
    with rankings_of(records).at(practice_id) as ranking:
        found = tuple(ranking.kinship.outlines.values())
    with records.reading() as repository:
        snoozed = repository.worklist.snoozed(practice_id)
    return sweep(found, as_of, unanswered(records, practice_id, as_of), snoozed)

"""The sweep of a whole practice: its open denials, what is out with payers, and who put what off."""

from datetime import date

from agent.following.due import unanswered
from agent.queue import records_of
from agent.watching.sweep import Sweep, sweep
from knowledge.records import Records


def sweep_practice(records: Records, practice_id: str, as_of: date) -> Sweep:
    """Sweep a practice's denials as of a day, as its records stand."""
    found = tuple(records_of(records, practice_id))
    with records.reading() as repository:
        items = [repository.worklist.get(practice_id, record.denial_id) for record in found]
    snoozed = {item.denial_id: item.snoozed_until for item in items if item is not None and item.snoozed_until}
    return sweep(found, as_of, unanswered(records, practice_id, as_of), snoozed)

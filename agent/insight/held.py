"""The snapshots of a running server: read once, then brought up to date by what changed, whichever process did it."""

import threading

from agent.insight.snapshot import SETTLED, Snapshot, first_snapshot, updated
from knowledge.records import Records, Repository

_MANY = 5_000
"""So many changed denials are read with all others: one by one they would take longer."""


class HeldSnapshots:
    """One snapshot a practice, as its records stand."""

    def __init__(self, records: Records) -> None:
        """Hold snapshots of `records`; each is read when it is first asked for."""
        self._records = records
        self._lock = threading.Lock()
        self._held: dict[str, Snapshot] = {}

    def of(self, practice_id: str) -> Snapshot:
        """Return a practice's denials as they stand."""
        with self._lock, self._records.reading() as repository:
            held = self._held.get(practice_id)
            # The number is read first: what is written meanwhile is read once more the next time, never missed.
            number = repository.insight.number(practice_id)
            if held is None or held.number != number or len(held) != repository.insight.count(practice_id):
                held = self._held[practice_id] = _read(repository, practice_id, held, number)
            return held


def _read(repository: Repository, practice_id: str, held: Snapshot | None, number: int) -> Snapshot:
    if held is not None:
        changed = repository.insight.changed_since(practice_id, held.number)
        if len(changed) <= _MANY:
            facts = repository.insight.facts(practice_id, changed)
            settled = [fact.denial_id for fact in facts if fact.status in SETTLED]
            histories = repository.insight.histories(practice_id, changed)
            found = updated(held, number, facts, histories, repository.insight.fights(practice_id, settled))
            if len(found) == repository.insight.count(practice_id):  # else rows were taken out
                return found
    facts = repository.insight.facts(practice_id)
    settled = [fact.denial_id for fact in facts if fact.status in SETTLED]
    histories = repository.insight.histories(practice_id)
    return first_snapshot(number, facts, histories, repository.insight.fights(practice_id, settled))

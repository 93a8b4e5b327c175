"""The worklists of a running server, held in memory and brought up to date by the numbers of their changes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.records.opening import Records
from knowledge.records.worklist_index import WorklistIndex


class HeldWorklists:
    """One index a practice. Whoever asks gets it as the records stand, whichever process changed them."""

    def __init__(self, records: Records) -> None:
        """Hold the worklists of `records`; each is read when it is first asked for."""
        self._records = records
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._held: dict[str, tuple[int, WorklistIndex]] = {}

    @contextmanager
    def at(self, practice_id: str) -> Iterator[tuple[WorklistIndex, int]]:
        """Give a practice's worklist, for this thread alone, with the number of its last change."""
        with self._lock:
            own = self._locks.setdefault(practice_id, threading.Lock())
        with own:
            yield self._current(practice_id)

    def forget(self, practice_id: str) -> None:
        """Read a practice's worklist anew when it is next asked for: rows were taken out of it."""
        with self._lock:
            self._held.pop(practice_id, None)

    def _current(self, practice_id: str) -> tuple[WorklistIndex, int]:
        held = self._held.get(practice_id)
        with self._records.reading() as repository:
            now = repository.groups.last_change(practice_id)
            if held is None:
                index = WorklistIndex(repository.groups.narrow(practice_id))
            elif held[0] != now:
                index = held[1]
                index.update(repository.groups.narrow(practice_id, since=held[0]))
            else:
                return held[1], now
        self._held[practice_id] = (now, index)
        return index, now

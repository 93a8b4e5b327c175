"""Minutes at the desk: how long a case was looked at by whoever decided it, and how that adds up by cause.

A browser counts the seconds in which a case's page is seen and somebody moves in it (static/case.js); the decision
brings them along. They are kept with the case, one number of the last decision.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec
import numpy as np

from agent.insight.selection import Selection, marked
from agent.insight.snapshot import Snapshot
from knowledge.records import Records, Repository

STAGE = "desk"
LONGEST = 4 * 3600
"""Seconds: what says more was no one looking at one case."""

_MANY = 5_000
"""So many changed denials are read with all others."""


class DeskTime(msgspec.Struct, frozen=True):
    """Seconds at the desk before a decision, and by whom it was made (an id)."""

    seconds: int
    by: str


@dataclass(frozen=True)
class Minutes:
    """How long cases took at the desk: the median, and what nine of ten did not go beyond. None = of all causes."""

    root_cause: str | None
    cases: int
    median: float
    ninetieth: float


def seconds_of(told: str) -> int | None:
    """Read what a browser counted; None where it says nothing that can be."""
    seconds = int(told) if told.isascii() and told.isdecimal() and len(told) < 7 else 0
    return seconds if 0 < seconds <= LONGEST else None


def note_desk_time(repository: Repository, practice_id: str, denial_id: str, seconds: int, by: str) -> None:
    """Keep the seconds at the desk of a case that is being decided."""
    stored = repository.denials.get(practice_id, denial_id)
    if stored is not None:
        repository.casework.save_work(practice_id, denial_id, STAGE, stored.revision, DeskTime(seconds=seconds, by=by))


@dataclass
class HeldDeskTimes:
    """Seconds by denial, one mapping a practice: read once, then brought up to date by what changed."""

    records: Records
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _held: dict[str, tuple[int, dict[str, int]]] = field(default_factory=dict)

    def of(self, practice_id: str) -> Mapping[str, int]:
        """Give the seconds of every denial that has some; the mapping must not be changed."""
        with self._lock, self.records.reading() as repository:
            number = repository.insight.number(practice_id)
            before, held = self._held.get(practice_id, (-1, {}))
            if before != number:
                changed = repository.insight.changed_since(practice_id, before) if before >= 0 else ()
                some = changed if before >= 0 and len(changed) <= _MANY else None
                found = repository.casework.every(practice_id, STAGE, DeskTime, some)
                held = {**(held if some is not None else {}), **{name: one.seconds for name, one in found.items()}}
                self._held[practice_id] = (number, held)
            return held


def minutes_at_desk(
    snapshot: Snapshot, wanted: Selection, seconds: Mapping[str, int], as_of: date
) -> tuple[Minutes, ...]:
    """Return the minutes of decided cases: of all first, then by cause, most cases first; empty where none is known."""
    at = snapshot.once("places by id", lambda: {name: place for place, name in enumerate(snapshot.ids)})
    every = np.full(len(snapshot), np.nan)
    for name, taken in seconds.items():
        if name in at:
            every[at[name]] = taken / 60
    mask = marked(snapshot, wanted.model_copy(update={"of": "decided"}), as_of) & ~np.isnan(every)
    if not mask.any():
        return ()
    column = snapshot.column("root_cause")
    codes = np.unique(column.codes[mask]).tolist()
    found = [_minutes(column.names[code], every[mask & (column.codes == code)]) for code in codes]
    return (_minutes(None, every[mask]), *sorted(found, key=lambda one: (-one.cases, one.root_cause or "")))


def _minutes(root_cause: str | None, held: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Minutes:
    median, ninetieth = np.quantile(held, (0.5, 0.9)).tolist()
    return Minutes(root_cause, len(held), median, ninetieth)

"""When a HCPCS row was valid: first and last days known exactly, by bracket, or not at all."""

from datetime import date
from typing import Literal

from knowledge.types.practice import Frozen

State = Literal["active", "deleted", "not_yet_effective", "unknown"]


class Validity(Frozen):
    """The days a row may be billed, as far as the sources say. All days are inclusive.

    `added` is the first day. Where only a bracket is known, it lies between `added_earliest` and
    `added_latest`. `end` open = no last day is published; ended = it has one: `terminated` exactly, else
    on or before `terminated_latest`; in_doubt = a later file no longer shows the code and no last day is
    published: `seen_active` is the last day a file shows it in force.
    """

    added: date | None = None
    added_earliest: date | None = None
    added_latest: date | None = None
    end: Literal["open", "ended", "in_doubt"]
    terminated: date | None = None
    terminated_latest: date | None = None
    seen_active: date | None = None

    def state(self, on: date) -> State:
        """Tell whether the row may be billed for a service on `on`; unknown rather than guessed."""
        if self._ended(on):
            return "deleted"
        if self._not_started(on):
            return "not_yet_effective"
        return "active" if self._started(on) and self._still_in_force(on) else "unknown"

    def _ended(self, on: date) -> bool:
        last = self.terminated or self.terminated_latest
        return last is not None and on > last

    def _not_started(self, on: date) -> bool:
        first = self.added or self.added_earliest
        return first is not None and on < first

    def _started(self, on: date) -> bool:
        known = self.added or self.added_latest
        return known is not None and on >= known

    def _still_in_force(self, on: date) -> bool:
        if self.end == "open":
            return True
        if self.end == "ended":
            return self.terminated is not None
        return self.seen_active is not None and on <= self.seen_active

    def says(self) -> str:
        """Say the days in words, for evidence."""
        parts = []
        if self.added:
            parts.append(f"first day {self.added}")
        elif self.added_earliest and self.added_latest:
            parts.append(f"first day between {self.added_earliest} and {self.added_latest}")
        else:
            parts.append("first day not known")
        if self.terminated:
            parts.append(f"last day {self.terminated}")
        elif self.terminated_latest:
            parts.append(f"last day on or before {self.terminated_latest}")
        elif self.end == "in_doubt":
            seen = f", last seen in force {self.seen_active}" if self.seen_active else ""
            parts.append(f"last day not known{seen}")
        else:
            parts.append("no last day published")
        return ", ".join(parts)

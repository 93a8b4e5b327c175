"""What every step works with: records, tables, clock and folders, passed in through the graph's context."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from agent.casebook import Casebook
from agent.diagnosis.inquiry import Inquiry
from knowledge.causes import Catalogue
from knowledge.codes import Codes
from knowledge.records import Records
from knowledge.types.practice import Practice

Step = Callable[[str, str], None]
"""Told of every boundary a step crosses: step name, denial id. Tests stop the process there."""


def _go_on(_step: str, _denial_id: str) -> None:
    return None


@dataclass(slots=True)
class Desk:
    """One practice's desk for a run. Files are made below `home`; it is `as_of` today, and `clock` stamps events."""

    records: Records
    practice: Practice
    practice_id: str
    casebook: Casebook
    codes: Codes
    catalogue: Catalogue
    home: Path
    as_of: date
    clock: Callable[[], datetime]
    step: Step = field(default=_go_on)
    _open: tuple[str, Inquiry] | None = None

    def inquiry(self, denial_id: str) -> Inquiry:
        """Return the inquiry into a denial; steps of one case share it, a resumed one establishes it again."""
        if self._open is None or self._open[0] != denial_id:
            self._open = (denial_id, Inquiry(self.casebook.case(denial_id), self.codes, self.as_of))
        return self._open[1]

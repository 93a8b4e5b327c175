"""What every step works with: records, tables, clock and folders, passed in through the graph's context."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from agent.casebook import Casebook
from agent.diagnosis.inquiry import Inquiry
from agent.model import Model
from agent.reading.applying import SecondReading
from agent.reading.findings import Reading
from agent.vault import Vault
from knowledge.causes import Catalogue
from knowledge.codes import Codes
from knowledge.records import Records
from knowledge.sealing import HomeKey
from knowledge.types.practice import Practice

Step = Callable[[str, str], None]
"""Told of every boundary a step crosses: step name, denial id. Tests stop the process there."""


def _go_on(_step: str, _denial_id: str) -> None:
    return None


class Models(Protocol):
    """Who gives each denial its model."""

    def of(self, denial_id: str) -> Model:
        """Return the denial's model."""


@dataclass(slots=True)
class Desk:
    """One practice's desk for a run. Files are made below `home`; it is `as_of` today, and `clock` stamps events.

    `models` gives each denial its language model, behind the shield and within its budget; None = there is none.
    `model_concurrency` is how many askings it takes at once. Cases worked side by side have a desk each (`beside`).
    `key` seals the files.
    """

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
    models: Models | None = None
    model_concurrency: int = 1
    key: HomeKey | None = field(default=None, repr=False)
    _open: tuple[str, Inquiry] | None = None

    @property
    def files(self) -> Vault:
        """Return the home's files."""
        return Vault(self.home, self.key)

    def inquiry(self, denial_id: str) -> Inquiry:
        """Return the inquiry into a denial; steps of one case share it, a resumed one establishes it again."""
        if self._open is None or self._open[0] != denial_id:
            read = self.reading(denial_id)
            second = SecondReading(read) if read is not None else None
            self._open = (denial_id, Inquiry(self.casebook.case(denial_id), self.codes, self.as_of, second))
        return self._open[1]

    def reading(self, denial_id: str) -> Reading | None:
        """Return what a model read of the case as it stands; None when none was asked."""
        with self.records.reading() as repository:
            return repository.casework.work(self.practice_id, denial_id, "reading", Reading)

    def put_away(self) -> None:
        """Close the inquiry at hand: the next one is opened anew, with what has been read since."""
        self._open = None

    def beside(self) -> "Desk":
        """Return a desk for another case worked at the same time: the same records, an inquiry of its own."""
        return replace(self, _open=None)

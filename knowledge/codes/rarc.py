"""Remittance advice remark codes: what one says and what resolves it."""

import re
from collections.abc import Iterable
from datetime import date

from knowledge.types.practice import Frozen

# The list's three families: M1-M144, MA01-MA134, N1 and up (N900s in 2024).
_WELL_FORMED = re.compile(r"M[1-9]\d{0,2}|MA\d{2,3}|N[1-9]\d{0,3}")


class Rarc(Frozen):
    """One remark in our own words.

    `alert` remarks inform and never explain a denial; `satisfies_carc`: counts as the remark a CARC demands.
    `resolves` says what settles it. `stop` is the last day it may stand in a new remit (None = not stopped).
    """

    code: str
    start: date | None = None
    stop: date | None = None
    meaning: str
    category: str
    resolves: str = ""
    actionable: bool
    alert: bool
    satisfies_carc: bool


class RarcTable:
    """The remarks, looked up by number. `listed` are numbers of a list that no row describes."""

    def __init__(self, rows: Iterable[Rarc], listed: Iterable[str] = ()) -> None:
        self._rows = {row.code: row for row in rows}
        self.listed = frozenset(listed) - frozenset(self._rows)
        self.codes = frozenset(self._rows) | self.listed

    def lookup(self, code: str) -> Rarc | None:
        """Find a remark; None when the table does not describe it (it holds about a third of the list)."""
        return self._rows.get(code.strip().upper())

    def is_alert(self, code: str) -> bool | None:
        """Tell whether a remark is an alert (informs, explains no denial); None when not in the table."""
        row = self.lookup(code)
        return row.alert if row is not None else None

    def well_formed(self, code: str) -> bool:
        """Tell whether `code` has the form of a remark: it may be a real one this table does not hold."""
        return _WELL_FORMED.fullmatch(code.strip().upper()) is not None

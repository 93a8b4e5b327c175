"""Claim adjustment reason codes: what one means, by date, and what replaced it."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from knowledge.codes.columns import Codes
from knowledge.types.practice import Frozen

Nature = Literal["denial", "reduction", "contractual", "patient", "cob", "info", "pend"]


class Carc(Frozen):
    """One reason code in our own words.

    `stop` is the last day it may stand in a new remit (None = not stopped). `nature` of a retired code is
    only its shell: classify by `CarcTable.classify_as`. `group_restriction` lists the groups the code
    list allows (empty = any). `remark_required`: the code list demands a remark that is not an alert.
    `successors` of a retired code. `own_nature`: a retired code's nature and category are its own all the same,
    because it was stopped after it had been described; it is then classified by itself.
    """

    code: str
    start: date | None = None
    stop: date | None = None
    meaning: str = ""
    nature: Nature
    denial_by_default: bool
    category: str
    action: str
    group_restriction: Codes = ()
    remark_required: bool = False
    successors: Codes = ()
    note: str = ""
    own_nature: bool = False

    @property
    def retired(self) -> bool:
        """Whether the code list has stopped this code, on whatever day."""
        return self.stop is not None

    def active(self, on: date) -> bool:
        """Tell whether a remit paid on `on` may carry this code."""
        return (self.start is None or self.start <= on) and (self.stop is None or on <= self.stop)


class CarcTable:
    """The reason codes, looked up by number. A number that was stopped and started again has several rows.

    `listed` are numbers of a list that no row describes: they are reasons, and nothing is known of them.
    """

    def __init__(self, rows: Iterable[Carc], listed: Iterable[str] = ()) -> None:
        self._rows: dict[str, list[Carc]] = {}
        for row in rows:
            self._rows.setdefault(row.code, []).append(row)
        for same in self._rows.values():
            same.sort(key=lambda row: row.start or date.min)
        self.listed = frozenset(listed) - frozenset(self._rows)
        self.codes = frozenset(self._rows) | self.listed

    def lookup(self, code: str, on: date | None = None) -> Carc | None:
        """Find a reason code, retired ones included; None when the table does not describe it.

        Of a code that was started again, the row in force on `on` is chosen, else the last that had begun by then,
        else the first; without a day, the last.
        """
        rows = self._rows.get(code.strip().upper(), [])
        if not rows or on is None:
            return rows[-1] if rows else None
        in_force = [row for row in rows if row.active(on)]
        begun = [row for row in rows if row.start is None or row.start <= on]
        return (in_force or begun or rows[:1])[-1]

    def current(self, code: str, on: date) -> tuple[str, ...]:
        """Name the codes that say on `on` what `code` says: itself while active, else its successors.

        Empty when the code is unknown, not yet in force, or was stopped without a successor.
        """
        row = self.lookup(code, on)
        if row is None or (row.start is not None and on < row.start):
            return ()
        return (row.code,) if row.active(on) else row.successors

    def classify_as(self, code: str) -> tuple[Carc, ...]:
        """Find the rows whose nature and category speak for `code`: itself, or a retired code's successors.

        A retired code carries no classification of its own, whatever the day of the remit, unless it has
        `own_nature`. Empty when the code is unknown or was stopped without a successor: then nothing may be
        inferred from it.
        """
        row = self.lookup(code)
        if row is None:
            return ()
        if not row.retired or row.own_nature:
            return (row,)
        return tuple(found for found in map(self.lookup, row.successors) if found is not None)

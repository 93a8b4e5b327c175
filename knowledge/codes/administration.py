"""Drug administration codes: infusion, push, injection, hydration, and their order of precedence."""

from collections.abc import Iterable
from typing import Literal

from knowledge.types.practice import Frozen

Kind = Literal[
    "chemo_infusion",
    "chemo_push",
    "chemo_injection",
    "infusion",
    "push",
    "injection",
    "hydration",
    "pump",
    "port",
]
Role = Literal[
    "initial",
    "further_hour",
    "further_drug",
    "sequential",
    "concurrent",
    "prolonged_start",
    "same_drug_again",
    "single",
]


class Administration(Frozen):
    """One code. `rank` orders the kinds in a facility, 1 first whatever the clock; None = stands apart."""

    code: str
    meaning: str
    kind: Kind
    role: Role
    rank: int | None = None
    rule: str = ""


class AdministrationTable:
    """The administration codes, looked up by number."""

    def __init__(self, rows: Iterable[Administration]) -> None:
        self._rows = {row.code: row for row in rows}
        self.codes = frozenset(self._rows)

    def lookup(self, code: str) -> Administration | None:
        """Find an administration code; None when `code` is none."""
        return self._rows.get(code.strip().upper())

    def initial_codes(self) -> tuple[str, ...]:
        """List the codes of which an encounter has one, by precedence."""
        initial = (row for row in self._rows.values() if row.role == "initial")
        return tuple(row.code for row in sorted(initial, key=lambda row: (row.rank or 99, row.code)))

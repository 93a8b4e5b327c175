"""Reason and remark pairs that payers use for one fault. They suggest a cause; facts must confirm it."""

from collections.abc import Collection, Iterable

from knowledge.codes.columns import Codes
from knowledge.types.practice import Frozen


class Recipe(Frozen):
    """Any of `carcs` in any of `groups` together with any of `rarcs` (none listed = the reason alone)."""

    id: str
    groups: Codes
    carcs: Codes
    rarcs: Codes = ()
    may_also: Codes = ()
    reads_as: str


class Recipes:
    """The pairs, in the table's order."""

    def __init__(self, rows: Iterable[Recipe]) -> None:
        self._rows = tuple(rows)

    def read(self, group: str, carc: str, rarcs: Collection[str]) -> tuple[Recipe, ...]:
        """List the recipes that one adjustment and the remarks beside it fit, in the table's order."""
        return tuple(
            row
            for row in self._rows
            if group in row.groups and carc in row.carcs and (not row.rarcs or any(code in rarcs for code in row.rarcs))
        )

"""Adjustments that are no denial: group and reason pairs that are posted, billed on, or expected."""

from collections.abc import Iterable
from typing import Literal

from knowledge.codes.carc import CarcTable
from knowledge.types.practice import Frozen

Condition = Literal["not_whole_charge", "expected_bundle", "payee_capitated"]


class NonDenial(Frozen):
    """A pair that is not worked as a denial, and why. `only_if` names what must also hold; None = always."""

    group: str
    carc: str
    only_if: Condition | None = None
    why: str


class ExpectedBundle(Frozen):
    """A code paid within another service of the day; `match` prefix = every code beginning so."""

    code: str
    match: Literal["exact", "prefix"]
    why: str


class NonDenials:
    """The pairs, and the bundles that billing rules expect."""

    def __init__(self, pairs: Iterable[NonDenial], bundles: Iterable[ExpectedBundle], carcs: CarcTable) -> None:
        self._pairs = {(row.group, row.carc): row for row in pairs}
        self._bundles = tuple(bundles)
        self._carcs = carcs

    def lookup(self, group: str, carc: str) -> NonDenial | None:
        """Find the pair; None when the table does not excuse it.

        A retired reason stands for its successors: CO-42 is read as CO-45. It is excused only when every
        successor is.
        """
        found = self._pairs.get((group, carc))
        if found is not None:
            return found
        row = self._carcs.lookup(carc)
        if row is None or not row.retired or not row.successors:
            return None
        meant = [self._pairs.get((group, code)) for code in row.successors]
        return meant[0] if all(meant) else None

    def expected_bundle(self, hcpcs: str) -> ExpectedBundle | None:
        """Find why a code is expected to be bundled (port draw, flush, supplies); None when it is not."""
        code = hcpcs.strip().upper()
        for row in self._bundles:
            if code == row.code or (row.match == "prefix" and code.startswith(row.code)):
                return row
        return None

"""Which code took over from which, and codes of one drug whose units differ."""

from decimal import Decimal
from typing import Literal

from knowledge.codes.validity import State
from knowledge.types.practice import Frozen

SuccessionKind = Literal["replaced", "by_product", "unclassified"]


class Succession(Frozen):
    """`successor` took over from `code`.

    replaced = for the drug in general; by_product = for one manufacturer's product, chosen by NDC;
    unclassified = `code` is an unclassified-drug code that was billed until `successor` existed.
    """

    code: str
    successor: str
    kind: SuccessionKind


class Successor(Frozen):
    """A code to bill instead. `units_per_old` new units make one old unit; None = not comparable."""

    code: str
    kind: SuccessionKind
    state: State
    generic: str = ""
    units_per_old: Decimal | None = None

    def units(self, old_units: Decimal) -> Decimal | None:
        """Convert old billing units exactly (10 of 100 mg are 200 of 5 mg); None when not computable.

        Old units were rounded up from the dose: where the new unit is smaller the result is the most that
        can be billed, and the dose given decides.
        """
        if self.units_per_old is None:
            return None
        exact = old_units * self.units_per_old
        return exact.to_integral_value() if exact == exact.to_integral_value() else exact


class UnitTrap(Frozen):
    """Two codes of one drug whose units differ, and how."""

    code: str
    other: str
    why: str

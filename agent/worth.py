"""What working a denial is worth: chance of recovery times amount, less the cost of the work.

There are no outcomes to learn from yet: the chances are starting assumptions, kept as data with their reason.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml

from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import Frozen


class Assumptions(Frozen):
    """Starting assumptions: dollars of a biller's work on one case, and the chance of recovery by remedy (0..1)."""

    cost_of_work: Decimal
    chance: dict[str, Decimal]


@cache
def assumptions() -> Assumptions:
    """Read worth.yaml beside this file."""
    return Assumptions(**yaml.safe_load((files(__package__) / "worth.yaml").read_text(encoding="utf-8")))


def expected_value(remedy: Remedy, amount: Decimal) -> Decimal:
    """Return the expected dollars of working a denial, rounded to cents; below zero when the work costs more."""
    known = assumptions()
    return (known.chance.get(remedy, Decimal(0)) * amount - known.cost_of_work).quantize(Decimal("0.01"))


def ranked(values: Sequence[tuple[str, Decimal, int | None]]) -> dict[str, int]:
    """Rank denials (id, expected value, days left) from 1: worth first, then the nearer clock, then the id."""
    far = 10**6
    ordered = sorted(values, key=lambda item: (-item[1], item[2] if item[2] is not None else far, item[0]))
    return {denial_id: place for place, (denial_id, _, _) in enumerate(ordered, start=1)}

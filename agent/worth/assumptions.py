"""The starting assumptions of worth and order, read from the file beside this one."""

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Annotated, get_args

import yaml
from pydantic import Field

from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import Frozen

Share = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[int, Field(ge=0)]


class RemedyAssumption(Frozen):
    """One remedy: the chance that it recovers the amount before any outcome is known, and minutes of work a case."""

    chance: Share
    straight_through: Minutes
    review: Minutes
    together: Minutes
    why: str


class Strengths(Frozen):
    """How many outcomes each level's starting value stands for."""

    remedy: Annotated[float, Field(gt=0)]
    cause: Annotated[float, Field(gt=0)]
    payer: Annotated[float, Field(gt=0)]


class OrderAssumption(Frozen):
    """Days within which a clock comes first, and the days an unknown clock is taken to have left."""

    soon: Annotated[int, Field(ge=0)]
    no_clock: Annotated[int, Field(ge=0)]


class Assumptions(Frozen):
    """All of them; what each means stands beside it in assumptions.yaml. `hour` and `low_dollar` are dollars."""

    hour: Decimal
    strengths: Strengths
    few: Annotated[int, Field(ge=1)]
    interval: Annotated[float, Field(gt=0, lt=1)]
    late_share: Share
    order: OrderAssumption
    low_dollar: Decimal
    remedies: dict[Remedy, RemedyAssumption]


class IncompleteAssumptions(ValueError):
    """The file names no assumption for some remedy."""


@cache
def assumptions() -> Assumptions:
    """Read and check assumptions.yaml.

    Raises:
        IncompleteAssumptions: a remedy of the contract is not in it.
    """
    text = (files(__package__) / "assumptions.yaml").read_text(encoding="utf-8")
    known = Assumptions.model_validate(yaml.safe_load(text))
    lacking = sorted(set(get_args(Remedy)) - known.remedies.keys())
    if lacking:
        raise IncompleteAssumptions(f"agent/worth/assumptions.yaml has no entry for {', '.join(lacking)}")
    return known

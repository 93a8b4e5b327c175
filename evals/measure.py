"""A measure: a named share of counted cases, strict and lenient."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from evals.results import CaseResult
from evals.statistics import Rate


class Measure(NamedTuple):
    """A named share. `lenient` equals `strict` where labels have no say in it."""

    name: str
    strict: Rate
    lenient: Rate
    means: str


def one_way(name: str, rate: Rate, means: str) -> Measure:
    """Return a measure that labels' alternatives do not change."""
    return Measure(name, rate, rate, means)


def rate_of(cases: Sequence[CaseResult], right: Callable[[CaseResult], bool]) -> Rate:
    """Count the cases for which something holds."""
    return Rate(sum(right(case) for case in cases), len(cases))

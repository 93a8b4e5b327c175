"""Intervals for shares of counted cases, and the rates that carry them.

Clopper-Pearson is found by bisection on the exact binomial tail, so that it needs no library and never claims more
than the count supports. Levels are two-sided unless the name says lower.
"""

import math
from functools import lru_cache
from typing import NamedTuple

LEVEL = 0.95
_STEPS = 60


class Interval(NamedTuple):
    """Both ends of a confidence interval, 0 to 1."""

    low: float
    high: float


class Rate(NamedTuple):
    """`hits` of `total` counted cases."""

    hits: int
    total: int

    @property
    def share(self) -> float | None:
        """Give the share, 0 to 1; None when nothing was counted."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> Interval | None:
        """Give the 95% Clopper-Pearson interval; None when nothing was counted."""
        return clopper_pearson(self.hits, self.total) if self.total else None


def clopper_pearson(hits: int, total: int, level: float = LEVEL) -> Interval:
    """Return the exact interval of a binomial share.

    Raises:
        ValueError: when the counts or the level cannot be.
    """
    _check(hits, total, level)
    tail = (1 - level) / 2
    return Interval(_lower(hits, total, tail), 1 - _lower(total - hits, total, tail))


def clopper_pearson_lower(hits: int, total: int, level: float = LEVEL) -> float:
    """Return the one-sided exact lower bound: with chance `level` the true share is at least this.

    Raises:
        ValueError: when the counts or the level cannot be.
    """
    _check(hits, total, level)
    return _lower(hits, total, 1 - level)


def wilson(hits: int, total: int, z: float = 1.959963984540054) -> Interval:
    """Return Wilson's score interval, for plots where a quick and narrow band is wanted; `z` 1.96 is 95%.

    Raises:
        ValueError: when the counts cannot be.
    """
    _check(hits, total, LEVEL)
    share, spread = hits / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def _check(hits: int, total: int, level: float) -> None:
    if total < 1 or not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total}: hits must lie between 0 and the total, and the total be at least 1")
    if not 0 < level < 1:
        raise ValueError(f"level {level}: must lie between 0 and 1")


@lru_cache(maxsize=4096)
def _lower(hits: int, total: int, tail: float) -> float:
    """Find the share at which `hits` or more of `total` happen with chance `tail`."""
    if hits == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_least(hits, total, middle) < tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_least(hits: int, total: int, share: float) -> float:
    """Return the chance of `hits` or more of `total` at a share strictly between 0 and 1."""
    log_yes, log_no = math.log(share), math.log1p(-share)
    whole = math.lgamma(total + 1)
    return math.fsum(
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(total - k + 1) + k * log_yes + (total - k) * log_no)
        for k in range(hits, total + 1)
    )

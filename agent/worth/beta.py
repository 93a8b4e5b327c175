"""Quantiles of the beta distribution, by the continued fraction of the incomplete beta function and bisection."""

from functools import lru_cache
from math import exp, lgamma, log, log1p

_TINY = 1e-300
_CLOSE = 1e-12
_MOST_TERMS = 500
_HALVINGS = 60


@lru_cache(maxsize=4096)
def beta_quantile(share: float, a: float, b: float) -> float:
    """Return the x in 0..1 below which `share` of Beta(a, b) lies; a or b of 0 puts all of it at 0 or at 1.

    Raises:
        ValueError: share is outside 0..1, a or b below 0, or both 0.
    """
    if not 0 <= share <= 1 or a < 0 or b < 0 or a + b == 0:
        raise ValueError(f"no quantile {share} of Beta({a}, {b})")
    if a == 0 or b == 0:
        return 0.0 if a == 0 else 1.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if incomplete_beta(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the share of Beta(a, b) that lies below x; a and b above 0."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    # The fraction converges fast below the mean; above it the distribution is read from the other end.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _not_zero(1 + term * d)
            c = _not_zero(1 + term / c)
            value *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY

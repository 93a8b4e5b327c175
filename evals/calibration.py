"""How well stated confidence keeps its word, and from which confidence on a record may go without a person.

A point is a stated confidence (0 to 1) and whether the answer was right. Nothing here changes the product: it
measures, and says when there are too few labels to say anything.
"""

from collections.abc import Sequence
from typing import NamedTuple

from evals.statistics import LEVEL, Rate, clopper_pearson_lower

WANTED_PRECISION = 0.98
BINS = 10


class Point(NamedTuple):
    """One answer: its stated confidence and whether it was right."""

    confidence: float
    right: bool


class Bin(NamedTuple):
    """Answers whose confidence lies in (low, high], or [0, high] for the first; means are None when it is empty."""

    low: float
    high: float
    rate: Rate
    mean_confidence: float | None


class Operating(NamedTuple):
    """What letting through everything at or above a confidence comes to."""

    threshold: float
    right: Rate
    coverage: float
    lower_bound: float


class Threshold(NamedTuple):
    """The chosen threshold, or None with the reason why there is none."""

    chosen: Operating | None
    says: str


def brier(points: Sequence[Point]) -> float | None:
    """Return the mean squared distance of confidence from outcome (0 is best); None without points."""
    if not points:
        return None
    return sum((point.confidence - point.right) ** 2 for point in points) / len(points)


def reliability(points: Sequence[Point], bins: int = BINS) -> tuple[Bin, ...]:
    """Sort points into bins of equal width by confidence."""
    kept: list[list[Point]] = [[] for _ in range(bins)]
    for point in points:
        place = next((i for i in range(bins) if point.confidence <= (i + 1) / bins), bins - 1)
        kept[place].append(point)
    return tuple(
        Bin(
            low=i / bins,
            high=(i + 1) / bins,
            rate=Rate(sum(point.right for point in found), len(found)),
            mean_confidence=sum(point.confidence for point in found) / len(found) if found else None,
        )
        for i, found in enumerate(kept)
    )


def expected_calibration_error(points: Sequence[Point], bins: int = BINS) -> float | None:
    """Return the mean gap between stated confidence and share right, weighted by bin size; None without points."""
    if not points:
        return None
    gaps = (
        abs(found.rate.hits / found.rate.total - found.mean_confidence) * found.rate.total
        for found in reliability(points, bins)
        if found.mean_confidence is not None
    )
    return sum(gaps) / len(points)


def coverage_precision(points: Sequence[Point]) -> tuple[Operating, ...]:
    """Return what each possible threshold comes to, strictest first, one per distinct confidence."""
    curve = []
    for threshold in sorted({point.confidence for point in points}, reverse=True):
        through = [point.right for point in points if point.confidence >= threshold]
        right = Rate(sum(through), len(through))
        lower = clopper_pearson_lower(right.hits, right.total)
        curve.append(Operating(threshold, right, right.total / len(points), lower))
    return tuple(curve)


def fewest_needed(wanted: float = WANTED_PRECISION, level: float = LEVEL) -> int:
    """Return how many cases, all of them right, are the fewest that can show the wanted precision."""
    total = 1
    while clopper_pearson_lower(total, total, level) < wanted:
        total += 1
    return total


def choose_threshold(points: Sequence[Point], wanted: float = WANTED_PRECISION) -> Threshold:
    """Choose the loosest threshold that is still proven, tested from strict to loose.

    Thresholds are tested in a fixed order, strictest first among those that let enough cases through to prove
    anything (a choice by count alone, not by outcome), and testing stops at the first that fails: so the 95% level
    holds for the one chosen, however many were tried.
    """
    needed = fewest_needed(wanted)
    testable = [step for step in coverage_precision(points) if step.right.total >= needed]
    if not testable:
        says = (
            f"Too few labels: {len(points)} answers; at least {needed}, all right, are needed to show a precision "
            f"of {wanted:.0%} at the {LEVEL:.0%} level. The strict default stays"
        )
        return Threshold(None, says)
    chosen = None
    for step in testable:
        if step.lower_bound < wanted:
            break
        chosen = step
    if chosen is None:
        first = testable[0]
        says = (
            f"No threshold is proven: at {first.threshold:.3f}, {first.right.hits} of {first.right.total} are right, "
            f"lower bound {first.lower_bound:.3f}, wanted {wanted:.2f}. The strict default stays"
        )
        return Threshold(None, says)
    says = (
        f"From {chosen.threshold:.3f} on, {chosen.right.hits} of {chosen.right.total} are right, lower bound "
        f"{chosen.lower_bound:.3f}; {chosen.coverage:.0%} of the answers are at or above it"
    )
    return Threshold(chosen, says)

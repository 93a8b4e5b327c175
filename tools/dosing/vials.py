"""Which vials cover a dose with the least left over: payers recompute waste this way."""

from collections.abc import Sequence
from decimal import Decimal
from math import gcd

from knowledge.types.practice import Frozen

_LARGEST_TABLE = 100_000


class Opening(Frozen):
    """Containers opened for one dose: (size, count), largest first; `total` in the sizes' measure."""

    vials: tuple[tuple[Decimal, int], ...]
    total: Decimal

    def says(self, measure: str = "mg") -> str:
        """Put it in words: "2 x 400 mg + 3 x 100 mg"."""
        return " + ".join(f"{count} x {size.normalize():f} {measure}" for size, count in self.vials)


def smallest_opening(dose: Decimal, sizes: Sequence[Decimal]) -> Opening | None:
    """Return the combination of sizes that covers `dose` with the smallest total, then the fewest vials.

    None without sizes, for a dose of zero, or for one so far from its sizes that no practice would open them.
    """
    return _combination(dose, sizes, exact=False)


def opening_of(total: Decimal, sizes: Sequence[Decimal]) -> Opening | None:
    """Return the fewest vials that make exactly `total`, None when no combination does."""
    return _combination(total, sizes, exact=True)


def _combination(amount: Decimal, sizes: Sequence[Decimal], *, exact: bool) -> Opening | None:
    usable = sorted({size for size in sizes if size > 0}, reverse=True)
    if not usable or amount <= 0:
        return None
    scale = Decimal(10) ** max(_places(value) for value in (*usable, amount))
    whole = [int(size * scale) for size in usable]
    step = gcd(*whole)
    wanted = int(amount * scale)
    if exact and wanted % step:
        return None
    wanted = -(-wanted // step)
    steps = [size // step for size in whole]
    if wanted + max(steps) > _LARGEST_TABLE:
        return None
    fewest = _fewest(wanted + max(steps), steps)
    reached = wanted if exact else next(n for n in range(wanted, len(fewest)) if fewest[n][0] is not None)
    if fewest[reached][0] is None:
        return None
    counts: dict[int, int] = {}
    left = reached
    while left:
        pick = fewest[left][1]
        counts[pick] = counts.get(pick, 0) + 1
        left -= steps[pick]
    vials = tuple((usable[pick], counts[pick]) for pick in sorted(counts))
    return Opening(vials=vials, total=Decimal(reached * step) / scale)


def _fewest(limit: int, steps: Sequence[int]) -> list[tuple[int | None, int]]:
    """For every total up to `limit`: the fewest vials that make it (or None) and the last one added."""
    table: list[tuple[int | None, int]] = [(0, 0)] + [(None, 0)] * limit
    for total in range(1, limit + 1):
        best: tuple[int | None, int] = (None, 0)
        for pick, size in enumerate(steps):
            before = table[total - size][0] if size <= total else None
            if before is not None and (best[0] is None or before + 1 < best[0]):
                best = (before + 1, pick)
        table[total] = best
    return table


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0

"""How often fights are won: by payer, cause, remedy, argument; with an interval, and said when outcomes are too few."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import sqrt
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from agent.insight.selection import Selection, marked
from agent.insight.snapshot import Snapshot
from agent.insight.sums import Sum
from agent.worth.assumptions import assumptions
from knowledge.records.money import to_dollars
from knowledge.types.practice import Frozen

By = Literal["payer_id", "root_cause", "sent_as", "argument"]
BYS: tuple[By, ...] = get_args(By)
_Z = 1.959964
"""Both sides together leave out 5% of a normal distribution."""


class Interval(NamedTuple):
    """Where a share lies, 0..1, with 95% confidence."""

    low: float
    high: float


class Rate(Frozen):
    """How fights ended for one value; None = any. `rate` is the share overturned in full or in part, None without any.

    `few` = fewer outcomes than agent/worth asks for before it speaks of a payer's own.
    """

    value: str | None
    fought: Sum
    overturned: Sum
    won: int
    partly: int
    recovered: Decimal
    rate: float | None
    interval: Interval
    few: bool


def overturn_rate(snapshot: Snapshot, wanted: Selection, as_of: date) -> Rate:
    """Return how the fights of a selection ended."""
    fought = _fought(snapshot, wanted, as_of)
    return _rates(snapshot, fought, np.zeros(len(fought), np.int64), [None])[0]


def overturn_rates(snapshot: Snapshot, wanted: Selection, by: By, as_of: date) -> tuple[Rate, ...]:
    """Return how the fights of a selection ended by a value, most fights first."""
    column, fought = snapshot.column(by), _fought(snapshot, wanted, as_of)
    found = _rates(snapshot, fought, column.codes[fought].astype(np.int64), column.names)
    return tuple(
        sorted((rate for rate in found if rate.fought.count), key=lambda rate: (-rate.fought.count, rate.value or ""))
    )


def _fought(snapshot: Snapshot, wanted: Selection, as_of: date) -> npt.NDArray[np.int64]:
    return np.flatnonzero(marked(snapshot, wanted.model_copy(update={"of": "fought"}), as_of))


def _rates(
    snapshot: Snapshot, fought: npt.NDArray[np.int64], codes: npt.NDArray[np.int64], names: Sequence[str | None]
) -> list[Rate]:
    """Add up fights by the code of each; `fought` are their places, `names` what the codes stand for."""
    size, column = max(len(names), 1), snapshot.column("ending")
    won, partly = (column.where(ending)[fought] for ending in ("won", "partly_won"))
    over = won | partly
    amounts, cash = (snapshot.cents(name)[fought] for name in ("amount", "recovered"))
    counts, wons, partlies, overs = (
        np.bincount(codes[chosen], minlength=size).tolist() for chosen in (slice(None), won, partly, over)
    )
    dollars, over_dollars, back = (
        np.bincount(codes[chosen], weights=cents[chosen], minlength=size).tolist()
        for chosen, cents in ((slice(None), amounts), (over, amounts), (slice(None), cash))
    )
    return [
        Rate(
            value=name,
            fought=Sum(count=counts[code], dollars=to_dollars(int(dollars[code]))),
            overturned=Sum(count=overs[code], dollars=to_dollars(int(over_dollars[code]))),
            won=wons[code],
            partly=partlies[code],
            recovered=to_dollars(int(back[code])),
            rate=overs[code] / counts[code] if counts[code] else None,
            interval=wilson(overs[code], counts[code]),
            few=counts[code] < assumptions().few,
        )
        for code, name in enumerate(names)
    ]


def wilson(successes: int, of: int) -> Interval:
    """Return Wilson's 95% interval of a share; all of 0..1 when nothing was tried.

    Raises:
        ValueError: `successes` is below 0 or above `of`.
    """
    if not 0 <= successes <= of:
        raise ValueError(f"{successes} of {of} is no share")
    if of == 0:
        return Interval(0.0, 1.0)
    share, z2 = successes / of, _Z * _Z
    middle = share + z2 / (2 * of)
    reach = _Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    # At the ends the interval reaches the share itself, whatever rounding says.
    low = 0.0 if successes == 0 else max((middle - reach) / (1 + z2 / of), 0.0)
    high = 1.0 if successes == of else min((middle + reach) / (1 + z2 / of), 1.0)
    return Interval(low, high)

"""How often fights are won: by payer, cause, remedy, argument; with an interval, and said when outcomes are too few."""

from datetime import date
from decimal import Decimal
from math import sqrt
from typing import Literal, NamedTuple, get_args

import numpy as np

from agent.insight.selection import Selection, marked
from agent.insight.snapshot import Snapshot
from agent.insight.sums import Sum, sum_of
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
    fought = marked(snapshot, wanted.model_copy(update={"of": "fought"}), as_of)
    won = fought & snapshot.column("ending").where("won")
    partly = fought & snapshot.column("ending").where("partly_won")
    whole, overturned = sum_of(snapshot, fought), sum_of(snapshot, won | partly)
    return Rate(
        value=None,
        fought=whole,
        overturned=overturned,
        won=int(np.count_nonzero(won)),
        partly=int(np.count_nonzero(partly)),
        recovered=to_dollars(int(snapshot.cents("recovered")[fought].sum())),
        rate=overturned.count / whole.count if whole.count else None,
        interval=wilson(overturned.count, whole.count),
        few=whole.count < assumptions().few,
    )


def overturn_rates(snapshot: Snapshot, wanted: Selection, by: By, as_of: date) -> tuple[Rate, ...]:
    """Return how the fights of a selection ended by a value, most fights first."""
    column = snapshot.column(by)
    codes = column.codes[marked(snapshot, wanted.model_copy(update={"of": "fought"}), as_of)]
    found = []
    for code in np.unique(codes).tolist():
        value = column.names[code]
        narrower = wanted.model_copy(update={by: value or ""})
        found.append(overturn_rate(snapshot, narrower, as_of).model_copy(update={"value": value}))
    return tuple(sorted(found, key=lambda rate: (-rate.fought.count, rate.value or "")))


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

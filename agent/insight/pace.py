"""How the work goes, month by month: what needs no person, whether people agree, how long a case waits for one."""

from datetime import date

import numpy as np

from agent.insight.overturn import Interval, wilson
from agent.insight.selection import Selection, marked
from agent.insight.snapshot import Snapshot
from knowledge.types.practice import Frozen


class Share(Frozen):
    """So many of so many in a month, with Wilson's 95% interval."""

    month: str | None
    part: int
    of: int
    interval: Interval

    @property
    def share(self) -> float | None:
        """The share, 0..1; None of nothing."""
        return self.part / self.of if self.of else None


class Wait(Frozen):
    """Hours from a case being ready to a person's decision: the median, and the tenth that took longest from where."""

    month: str | None
    cases: int
    median: float
    ninetieth: float


def straight_through(snapshot: Snapshot, wanted: Selection, as_of: date) -> tuple[Share, ...]:
    """Return the share worked without a person, by month of the remit."""
    return _shares(snapshot, wanted, as_of, "month", "denied", "straight")


def agreement(snapshot: Snapshot, wanted: Selection, as_of: date) -> tuple[Share, ...]:
    """Return the share of people's decisions that approved what was proposed unchanged, by month of the decision."""
    return _shares(snapshot, wanted, as_of, "decided", "decided", "as_proposed")


def waits(snapshot: Snapshot, wanted: Selection, as_of: date) -> tuple[Wait, ...]:
    """Return how long cases waited for their decision, by month of the decision."""
    mask = marked(snapshot, wanted.model_copy(update={"of": "decided"}), as_of)
    hours, column = snapshot.numbers["hours"], snapshot.column("decided")
    mask = mask & ~np.isnan(hours)
    found = []
    for code in np.unique(column.codes[mask]).tolist():
        held = hours[mask & (column.codes == code)]
        median, ninetieth = np.quantile(held, (0.5, 0.9)).tolist()
        found.append(Wait(month=column.names[code], cases=len(held), median=median, ninetieth=ninetieth))
    return tuple(sorted(found, key=lambda wait: wait.month or ""))


def _shares(snapshot: Snapshot, wanted: Selection, as_of: date, by: str, whole: str, part: str) -> tuple[Share, ...]:
    column = snapshot.column(by)
    size = len(column.names)
    all_of, some_of = (
        np.bincount(column.codes[marked(snapshot, wanted.model_copy(update={"of": of}), as_of)], minlength=size)
        for of in (whole, part)
    )
    found = [
        Share(
            month=column.names[code],
            part=int(some_of[code]),
            of=int(all_of[code]),
            interval=wilson(int(some_of[code]), int(all_of[code])),
        )
        for code in np.flatnonzero(all_of).tolist()
    ]
    return tuple(sorted(found, key=lambda share: share.month or ""))

"""Which denials a number is about: said in the address of its link, and counted again from it."""

from datetime import date
from typing import Literal

import numpy as np

from agent.insight.snapshot import Days, Mask, Snapshot
from knowledge.records.worklist import OPEN
from knowledge.types.practice import Frozen

Of = Literal[
    "denied",  # all of them
    "open",  # somebody still has to do something, or the payer to answer
    "recovered",  # later remits brought cash
    "lost",  # some of it is given up
    "fought",  # settled after something was sent or a decision entered
    "overturned",  # of those, in full or in part
    "straight",  # worked without a person
    "decided",  # a person approved or rejected
    "as_proposed",  # of those, approved as proposed
]
Age = Literal["0-30", "31-60", "61-90", "over-90", "unknown"]
Due = Literal["ran-out", "7", "14", "30", "later", "unknown"]

AGES: dict[Age, tuple[int, int]] = {
    "0-30": (-(10**6), 30),
    "31-60": (31, 60),
    "61-90": (61, 90),
    "over-90": (91, 10**6),
}
"""Days since the remit that denied it, first and last."""
DUES: dict[Due, tuple[int, int]] = {
    "ran-out": (-(10**6), -1),
    "7": (0, 7),
    "14": (8, 14),
    "30": (15, 30),
    "later": (31, 10**6),
}
"""Days left on the first clock, first and last."""
_EQUAL = ("payer_id", "hcpcs", "root_cause", "site", "month", "remedy", "route", "sent_as", "argument", "decided")
NOTHING = ""
"""In a selection: those that have no value."""


class Selection(Frozen):
    """Denials chosen by their values; None = any, blank = those without one. `age` and `due` are of open ones."""

    of: Of = "denied"
    payer_id: str | None = None
    hcpcs: str | None = None
    root_cause: str | None = None
    site: str | None = None
    month: str | None = None
    remedy: str | None = None
    route: str | None = None
    sent_as: str | None = None
    argument: str | None = None
    decided: str | None = None
    age: Age | None = None
    due: Due | None = None


def marked(snapshot: Snapshot, wanted: Selection, as_of: date) -> Mask:
    """Mark the denials of a selection; `as_of` is the day ages and clocks count from."""
    mask = snapshot.once(f"of-{wanted.of}", lambda: _of(snapshot, wanted.of))
    for name in _EQUAL:
        value = getattr(wanted, name)
        if value is not None:
            mask = mask & snapshot.column(name).where(None if value == NOTHING else value)
    if wanted.age is not None:
        mask = mask & aged(snapshot, wanted.age, as_of)
    if wanted.due is not None:
        mask = mask & due(snapshot, wanted.due, as_of)
    return mask


def opened(snapshot: Snapshot) -> Mask:
    """Mark the denials that are open."""
    return snapshot.once("opened", lambda: _opened(snapshot))


def _opened(snapshot: Snapshot) -> Mask:
    column = snapshot.column("status")
    found: Mask = np.zeros(len(snapshot), np.bool_)
    for status in OPEN:
        found |= column.where(status)
    return found


def aged(snapshot: Snapshot, age: Age, as_of: date) -> Mask:
    """Mark open denials whose remit is so many days old."""
    paid_on = snapshot.days("paid_on")
    return opened(snapshot) & _between(
        as_of.toordinal() - paid_on, paid_on != 0, None if age == "unknown" else AGES[age]
    )


def due(snapshot: Snapshot, within: Due, as_of: date) -> Mask:
    """Mark open denials whose first clock has so many days left."""
    deadline = snapshot.days("deadline")
    left = deadline - as_of.toordinal()
    return opened(snapshot) & _between(left, deadline != 0, None if within == "unknown" else DUES[within])


def _between(days: Days, known: Mask, span: tuple[int, int] | None) -> Mask:
    found: Mask = known & (days >= span[0]) & (days <= span[1]) if span else ~known
    return found


def _of(snapshot: Snapshot, of: Of) -> Mask:
    if of == "denied":
        return np.ones(len(snapshot), np.bool_)
    if of == "open":
        return opened(snapshot)
    if of == "recovered":
        return np.not_equal(snapshot.cents("recovered"), 0)
    if of == "lost":
        return np.greater(snapshot.cents("lost"), 0)
    if of in ("fought", "overturned"):
        column = snapshot.column("ending")
        won: Mask = column.where("won") | column.where("partly_won")
        fought: Mask = won | column.where("lost")
        return won if of == "overturned" else fought
    if of == "straight":
        return snapshot.column("route").where("straight_through")
    as_proposed = snapshot.numbers["as_proposed"]
    found: Mask = np.equal(as_proposed, 1) if of == "as_proposed" else np.greater_equal(as_proposed, 0)
    return found

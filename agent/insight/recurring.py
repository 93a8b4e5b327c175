"""What recurs, and what would end it: denials of one cause that share a habit, the dearest first, each with its fix."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from agent.insight.fixes import load_fixes
from agent.insight.selection import NOTHING, Selection, marked
from agent.insight.snapshot import Snapshot
from agent.insight.sums import Sum, sum_of
from agent.worth.assumptions import assumptions
from agent.worth.value import cost_of_work
from knowledge.records.money import to_dollars
from knowledge.types.practice import Frozen

Values = Callable[[Sequence[str]], Mapping[str, dict[str, str]]]
"""Gives the values with which the causes of some denials were told, by id."""
LOOKED_AT = 8
"""So many of its dearest cases say what a habit's cases share."""


class Habit(Frozen):
    """One cause at one payer (and of one drug, where the fix is by drug), and what would end it.

    `chosen` are its denials, `beside` those of the same payer and drug for any cause. `cumulative` is the share of all
    denied dollars up to it. `reason` and `fix` are sentences; blank where the catalogue of fixes has none.
    `saves` are dollars denied a month, `spares` dollars of work a month: what ending it would spare at most.
    """

    root_cause: str | None
    payer_id: str | None
    hcpcs: str | None
    chosen: Selection
    beside: Selection
    sum: Sum
    out_of: Sum
    cumulative: float
    reason: str
    fix: str
    who: str
    saves: Decimal
    spares: Decimal
    hours: float


def months_spanned(snapshot: Snapshot, wanted: Selection, as_of: date) -> int:
    """Return how many months the remits of a selection span, the first and the last among them; at least 1."""
    column = snapshot.column("month")
    held = [column.names[code] for code in np.unique(column.codes[marked(snapshot, wanted, as_of)]).tolist()]
    known = sorted(month for month in held if month)
    if not known:
        return 1
    first, last = (int(month[:4]) * 12 + int(month[5:7]) for month in (known[0], known[-1]))
    return last - first + 1


def recurring(
    snapshot: Snapshot, wanted: Selection, as_of: date, values: Values, most: int = 10
) -> tuple[tuple[Habit, ...], Sum]:
    """Return the dearest habits among the denials of a selection, and what all of its denials come to."""
    mask = marked(snapshot, wanted, as_of)
    whole = sum_of(snapshot, mask)
    months = months_spanned(snapshot, wanted, as_of)
    keys = snapshot.once("habits", lambda: _keys(snapshot))
    amounts = np.bincount(keys[mask], weights=snapshot.cents("amount")[mask]) if mask.any() else np.empty(0)
    # Of equal dollars the one found first stands first: the sort is stable.
    dearest = [key for key in np.argsort(-amounts, kind="stable").tolist() if amounts[key] > 0][:most]
    work, found, so_far = snapshot.once("work", lambda: _work(snapshot)), [], Decimal(0)
    for key in dearest:
        members = mask & (keys == key)
        place = int(np.flatnonzero(members)[0])
        total = sum_of(snapshot, members)
        so_far += total.dollars
        cumulative = float(so_far / whole.dollars)
        cost = to_dollars(int(work[members].sum()))
        found.append(_habit(snapshot, wanted, as_of, place, total, cumulative, months, cost, values))
    return tuple(found), whole


def _habit(
    snapshot: Snapshot,
    wanted: Selection,
    as_of: date,
    place: int,
    total: Sum,
    cumulative: float,
    months: int,
    cost: Decimal,
    values: Values,
) -> Habit:
    cause, payer, drug = (_value(snapshot, name, place) for name in ("root_cause", "payer_id", "hcpcs"))
    fix = load_fixes().get(cause or "")
    by = fix.by if fix else "payer"
    shared = {"payer_id": payer or NOTHING} if by != "practice" else {}
    if by == "drug":
        shared["hcpcs"] = drug or NOTHING
    beside = wanted.model_copy(update=shared)
    chosen = beside.model_copy(update={"root_cause": cause or NOTHING})
    cases = snapshot.chosen(marked(snapshot, chosen, as_of), LOOKED_AT) if fix and fix.slots() else []
    spares = (cost / months).quantize(Decimal("0.01"))
    return Habit(
        root_cause=cause,
        payer_id=payer if by != "practice" else None,
        hcpcs=drug if by == "drug" else None,
        chosen=chosen,
        beside=beside,
        sum=total,
        out_of=sum_of(snapshot, marked(snapshot, beside, as_of)),
        cumulative=cumulative,
        reason=fix.reason(list(values(cases).values()) if cases else []) if fix else "",
        fix=fix.fix if fix else "",
        who=fix.who if fix else "",
        saves=(total.dollars / months).quantize(Decimal("0.01")),
        spares=spares,
        hours=float(spares / assumptions().hour),
    )


def _keys(snapshot: Snapshot) -> npt.NDArray[np.int64]:
    """Give each denial the number of its habit: cause, payer and drug, as far as the cause's fix goes by them."""
    cause, payer, drug = (snapshot.column(name) for name in ("root_cause", "payer_id", "hcpcs"))
    fixes = load_fixes()
    by = [fixes[name].by if name in fixes else "payer" for name in (each or "" for each in cause.names)]
    by_payer = np.array([each != "practice" for each in by] or [False])[cause.codes]
    by_drug = np.array([each == "drug" for each in by] or [False])[cause.codes]
    key = cause.codes.astype(np.int64) * (len(payer.names) + 1) + np.where(by_payer, payer.codes + 1, 0)
    key = key * (len(drug.names) + 1) + np.where(by_drug, drug.codes + 1, 0)
    return np.asarray(key, np.int64)


def _work(snapshot: Snapshot) -> npt.NDArray[np.int64]:
    """Give the cents of work each denial takes, by its remedy and route."""
    remedy, route = snapshot.column("remedy"), snapshot.column("route")
    known = assumptions().remedies
    table = np.array(
        [
            [int(cost_of_work(name, way or "review") * 100) if name in known else 0 for way in route.names or [""]]
            for name in remedy.names or [""]
        ],
        np.int64,
    )
    return np.asarray(table[remedy.codes, route.codes], np.int64)


def _value(snapshot: Snapshot, name: str, place: int) -> str | None:
    column = snapshot.column(name)
    return column.names[int(column.codes[place])]

"""A practice's denials as columns of numbers, so that any sum over 100,000 of them takes a millisecond.

A snapshot is never changed: bringing it up to date copies its columns and puts in the rows that changed. Whole values
(payers, causes, months) are codes into lists of names; money is cents, days are ordinals (0 = unknown).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.records.insight import InsightFact, InsightFight, InsightHistory
from knowledge.records.worklist import OPEN

Codes = npt.NDArray[np.int32]
Cents = npt.NDArray[np.int64]
Days = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

SETTLED = ("won", "partly_won", "lost", "closed")
VALUES = (
    *("payer_id", "hcpcs", "root_cause", "site", "month", "status", "route", "remedy"),
    *("ending", "sent_as", "argument", "decided"),
)
"""The columns of whole values. `ending`, `sent_as` and `argument` are of denials fought and settled, else None;
`decided` is the month in which a person last approved or rejected, `YYYY-MM`."""

_NUMBERS: dict[str, Any] = {
    "amount": np.int64,
    "recovered": np.int64,
    "lost": np.int64,
    "paid_on": np.int32,
    "deadline": np.int32,
    "hours": np.float64,
    "as_proposed": np.int8,
}
NO_HISTORY = InsightHistory()


@dataclass(frozen=True)
class Column:
    """Codes of whole values, and what each code stands for. `names` is only ever added to."""

    codes: Codes
    names: list[str | None] = field(default_factory=list)
    known: dict[str | None, int] = field(default_factory=dict)

    def code(self, value: str | None) -> int:
        """Return the code of a value, a new one when it was not seen before."""
        found = self.known.get(value)
        if found is None:
            found = self.known[value] = len(self.names)
            self.names.append(value)
        return found

    def where(self, value: str | None) -> Mask:
        """Mark the denials that have a value."""
        return np.equal(self.codes, self.known.get(value, -1))


@dataclass(frozen=True)
class Snapshot:
    """The columns; `number` is the practice's number they stand for.

    `amount`, `recovered`, `lost` are cents. `hours` lie between a case being ready and a person's decision, NaN where
    none was made; `as_proposed` is 1 where it approved what was proposed, 0 where not, -1 undecided.
    """

    number: int
    ids: list[str]
    values: Mapping[str, Column]
    numbers: Mapping[str, npt.NDArray[Any]]
    payer_names: dict[str, str]
    drug_names: dict[str, str]
    _at: dict[str, int]

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> Column:
        """Return a column of whole values."""
        return self.values[name]

    def cents(self, name: str) -> Cents:
        """Return a column of cents."""
        return self.numbers[name]

    def days(self, name: str) -> Days:
        """Return a column of days."""
        return self.numbers[name]

    def chosen(self, mask: Mask) -> list[str]:
        """Return the ids of marked denials, most dollars first, then by id."""
        amounts = self.numbers["amount"]
        places = sorted(np.flatnonzero(mask).tolist(), key=lambda place: (-int(amounts[place]), self.ids[place]))
        return [self.ids[place] for place in places]


def first_snapshot(
    number: int,
    facts: Sequence[InsightFact],
    histories: Mapping[str, InsightHistory],
    fights: Mapping[str, InsightFight],
) -> Snapshot:
    """Make a snapshot of all of a practice's denials."""
    empty = Snapshot(
        number=number,
        ids=[],
        values={name: Column(np.empty(0, np.int32)) for name in VALUES},
        numbers={name: np.empty(0, kind) for name, kind in _NUMBERS.items()},
        payer_names={},
        drug_names={},
        _at={},
    )
    return updated(empty, number, facts, histories, fights)


def updated(
    held: Snapshot,
    number: int,
    facts: Sequence[InsightFact],
    histories: Mapping[str, InsightHistory],
    fights: Mapping[str, InsightFight],
) -> Snapshot:
    """Put changed and new denials into a copy of a snapshot."""
    fresh = [fact.denial_id for fact in facts if fact.denial_id not in held._at]
    ids = [*held.ids, *fresh]
    places = {**held._at, **{name: len(held.ids) + n for n, name in enumerate(fresh)}}
    payers, drugs = dict(held.payer_names), dict(held.drug_names)
    for fact in facts:
        if fact.payer_id and fact.payer_name:
            payers[fact.payer_id] = fact.payer_name
        if fact.hcpcs and fact.drug:
            drugs[fact.hcpcs] = fact.drug
    rows = [_row(fact, histories.get(fact.denial_id, NO_HISTORY), fights.get(fact.denial_id)) for fact in facts]
    at = np.array([places[fact.denial_id] for fact in facts], np.int64)
    values, numbers = {}, {}
    for name, column in held.values.items():
        codes = np.concatenate([column.codes, np.zeros(len(fresh), np.int32)])
        codes[at] = [column.code(row[name]) for row in rows]
        values[name] = replace(column, codes=codes)
    for name, kind in _NUMBERS.items():
        numbers[name] = np.concatenate([held.numbers[name], np.zeros(len(fresh), kind)])
        numbers[name][at] = [row[name] for row in rows]
    return Snapshot(number, ids, values, numbers, payers, drugs, places)


def _row(fact: InsightFact, history: InsightHistory, fight: InsightFight | None) -> dict[str, Any]:
    hours = float("nan")
    if history.decided_at is not None and history.worked_at is not None:
        hours = max((history.decided_at - history.worked_at).total_seconds() / 3600, 0.0)
    undecided = history.decided_at is None
    return {
        **fact._asdict(),
        "amount": fact.amount_cents,
        "recovered": fact.recovered_cents,
        "lost": _lost(fact, history),
        "paid_on": fact.paid_on.toordinal() if fact.paid_on else 0,
        "deadline": fact.deadline.toordinal() if fact.deadline else 0,
        "hours": hours,
        "as_proposed": -1 if undecided else int(not history.changed),
        "decided": f"{history.decided_at:%Y-%m}" if history.decided_at is not None else None,
        **_fought(fact, fight),
    }


def _lost(fact: InsightFact, history: InsightHistory) -> int:
    """Return the cents of a denial that are given up: of one lost or closed, and what partly won left unpaid."""
    if fact.status not in ("lost", "closed", "partly_won") or history.no_denial:
        return 0
    return max(fact.amount_cents - max(fact.recovered_cents, 0), 0)


def _fought(fact: InsightFact, fight: InsightFight | None) -> dict[str, str | None]:
    if fight is None or fact.status in OPEN:
        return {"ending": None, "sent_as": None, "argument": None}
    ending = fact.status
    if ending == "closed":
        ending = "partly_won" if fact.recovered_cents > 0 else "lost"
    remedy = fight.remedy or fact.remedy
    argument = f"{fact.root_cause}|{fight.letter_kind or remedy}|{fight.words}"
    return {"ending": ending, "sent_as": remedy, "argument": argument}

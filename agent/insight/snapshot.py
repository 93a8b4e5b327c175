"""A practice's denials as columns of numbers, so that any sum over 100,000 of them takes a millisecond.

A snapshot is never changed: bringing it up to date copies its columns and puts in the rows that changed. Whole values
(payers, causes, months) are codes into lists of names; money is cents, days are ordinals (0 = unknown).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from knowledge.records.insight import InsightFact, InsightFight, InsightHistory
from knowledge.records.worklist import OPEN

Codes = npt.NDArray[np.int32]
Cents = npt.NDArray[np.int64]
Days = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

T = TypeVar("T")
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


@dataclass(frozen=True, eq=False)
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
    _made: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def once(self, key: str, make: Callable[[], T]) -> T:
        """Return what `make` makes of this snapshot, made the first time it is asked for; it must not be changed."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    def column(self, name: str) -> Column:
        """Return a column of whole values."""
        return self.values[name]

    def cents(self, name: str) -> Cents:
        """Return a column of cents."""
        return self.numbers[name]

    def days(self, name: str) -> Days:
        """Return a column of days."""
        return self.numbers[name]

    def held(self, name: str, mask: Mask) -> list[str]:
        """Return the values that marked denials have in a column."""
        column = self.values[name]
        counts = np.bincount(column.codes[mask], minlength=1)
        return [value for code in np.flatnonzero(counts).tolist() if (value := column.names[code])]

    def chosen(self, mask: Mask, most: int | None = None) -> list[str]:
        """Return the ids of marked denials, most dollars first, then as they were found; `most` = the first ones."""
        places = np.flatnonzero(mask)
        ordered = places[np.argsort(-self.cents("amount")[places], kind="stable")]
        return [self.ids[place] for place in ordered[:most].tolist()]


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
    at = np.array([places[fact.denial_id] for fact in facts], np.int64)
    columns = _columns(facts, histories, fights)
    values, numbers = {}, {}
    for name, column in held.values.items():
        for value in dict.fromkeys(columns[name]):
            column.code(value)
        codes = np.concatenate([column.codes, np.zeros(len(fresh), np.int32)])
        codes[at] = [column.known[value] for value in columns[name]]
        values[name] = replace(column, codes=codes)
    for name, kind in _NUMBERS.items():
        numbers[name] = np.concatenate([held.numbers[name], np.zeros(len(fresh), kind)])
        numbers[name][at] = columns[name]
    return Snapshot(number, ids, values, numbers, payers, drugs, places)


def _columns(
    facts: Sequence[InsightFact], histories: Mapping[str, InsightHistory], fights: Mapping[str, InsightFight]
) -> dict[str, Sequence[Any]]:
    """Turn rows into columns; column by column is several times faster than row by row."""
    every = dict(zip(InsightFact._fields, zip(*facts, strict=True), strict=True)) if facts else {}
    held = [histories.get(fact.denial_id, NO_HISTORY) for fact in facts]
    fought = [_fought(fact, fights.get(fact.denial_id)) for fact in facts]
    own: dict[str, Sequence[Any]] = {name: every.get(name, ()) for name in VALUES if name in InsightFact._fields}
    return {
        **own,
        "ending": [one[0] for one in fought],
        "sent_as": [one[1] for one in fought],
        "argument": [one[2] for one in fought],
        "decided": [f"{one.decided_at:%Y-%m}" if one.decided_at is not None else None for one in held],
        "amount": every.get("amount_cents", ()),
        "recovered": every.get("recovered_cents", ()),
        "lost": [_lost(fact, history) for fact, history in zip(facts, held, strict=True)],
        "paid_on": [day.toordinal() if day else 0 for day in every.get("paid_on", ())],
        "deadline": [day.toordinal() if day else 0 for day in every.get("deadline", ())],
        "hours": [_hours(one) for one in held],
        "as_proposed": [-1 if one.decided_at is None else int(not one.changed) for one in held],
    }


def _hours(history: InsightHistory) -> float:
    if history.decided_at is None or history.worked_at is None:
        return float("nan")
    return max((history.decided_at - history.worked_at).total_seconds() / 3600, 0.0)


def _lost(fact: InsightFact, history: InsightHistory) -> int:
    """Return the cents of a denial that are given up: of one lost or closed, and what partly won left unpaid."""
    if fact.status not in ("lost", "closed", "partly_won") or history.no_denial:
        return 0
    return max(fact.amount_cents - max(fact.recovered_cents, 0), 0)


def _fought(fact: InsightFact, fight: InsightFight | None) -> tuple[str | None, str | None, str | None]:
    """Return how a fight ended, by which remedy, and what was argued; nothing of one that is open or was none."""
    if fight is None or fact.status in OPEN:
        return None, None, None
    ending = fact.status
    if ending == "closed":
        ending = "partly_won" if fact.recovered_cents > 0 else "lost"
    remedy = fight.remedy or fact.remedy
    return ending, remedy, f"{fact.root_cause}|{fight.letter_kind or remedy}|{fight.words}"

"""A practice's worklist in memory: filters as sets of bits, so that counts and pages of 100,000 rows take milliseconds.

Each denial has a bit. For every value of a column one number holds the bits of the denials that have it; a filter is
the AND of such numbers. Numbers of Python are as long as it takes, and count their bits by themselves.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import compress, islice
from typing import Any, Literal, NamedTuple

from knowledge.records.queue import NarrowRow
from knowledge.records.worklist import Facet, WorklistFilter

Order = Literal[
    "rank",
    "deadline",
    "patient",
    "payer",
    "drug",
    "service_date",
    "amount",
    "cause",
    "remedy",
    "route",
    "age",
    "assigned",
]

_MASKED = (
    *("status", "route", "payer_id", "root_cause", "category", "remedy", "hcpcs", "site", "month", "assigned_to"),
    *("deadline", "paid_on", "snoozed_until"),
)
_LISTED = ("series", "group")
_EQUAL = ("route", "payer_id", "root_cause", "category", "remedy", "hcpcs", "site", "month", "assigned_to")
_FAR, _LAST = date(9999, 12, 31), "\U0010ffff"
_FEW = 500
"""So many changed rows are put in place one by one; more, and the order is made anew when it is next asked for."""

_KEYS: dict[Order, Callable[[NarrowRow], Any]] = {
    "rank": lambda row: row.rank,
    "deadline": lambda row: row.deadline or _FAR,
    "patient": lambda row: (row.patient or _LAST).casefold(),
    "payer": lambda row: (row.payer_name or _LAST).casefold(),
    "drug": lambda row: row.hcpcs or _LAST,
    "service_date": lambda row: row.service_date or _FAR,
    "amount": lambda row: -row.amount_cents,
    "cause": lambda row: row.root_cause,
    "remedy": lambda row: row.remedy,
    "age": lambda row: row.paid_on or _FAR,
    "assigned": lambda row: row.assigned_to or _LAST,
    "route": lambda row: row.route,
}


class Entry(NamedTuple):
    """A row of the queue: a denial, or the first of a group; `ids` are the group's that match, by rank.

    `amount_cents` is what they come to, `deadlines` are their clocks in the same order.
    """

    denial_id: str
    group: str | None
    ids: tuple[str, ...]
    amount_cents: int
    deadlines: tuple[date, ...]


class Share(NamedTuple):
    """How many denials have a value of a column."""

    value: str | None
    denials: int


def _by_rank(row: NarrowRow) -> tuple[int, str]:
    return row.rank, row.denial_id


def _entry(first: NarrowRow, own: Sequence[NarrowRow], group: str | None) -> Entry:
    days = tuple(row.deadline for row in own if row.deadline is not None)
    return Entry(first.denial_id, group, tuple(row.denial_id for row in own), sum(r.amount_cents for r in own), days)


class WorklistIndex:
    """The rows of one practice. Not safe for threads by itself: `HeldWorklists` takes care of that."""

    def __init__(self, rows: Iterable[NarrowRow]) -> None:
        """Index rows, each denial once."""
        self._load(rows)

    def _load(self, rows: Iterable[NarrowRow]) -> None:
        self._rows: list[NarrowRow] = list(rows)
        self._cents = [row.amount_cents for row in self._rows]
        self._at = {row.denial_id: place for place, row in enumerate(self._rows)}
        self._bits: dict[str, dict[Any, int]] = {name: self._gather(name) for name in _MASKED}
        self._lists: dict[str, dict[str, set[int]]] = {name: {} for name in _LISTED}
        for name, held in self._lists.items():
            for place, row in enumerate(self._rows):
                if (value := getattr(row, name)) is not None:
                    held.setdefault(value, set()).add(place)
        self._orders: dict[Order, list[tuple[Any, str, int]]] = {}
        self._every = (1 << len(self._rows)) - 1

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, denial_id: str) -> bool:
        return denial_id in self._at

    def row(self, denial_id: str) -> NarrowRow | None:
        """Give a denial's row; None where there is none."""
        place = self._at.get(denial_id)
        return None if place is None else self._rows[place]

    def members(self, group_id: str) -> tuple[NarrowRow, ...]:
        """Give the rows of a group by rank."""
        found = (self._rows[place] for place in self._lists["group"].get(group_id, ()))
        return tuple(sorted(found, key=_by_rank))

    def update(self, rows: Iterable[NarrowRow]) -> None:
        """Put changed and new rows in place."""
        changed = list(rows)
        if len(changed) > _FEW:
            held = {row.denial_id: row for row in self._rows} | {row.denial_id: row for row in changed}
            self._load(held.values())
            return
        for row in changed:
            place = self._at.get(row.denial_id)
            if place is None:
                place = self._at[row.denial_id] = len(self._rows)
                self._rows.append(row)
                self._cents.append(row.amount_cents)
                self._every |= 1 << place
                old = None
            else:
                old = self._rows[place]
                self._rows[place], self._cents[place] = row, row.amount_cents
            self._move(place, old, row)

    def matching(self, wanted: WorklistFilter, within: frozenset[str] | None = None) -> int:
        """Give the bits of the denials of a filter. `within` are those that its words find; None = it has no words."""
        found = self._every
        if wanted.status:
            found &= self._any("status", lambda value: value in wanted.status)
        for name in _EQUAL:
            value = getattr(wanted, name)
            if value is not None:
                found &= self._bits[name].get(value, 0)
        if wanted.unassigned:
            found &= self._bits["assigned_to"].get(None, 0)
        for name in _LISTED:
            value = getattr(wanted, name)
            if value is not None:
                found &= _from_places(self._lists[name].get(value, ()), len(self._rows))
        for name, first, last in (
            ("deadline", wanted.due_from, wanted.due_by),
            ("paid_on", wanted.paid_from, wanted.paid_until),
        ):
            if first is not None or last is not None:
                found &= self._any(name, _between(first or date.min, last or date.max))
        if wanted.awake_on is not None:
            found &= ~self._any("snoozed_until", _between(wanted.awake_on, date.max, after=True))
        if wanted.asleep_on is not None:
            found &= self._any("snoozed_until", _between(wanted.asleep_on, date.max, after=True))
        if within is not None:
            places = (place for name in within if (place := self._at.get(name)) is not None)
            found &= _from_places(places, len(self._rows))
        return found

    def grouped(self) -> int:
        """Give the bits of the denials that are in a group of two or more."""
        places = (place for held in self._lists["group"].values() for place in held)
        return _from_places(places, len(self._rows))

    def amount(self, bits: int) -> int:
        """Add up the cents at stake of some denials."""
        return sum(compress(self._cents, _flags(bits, len(self._rows))))

    def facet(self, bits: int, by: Facet) -> tuple[Share, ...]:
        """Count some denials by the values of a column: most first, then by value; what none has is left out."""
        counted = ((value, (bits & held).bit_count()) for value, held in self._bits[by].items())
        found = (Share(value, count) for value, count in counted if count)
        return tuple(sorted(found, key=lambda each: (-each.denials, each.value or "")))

    def payer_names(self) -> dict[str, str]:
        """Give the name of each payer by id, as one of its denials says it."""
        return {
            value: self._rows[held.bit_length() - 1].payer_name or value
            for value, held in self._bits["payer_id"].items()
            if value is not None and held
        }

    def drug_names(self) -> dict[str, str]:
        """Give the drug of each code, as one of its denials says it."""
        last = {value: held for value, held in self._bits["hcpcs"].items() if value is not None and held}
        return {value: self._rows[held.bit_length() - 1].drug or "" for value, held in last.items()}

    def page(
        self,
        bits: int,
        order: Order = "rank",
        *,
        backwards: bool = False,
        after: str | None = None,
        limit: int = 50,
        together: bool = False,
    ) -> tuple[tuple[Entry, ...], bool]:
        """Give the next rows of some denials after one of them, and whether there are more.

        With `together` a group stands as one row, where the first of it that matches would.

        Raises:
            KeyError: `after` is no denial of the worklist.
        """
        flags = _flags(bits, len(self._rows))
        found: list[Entry] = []
        firsts: dict[str, int] = {}  # a large group is looked through once, not at each of its members
        for place in self._places(order, backwards, after):
            if not flags[place]:
                continue
            row, own = self._rows[place], [self._rows[place]]
            if together and row.group is not None:
                if firsts.get(row.group, place) != place:
                    continue
                held = [each for each in self._lists["group"][row.group] if flags[each]]
                firsts[row.group] = self._first(held, order, backwards)
                if firsts[row.group] != place:
                    continue
                own = sorted((self._rows[each] for each in held), key=_by_rank)
            if len(found) == limit:
                return tuple(found), True
            found.append(_entry(row, own, row.group if len(own) > 1 else None))
        return tuple(found), False

    def ranked_after(self, bits: int, place: tuple[int, str] | None, limit: int) -> tuple[str, ...]:
        """Give the next of some denials in order of rank, then id; `place` are rank and id of the one before."""
        flags = _flags(bits, len(self._rows))
        ordered = self._ordered("rank")
        begin = 0 if place is None else bisect_right(ordered, place, key=lambda one: one[:2])
        held = (one[1] for one in islice(ordered, begin, None) if flags[one[2]])
        return tuple(islice(held, limit))

    def _first(self, places: list[int], order: Order, backwards: bool) -> int:
        key = _KEYS[order]
        chosen = max if backwards else min
        return chosen(places, key=lambda place: (key(self._rows[place]), self._rows[place].denial_id))

    def _places(self, order: Order, backwards: bool, after: str | None) -> Iterator[int]:
        ordered = self._ordered(order)
        if after is None:
            return (each[2] for each in (reversed(ordered) if backwards else ordered))
        place = self._at[after]
        here = bisect_left(ordered, (_KEYS[order](self._rows[place]), after, place))
        if backwards:
            return (ordered[at][2] for at in range(here - 1, -1, -1))
        return (ordered[at][2] for at in range(here + 1, len(ordered)))

    def _ordered(self, order: Order) -> list[tuple[Any, str, int]]:
        if order not in self._orders:
            key = _KEYS[order]
            self._orders[order] = sorted((key(row), row.denial_id, place) for place, row in enumerate(self._rows))
        return self._orders[order]

    def _gather(self, name: str) -> dict[Any, int]:
        held: dict[Any, bytearray] = {}
        column, width = NarrowRow._fields.index(name), len(self._rows) // 8 + 1
        for place, row in enumerate(self._rows):
            value = row[column]
            if value not in held:
                held[value] = bytearray(width)
            held[value][place >> 3] |= 1 << (place & 7)
        return {value: int.from_bytes(bits, "little") for value, bits in held.items()}

    def _any(self, name: str, wanted: Callable[[Any], bool]) -> int:
        found = 0
        for value, held in self._bits[name].items():
            if wanted(value):
                found |= held
        return found

    def _move(self, place: int, old: NarrowRow | None, row: NarrowRow) -> None:
        bit = 1 << place
        for name in _MASKED:
            now, held = getattr(row, name), self._bits[name]
            if old is None or getattr(old, name) != now:
                if old is not None:
                    held[getattr(old, name)] &= ~bit
                held[now] = held.get(now, 0) | bit
        for name in _LISTED:
            before, now = getattr(old, name, None), getattr(row, name)
            if before is not None and before != now:
                self._lists[name][before].discard(place)
            if now is not None:
                self._lists[name].setdefault(now, set()).add(place)
        for order, ordered in self._orders.items():
            key = _KEYS[order]
            if old is not None:
                if key(old) == key(row):
                    continue
                del ordered[bisect_left(ordered, (key(old), old.denial_id, place))]
            insort(ordered, (key(row), row.denial_id, place))


def _between(first: date, last: date, *, after: bool = False) -> Callable[[Any], bool]:
    def within(value: date | None) -> bool:
        return value is not None and (first < value if after else first <= value) and value <= last

    return within


def _from_places(places: Iterable[int], size: int) -> int:
    bits = bytearray(size // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def _flags(bits: int, size: int) -> bytes:
    """Write bits as one byte each, 0 or 1, that of the first denial first."""
    return f"{bits:0{size}b}"[::-1].encode().translate(_ZERO_ONE)


_ZERO_ONE = bytes(each - 48 if each in b"01" else each for each in range(256))

"""The order of the queue, held in memory: a denial that changes is put in its place and the others keep their ranks.

Ranks say which comes first, and nothing else. In a long queue they count in tens, so that what moves finds room beside
its new neighbours; where there is none, the nearest neighbours move up together until there is.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from agent.worth.order import Candidate, UnitKey, UnitName, band_of, band_says, in_unit, unit_key, unit_name

LONG = 1000
"""From so many denials on ranks are left free between them."""
_APART = 10
_ROOM = 1000
_MANY = 20
"""Where more than one unit in so many moved, all are numbered."""
_NONE: tuple[Candidate, ...] = ()


class Places:
    """Open denials in order. Not safe for threads."""

    def __init__(self, candidates: Iterable[Candidate] = ()) -> None:
        """Put these in order; their ranks are `numbered`."""
        self._held: dict[str, Candidate] = {}
        self._members: dict[UnitName, set[str]] = {}
        self._units: dict[UnitName, tuple[Candidate, ...]] = {}
        self._keys: dict[UnitName, UnitKey] = {}
        self._order: list[tuple[UnitKey, UnitName]] = []
        for one in candidates:
            self._held[one.denial_id] = one
            self._members.setdefault(unit_name(one), set()).add(one.denial_id)
        for name, members in self._members.items():
            self._units[name] = in_unit(self._held[member] for member in members)
            self._keys[name] = unit_key(self._units[name])
        self._order = sorted((key, name) for name, key in self._keys.items())

    def __len__(self) -> int:
        return len(self._held)

    def in_order(self) -> Iterator[str]:
        """Give the denials, the one to work first on top."""
        return (one.denial_id for _, name in self._order for one in self._units[name])

    def says(self, denial_id: str) -> str:
        """Say why a denial stands where it does.

        Raises:
            KeyError: it is not open.
        """
        return band_says(band_of(self._units[unit_name(self._held[denial_id])]))

    def put(self, candidates: Iterable[Candidate], gone: Iterable[str] = ()) -> frozenset[UnitName]:
        """Put changed and new denials in place, take out what is open no more; return the units this touched."""
        touched = set()
        for denial_id in gone:
            if (old := self._held.pop(denial_id, None)) is not None:
                touched.add(self._leave(old))
        for one in candidates:
            old = self._held.get(one.denial_id)
            if old == one:
                continue
            if old is not None:
                touched.add(self._leave(old))
            self._held[one.denial_id] = one
            name = unit_name(one)
            self._members.setdefault(name, set()).add(one.denial_id)
            touched.add(name)
        for name in touched:
            self._order_anew(name)
        return frozenset(touched & self._units.keys())

    def numbered(self) -> tuple[dict[str, int], int]:
        """Number all; return the ranks, and the first that is free for what is open no more."""
        long = len(self._held) >= LONG
        apart = _APART if long else 1
        ranks = {denial_id: place * apart for place, denial_id in enumerate(self.in_order(), start=1)}
        return ranks, len(ranks) * apart + (_ROOM if long else 1)

    def renumbered(self, ranks: Mapping[str, int], ceiling: int) -> tuple[dict[str, int], int]:
        """Number all as `numbered` does, but in a long queue let as many as can be keep the ranks they have."""
        if len(self._held) < LONG:
            return self.numbered()
        names = list(self.in_order())
        kept = _longest_run([ranks.get(name, ceiling) for name in names], below=ceiling)
        stand = {names[at] for at in kept}
        moved = {name for name, unit in self._units.items() if any(one.denial_id not in stand for one in unit)}
        fitted = self.fitted(moved, ranks, ceiling) if len(moved) < len(self._units) // _MANY else None
        if fitted is None:
            return self.numbered()
        now = {**ranks, **fitted}
        return {name: now[name] for name in names}, ceiling

    def fitted(self, touched: Iterable[UnitName], ranks: Mapping[str, int], ceiling: int) -> dict[str, int] | None:
        """Give ranks to what is in touched units, between those that stand; return the ranks that are others now.

        `ranks` are those of all denials that have one; all stay below `ceiling`. None = there is no room: number all.
        """
        return _Fitting(self, set(touched), ranks, ceiling).done()

    def _leave(self, old: Candidate) -> UnitName:
        name = unit_name(old)
        self._members[name].discard(old.denial_id)
        return name

    def _order_anew(self, name: UnitName) -> None:
        if (key := self._keys.pop(name, None)) is not None:
            del self._order[bisect_left(self._order, (key, name))]
            del self._units[name]
        if not self._members[name]:
            del self._members[name]
            return
        unit = self._units[name] = in_unit(self._held[member] for member in self._members[name])
        self._keys[name] = unit_key(unit)
        insort(self._order, (self._keys[name], name))

    def at(self, place: int) -> tuple[UnitName, tuple[Candidate, ...]]:
        """Return the unit at a place, from 0; outside, one of nobody."""
        if not 0 <= place < len(self._order):
            return ("", False), _NONE
        name = self._order[place][1]
        return name, self._units[name]

    def unit(self, name: UnitName) -> tuple[Candidate, ...]:
        """Return who is ranked together under a name."""
        return self._units.get(name, _NONE)

    def place_of(self, name: UnitName) -> int:
        """Return the place of a unit, from 0."""
        return bisect_left(self._order, (self._keys[name], name))


def _longest_run(ranks: list[int], below: int) -> list[int]:
    """Return where the most numbers stand that rise from one to the next, of those below a limit."""
    tails: list[int] = []
    tops: list[int] = []
    before: list[int] = [-1] * len(ranks)
    for at, rank in enumerate(ranks):
        if rank >= below:
            continue
        length = bisect_left(tops, rank)
        before[at] = tails[length - 1] if length else -1
        tails[length : length + 1] = [at]
        tops[length : length + 1] = [rank]
    found, at = [], tails[-1] if tails else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]


class _Fitting:
    """One round of giving ranks to units that moved."""

    def __init__(self, places: Places, pending: set[UnitName], ranks: Mapping[str, int], ceiling: int) -> None:
        self._places, self._pending, self._ranks, self._ceiling = places, pending, ranks, ceiling
        self._new: dict[str, int] = {}

    def done(self) -> dict[str, int] | None:
        for place in sorted(self._places.place_of(name) for name in self._pending):
            name, unit = self._places.at(place)
            if name in self._pending and not self._stands(place, unit) and not self._make_room(place):
                return None
            self._pending.discard(name)
        return {name: rank for name, rank in self._new.items() if self._ranks.get(name) != rank}

    def _stands(self, place: int, unit: tuple[Candidate, ...]) -> bool:
        """Tell whether a unit's ranks still fit between its neighbours."""
        held = [self._rank(one) for one in unit]
        known = [rank for rank in held if rank is not None]
        line = [self._below(place), *known, self._above(place)]
        return len(known) == len(held) and all(a < b for a, b in pairwise(line))

    def _make_room(self, place: int) -> bool:
        """Number a unit, with as many neighbours as it takes to find room for all of them."""
        first = last = place
        need = len(self._places.at(place)[1])
        right = True
        while self._above(last) - self._below(first) - 1 < need:
            left_unit, right_unit = self._places.at(first - 1)[1], self._places.at(last + 1)[1]
            if not left_unit and not right_unit:
                return False
            if right_unit and (right or not left_unit):
                last, need = last + 1, need + len(right_unit)
            else:
                first, need = first - 1, need + len(left_unit)
            right = not right
        low = self._below(first)
        step = (self._above(last) - low) / (need + 1)
        members = [one for at in range(first, last + 1) for one in self._places.at(at)[1]]
        for number, one in enumerate(members, start=1):
            self._new[one.denial_id] = low + int(step * number)
        self._pending -= {self._places.at(at)[0] for at in range(first, last + 1)}
        return True

    def _below(self, place: int) -> int:
        unit = self._places.at(place - 1)[1]
        return (self._rank(unit[-1]) or 0) if unit else 0

    def _above(self, place: int) -> int:
        """Return the first rank above a place that does not wait to be given itself."""
        while (found := self._places.at(place + 1))[1]:
            place += 1
            if found[0] not in self._pending:
                return self._rank(found[1][0]) or self._ceiling
        return self._ceiling

    def _rank(self, one: Candidate) -> int | None:
        return self._new.get(one.denial_id, self._ranks.get(one.denial_id))

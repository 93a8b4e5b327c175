"""The order of a practice's denials, held in memory: a decision on one re-ranks what it touches, and no more.

Read once, then brought up to date by the numbers of the worklist's changes, whichever process made them. What it comes
to is written into the records; those stay the truth, and every ranking of all reads them.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar, cast
from weakref import WeakKeyDictionary, proxy

import msgspec

from agent.following.settled import in_order, settled, settled_among
from agent.series.groups import OPEN, work_groups
from agent.series.kinship import Kinship
from agent.worth.chances import Chances
from agent.worth.order import Candidate
from agent.worth.outline import Outline, OutlinePriority, read_outline, with_words
from agent.worth.places import LONG, Places
from agent.worth.value import told_worth, worth_of
from knowledge.records import DenialStatus, Records, Repository, Standing
from knowledge.records.queue import WorkGroup
from knowledge.types.outcomes import Round, Settled

T = TypeVar("T")
_SENT: DenialStatus = "sent"
_AT_ONCE = 2000
"""So many standings are written in one transaction: others write in between, and nobody waits long."""


class Ranking:
    """One practice's denials in outline, who is worked together, the order, and the fights that are over."""

    def __init__(self, practice_id: str) -> None:
        """Hold nothing yet."""
        self.practice_id = practice_id
        self.kinship = Kinship()
        self._places = Places()
        self._settled: dict[str, Settled] = {}
        self._ended: tuple[Settled, ...] | None = None
        self._out: dict[str, Round] = {}
        self._chances = Chances()
        self._ranks: dict[str, int] = {}
        self._ceiling = 0
        self._number = self._insight = 0
        self._touched: set[str] = set()
        self._whole = False
        self._made: dict[str, tuple[int, Hashable, object]] = {}

    @property
    def settled(self) -> tuple[Settled, ...] | None:
        """The denials whose fight ended, in order of the day and id; None before all were ranked."""
        if not self._whole:
            return None
        if self._ended is None:
            self._ended = in_order(tuple(self._settled.values()))
        return self._ended

    @property
    def out(self) -> tuple[tuple[Outline, Round], ...] | None:
        """The denials that are sent, each with its last round; None before all were ranked."""
        if not self._whole:
            return None
        return tuple((self.kinship.outlines[name], last) for name, last in self._out.items())

    def once(self, name: str, of: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes of the denials as they stand: made anew when one has changed, or `of` is another.

        What is kept under `name` is the last alone.
        """
        number, before, made = self._made.get(name, (None, None, None))
        if number != self._number or before != of:
            made = make()
            self._made[name] = (self._number, of, made)
        return cast("T", made)

    def catch_up(self, repository: Repository) -> None:
        """Take in what changed since; what it touches stays to be ranked."""
        # The numbers are read first: what is written meanwhile is read once more the next time, never missed.
        number, insight = repository.groups.last_change(self.practice_id), repository.insight.number(self.practice_id)
        if number != self._number:
            texts = repository.denials.texts(self.practice_id, since=self._number)
            outlines = (read_outline(text) for text in texts)
            held = self.kinship.outlines
            changed = [one for one in outlines if held.get(one.denial_id) != one]
            self._touched |= self.kinship.put(changed)
            self._number = number
        if self._whole and insight != self._insight:
            self._settle(repository, insight)

    def lacks_none(self, repository: Repository) -> bool:
        """Tell whether all it holds is still there: rows may have been taken out."""
        return len(self.kinship.outlines) == repository.insight.count(self.practice_id)

    def _settle(self, repository: Repository, insight: int) -> None:
        held = self.kinship.outlines
        names = repository.insight.changed_since(self.practice_id, self._insight)
        self._insight = insight
        found = settled_among(repository, self.practice_id, [held[name] for name in names if name in held])
        now = {one.denial_id: one for one in found}
        for name in names:
            self._out.pop(name, None)
        self._out |= _last_rounds(repository, self.practice_id, [held[name] for name in names if name in held])
        if any(now.get(name) != self._settled.get(name) for name in names):
            self._whole = False  # one more fight that ended sways the worth of all that are like it

    def rank_all(self, repository: Repository) -> list[Standing]:
        """Rank every open denial anew, what is settled after them; return the standings that are others now."""
        held = self.kinship.outlines
        self._insight = repository.insight.number(self.practice_id)
        found = settled_among(repository, self.practice_id, tuple(held.values()))
        self._settled, self._ended = {one.denial_id: one for one in found}, None
        self._out = _last_rounds(repository, self.practice_id, tuple(held.values()))
        self._chances = Chances(found)
        open_now = [one for one in held.values() if one.status in OPEN]
        self._places = Places(self._candidate(one) for one in open_now)
        known = {one.denial_id: one.priority.rank for one in held.values() if one.priority.rank is not None}
        ceiling = self._ceiling or max((known.get(one.denial_id, 0) for one in open_now), default=0) + 1
        ranks, self._ceiling = self._places.renumbered(known, ceiling)
        rest = sorted((one for one in held.values() if one.status not in OPEN), key=_place)
        if self._ceiling == ceiling and len(ranks) >= LONG:
            behind = {name: rank for name, rank in known.items() if name not in ranks and rank >= ceiling}
        else:
            behind = {}
        last = max(behind.values(), default=self._ceiling - 1)
        for one in rest:
            if one.denial_id not in behind:
                last = behind[one.denial_id] = last + 1
        self._ranks = ranks | behind
        self._whole = True
        self._touched.clear()
        return self._standings(held)

    def rank_touched(self) -> list[Standing] | None:
        """Rank what changes have touched; None = that does not do: rank all."""
        if not self._whole:
            return None
        held = self.kinship.outlines
        open_now = [held[name] for name in self._touched if held[name].status in OPEN]
        gone = {name for name in self._touched if held[name].status not in OPEN}
        units = self._places.put((self._candidate(one) for one in open_now), gone)
        fitted = self._places.fitted(units, self._ranks, self._ceiling)
        if fitted is None:
            self._whole = False
            return None
        self._ranks |= fitted
        leaving = sorted(name for name in gone if self._ranks.get(name, 0) < self._ceiling)
        last = max(self._ceiling, *self._ranks.values()) if leaving else 0
        self._ranks |= {name: last + at for at, name in enumerate(leaving, start=1)}
        touched = self._touched | fitted.keys() | {one.denial_id for unit in units for one in self._places.unit(unit)}
        self._touched.clear()
        return self._standings(touched)

    def groups_touched(self) -> tuple[tuple[str, ...], tuple[WorkGroup, ...]]:
        """Return the groups that changes have touched since this was last asked: their ids, and those still there."""
        stirred = sorted(self.kinship.stirred())
        return tuple(stirred), self._written(name for name in stirred)

    def groups(self) -> tuple[WorkGroup, ...]:
        """Return every group."""
        self.kinship.stirred()
        return self._written(group.group_id for group in self.kinship.groups())

    def wrote(self, repository: Repository, standings: Iterable[Standing]) -> None:
        """Keep in memory what has just been written, in the transaction that writes it."""
        held = self.kinship.outlines
        self.kinship.note(_with_standing(held[one.denial_id], one) for one in standings)
        self._number = repository.groups.last_change(self.practice_id)

    def _written(self, names: Iterable[str]) -> tuple[WorkGroup, ...]:
        found = [group for name in names if (group := self.kinship.group(name)) is not None]
        members = (self.kinship.outlines[name] for group in found for name in group.members)
        return work_groups(found, members)

    def _candidate(self, one: Outline) -> Candidate:
        group = self.kinship.group_of(one.denial_id)
        worth = worth_of(one, self._chances, together=len(group.members) if group else 1)
        return Candidate(one.denial_id, worth.value, one.priority.days_left, group.group_id if group else None)

    def _standings(self, names: Iterable[str]) -> list[Standing]:
        found = ((self.kinship.outlines[name], self._standing(self.kinship.outlines[name])) for name in sorted(names))
        return [standing for one, standing in found if _differs(one, standing)]

    def _standing(self, one: Outline) -> Standing:
        name = one.denial_id
        worth: dict[str, object] = {"order": None}
        if one.status in OPEN:
            group = self.kinship.group_of(name)
            weighed = worth_of(one, self._chances, together=len(group.members) if group else 1)
            worth = {**told_worth(weighed), "order": self._places.says(name)}
        return Standing(denial_id=name, rank=self._ranks[name], series=self.kinship.series_of(name), worth=worth)


class Rankings:
    """The rankings of one opened home, one a practice."""

    def __init__(self, records: Records) -> None:
        """Hold none yet: each is read when it is first asked for."""
        self._records: Records = proxy(records)  # else these rankings would keep alive what they go with
        self._lock = threading.Lock()
        self._locks: dict[str, threading.RLock] = {}
        self._held: dict[str, Ranking] = {}

    @contextmanager
    def at(self, practice_id: str) -> Iterator[Ranking]:
        """Give a practice's denials as its records stand, for this thread alone."""
        with self._own(practice_id), self._records.reading() as repository:
            yield self._current(repository, practice_id)

    def rank_all(self, practice_id: str) -> None:
        """Rank all denials of a practice."""
        with self._own(practice_id), self._kept(practice_id):
            with self._records.reading() as repository:
                ranking = self._current(repository, practice_id)
                standings = ranking.rank_all(repository)
            groups = ranking.groups()
            with self._records.transaction() as repository:
                repository.groups.save(practice_id, groups)
            for start in range(0, len(standings), _AT_ONCE):
                some = standings[start : start + _AT_ONCE]
                with self._records.transaction() as repository:
                    ranking.catch_up(repository)  # what others wrote in between, it shall not take for its own
                    repository.denials.set_standings(practice_id, some)
                    ranking.wrote(repository, some)

    def rank_touched(self, practice_id: str) -> None:
        """Rank what has changed since the last ranking; all, where this is the first or a fight ended."""
        with self._own(practice_id), self._kept(practice_id):
            with self._records.transaction() as repository:
                ranking = self._current(repository, practice_id)
                standings = ranking.rank_touched()
                if standings is not None:
                    repository.denials.set_standings(practice_id, standings)
                    repository.groups.change(practice_id, *ranking.groups_touched())
                    ranking.wrote(repository, standings)
            if standings is None:
                self.rank_all(practice_id)

    def _own(self, practice_id: str) -> threading.RLock:
        with self._lock:
            return self._locks.setdefault(practice_id, threading.RLock())

    @contextmanager
    def _kept(self, practice_id: str) -> Iterator[None]:
        """Keep a ranking only where what it came to was written."""
        written = False
        try:
            yield
            written = True
        finally:
            if not written:
                self._held.pop(practice_id, None)

    def _current(self, repository: Repository, practice_id: str) -> Ranking:
        ranking = self._held.get(practice_id)
        if ranking is not None:
            ranking.catch_up(repository)
        if ranking is None or not ranking.lacks_none(repository):
            ranking = self._held[practice_id] = Ranking(practice_id)
            ranking.catch_up(repository)
        return ranking


_RANKINGS: WeakKeyDictionary[Records, Rankings] = WeakKeyDictionary()
_GUARD = threading.Lock()


def rankings_of(records: Records) -> Rankings:
    """Return the rankings of opened records, the same for all who ask; they go when the records do."""
    with _GUARD:
        return _RANKINGS.setdefault(records, Rankings(records))


def settled_now(records: Records, practice_id: str) -> tuple[Settled, ...]:
    """Return every denial whose fight ended, in order of the day and id: as held in memory, else read."""
    with rankings_of(records).at(practice_id) as ranking:
        held = ranking.settled
    return settled(records, practice_id) if held is None else held


def sent_now(records: Records, practice_id: str) -> tuple[tuple[Outline, Round], ...]:
    """Return the denials that are sent, each with its last round: as held in memory, else read."""
    with rankings_of(records).at(practice_id) as ranking:
        held = ranking.out
    if held is not None:
        return held
    with records.reading() as repository:
        outlines = [read_outline(text) for text in repository.denials.texts(practice_id, statuses=(_SENT,))]
        rounds = _last_rounds(repository, practice_id, outlines)
    return tuple((one, rounds[one.denial_id]) for one in outlines if one.denial_id in rounds)


def _last_rounds(repository: Repository, practice_id: str, outlines: Sequence[Outline]) -> dict[str, Round]:
    names = [one.denial_id for one in outlines if one.status == _SENT]
    accounts = repository.outcomes.accounts(practice_id, names)
    return {name: account.rounds[-1] for name, account in accounts.items() if account.rounds}


def _place(one: Outline) -> tuple[int, str]:
    rank = one.priority.rank
    return (rank if rank is not None else 2**31, one.denial_id)


def _differs(one: Outline, standing: Standing) -> bool:
    if (one.priority.rank, one.series) != (standing.rank, standing.series):
        return True
    return one.priority.differs(standing.worth)


def _with_standing(one: Outline, standing: Standing) -> Outline:
    told = msgspec.structs.asdict(one.priority) | standing.worth | {"rank": standing.rank}
    return msgspec.structs.replace(one, priority=with_words(OutlinePriority(**told)), series=standing.series)

"""The groups and series of a practice, held in memory and kept true as denials change: a change looks at its kin alone.

What a group is, `groups.py` says; this says which of them a changed denial can touch. Those are: the lines of its claim
that borrow its drug's code, the denials that share a record with it, and the small ones of its batch.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from agent.series.finding import series_id
from agent.series.groups import (
    OPEN,
    BatchKey,
    Group,
    KinKey,
    batch_key,
    batch_of,
    is_small,
    kin_key,
    series_among,
)
from agent.series.shared import AnswerKey, Facts, answer_key, drug_code
from agent.worth.outline import Outline

_Key = TypeVar("_Key")


class Kinship:
    """All of a practice's denials in outline, and what each is worked together with. Not safe for threads."""

    def __init__(self, outlines: Iterable[Outline] = ()) -> None:
        """Hold these denials; more are `put`."""
        self._held: dict[str, Outline] = {}
        self._answers: dict[AnswerKey, dict[str, str | None]] = {}
        self._kin_of: dict[str, KinKey] = {}
        self._kin: dict[KinKey, set[str]] = {}
        self._named: dict[str, str] = {}
        self._bearers: dict[str, set[str]] = {}
        self._small: dict[BatchKey, set[str]] = {}
        self._series: dict[KinKey, tuple[Group, ...]] = {}
        self._batches: dict[BatchKey, Group] = {}
        self._groups: dict[str, Group] = {}
        self._in_series: dict[str, Group] = {}
        self._in_batch: dict[str, Group] = {}
        self._stirred: set[str] = set()
        self._edited: set[str] = set()
        self.put(outlines)

    @property
    def outlines(self) -> Mapping[str, Outline]:
        """Every denial by id."""
        return self._held

    def group_of(self, denial_id: str) -> Group | None:
        """Return the group an open denial is worked with; None when it is worked alone."""
        return self._in_series.get(denial_id) or self._in_batch.get(denial_id)

    def series_of(self, denial_id: str) -> str | None:
        """Return the series of a denial that shares its cause and record with another, open or not."""
        named = self._named.get(denial_id)
        return named if named is not None and len(self._bearers[named]) > 1 else None

    def groups(self) -> tuple[Group, ...]:
        """Return every group, series first, each in order of its id."""
        return tuple(sorted(self._groups.values(), key=lambda group: (group.kind == "batch", group.group_id)))

    def group(self, group_id: str) -> Group | None:
        """Return a group by its id."""
        return self._groups.get(group_id)

    def named(self, denial_or_group: str) -> Group | None:
        """Return a group by its id, or the one a denial is in."""
        return self._groups.get(denial_or_group) or self.group_of(denial_or_group)

    def edited(self) -> tuple[Outline, ...]:
        """Return the denials that a person has corrected, in order of id."""
        return tuple(self._held[name] for name in sorted(self._edited))

    def stirred(self) -> frozenset[str]:
        """Return the ids of groups that were made, unmade or made anew since this was last asked."""
        found = frozenset(self._stirred)
        self._stirred.clear()
        return found

    def note(self, outlines: Iterable[Outline]) -> None:
        """Keep outlines in which only worth, rank or series is another: nothing is grouped by them."""
        self._held |= {one.denial_id: one for one in outlines}

    def facts(self, denials: Iterable[Outline]) -> Facts:
        """Return what finds the shared facts of some denials: it knows the lines of their claims."""
        keys = {answer_key(one) for one in denials}
        return Facts(self._held[name] for key in keys for name in self._answers.get(key, ()))

    def sharing(self, key: KinKey) -> Iterator[Outline]:
        """Give the open denials that share a record, in order of id."""
        return (self._held[name] for name in sorted(self._kin.get(key, ())))

    def put(self, outlines: Iterable[Outline]) -> frozenset[str]:
        """Put changed and new denials in place; return all whose group, or series, may be another now."""
        changed = {one.denial_id: one for one in outlines}
        touched = set(changed)
        batches: set[BatchKey] = set()
        for name, one in changed.items():
            old = self._held.get(name)
            self._held[name] = one
            (self._edited.add if is_edited(one) else self._edited.discard)(name)
            touched |= self._answer(name, old, one)
            batches |= self._shrink(name, old, one)
        kins, bearers = self._relate(touched)
        touched |= bearers
        moved_out = [self._series_away(kin) for kin in kins]  # all of them first: who moves is in another's before
        for moved in (*moved_out, *map(self._series_anew, kins)):
            touched |= moved
            keys = ((name, batch_key(self._held[name])) for name in moved)
            batches |= {key for name, key in keys if name in self._small.get(key, ())}
        for key in batches:
            touched |= self._batch_anew(key)
        return frozenset(touched)

    def _answer(self, name: str, old: Outline | None, new: Outline) -> set[str]:
        """Keep the codes of a claim's lines; return the lines that may borrow another code now."""
        touched: set[str] = set()
        keys = {answer_key(one) for one in (old, new) if one is not None}
        for key in keys:
            held = self._answers.setdefault(key, {})
            held.pop(name, None)
            if key == answer_key(new):
                held[name] = drug_code(new)
            touched |= {other for other, code in held.items() if code is None}
            if not held:
                del self._answers[key]
        return touched

    def _shrink(self, name: str, old: Outline | None, new: Outline) -> set[BatchKey]:
        """Keep who is small; return the batches that this touches."""
        keys = set()
        if old is not None and name in self._small.get(key := batch_key(old), ()):
            _take(self._small, key, name)
            keys.add(key)
        if new.status in OPEN and is_small(new):
            self._small.setdefault(batch_key(new), set()).add(name)
            keys.add(batch_key(new))
        return keys

    def _relate(self, names: Iterable[str]) -> tuple[set[KinKey], set[str]]:
        """Keep which record each denial shares; return the records touched, and whose series may be another."""
        outlines = [self._held[name] for name in names]
        facts = self.facts(outlines)
        kins: set[KinKey] = set()
        touched: set[str] = set()
        for one in outlines:
            name, fact = one.denial_id, facts.of(one)
            if (was := self._kin_of.pop(name, None)) is not None:
                _take(self._kin, was, name)
                kins.add(was)
            if fact is not None and one.status in OPEN:
                key = self._kin_of[name] = kin_key(one, fact)
                self._kin.setdefault(key, set()).add(name)
                kins.add(key)
            touched |= self._name(name, series_id(one, fact) if fact is not None else None)
        return kins, touched

    def _name(self, name: str, series: str | None) -> set[str]:
        """Keep the name of a denial's series; return whose is another: one bearer alone makes none."""
        was = self._named.get(name)
        if was == series:
            return set()
        touched = {name}
        if was is not None:
            _take(self._bearers, was, name)
            if len(left := self._bearers.get(was, ())) == 1:
                touched |= set(left)
            del self._named[name]
        if series is not None:
            self._named[name] = series
            held = self._bearers.setdefault(series, set())
            if len(held) == 1:
                touched |= held
            held.add(name)
        return touched

    def _series_away(self, kin: KinKey) -> set[str]:
        """Unmake the series of those who share a record; return who was in one."""
        before = self._series.pop(kin, ())
        for group in before:
            self._stirred.add(group.group_id)
            del self._groups[group.group_id]
            for name in group.members:
                del self._in_series[name]
        return {name for group in before for name in group.members}

    def _series_anew(self, kin: KinKey) -> set[str]:
        """Make the series of those who share a record, where none is made; return who is in one."""
        outlines = list(self.sharing(kin))
        facts = self.facts(outlines)
        found = [(one, fact) for one in outlines if (fact := facts.of(one)) is not None]
        if not (after := tuple(series_among(found))):
            return set()
        self._series[kin] = after
        for group in after:
            self._stirred.add(group.group_id)
            self._groups[group.group_id] = group
            self._in_series |= dict.fromkeys(group.members, group)
        return {name for group in after for name in group.members}

    def _batch_anew(self, key: BatchKey) -> set[str]:
        """Make a batch of the small denials that are in no series; return who was in it or is."""
        before = self._batches.pop(key, None)
        touched = set(before.members) if before is not None else set()
        if before is not None:
            self._groups.pop(before.group_id, None)
            self._stirred.add(before.group_id)
            for name in before.members:
                if self._in_batch.get(name) is before:
                    del self._in_batch[name]
        members = [name for name in sorted(self._small.get(key, ())) if name not in self._in_series]
        if len(members) > 1:
            batch = self._batches[key] = batch_of([self._held[name] for name in members])
            self._groups[batch.group_id] = batch
            self._stirred.add(batch.group_id)
            self._in_batch |= dict.fromkeys(members, batch)
            touched |= set(members)
        return touched


def is_edited(one: Outline) -> bool:
    """Tell whether a person has corrected a denial, and it waits for a decision on that."""
    return any(reason.code == "edited" for reason in one.review_reasons)


def _take(held: dict[_Key, set[str]], key: _Key, name: str) -> None:
    held[key].discard(name)
    if not held[key]:
        del held[key]

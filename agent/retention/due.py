"""Which patients' records have reached the end of their term on a day, and which are kept although they have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from agent.erasure.erasing import UnderHold, check_holds
from agent.erasure.patient import Asked, NotExact, Patient, patient_among
from agent.retention.policy import KeepingRule, policy_of
from knowledge.records import Records, Repository, StoredDenial
from knowledge.records.mentions import Mention
from tools.denials.identity import squeeze

ENDED = frozenset({"won", "partly_won", "lost", "closed"})
"""Statuses of denials that nobody works any more."""


@dataclass(frozen=True)
class Ended:
    """A patient whose term has ended: whom to ask for, the last day anything happened, and when the term ended."""

    asked: Asked
    denials: tuple[str, ...]
    claims: int
    latest: date
    ended_on: date


@dataclass(frozen=True)
class Kept:
    """What is kept although its term has ended, or cannot be told, and why. `member` is the member id it goes by."""

    member: str
    why: str


@dataclass(frozen=True)
class Standing:
    """One practice on a day: its rule, what has ended, and what is kept all the same."""

    practice_id: str
    rule: KeepingRule
    ended: tuple[Ended, ...]
    kept: tuple[Kept, ...]


def standing_on(records: Records, home: Path, practice_id: str, as_of: date) -> Standing:
    """Find what has reached its end by `as_of`; nothing is changed.

    A term runs from the last day that anything of a patient mentions, or on which it came in or was worked, whichever
    is latest. Denials that are not settled, holds, and what cannot be told apart keep a patient's records.

    Raises:
        BadPolicy: HOME/retention.yaml cannot be used.
    """
    with records.reading() as tx:
        rule = policy_of(home, practice_id, tx.facts.payers(practice_id))
        mentions = tuple(tx.mentions.all(practice_id))
        stored = {one.denial_id: one for one in tx.denials.all(practice_id)}
        came = {file.id: file.received_at for file in tx.files.all(practice_id)}
        judging = _Judging(tx, mentions, stored, came, rule, as_of)
        ended: list[Ended] = []
        kept: list[Kept] = []
        for name, held in sorted(_by_member(mentions).items()):
            if judging.surely_runs(held):
                continue
            for asked in _asked(practice_id, held, name):
                found = judging.of(asked)
                if isinstance(found, Ended):
                    ended.append(found)
                elif found is not None:
                    kept.append(found)
    return Standing(
        practice_id, rule, tuple(sorted(ended, key=lambda one: (one.ended_on, one.asked.member))), tuple(kept)
    )


def term_end(latest: date, years: int) -> date:
    """Return the day on which a term of whole years ends; that of 29 February ends on 1 March."""
    try:
        return latest.replace(year=latest.year + years)
    except ValueError:
        return date(latest.year + years, 3, 1)


def _by_member(mentions: Sequence[Mention]) -> dict[str, list[Mention]]:
    """Index mentions by squeezed member id; a chart counts under its identifiers only where nothing else does."""
    index: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda one: one.kind == "chart"):
        ids = [name for member in mention.members if (name := squeeze(member))]
        if mention.kind == "chart":
            known = [name for name in ids if any(one.kind != "chart" for one in index.get(name, ()))]
            ids = known or ids[:1]
        for name in ids:
            index.setdefault(name, []).append(mention)
    return index


def _asked(practice_id: str, held: Sequence[Mention], name: str) -> Iterator[Asked]:
    """Give one way to ask for each person who goes by a member id: of several by birth date and given name."""
    member = next(one for mention in held for one in mention.members if squeeze(one) == name)
    people = {(one.born, " ".join(one.first.casefold().split())) for one in held if one.born and one.first.strip()}
    if len(people) < 2:
        yield Asked(practice_id, member)
        return
    for born, given in sorted(people, key=str):
        yield Asked(practice_id, member, born=born, given=(given,))


class _Judging:
    """Judges patients of one practice, each once under whichever of their ids."""

    def __init__(
        self,
        tx: Repository,
        mentions: Sequence[Mention],
        stored: dict[str, StoredDenial],
        came: dict[int, datetime],
        rule: KeepingRule,
        as_of: date,
    ) -> None:
        self._tx, self._mentions, self._stored, self._came = tx, mentions, stored, came
        self._rule, self._as_of = rule, as_of
        self._denials = [one.denial for one in stored.values()]
        self._seen: set[tuple[tuple[str, int], ...]] = set()

    def surely_runs(self, held: Sequence[Mention]) -> bool:
        """Tell the quick way that a term still runs for everyone who goes by an id: nobody needs to be told apart."""
        people = {(one.born, one.first.casefold()) for one in held if one.born}
        days = [max((day for day in (self._came_on(one), one.latest) if day), default=date.min) for one in held]
        # Of one person any day counts; of several nobody's earlier end may hide behind another's later one.
        return term_end(max(days) if len(people) < 2 else min(days), self._rule.years) > self._as_of

    def of(self, asked: Asked) -> Ended | Kept | None:
        """Judge one patient; None where the term still runs, or the patient was judged under another id."""
        try:
            patient = patient_among(self._mentions, self._denials, asked)
        except NotExact as fault:
            return Kept(asked.member, str(fault))
        mark = tuple(sorted((mention.kind, mention.row) for mention in patient.theirs))
        if mark in self._seen:
            return None
        self._seen.add(mark)
        latest = self._latest(patient)
        if latest is None:
            return Kept(asked.member, "nothing says when anything happened: a person must say")
        ended_on = term_end(latest, self._rule.years)
        if ended_on > self._as_of:
            return None
        open_ones = [name for name in patient.denials if self._stored[name].status not in ENDED]
        if open_ones:
            return Kept(asked.member, f"not settled: {', '.join(open_ones)}; enter the outcome, or close it")
        try:
            check_holds(self._tx, patient)
        except UnderHold as fault:
            return Kept(asked.member, str(fault))
        return Ended(asked, patient.denials, len(patient.claims), latest, ended_on)

    def _latest(self, patient: Patient) -> date | None:
        days = [patient.latest] if patient.latest else []
        days += [day for mention in patient.theirs if (day := self._came_on(mention)) is not None]
        for denial_id in patient.denials:
            worked = self._stored[denial_id].worked_at
            days += [worked.date()] if worked is not None else []
            days += [event.at.date() for event in self._tx.casework.timeline(patient.practice_id, denial_id)]
        return max(days, default=None)

    def _came_on(self, mention: Mention) -> date | None:
        moment = self._came.get(mention.file_id)
        return moment.date() if moment is not None else None

"""The audit trail as its page shows it: who saw or changed what, found by person, case and day."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from pydantic import AwareDatetime

from agent.office import Office
from api.access.principal import Principal
from api.audit_fhir import audit_event
from knowledge.records import Repository
from knowledge.records.audit import AuditEntry, Outcome
from knowledge.records.repository.audit import StoredEntry, Wanted
from knowledge.types.practice import Frozen

ROWS = 50
MOST_CASES = 20
"""How many cases of one search are followed; whoever has more is looked up case by case."""

VERIFYING = "verify_trail"
KINDS: tuple[tuple[str, str], ...] = (
    ("kind:nobody", "Not let in, or being let in"),
    ("kind:key", "The server's key"),
    ("kind:person", "Commands on the server"),
    ("kind:system", "The machine by itself"),
)
_AT_ONCE = 500


@dataclass(frozen=True)
class Asked:
    """What is looked for; what is None or empty does not count. Days are UTC, `to_day` is in."""

    practice: str | None = None
    who: str | None = None
    subjects: tuple[str, ...] = ()
    from_day: date | None = None
    to_day: date | None = None
    outcome: Outcome | None = None

    def query(self) -> list[tuple[str, str]]:
        """Write it as the parameters of an address: ids and days, nothing of a patient."""
        named = (
            ("practice", self.practice),
            ("who", self.who),
            ("from", self.from_day),
            ("to", self.to_day),
            ("outcome", self.outcome),
        )
        return [(name, str(value)) for name, value in named if value] + [("case", one) for one in self.subjects]


@dataclass(frozen=True)
class Row:
    """An entry and the name of who it is about."""

    entry: AuditEntry
    name: str

    @property
    def says(self) -> str:
        """Give what the entry says beyond who and what: words of ours and counts."""
        parts = (f"{name} {_plain(value)}" for name, value in sorted(self.entry.detail.items()))
        return "; ".join(part for part in parts if part)


class Verified(Frozen):
    """The last time that somebody had the whole trail verified: up to which entry, and how many faults it had."""

    entries: int
    faults: int
    at: AwareDatetime
    by: str


@dataclass(frozen=True)
class Shown:
    """A page of the trail. `before` leads on; None on the last."""

    rows: tuple[Row, ...]
    before: int | None
    last: int
    verified: Verified | None
    people: tuple[tuple[str, str], ...] = field(default=())


class Trail:
    """The trail as far as somebody may see it: entries of their practices; all of it for who sees every practice."""

    def __init__(self, office: Office, principal: Principal) -> None:
        """Read the trail of an office for somebody."""
        self._office, self._principal = office, principal

    def page(self, asked: Asked, before: int | None) -> Shown:
        """Give the entries looked for, the last on top, from before an entry on."""
        with self._office.records.reading() as repository:
            names = _names(repository, self._principal)
            head = repository.audit.head()
            last = head.number if head is not None else 0
            wanted = self._wanted(repository, asked, last)
            wanted = wanted._replace(before=min(wanted.before, before or wanted.before))
            found = repository.audit.found(wanted, ROWS, newest=True)
            verified = self._verified(repository, last, names)
        rows = tuple(Row(one, _name(one, names)) for one in _readable(found.entries) if self._may_see(one))
        people = sorted(names.items(), key=lambda pair: pair[1].casefold())
        return Shown(rows, None if found.whole else found.reached, last, verified, tuple(people))

    def events(self, asked: Asked) -> Iterator[str]:
        """Give the entries looked for as FHIR AuditEvents, one a line, the first on top."""
        with self._office.records.reading() as repository:
            head = repository.audit.head()
            wanted = self._wanted(repository, asked, head.number if head is not None else 0)
        while True:
            with self._office.records.reading() as repository:
                found = repository.audit.found(wanted, _AT_ONCE, newest=False)
            for stored in found.entries:
                if (entry := stored.read()) is not None and self._may_see(entry):
                    yield audit_event(entry, stored.sha256) + "\n"
            if found.whole:
                return
            wanted = wanted._replace(after=found.reached)

    def cases(self, words: str) -> tuple[str, ...]:
        """Give the ids of the cases that words find (a patient, claim, authorization); an id is itself.

        Names are looked up for those who may see cases; to others only ids lead somewhere.
        """
        if words.startswith(("den_", "sha256:")):
            return (words.split()[0],)
        if not self._principal.may("denials.read"):
            return ()
        found: set[str] = set()
        with self._office.records.reading() as repository:
            for practice_id in repository.files.practice_ids():
                if self._principal.sees(practice_id):
                    found |= repository.worklist.found_by(practice_id, words)[0]
        return tuple(sorted(found)[:MOST_CASES])

    def _may_see(self, entry: AuditEntry) -> bool:
        own = self._principal.practices
        return own is None or entry.practice_id in own

    def _wanted(self, repository: Repository, asked: Asked, last: int) -> Wanted:
        texts: list[tuple[str, ...]] = []
        if self._principal.practices is not None:
            texts.append(
                tuple(_part("practice_id", one) for one in sorted(self._principal.practices))
                or (_part("practice_id", ""),)
            )
        if asked.practice:
            texts.append((_part("practice_id", asked.practice),))
        if asked.who:
            kind, _, who = asked.who.partition(":")
            texts.append((_part("actor_kind", who) if kind == "kind" else _part("actor", who),))
        if asked.subjects:
            texts.append(tuple(json.dumps(one) for one in asked.subjects))
        if asked.outcome:
            texts.append((_part("outcome", asked.outcome),))
        after, before = 0, last + 1
        if asked.from_day is not None:
            after = repository.audit.first_since(_midnight(asked.from_day)) - 1
        if asked.to_day is not None:
            before = repository.audit.first_since(_midnight(asked.to_day + timedelta(days=1)))
        return Wanted(after, before, tuple(texts))

    def _verified(self, repository: Repository, last: int, names: Mapping[str, str]) -> Verified | None:
        texts = ((_part("action", VERIFYING),), (_part("outcome", "done"),))
        found = repository.audit.found(Wanted(0, last + 1, texts), 1, newest=True)
        for entry in _readable(found.entries):
            entries, faults = entry.detail.get("entries"), entry.detail.get("faults")
            if isinstance(entries, int) and isinstance(faults, int):
                return Verified(entries=entries, faults=faults, at=entry.at, by=_name(entry, names))
        return None


def _readable(stored: Sequence[StoredEntry]) -> Iterator[AuditEntry]:
    for one in stored:
        if (entry := one.read()) is not None:
            yield entry


def _part(name: str, value: str) -> str:
    """Write a part of an entry as it stands in its canonical JSON."""
    return f"{json.dumps(name)}:{json.dumps(value)}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _names(repository: Repository, principal: Principal) -> dict[str, str]:
    """Name users and clients of the practices somebody sees, by id."""
    own = principal.practices
    users = {
        one.user_id: one.name
        for one in repository.access.users()
        if own is None or (one.practices is not None and one.practices <= own)
    }
    clients = {
        one.client_id: one.name
        for one in repository.clients.all()
        if own is None or (one.practices is not None and one.practices <= own)
    }
    return users | clients


def _name(entry: AuditEntry, names: Mapping[str, str]) -> str:
    if entry.actor in names:
        return names[entry.actor]
    kinds = {"key": "the server's key", "demo": "the demo", "system": "the machine", "nobody": "nobody known"}
    return kinds.get(entry.actor_kind, entry.actor)


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in sorted(value.items()))
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    return str(value)

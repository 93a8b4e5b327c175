"""Who saw and changed what: the values of the audit trail, and who acts at the moment.

An entry names people, denials and files by id, never by name or content. Entries form a chain: each carries the sha256
of the one before, and is itself named by the sha256 of what it says as canonical JSON.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from knowledge.types.practice import Frozen

ActorKind = Literal["user", "client", "key", "demo", "person", "system", "nobody"]
"""`person`: whoever gives a command, by the login of the machine. `system`: the machine working by itself.

`nobody`: whoever was not let in, or is being let in.
"""

Does = Literal["C", "R", "U", "D", "E"]
"""Create, read, update, delete, execute: as FHIR's AuditEvent.action."""

Outcome = Literal["done", "refused", "failed"]
NOTHING = "0" * 64
"""What the first entry carries as the one before it."""

MOST_SUBJECTS = 200


class AuditDraft(Frozen):
    """What an entry says, before it has its place in the chain.

    `subjects` are ids of denials, files and (`pat_`) patients whose treatments are watched, at most 200 of `count`.
    `detail` holds words of ours and counts.
    """

    actor_kind: ActorKind
    actor: str
    role: str | None = None
    action: str
    does: Does
    outcome: Outcome = "done"
    practice_id: str | None = None
    subjects: tuple[str, ...] = ()
    count: int = 0
    request_id: str = ""
    address: str = ""
    detail: dict[str, Any] = Field(default_factory=dict)


class AuditEntry(AuditDraft):
    """An entry in its place."""

    number: int
    at: AwareDatetime
    previous: str

    def said(self) -> str:
        """Return the entry as canonical JSON: keys sorted, no spaces, ASCII, the moment in UTC."""
        values = {**self.model_dump(mode="json"), "at": self.at.astimezone(UTC).isoformat(timespec="microseconds")}
        return json.dumps(values, sort_keys=True, separators=(",", ":"))


class Head(Frozen):
    """The last entry, and the code that shows that who wrote it held the key."""

    number: int
    sha256: str
    mac: str

    @classmethod
    def of(cls, number: int, sha256: str, key: bytes) -> "Head":
        """Make the head of a chain."""
        mac = hmac.new(key, f"{number}:{sha256}".encode(), hashlib.sha256).hexdigest()
        return cls(number=number, sha256=sha256, mac=mac)

    def holds(self, key: bytes) -> bool:
        """Tell whether it was made with the key."""
        return hmac.compare_digest(self.mac, Head.of(self.number, self.sha256, key).mac)


def entry_sha256(said: str) -> str:
    """Return the name of an entry."""
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Auditing:
    """How a home keeps its trail: by which clock, with which key, and where the head stands beside the records."""

    clock: Callable[[], datetime]
    key: bytes = field(repr=False)
    head_file: Path | None = None


@dataclass
class Seen:
    """What one request or command has been shown so far."""

    subjects: dict[str, None] = field(default_factory=dict)
    count: int = 0
    practices: set[str] = field(default_factory=set)
    written: bool = False

    def add(self, practice_id: str, subject: str) -> None:
        """Note one denial or file."""
        self.practices.add(practice_id)
        if subject in self.subjects:
            return
        self.count += 1
        if len(self.subjects) < MOST_SUBJECTS:
            self.subjects[subject] = None


@dataclass(frozen=True)
class Acting:
    """Who acts, in what, from where."""

    kind: ActorKind
    actor: str
    action: str
    role: str | None = None
    request_id: str = ""
    address: str = ""
    seen: Seen | None = None

    def draft(self, does: Does, **more: Any) -> AuditDraft:
        """Begin an entry."""
        return AuditDraft(
            actor_kind=self.kind,
            actor=self.actor,
            role=self.role,
            action=more.pop("action", self.action),
            does=does,
            request_id=self.request_id,
            address=self.address,
            **more,
        )

    def shown(self, does: Does, **more: Any) -> AuditDraft:
        """Begin an entry about what was seen, with whatever ids `subjects` adds."""
        seen = self.seen or Seen()
        added = [one for one in more.pop("subjects", ()) if one not in seen.subjects]
        subjects = (*added, *seen.subjects)[:MOST_SUBJECTS]
        alone = next(iter(seen.practices)) if len(seen.practices) == 1 else None
        practice_id = more.pop("practice_id", None) or alone
        return self.draft(does, subjects=subjects, count=seen.count + len(added), practice_id=practice_id, **more)


SYSTEM = Acting("system", "overturn", "work")
_acting: ContextVar[Acting] = ContextVar("overturn_acting", default=SYSTEM)


def acting_now() -> Acting:
    """Return who acts at the moment."""
    return _acting.get()


@contextmanager
def acting(who: Acting) -> Iterator[Acting]:
    """Have everything in the block done in somebody's name."""
    token = _acting.set(who)
    try:
        yield who
    finally:
        _acting.reset(token)


@contextmanager
def looking_away() -> Iterator[None]:
    """Have the block act in the same name, but note nothing as seen: the machine reads, not the person."""
    with acting(replace(acting_now(), seen=None)):
        yield


def saw(practice_id: str, subjects: Iterable[str]) -> None:
    """Note what whoever acts is being shown."""
    seen = acting_now().seen
    if seen is not None:
        for subject in subjects:
            seen.add(practice_id, subject)

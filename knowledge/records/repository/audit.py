"""The audit trail: entries are added at its end and read; there is no statement that changes one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import or_
from sqlmodel import Session, col, select, update

from knowledge.records.audit import NOTHING, AuditDraft, AuditEntry, Head, entry_sha256
from knowledge.records.repository.keyed import insert_once
from knowledge.records.tables.audit import AuditEntryRow, AuditHeadRow

_AT_ONCE = 1000
_MENTIONED = "audit_mentioned"
SPAN = 50_000
"""How many entries are held against a text for one page, fewer against several: no page waits for a long trail."""


class StoredEntry(NamedTuple):
    """An entry as it stands in the table, whether it is whole or not."""

    number: int
    said: str
    sha256: str

    def read(self) -> AuditEntry | None:
        """Read it; None when it cannot be."""
        try:
            return AuditEntry.model_validate_json(self.said)
        except ValidationError:
            return None


class Wanted(NamedTuple):
    """Which entries: numbered between `after` and `before`, holding one text of each of `texts` (canonical JSON)."""

    after: int
    before: int
    texts: tuple[tuple[str, ...], ...] = ()


class Found(NamedTuple):
    """Entries found, down (or up) to which number was looked, and whether that was all."""

    entries: tuple[StoredEntry, ...]
    reached: int
    whole: bool


class Audit:
    """The trail, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, draft: AuditDraft, at: datetime, key: bytes) -> Head:
        """Add an entry at the end and return the new head. Whoever appends at the same time waits."""
        insert_once(self._session, AuditHeadRow, Head.of(0, NOTHING, key).model_dump() | {"id": 1})
        last = self._session.exec(
            select(AuditHeadRow.number, AuditHeadRow.sha256).where(AuditHeadRow.id == 1).with_for_update()
        ).one()
        entry = AuditEntry(**draft.model_dump(), number=last[0] + 1, at=at, previous=last[1])
        said = entry.said()
        head = Head.of(entry.number, entry_sha256(said), key)
        insert_once(self._session, AuditEntryRow, {"number": entry.number, "said": said, "sha256": head.sha256})
        self.set_head(head)
        return head

    def set_head(self, head: Head) -> None:
        """Say where the chain ends."""
        self._session.execute(update(AuditHeadRow).where(col(AuditHeadRow.id) == 1).values(**head.model_dump()))

    def head(self) -> Head | None:
        """Return where the chain ends; None before the first entry."""
        row = self._session.exec(select(AuditHeadRow.number, AuditHeadRow.sha256, AuditHeadRow.mac)).first()
        return Head(number=row[0], sha256=row[1], mac=row[2]) if row else None

    def stored(self, after: int | None = None) -> Iterator[StoredEntry]:
        """Give the entries in order, those after a number."""
        while True:
            statement = select(AuditEntryRow.number, AuditEntryRow.said, AuditEntryRow.sha256)
            if after is not None:
                statement = statement.where(AuditEntryRow.number > after)
            rows = self._session.exec(statement.order_by(col(AuditEntryRow.number)).limit(_AT_ONCE)).all()
            yield from (StoredEntry(*row) for row in rows)
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1][0]

    def found(self, wanted: Wanted, limit: int, *, newest: bool) -> Found:
        """Give entries that hold all that is wanted, the last or the first on top; looks at a span of them at most."""
        low, high = wanted.after + 1, wanted.before - 1
        span = max(SPAN // max(sum(len(any_of) for any_of in wanted.texts), 1), limit)
        if newest:
            low = max(low, high - span + 1)
        else:
            high = min(high, low + span - 1)
        number = col(AuditEntryRow.number)
        where = [number >= low, number <= high]
        where += [
            or_(*(col(AuditEntryRow.said).contains(text, autoescape=True) for text in any_of))
            for any_of in wanted.texts
        ]
        statement = select(AuditEntryRow.number, AuditEntryRow.said, AuditEntryRow.sha256).where(*where)
        rows = self._session.exec(statement.order_by(number.desc() if newest else number).limit(limit)).all()
        entries = tuple(StoredEntry(*row) for row in rows)
        if len(entries) == limit:
            reached = entries[-1].number
        else:
            reached = low if newest else high
        whole = reached <= wanted.after + 1 if newest else reached >= wanted.before - 1
        return Found(entries, reached, whole)

    def first_since(self, moment: datetime) -> int:
        """Give the number of the first entry written at a moment or later; one beyond the last where there is none."""
        head = self.head()
        low, high = 1, (head.number if head is not None else 0) + 1
        while low < high:
            middle = (low + high) // 2
            entry = self.entry(middle)
            if entry is not None and entry.at < moment:
                low = middle + 1
            else:
                high = middle
        return low

    def entry(self, number: int) -> AuditEntry | None:
        """Give one entry; None where there is none, or it cannot be read."""
        statement = select(AuditEntryRow.number, AuditEntryRow.said, AuditEntryRow.sha256)
        row = self._session.exec(statement.where(AuditEntryRow.number == number)).first()
        return StoredEntry(*row).read() if row else None

    def mention(self, name: str, what: Any) -> None:
        """Have the entry of this transaction say something more: words of ours, ids, counts."""
        self._session.info.setdefault(_MENTIONED, {})[name] = what

    def mentioned(self) -> dict[str, Any]:
        """Return what the entry of this transaction is to say more."""
        found: dict[str, Any] = self._session.info.get(_MENTIONED, {})
        return found

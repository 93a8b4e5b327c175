"""Requests that may come again, and what they were answered with."""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from sqlmodel import Session, col, delete, select, update

from knowledge.records.exchange import KeptAnswer
from knowledge.records.repository.keyed import insert_once
from knowledge.records.tables import IdempotencyRow

Standing = Literal["begun", "in progress", "other request"]


class Idempotency:
    """Idempotency keys of callers, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(
        self, caller: str, key: str, fingerprint: str, now: datetime, *, lease: timedelta, kept: timedelta
    ) -> Standing | KeptAnswer:
        """Begin a request, or give what became of the one that had this key before.

        One that was begun longer than `lease` ago and never answered was cut off: it may be made again. Answers older
        than `kept` are forgotten.
        """
        self._session.execute(delete(IdempotencyRow).where(col(IdempotencyRow.began_at) < now - kept))
        values: Mapping[str, object] = {"caller": caller, "key": key, "fingerprint": fingerprint, "began_at": now}
        if insert_once(self._session, IdempotencyRow, values):
            return "begun"
        where = (col(IdempotencyRow.caller) == caller, col(IdempotencyRow.key) == key)
        row = self._session.exec(select(IdempotencyRow).where(*where)).one()
        if row.fingerprint != fingerprint:
            return "other request"
        if row.status is not None:
            headers = msgspec.json.decode(row.headers or "[]", type=tuple[tuple[str, str], ...])
            return KeptAnswer(status=row.status, headers=headers, body=zlib.decompress(row.body or b""))
        if row.began_at > now - lease:
            return "in progress"
        self._session.execute(update(IdempotencyRow).where(*where).values(began_at=now))
        return "begun"

    def keep(self, caller: str, key: str, answer: KeptAnswer) -> None:
        """Keep what a request was answered with."""
        values = {
            "status": answer.status,
            "headers": msgspec.json.encode(answer.headers).decode(),
            "body": zlib.compress(answer.body, level=1),
        }
        where = (col(IdempotencyRow.caller) == caller, col(IdempotencyRow.key) == key)
        self._session.execute(update(IdempotencyRow).where(*where).values(**values))

    def forget(self, caller: str, key: str) -> None:
        """Let a key be used again: its request came to nothing."""
        where = (col(IdempotencyRow.caller) == caller, col(IdempotencyRow.key) == key)
        self._session.execute(delete(IdempotencyRow).where(*where, col(IdempotencyRow.status).is_(None)))

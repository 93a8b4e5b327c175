"""Every request that a person or program is let in with leaves an entry in the audit trail before it is answered.

What a request changes has its entry in the transaction that changes it (knowledge/records/trail.py). What it only
shows, or what it was refused, is entered here, when the answer's head is known and before a byte of it goes out: an
answer whose entry cannot be written is not given.
"""

from typing import Any, NamedTuple

from anyio.to_thread import run_sync
from sqlalchemy.exc import DatabaseError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.needs import permission_of
from api.access.permissions import Permission
from api.access.principal import principal_of
from api.problems import answer
from api.route_names import name_of, tried
from knowledge.records import Records
from knowledge.records.audit import Acting, Does, Outcome, Seen, acting

UNAUDITED: frozenset[Permission] = frozenset(("account.own", "metrics.read"))
"""Permissions whose routes show nothing of a patient; what they change is entered all the same."""

_READS = ("GET", "HEAD", "OPTIONS")
_SUBJECTS = ("denial_id", "file_id", "key", "series_id", "group_id", "send_key", "job_id", "rule_id", "user_id")
_FAILED, _REFUSED = 500, 400


class Repeat(NamedTuple):
    """What an answer that is given again was about: what it needs, what it did, whose it is, what it showed."""

    permission: Permission
    action: str
    practice_id: str | None
    subjects: tuple[str, ...]


class Audited:
    """ASGI middleware around the app; it stands inside of the guard, which says who asks."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        service = getattr(scope["app"].state, "service", None) if scope["type"] == "http" else None
        principal = principal_of(Request(scope)) if scope["type"] == "http" else None
        if service is None:
            await self.app(scope, receive, send)
            return
        who = Acting(
            principal.kind if principal else "nobody",
            principal.id if principal else "nobody",
            action=f"{scope['method'].lower()} request" if scope["method"] in _READS else tried(scope),
            role=principal.role if principal else None,
            request_id=scope["state"].get("request_id", ""),
            address=scope["client"][0] if scope.get("client") else "",
            seen=Seen(),
        )
        entry = _Entry(who, scope, service.office.records)
        started = False

        async def send_entered(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start" and not started:
                started = True
                await run_sync(entry.write, int(message["status"]))
            await send(message)

        with acting(who):
            try:
                await self.app(scope, receive, send_entered)
            except _NotEntered:
                refusal = answer(
                    Request(scope), "not-ready", "the audit trail cannot be written", headers={"retry-after": "10"}
                )
                await refusal(scope, receive, send)


class _NotEntered(Exception):
    """An entry could not be written."""


class _Entry:
    """The entry of one request."""

    def __init__(self, who: Acting, scope: Scope, records: Records) -> None:
        self._who, self._scope, self._records = who, scope, records

    def write(self, status: int) -> None:
        """Write it, where there is something to be said beyond what the request's changes have said already."""
        route = self._scope.get("route")
        repeat: Repeat | None = self._scope.get("state", {}).get("repeat")
        permission = permission_of(route) if repeat is None else repeat.permission
        outcome: Outcome = "failed" if status >= _FAILED else "refused" if status >= _REFUSED else "done"
        seen = self._who.seen or Seen()
        if permission is None or (permission in UNAUDITED and not seen.subjects and outcome == "done"):
            return
        if seen.written and not seen.subjects and outcome == "done" and repeat is None:
            return
        reads = self._scope["method"] in _READS
        does: Does = "R" if reads or (seen.subjects and not seen.written) else "E"
        named = self._scope.get("path_params") or {}
        subjects = tuple(str(named[name]) for name in _SUBJECTS if name in named)
        detail: dict[str, Any] = {"status": status, "permission": permission}
        detail |= self._scope.get("state", {}).get("audit_detail", {})
        if repeat is not None:
            detail["repeat"] = True
        draft = self._who.shown(
            does,
            action=action_of(route, self._scope) if repeat is None else repeat.action,
            outcome=outcome,
            subjects=subjects,
            practice_id=self._scope.get("state", {}).get("practice_id"),
            detail=detail,
        )
        try:
            self._records.note(draft)
        except DatabaseError as fault:
            raise _NotEntered from fault


def action_of(route: Any, scope: Scope) -> str:
    """Name what a request does: its route's operation."""
    return name_of(route) or f"{scope['method'].lower()} request"

"""Who was not let in: failed sign-ins, keys and tokens that do not hold, pages of other sites, on the audit trail.

An entry says who they claimed to be (only where there is such a user or client: what somebody typed may be a password),
from where, and what they tried; never what they showed. Whoever tries without end does not fill the disk: the first
refusal of its kind in an hour is entered at once, all others of that hour as one count when it is over.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import DatabaseError
from starlette.requests import Request
from starlette.types import Scope

from api.route_names import tried
from knowledge.records import Records
from knowledge.records.audit import ActorKind, AuditDraft

SPAN = timedelta(hours=1)
MOST_OF_ONE_ADDRESS = 20
MOST = 200
"""Kinds of refusals entered one by one in a span; beyond, they are counted together (by address, then in all)."""

_log = logging.getLogger(__name__)
_Kind = tuple[str, str, str, str]


@dataclass(frozen=True)
class _Counted:
    draft: AuditDraft
    repeats: int = 0


class Refusals:
    """The refusals of one server. What was only counted is entered when the span is over, and when it stops."""

    def __init__(self, records: Records, clock: Callable[[], datetime]) -> None:
        """Enter refusals in the trail of `records`."""
        self._records, self._clock = records, clock
        self._lock = threading.Lock()
        self._counted: dict[_Kind, _Counted] = {}
        self._began = clock()

    def note(self, draft: AuditDraft) -> None:
        """Take one refusal: enter it, or count it."""
        with self._lock:
            over = list(self._over()) if self._clock() - self._began >= SPAN else []
            kind, draft = self._kind(draft)
            held = self._counted.get(kind)
            self._counted[kind] = replace(held, repeats=held.repeats + 1) if held else _Counted(draft)
        self._enter(*over, *(() if held else (draft,)))

    def settle(self) -> None:
        """Enter what was counted so far."""
        with self._lock:
            over = list(self._over())
        self._enter(*over)

    def _over(self) -> Iterator[AuditDraft]:
        """End the span: what came more than once in it, with how often."""
        counted, began = self._counted, self._began
        self._counted, self._began = {}, self._clock()
        for one in counted.values():
            if one.repeats:
                detail = {**one.draft.detail, "repeats": one.repeats, "since": began.isoformat()}
                yield one.draft.model_copy(update={"detail": detail, "request_id": ""})

    def _kind(self, draft: AuditDraft) -> tuple[_Kind, AuditDraft]:
        """Name what kind of refusal it is, and give what is entered of it."""
        kind = (draft.actor_kind, draft.actor, draft.action, draft.address)
        if kind in self._counted:
            return kind, draft
        of_address = sum(1 for known in self._counted if known[3] == draft.address)
        if of_address < MOST_OF_ONE_ADDRESS and len(self._counted) < MOST:
            return kind, draft
        address = draft.address if of_address >= MOST_OF_ONE_ADDRESS else ""
        together = AuditDraft(
            actor_kind="nobody", actor="many", action="refused", does="E", outcome="refused", address=address
        )
        return ("nobody", "many", "refused", address), together

    def _enter(self, *drafts: AuditDraft) -> None:
        for draft in drafts:
            try:
                self._records.note(draft)
            except DatabaseError as fault:  # nothing was shown to them: they are refused all the same
                _log.error("a refusal could not be entered in the audit trail", exc_info=fault)


def claim(request: Request, kind: ActorKind, who: str) -> None:
    """Note whom a request claims to come from: a user or client that there is."""
    request.state.claimed = (kind, who)


def note_refusal(scope: Scope, status: int, problem: str = "") -> None:
    """Take a refusal of a request into account; before the server has started, there is no trail."""
    refusals: Refusals | None = getattr(scope["app"].state, "refusals", None)
    if refusals is None:
        return
    state = scope.get("state", {})
    principal = state.get("principal")
    kind, who = state.get("claimed") or ((principal.kind, principal.id) if principal else ("nobody", "nobody"))
    detail: dict[str, Any] = {"status": status}
    refusals.note(
        AuditDraft(
            actor_kind=kind,
            actor=who,
            role=principal.role if principal else None,
            action=tried(scope),
            does="E",
            outcome="refused",
            request_id=state.get("request_id", ""),
            address=scope["client"][0] if scope.get("client") else "",
            detail=detail | ({"problem": problem} if problem else {}),
        )
    )

"""What is done to rows of the queue: put on a desk, snoozed, put back as they were; views saved and removed."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.loopback import host_named, is_loopback
from api.access.needs import PrincipalOf, needs
from api.access.principal import Principal
from api.problems import ProblemError
from api.service import PracticeOf, Service, ServiceOf
from api.web import snoozing
from api.web.filters import day
from api.web.pages import practice_tail
from api.web.queue_filters import asked_by
from knowledge.records import Event, WorklistItem
from knowledge.records.queue import SavedView

router = APIRouter(include_in_schema=False)

Ids = Annotated[list[str], Form(min_length=1, max_length=200)]
Mark = Literal["assigned_to", "snoozed_until"]


@router.post("/queue/assign", dependencies=[needs("denials.assign")])
def assign(
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    ids: Ids,
    to: Annotated[str, Form(max_length=100)] = "",
) -> dict[str, Any]:
    """Put denials on somebody's desk; blank takes them off."""
    wanted = {"me": principal.id, "": None}.get(to, to)
    name = _name(service, practice_id, principal, wanted)
    told = f"Assigned to {name}" if wanted else "Taken off the desk"
    return _marked(service, practice_id, principal, ids, told, "assigned_to", wanted)


@router.post("/queue/snooze", dependencies=[needs("denials.assign")])
def snooze(
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    ids: Ids,
    days: Annotated[int, Form(ge=0, le=snoozing.LONGEST_SNOOZE)],
) -> dict[str, Any]:
    """Keep denials out of the queue for some days, never beyond their clocks; 0 wakes them."""
    practice = dict(service.office.practices())[practice_id]
    as_of = practice.as_of or service.office.clock().date()
    until = as_of + timedelta(days=days)
    if days and (wrong := snoozing.against_snooze(service, practice_id, ids, as_of, until)):
        raise ProblemError("invalid-request", f"form.days: {wrong}")
    told = f"Snoozed until {day(until)}" if days else "Woken"
    return _marked(service, practice_id, principal, ids, told, "snoozed_until", until.isoformat() if days else None)


class Restored(BaseModel):
    """Marks to be put back: what they were before by denial, and what they were set to meanwhile (`now`)."""

    model_config = ConfigDict(extra="forbid")

    mark: Mark
    now: str | None = Field(max_length=100)
    was: dict[str, str | None] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _days(self) -> "Restored":
        if self.mark == "snoozed_until":
            for value in (self.now, *self.was.values()):
                if value is not None:
                    date.fromisoformat(value)
        return self


@router.post("/queue/restore", dependencies=[needs("denials.assign")])
def restore(service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, restored: Restored) -> dict[str, Any]:
    """Put marks back as they were; a mark that somebody has set anew since is left as it is, and counted."""
    with service.office.records.reading() as repository:
        items = repository.worklist.items(practice_id, list(restored.was))
    unmoved = [name for name, item in items.items() if _mark_of(item, restored.mark) == restored.now]
    for value in sorted({restored.was[name] for name in unmoved}, key=lambda one: one or ""):
        ids = [name for name in unmoved if restored.was[name] == value]
        if restored.mark == "assigned_to":
            _name(service, practice_id, principal, value)
            _marked(service, practice_id, principal, ids, "Put back on the desk it was on", "assigned_to", value)
        else:
            _refuse_long_sleep(service, practice_id, ids, value)
            _marked(service, practice_id, principal, ids, "Snooze undone", "snoozed_until", value)
    left = len(restored.was) - len(unmoved)
    moved = f"; {left} changed since by somebody else and left" if left else ""
    return {"says": f"Undone{moved}"}


@router.post("/queue/practice", dependencies=[needs("denials.read")])
def choose_practice(request: Request, practice: PracticeOf) -> Response:
    """Remember, in this browser, which of one's practices the pages are about."""
    response = RedirectResponse("/queue", 303)
    secure = not is_loopback(host_named(request.headers.get("host", "")))
    response.set_cookie("practice", practice, httponly=True, samesite="strict", secure=secure)
    return response


@router.post("/queue/views", dependencies=[needs("denials.read")])
def save_view(
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    name: Annotated[str, Form(min_length=1, max_length=60)],
    query: Annotated[str, Form(max_length=2000)] = "",
    shared: Annotated[bool, Form()] = False,
) -> Response:
    """Save a filter by name; the same name again replaces one's own."""
    asked, name = asked_by(query), " ".join(name.split())
    with service.office.records.transaction() as repository:
        own = [view for view in repository.views.of(practice_id, principal.id) if view.owner == principal.id]
        known = next((view.view_id for view in own if view.name.casefold() == name.casefold()), None)
        view = SavedView(
            view_id=known or f"viw_{uuid.uuid4().hex[:20]}",
            owner=principal.id,
            owner_name=principal.name,
            name=name,
            query=asked.own,
            shared=shared,
            made_at=service.office.clock(),
        )
        repository.views.save(practice_id, view)
    return RedirectResponse(f"/queue?{asked.query}" if asked.query else "/queue", 303)


@router.post("/queue/views/{view_id}/remove", dependencies=[needs("denials.read")])
def remove_view(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, view_id: str
) -> Response:
    """Forget a view of one's own."""
    with service.office.records.transaction() as repository:
        if not repository.views.remove(practice_id, principal.id, view_id):
            raise ProblemError("not-found", "you have no view of this id")
    return RedirectResponse(f"/queue{practice_tail(request)}", 303)


def _name(service: Service, practice_id: str, principal: Principal, wanted: str | None) -> str:
    if wanted is None or wanted == principal.id:
        return principal.name
    with service.office.records.reading() as repository:
        user = repository.access.user(wanted)
    if user is None or user.disabled_at is not None or not (user.practices is None or practice_id in user.practices):
        raise ProblemError("invalid-request", "form.to: nobody of this practice has this id")
    return user.name


def _refuse_long_sleep(service: Service, practice_id: str, ids: Sequence[str], until: str | None) -> None:
    """Put a snooze back only as it could be set: a day that has passed wakes, one beyond the clock is refused."""
    practice = dict(service.office.practices())[practice_id]
    as_of = practice.as_of or service.office.clock().date()
    if until is None or date.fromisoformat(until) <= as_of:
        return
    wrong = snoozing.against_snooze(service, practice_id, ids, as_of, date.fromisoformat(until))
    if wrong:
        raise ProblemError("invalid-request", f"body.was: {wrong}")


def _mark_of(item: WorklistItem, mark: Mark) -> str | None:
    value = getattr(item, mark)
    return value.isoformat() if isinstance(value, date) else value


def _marked(
    service: Service,
    practice_id: str,
    principal: Principal,
    ids: Sequence[str],
    told: str,
    mark: Mark,
    value: str | None,
) -> dict[str, Any]:
    """Write the mark and an entry of the timeline, all or none; say what it was before, so that it can be undone."""
    now = service.office.clock()
    snoozes = mark == "snoozed_until"
    with service.office.records.transaction() as repository:
        known = repository.worklist.items(practice_id, ids)
        missing = [name for name in ids if name not in known]
        if missing:
            raise ProblemError("denial-unknown", f"practice {practice_id} has no denial {missing[0]}")
        for denial_id in dict.fromkeys(ids):
            if snoozes:
                repository.worklist.snooze(practice_id, denial_id, date.fromisoformat(value) if value else None)
            else:
                repository.worklist.assign(practice_id, denial_id, value)
            event = Event(
                key=f"{denial_id}:mark:{uuid.uuid4().hex[:16]}",
                at=now,
                kind="snoozed" if snoozes else "assigned",
                says=f"{told}, by {principal.name}",
            )
            repository.casework.add_event(practice_id, denial_id, event)
    was = {name: _mark_of(item, mark) for name, item in known.items()}
    says = f"{told} ({len(known)})" if len(known) > 1 else told
    return {"says": says, "undo": {"mark": mark, "now": value, "was": was}}

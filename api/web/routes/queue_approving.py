"""Cases approved together from the queue: looked at first, then approved as they were shown, and undone."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from api.access.deciding import decider
from api.access.needs import PrincipalOf, needs
from api.problems import ProblemError
from api.service import PracticeOf, Service, ServiceOf
from api.web.pages import page
from api.web.queue_approval import Fared, approve_shown, look, take_back_all
from api.worker import StillBusy
from knowledge.records import UnknownDenial

router = APIRouter(include_in_schema=False, dependencies=[needs("denials.review")])

MOST = 200
Ids = Annotated[list[str], Form(min_length=1, max_length=MOST)]


@router.post("/queue/look")
def look_first(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, ids: Ids
) -> Response:
    """Show what is to be approved as it stands now, and what cannot go with the others and why."""
    shown = look(service, principal, practice_id, ids)
    ready = [one for one in shown if not one.hindrance]
    return page(request, "queue_look.html", shown=shown, ready=ready, gone=len(dict.fromkeys(ids)) - len(shown))


@router.post("/queue/approve")
def approve(
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    seen: Annotated[list[str], Form(min_length=1, max_length=MOST)],
    reason: Annotated[str, Form(min_length=1, max_length=2000)],
) -> dict[str, Any]:
    """Approve each case that is as it was shown: `seen` are `id:tag`. Those that changed since are left, and named."""
    shown = [(name, tag) for name, _, tag in (one.partition(":") for one in seen)]
    if any(not tag for _, tag in shown):
        raise ProblemError("invalid-request", "form.seen: each is id:tag, as /queue/look gave it")
    by, role = decider(principal, None, None) if principal.kind != "key" else ("API key", None)
    try:
        fared = _turn(
            service,
            lambda: approve_shown(service, principal, practice_id, shown, by=by, reason=reason, role=role),
        )
    except UnknownDenial as error:
        raise ProblemError("denial-unknown", str(error)) from error
    return _told(fared, "Approved", "undo")


@router.post("/queue/take-back")
def take_back(service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, ids: Ids) -> dict[str, Any]:
    """Take decisions back while nothing of them was sent."""
    by = decider(principal, principal.name, None).by
    return _told(_turn(service, lambda: take_back_all(service, practice_id, ids, by=by)), "Taken back", "")


def _told(fared: Sequence[Fared], what: str, undo: str) -> dict[str, Any]:
    """Say what became of each; `undo` = what was done can be undone by /queue/take-back."""
    done = [one.denial_id for one in fared if not one.why]
    left = [asdict(one) for one in fared if one.why]
    says = f"{what}: {len(done)} denial{'s' if len(done) != 1 else ''}" if done else f"{what}: none"
    return {"says": says, "done": done, "left": left, "undo": done if undo else []}


def _turn(service: Service, change: Callable[[], tuple[Fared, ...]]) -> tuple[Fared, ...]:
    try:
        return service.worker.call(change, service.settings.patience)
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error

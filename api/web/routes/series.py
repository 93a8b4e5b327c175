"""Series and batches: all as rows, one in full, approved as a whole."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Form, Query, Request, Response

from agent.approving.refusal import ApprovalRefused
from agent.office import NotWaiting
from agent.series.approving import approve_together
from agent.series.members import UnknownGroup
from agent.series.packet import NotTogether
from agent.series.telling import shown_group
from api.access.deciding import decider
from api.access.needs import PrincipalOf, needs
from api.problems import ProblemError
from api.service import PracticeOf, Service, ServiceOf
from api.web.pages import page
from api.web.queue_filters import Asked
from api.web.queue_reading import Reader
from api.worker import StillBusy
from knowledge.records.queue import WorkGroup

router = APIRouter(include_in_schema=False)
T = TypeVar("T")


@router.get("/series", dependencies=[needs("denials.read")])
def list_groups(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    after: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """List series and batches, the one to work first on top."""
    reader = Reader(service, practice_id, principal)
    try:
        listed = reader.groups(after)
    except KeyError as error:
        raise ProblemError("bad-cursor", "this row is not in the list any more: reload it") from error
    template = "series_rows.html" if after else "series.html"
    return page(request, template, listed=listed, as_of=reader.as_of)


@router.get("/series/{group_id}", dependencies=[needs("denials.read")])
def show_group(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, group_id: str
) -> Response:
    """Show one: what its members share, each member, who is left out and why, who approved it as a whole."""
    reader = Reader(service, practice_id, principal)
    asked = Asked((("group", group_id), ("status", "any")))
    group = _group(service, practice_id, group_id)
    with service.office.records.reading() as repository:
        approved = repository.joint.all(practice_id, group_id)
    return page(
        request,
        "series_one.html",
        group=group,
        members=reader.members(asked, group_id),
        approved=approved,
        asked=asked,
        people=reader.people,
        me=principal.id,
        as_of=reader.as_of,
        words="",
    )


@router.post("/series/{group_id}/look", dependencies=[needs("denials.read")])
def look(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, group_id: str
) -> Response:
    """Say who can go together and who cannot, by each member's own work."""

    def looked() -> object:
        with service.office.at_desk(practice_id) as desk:
            return shown_group(desk, group_id)

    return page(request, "series_standing.html", shown=_turn(service, looked), wrong=None, done=None)


@router.post("/series/{group_id}/approve", dependencies=[needs("denials.review")])
def approve(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    group_id: str,
    reason: Annotated[str, Form(min_length=1, max_length=2000)],
    signed_by: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Approve every member that goes together, all or none."""
    group = _group(service, practice_id, group_id)
    by, role = decider(principal, None, None) if principal.kind != "key" else ("API key", None)
    try:
        joint = _turn(
            service,
            lambda: approve_together(
                service.office, practice_id, group_id, by=by, reason=reason, role=role, signed_by=signed_by or None
            ),
        )
    except (ApprovalRefused, NotTogether, NotWaiting) as error:
        return page(request, "series_standing.html", 422, shown=None, wrong=f"None was approved. {error}", done=None)
    left = len(group.members) - len(joint.members)
    done = f"Approved {len(joint.members)} of {len(group.members)} denials" + (f"; {left} go apart" if left else "")
    return page(request, "series_standing.html", shown=None, wrong=None, done=done)


def _group(service: Service, practice_id: str, group_id: str) -> WorkGroup:
    with service.office.records.reading() as repository:
        found = repository.groups.some(practice_id, [group_id]).get(group_id)
    if found is None:
        detail = f"{group_id} is no series or batch of open denials now: its members were decided, or changed"
        raise ProblemError("series-unknown", detail)
    return found


def _turn(service: Service, change: Callable[[], T]) -> T:
    try:
        return service.worker.call(change, service.settings.patience)
    except UnknownGroup as error:
        raise ProblemError("series-unknown", str(error)) from error
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error

"""The outbox: what was handed over, when, by which channel, and how it stands."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.access.needs import PrincipalOf, needs
from api.problems import ProblemError
from api.service import PracticeOf, ServiceOf
from api.web.pages import page
from api.web.queue_reading import Reader
from knowledge.records import BadCursor, OutgoingState, WorklistFilter

router = APIRouter(include_in_schema=False)

ROWS = 50


@router.get("/outbox", dependencies=[needs("sends.read")])
def outbox(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    state: Annotated[OutgoingState | None, Query()] = None,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """List sends, newest first, of one state or all."""
    reader = Reader(service, practice_id, principal)
    with service.office.records.reading() as repository:
        counts = repository.sent.counts(practice_id)
        try:
            sends, more = repository.sent.newest(practice_id, state, after, ROWS)
        except BadCursor as error:
            raise ProblemError("bad-cursor", str(error)) from error
        items = repository.worklist.items(practice_id, [one.denial_id for one in sends])
    with service.worklists.at(practice_id) as (index, _):
        approved = index.matching(WorklistFilter(status=("approved",))).bit_count()
        ready = index.matching(WorklistFilter(status=("worked",), route="straight_through")).bit_count()
    return page(
        request,
        "outbox_rows.html" if after else "outbox.html",
        sends=sends,
        more=more,
        items=items,
        counts=counts,
        state=state,
        approved=approved,
        ready=ready,
        as_of=reader.as_of,
    )

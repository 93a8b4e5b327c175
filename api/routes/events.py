"""What happened, in order: for programs that follow the practice's denials."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access.needs import needs
from api.exchange_schemas import EventKind, EventList, EventShown
from api.paging import DEFAULT, Limit
from api.problems import ProblemError, responses
from api.service import PRACTICE_PROBLEMS, PracticeOf, ServiceOf
from api.webhooks.messages import event_document
from knowledge.records import UnknownEvent
from knowledge.records.sortable_ids import pattern

router = APIRouter(tags=["Events"])


@router.get(
    "/v1/events",
    summary="Read what happened",
    responses=responses("event-unknown", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="list_events",
)
def list_events(
    service: ServiceOf,
    practice_id: PracticeOf,
    after: Annotated[
        str | None, Query(pattern=pattern("evt"), description="The id of the last event you have; all when left out.")
    ] = None,
    kind: Annotated[
        list[EventKind] | None,
        Query(description="Only events of these types.", max_length=50, examples=[["denial.waits"]]),
    ] = None,
    limit: Limit = DEFAULT,
) -> EventList:
    """Read events oldest first, each once: what a webhook brought, or should have, can be read here again.

    Hand `last` back as `after` until `more` is false; asked again later, it goes on there. Nothing is left out.
    """
    with service.office.records.reading() as repository:
        try:
            position = repository.feed.position_of(practice_id, after) if after is not None else 0
        except UnknownEvent as error:
            raise ProblemError("event-unknown", str(error)) from error
        found = repository.feed.after(practice_id, position, limit + 1, tuple(kind or ()))
    page = found[:limit]
    return EventList(
        items=[EventShown.model_validate(event_document(one)) for one in page],
        last=page[-1].event_id if page else after,
        more=len(found) > limit,
    )

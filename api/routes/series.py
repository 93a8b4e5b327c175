"""Series and batches: denials worked once and sent together."""

from typing import Annotated

from fastapi import APIRouter, Path

from agent.series.members import UnknownGroup
from agent.series.telling import ListedGroup, ShownGroup, listed_groups, shown_group
from api.access.needs import needs
from api.offices import now
from api.paging import DEFAULT, Cursor, Limit, Page, page_of
from api.problems import ProblemError, responses
from api.service import PRACTICE_PROBLEMS, PracticeOf, ServiceOf

router = APIRouter(tags=["Denials"])


@router.get(
    "/v1/series",
    summary="List series and batches",
    responses=responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="list_series",
)
def list_series(
    service: ServiceOf, practice_id: PracticeOf, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[ListedGroup]:
    """List what is worked once and sent together, in the order of the queue: series of one record, small batches."""
    practice = dict(service.office.practices())[practice_id]
    records = tuple(service.office.records_of(practice_id))
    found = listed_groups(records, practice.as_of or now().date())
    page, next_cursor = page_of("series", found, lambda group: group.group_id, cursor, limit)
    return Page(items=page, next_cursor=next_cursor)


@router.get(
    "/v1/series/{group_id}",
    summary="Get a series or batch",
    responses=responses("series-unknown", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="get_series",
)
def get_series(
    service: ServiceOf,
    practice_id: PracticeOf,
    group_id: Annotated[str, Path(description="Its id, or the id of a denial in it.")],
) -> ShownGroup:
    """Get one in full: who falls out and why, corrections open for its members, who approved it as a whole."""
    with service.office.at_desk(practice_id) as desk:
        try:
            return shown_group(desk, group_id)
        except UnknownGroup as error:
            raise ProblemError("series-unknown", str(error)) from error

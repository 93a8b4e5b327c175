"""Series and batches: denials worked once and sent together."""

from fastapi import APIRouter, Response

from agent.series.members import UnknownGroup
from agent.series.telling import ListedGroup, ShownGroup, listed_groups, shown_group
from api.access.needs import needs
from api.offices import now
from api.paging import DEFAULT, Cursor, Limit, Page, page_of
from api.problems import ProblemError, responses
from api.routes.series_decisions import GroupId, group_tag
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
    group_id: GroupId,
    response: Response,
) -> ShownGroup:
    """Get one in full: who falls out and why, corrections open for its members, who approved it as a whole.

    `ETag` names the version of all its members: send it as `If-Match` with a decision.
    """
    with service.office.at_desk(practice_id) as desk:
        try:
            # Before the reading: should a member change in between, the tag is that of less than what is shown.
            response.headers["etag"] = group_tag(service.office, practice_id, group_id)
            return shown_group(desk, group_id)
        except UnknownGroup as error:
            raise ProblemError("series-unknown", str(error)) from error

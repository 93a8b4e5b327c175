"""Series and batches: denials worked once and sent together."""

from fastapi import APIRouter, Response

from agent.ranking import rankings_of
from agent.series.members import UnknownGroup
from agent.series.telling import ListedGroup, ShownGroup, groups_in_order, listed, shown_group
from api.access.needs import needs
from api.offices import now
from api.paging import DEFAULT, Cursor, Limit, Page, page_of
from api.problems import ProblemError, responses
from api.routes.series_decisions import GroupId, group_tag
from api.service import PRACTICE_PROBLEMS, PracticeOf, ServiceOf
from knowledge.records.audit import saw

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
    as_of = practice.as_of or now().date()
    with rankings_of(service.office.records).at(practice_id) as ranking:
        held = ranking.once("groups in order", None, lambda: groups_in_order(ranking.kinship))
        chosen, next_cursor = page_of("series", held, lambda group: group.group_id, cursor, limit)
        page = [listed(group, ranking.kinship.outlines, as_of) for group in chosen]
    saw(practice_id, (name for group in chosen for name in group.members))
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

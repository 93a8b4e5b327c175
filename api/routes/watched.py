"""The watched folder: what stays in it because it cannot be taken."""

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.needs import PrincipalOf, needs
from api.paging import DEFAULT, Cursor, Limit, Page, digest, ordered_page, read_place
from api.problems import responses
from api.schemas import Answered
from api.watched import Watched

router = APIRouter(tags=["Files"])


class WatchedFile(Answered):
    """A file that stays where it is."""

    name: str
    says: str = Field(description="Why, and what would have it taken.")


class WatchedFolder(Page[WatchedFile]):
    """The files a watched folder keeps, in no order; one that is corrected is taken by itself."""

    watching: bool = Field(description="Whether the server watches a folder for a practice of yours.")


@router.get(
    "/v1/watched",
    summary="See what the watched folder does not take",
    responses=responses("bad-cursor", "key-required", "invalid-request"),
    dependencies=[needs("files.read")],
    operation_id="read_watched",
)
def read_watched(
    request: Request, principal: PrincipalOf, limit: Limit = DEFAULT, cursor: Cursor = None
) -> WatchedFolder:
    """List files of the watched folder that cannot be taken, or are not whole yet (`overturn serve --watch DIR`)."""
    watched: Watched | None = getattr(request.app.state, "watched", None)
    watching = watched is not None and principal.sees(watched.practice_id)
    found = watched.refused() if watched is not None and watching else ()
    files = [WatchedFile(name=one.name, says=one.says) for one in found]
    # A file's name may be a patient's: it is not for a cursor, which stands in an address.
    page, next_cursor = ordered_page("watched", files, lambda one: (digest(one),), read_place("watched", cursor), limit)
    return WatchedFolder(items=page, next_cursor=next_cursor, watching=watching)

"""The watched folder: what stays in it because it cannot be taken."""

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.needs import PrincipalOf, needs
from api.problems import responses
from api.schemas import Answered
from api.watched import Watched

router = APIRouter(tags=["Files"])


class WatchedFile(Answered):
    """A file that stays where it is."""

    name: str
    says: str = Field(description="Why, and what would have it taken.")


class WatchedFolder(Answered):
    """How the watched folder stands."""

    watching: bool = Field(description="Whether the server watches a folder for a practice of yours.")
    refused: list[WatchedFile] = Field(description="By name; one that is corrected is taken by itself.")


@router.get(
    "/v1/watched",
    summary="See what the watched folder does not take",
    responses=responses("key-required"),
    dependencies=[needs("files.read")],
    operation_id="read_watched",
)
def read_watched(request: Request, principal: PrincipalOf) -> WatchedFolder:
    """List files of the watched folder that cannot be taken, or are not whole yet (`overturn serve --watch DIR`)."""
    watched: Watched | None = getattr(request.app.state, "watched", None)
    if watched is None or not principal.sees(watched.practice_id):
        return WatchedFolder(watching=False, refused=[])
    return WatchedFolder(
        watching=True, refused=[WatchedFile(name=one.name, says=one.says) for one in watched.refused()]
    )

"""Whether the server lives, and whether it can work."""

from fastapi import APIRouter
from sqlalchemy.exc import DatabaseError

from api.problems import ProblemError, responses
from api.schemas import Standing
from api.service import ServiceOf

router = APIRouter(tags=["Health"])


@router.get("/health", summary="Does the server live?", operation_id="health")
async def health() -> Standing:
    """Answer as long as the process takes requests."""
    return Standing(status="ok")


@router.get("/ready", summary="Can the server work?", responses=responses("not-ready"), operation_id="ready")
def ready(service: ServiceOf) -> Standing:
    """Answer when the records can be read."""
    try:
        service.office.practices()
    except DatabaseError as error:
        raise ProblemError("not-ready", "the records cannot be read", headers={"retry-after": "10"}) from error
    return Standing(status="ok")

"""Whether the server lives, whether it can work, and its numbers."""

import sqlite3

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import DatabaseError

from api.access.needs import needs
from api.metrics import Metrics
from api.problems import ProblemError, responses
from api.schemas import Readiness, Standing
from api.service import Service, ServiceOf

router = APIRouter(tags=["Health"])
EXAMPLE = 'overturn_denials{status="sent",route="review"} 12.0\n'
RETRY = {"retry-after": "10"}


@router.get("/health", summary="Does the server live?", operation_id="health")
async def health() -> Standing:
    """Answer as long as the process takes requests."""
    return Standing(status="ok")


@router.get("/ready", summary="Can the server work?", responses=responses("not-ready"), operation_id="ready")
def ready(service: ServiceOf) -> Readiness:
    """Answer when records and checkpoints can be read, codes are loaded, and the thread that works cases takes work."""
    failing = _failing(service)
    if failing:
        raise ProblemError("not-ready", f"{', '.join(failing)} cannot be used now", headers=RETRY)
    return Readiness(status="ok", database="ok", checkpoints="ok", codes="ok", worker="ok")


def _failing(service: Service) -> list[str]:
    failing = []
    try:
        service.office.practices()
    except DatabaseError:
        failing.append("database")
    try:
        service.office.look_at_checkpoints()
    except sqlite3.Error:
        failing.append("checkpoints")
    if not service.office.codes_loaded:
        failing.append("codes")
    if not service.worker.takes_work:
        failing.append("worker")
    return failing


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    operation_id="metrics",
    response_class=Response,
    responses={
        200: {
            "description": "Prometheus text: counts by route, status, state and channel; nothing of a patient.",
            "content": {"text/plain": {"schema": {"type": "string"}, "example": EXAMPLE}},
        },
        **responses("key-required", "forbidden", "not-ready"),
    },
    dependencies=[needs("metrics.read")],
)
def metrics(request: Request) -> Response:
    """Give requests by route, work, sends, webhooks and the model's use, over all practices."""
    counted: Metrics = request.app.state.metrics
    try:
        text = generate_latest(counted.registry)
    except DatabaseError as error:
        raise ProblemError("not-ready", "the records cannot be read", headers=RETRY) from error
    return Response(text, media_type=CONTENT_TYPE_LATEST)

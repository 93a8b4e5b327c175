"""What is coming: doses that will be denied unless something is done first, and clocks that run out."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from agent.intake.book import load_book_inputs
from agent.watching.sweep import Sweep
from agent.watching.sweeping import sweep_practice
from agent.watching.warned import Watch
from agent.watching.watch import watch as watched
from api.access.needs import needs
from api.offices import now
from api.problems import responses
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from knowledge.codes import load_codes

router = APIRouter(tags=["Coming"])

AsOf = Annotated[
    date | None,
    Query(description="The day to count from; the practice's own `as_of`, else today (UTC).", examples=["2026-05-01"]),
]


@router.get(
    "/v1/watch",
    summary="Warn of the next doses",
    responses=responses("key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="watch",
)
def watch(service: ServiceOf, practice_id: PracticeOf, as_of: AsOf = None) -> Watch:
    """Warn of what will have the next dose of a treatment denied: authorization, coverage, a series of denials.

    Patients are ids here; the command line names them. What could not be compared is said with the treatment.
    """
    office = service.office
    inputs = load_book_inputs(office.records, practice_id)
    records = tuple(office.records_of(practice_id))
    return watched(inputs, load_codes(office.home / "codes"), records, _day(service, practice_id, as_of))


@router.get(
    "/v1/sweep",
    summary="List denials by the days left",
    responses=responses("key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("denials.read")],
    operation_id="sweep",
)
def sweep(service: ServiceOf, practice_id: PracticeOf, as_of: AsOf = None) -> Sweep:
    """List every open denial in exactly one bucket, by the clock that binds; small ones in batches.

    With what is out with payers and not answered. One that is snoozed, or approved and not sent, is listed too.
    """
    return sweep_practice(service.office.records, practice_id, _day(service, practice_id, as_of))


def _day(service: Service, practice_id: str, as_of: date | None) -> date:
    practice = dict(service.office.practices())[practice_id]
    return as_of or practice.as_of or now().date()

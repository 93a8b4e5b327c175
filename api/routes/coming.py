"""What is coming: doses that will be denied unless something is done first, and clocks that run out."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from agent.intake.book import load_book_inputs
from agent.watching.sweep import BUCKETS, Batch, BucketName, Sweep, SweptDenial, bucket_of
from agent.watching.sweeping import sweep_practice
from agent.watching.warned import DoseWarning, Watch, WatchedTreatment
from agent.watching.watch import watch as watched
from api.access.needs import needs
from api.offices import now
from api.paging import DEFAULT, Cursor, DatedPage, Key, Limit, day_of, digest, ordered_page, read_place
from api.problems import responses
from api.schemas import Answered
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from knowledge.codes import load_codes
from knowledge.records.audit import saw

router = APIRouter(tags=["Coming"])

AsOf = Annotated[
    date | None,
    Query(
        description="The day to count from; the practice's own `as_of`, else today (UTC). A cursor keeps the day.",
        examples=["2026-05-01"],
    ),
]
_PROBLEMS = responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS)


class SweptTogether(Answered):
    """The batch a small denial is worked in: one payer, one cause, by the first clock of them all."""

    payer_id: str | None
    root_cause: str
    count: int
    amount_at_stake: str = Field(description="Dollars.", examples=["312.40"])
    last_day: str | None


class SweptItem(SweptDenial):
    """An open denial and the bucket it is counted in; in a batch, that of the batch's first clock."""

    bucket: BucketName
    batch: SweptTogether | None = None


class BucketSum(Answered):
    """One span of days, with all it holds."""

    name: BucketName
    count: int
    amount_at_stake: str = Field(description="Dollars.", examples=["118250.00"])


class SweepPage(DatedPage[SweptItem]):
    """Open denials by the days left on their own clock, and what all of them come to."""

    low_dollar: str = Field(description="Denials below it are worked in batches; dollars.", examples=["250.00"])
    open: int = Field(description="How many denials are open.")
    buckets: list[BucketSum]


Placed = tuple[BucketName, SweptDenial, Batch | None]
"""A denial of a sweep with its bucket, and the batch it is worked in."""


@router.get(
    "/v1/watch",
    summary="Warn of the next doses",
    responses=_PROBLEMS,
    dependencies=[needs("denials.read")],
    operation_id="watch",
)
def watch(
    service: ServiceOf, practice_id: PracticeOf, as_of: AsOf = None, limit: Limit = DEFAULT, cursor: Cursor = None
) -> DatedPage[DoseWarning]:
    """Warn of what will have the next dose of a treatment denied: authorization, coverage, a series of denials.

    By date, those without one last. Patients are ids here; the command line names them.
    """
    after = read_place("watch", cursor)
    found = _watch(service, practice_id, _day(service, practice_id, as_of, after))
    day = found.as_of.isoformat()

    def place(one: DoseWarning) -> Key:
        return day, (one.expected or date.max).isoformat(), one.patient, digest(one)

    page, next_cursor = ordered_page("watch", found.warnings, place, after, limit)
    return DatedPage(items=page, next_cursor=next_cursor, as_of=found.as_of)


@router.get(
    "/v1/watch/treatments",
    summary="List the treatments watched",
    responses=_PROBLEMS,
    dependencies=[needs("denials.read")],
    operation_id="list_treatments",
)
def list_treatments(
    service: ServiceOf, practice_id: PracticeOf, as_of: AsOf = None, limit: Limit = DEFAULT, cursor: Cursor = None
) -> DatedPage[WatchedTreatment]:
    """List every treatment looked at, patient by patient: when its next dose is due, and what was not compared."""
    after = read_place("treatments", cursor)
    found = _watch(service, practice_id, _day(service, practice_id, as_of, after))
    day = found.as_of.isoformat()

    def place(one: WatchedTreatment) -> Key:
        return day, one.patient, digest(one)

    page, next_cursor = ordered_page("treatments", found.treatments, place, after, limit)
    return DatedPage(items=page, next_cursor=next_cursor, as_of=found.as_of)


@router.get(
    "/v1/sweep",
    summary="List denials by the days left",
    responses=_PROBLEMS,
    dependencies=[needs("denials.read")],
    operation_id="sweep",
)
def sweep(
    service: ServiceOf,
    practice_id: PracticeOf,
    as_of: AsOf = None,
    bucket: Annotated[
        BucketName | None, Query(description="Only denials counted in this span of days.", examples=["within_7"])
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> SweepPage:
    """List every open denial once, by the clock that binds it; small ones name the batch they are worked in.

    One that is snoozed, or approved and not sent, is listed too. What is out with payers: `/v1/outcomes/unanswered`.
    """
    after = read_place("sweep", cursor)
    found = sweep_practice(service.office.records, practice_id, _day(service, practice_id, as_of, after))
    day = found.as_of.isoformat()

    def place(one: Placed) -> Key:
        swept = one[1]
        return day, str(BUCKETS.index(bucket_of(swept.days_left))), swept.last_day or "", swept.denial_id

    wanted = (one for one in _swept(found) if bucket in (None, one[0]))
    chosen, next_cursor = ordered_page("sweep", wanted, place, after, limit)
    page = [SweptItem(**dict(swept), bucket=name, batch=_told(batch)) for name, swept, batch in chosen]
    saw(practice_id, (one.denial_id for one in page))
    sums = [BucketSum(name=one.name, count=one.count, amount_at_stake=one.amount_at_stake) for one in found.buckets]
    return SweepPage(
        items=page,
        next_cursor=next_cursor,
        as_of=found.as_of,
        low_dollar=found.low_dollar,
        open=found.open,
        buckets=sums,
    )


def _swept(found: Sweep) -> Iterator[Placed]:
    for bucket in found.buckets:
        for group in bucket.groups:
            yield from ((bucket.name, one, None) for one in group.denials)
        for batch in bucket.batches:
            yield from ((bucket.name, one, batch) for one in batch.denials)


def _told(batch: Batch | None) -> SweptTogether | None:
    if batch is None:
        return None
    return SweptTogether(
        payer_id=batch.payer_id,
        root_cause=batch.root_cause,
        count=len(batch.denials),
        amount_at_stake=batch.amount_at_stake,
        last_day=batch.last_day,
    )


def _watch(service: Service, practice_id: str, day: date) -> Watch:
    office = service.office
    inputs = load_book_inputs(office.records, practice_id)
    return watched(inputs, load_codes(office.home / "codes"), tuple(office.records_of(practice_id)), day)


def _day(service: Service, practice_id: str, as_of: date | None, after: Key | None) -> date:
    practice = dict(service.office.practices())[practice_id]
    return day_of(after, as_of, practice.as_of or now().date())

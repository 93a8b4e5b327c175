"""What is coming: doses that will be denied unless something is done first, and clocks that run out."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from agent.following.due import Asked, asked
from agent.intake.book import load_book_inputs
from agent.ranking import rankings_of
from agent.watching.clocks import BUCKETS, BucketName, Small, Timed, sums
from agent.watching.sweep import SweptDenial, shown_in_sweep
from agent.watching.sweeping import each_open, open_now
from agent.watching.warned import DoseWarning, Watch, WatchedTreatment
from agent.watching.watch import watch as watched
from agent.worth.assumptions import assumptions
from api.access.needs import needs
from api.offices import now
from api.paging import (
    DEFAULT,
    Cursor,
    DatedPage,
    Key,
    Limit,
    day_of,
    digest,
    in_order,
    ordered_page,
    page_in_order,
    read_place,
)
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
    asked: list[Asked] = Field(description="Records asked for on claims that are not denied: send them in time.")


Placed = tuple[Timed, Small | None]
"""A denial of a sweep with its clock, and the batch it is worked in."""


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
    saw(practice_id, (name for one in page for name in (one.patient, *one.denial_ids())))
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
    saw(practice_id, (one.patient for one in page))
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
    records, day = service.office.records, _day(service, practice_id, as_of, after)
    with rankings_of(records).at(practice_id) as ranking:
        found = open_now(ranking, day)
        ordered = ranking.once("open in order", day, lambda: in_order(each_open(found), _place_from(day)))
        counted = ranking.once("open counted", day, lambda: sums(found))
    wanted = [one for one in ordered if _bucket_of(*one[1]) == bucket] if bucket is not None else ordered
    chosen, next_cursor = page_in_order("sweep", wanted, after, limit)
    names = [timed.record.denial_id for timed, _ in chosen]
    with records.reading() as repository:
        snoozed = repository.worklist.snoozed(practice_id, names)
    saw(practice_id, names)
    return SweepPage(
        items=[_item(timed, batch, day, snoozed.get(timed.record.denial_id)) for timed, batch in chosen],
        next_cursor=next_cursor,
        as_of=day,
        low_dollar=str(assumptions().low_dollar),
        open=len(ordered),
        buckets=[BucketSum(name=name, count=n, amount_at_stake=str(sum_)) for name, (n, sum_) in counted.items()],
        asked=list(asked(records, practice_id, day)),
    )


def _place_from(day: date) -> Callable[[Placed], Key]:
    """Give where a denial of a day's sweep stands: made of it alone, also where it is worked in a batch."""
    numbers = {name: str(number) for number, name in enumerate(BUCKETS)}
    first = day.isoformat()

    def place(one: Placed) -> Key:
        timed, _ = one
        return first, numbers[timed.bucket], timed.binding.last_day, timed.record.denial_id

    return place


def _bucket_of(timed: Timed, batch: Small | None) -> BucketName:
    return timed.bucket if batch is None else batch.bucket


def _item(timed: Timed, batch: Small | None, day: date, snoozed: date | None) -> SweptItem:
    swept = shown_in_sweep(timed.record, timed.binding, day, snoozed)
    return SweptItem(**dict(swept), bucket=_bucket_of(timed, batch), batch=_told(batch))


def _told(batch: Small | None) -> SweptTogether | None:
    if batch is None:
        return None
    return SweptTogether(
        payer_id=batch.payer_id,
        root_cause=batch.root_cause,
        count=len(batch.held),
        amount_at_stake=str(sum((Decimal(one.record.amount_at_stake) for one in batch.held), Decimal("0.00"))),
        last_day=batch.first.last_day or None,
    )


def _watch(service: Service, practice_id: str, day: date) -> Watch:
    office = service.office
    inputs = load_book_inputs(office.records, practice_id)
    with rankings_of(office.records).at(practice_id) as ranking:
        denials = tuple(ranking.kinship.outlines.values())
    return watched(inputs, load_codes(office.home / "codes"), denials, day)


def _day(service: Service, practice_id: str, as_of: date | None, after: Key | None) -> date:
    practice = dict(service.office.practices())[practice_id]
    return day_of(after, as_of, practice.as_of or now().date())

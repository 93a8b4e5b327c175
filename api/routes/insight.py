"""Sums over all denials: dollars by payer, drug, cause, site and month; overturn rates; what recurs and its fix."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from agent.insight.overturn import By, Rate, overturn_rate, overturn_rates
from agent.insight.recurring import Habit, recurring
from agent.insight.selection import Selection
from agent.insight.snapshot import Snapshot
from agent.insight.sums import Dimension, Measure, Sum, Sums, pivot, sums
from api.access.needs import needs
from api.problems import responses
from api.schemas import Answered
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf

router = APIRouter(tags=["Insight"], dependencies=[needs("dashboard.read")])

_PROBLEMS = responses("key-required", "invalid-request", *PRACTICE_PROBLEMS)
_SUM = {"count": 11, "dollars": "118250.00"}


class SumCell(BaseModel):
    """One sum of a pivot. `row` and `column` are ids; null where denials have none."""

    model_config = ConfigDict(frozen=True)

    row: str | None = Field(examples=["CASC1"])
    column: str | None = Field(examples=["2026-03"])
    sum: Sum = Field(examples=[_SUM])


class SumsAnswer(Answered):
    """Four sums of what was asked for, and one of them by one or two values; cells that are empty are left out."""

    as_of: date = Field(description="The day the sums are of.")
    whole: Sums = Field(
        description="`denied` at charges, `open` still at stake, `recovered` in cash, `lost`.",
        examples=[{"denied": _SUM, "open": _SUM, "recovered": _SUM, "lost": _SUM}],
    )
    cells: list[SumCell]


class RatesAnswer(Answered):
    """How fights ended: all of them, and by the value asked for."""

    whole: Rate = Field(description="`interval` is Wilson's at 95%; `few`: too few outcomes to speak of a rate.")
    items: list[Rate]


class RecurringAnswer(Answered):
    """What recurs, the dearest first, with what would end it and spare a month."""

    denied: Sum = Field(examples=[_SUM])
    items: list[Habit]


def wanted(
    payer_id: Annotated[str | None, Query(description="An id of payers.yaml.", examples=["CASC1"])] = None,
    hcpcs: Annotated[str | None, Query(examples=["Q5118"])] = None,
    root_cause: Annotated[str | None, Query(examples=["auth-for-other-code"])] = None,
    site: Annotated[str | None, Query(description="Place of service code.", examples=["11"])] = None,
    month: Annotated[
        str | None, Query(description="Month of the remittance.", pattern=r"^\d{4}-\d{2}$", examples=["2026-03"])
    ] = None,
) -> Selection:
    """Read which denials to add up."""
    return Selection(payer_id=payer_id, hcpcs=hcpcs, root_cause=root_cause, site=site, month=month)


Wanted = Annotated[Selection, Depends(wanted)]


@router.get("/v1/insight/sums", summary="Add up dollars", responses=_PROBLEMS, operation_id="get_sums")
def get_sums(
    service: ServiceOf,
    practice_id: PracticeOf,
    chosen: Wanted,
    rows: Annotated[Dimension, Query(description="What to add up by.")] = "payer_id",
    columns: Annotated[Dimension | None, Query(description="And by what else.")] = None,
    measure: Annotated[Measure, Query(description="Which of the four sums.")] = "denied",
) -> SumsAnswer:
    """Add up dollars and count denials by payer, drug, cause, place of service or month, or by two of them."""
    snapshot, as_of = _snapshot(service, practice_id)
    across = None if columns == rows else columns
    found = pivot(snapshot, chosen, measure, rows, across, as_of)
    if across is None:
        cells = [SumCell(row=one.row, column=None, sum=one.sum) for one in found.row_sums]
    else:
        ordered = sorted(found.cells.items(), key=lambda pair: tuple(value or "" for value in pair[0]))
        cells = [SumCell(row=row, column=column, sum=held) for (row, column), held in ordered]
    return SumsAnswer(as_of=as_of, whole=sums(snapshot, chosen, as_of), cells=cells)


@router.get("/v1/insight/overturned", summary="Get overturn rates", responses=_PROBLEMS, operation_id="get_overturned")
def get_overturned(
    service: ServiceOf,
    practice_id: PracticeOf,
    chosen: Wanted,
    by: Annotated[By, Query(description="`sent_as`: the remedy that was sent.")] = "payer_id",
) -> RatesAnswer:
    """Get how often fights that ended were won, with intervals. What a payer paid of itself is no fight."""
    snapshot, as_of = _snapshot(service, practice_id)
    items = overturn_rates(snapshot, chosen, by, as_of)
    return RatesAnswer(whole=overturn_rate(snapshot, chosen, as_of), items=list(items))


@router.get("/v1/insight/recurring", summary="Get what recurs", responses=_PROBLEMS, operation_id="get_recurring")
def get_recurring(
    service: ServiceOf,
    practice_id: PracticeOf,
    chosen: Wanted,
    limit: Annotated[int, Query(ge=1, le=100, description="So many at most.")] = 10,
) -> RecurringAnswer:
    """Get what recurs: one cause at one payer (of one drug, where the fix goes by drug), and the fix upstream."""
    snapshot, as_of = _snapshot(service, practice_id)

    def values(ids: Sequence[str]) -> Mapping[str, dict[str, str]]:
        with service.office.records.reading() as repository:
            return repository.insight.values(practice_id, ids)

    items, denied = recurring(snapshot, chosen, as_of, values, limit)
    return RecurringAnswer(denied=denied, items=list(items))


def _snapshot(service: Service, practice_id: str) -> tuple[Snapshot, date]:
    as_of = dict(service.office.practices())[practice_id].as_of or service.office.clock().date()
    return service.snapshots.of(practice_id), as_of

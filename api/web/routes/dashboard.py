"""The dashboard: its page, its tables as CSV, and the denials behind a number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from agent.insight.definitions import definitions
from agent.insight.names import Names
from agent.insight.overturn import BYS
from agent.insight.selection import Selection, marked
from agent.insight.sums import DIMENSIONS, MEASURES, sum_of
from api.access.needs import needs
from api.problems import ProblemError
from api.service import PracticeOf, Service, ServiceOf
from api.web.dashboard_csv import csv_of
from api.web.dashboard_links import own_query
from api.web.dashboard_tables import AGE_LABELS, DIMENSION_LABELS, DUE_LABELS, MEASURE_LABELS
from api.web.dashboard_view import Asked, View
from api.web.desk_time import HeldDeskTimes
from api.web.pages import page
from knowledge.records.money import to_dollars

router = APIRouter(include_in_schema=False)

ROWS = 50
_LONGEST = 200
_OF = {
    "denied": "Denied",
    "open": "Open",
    "recovered": "With recovered cash",
    "lost": "With a loss",
    "fought": "Fought and settled",
    "overturned": "Overturned",
    "straight": "Straight through",
    "decided": "Decided by a person",
    "as_proposed": "Approved as proposed",
}


@router.get("/dashboard", dependencies=[needs("dashboard.read")])
def dashboard(request: Request, service: ServiceOf, practice_id: PracticeOf) -> Response:
    """Show the dashboard of a practice."""
    view = _view(request, service, practice_id)
    if not len(view.snapshot):
        return page(request, "dashboard/empty.html", practice_name=_practice(service, practice_id))
    recurring, habits = view.recurring()
    asked = view.asked
    return page(
        request,
        "dashboard/dashboard.html",
        practice_name=_practice(service, practice_id),
        as_of=view.as_of,
        view=view,
        asked=asked,
        sums=view.sums(),
        rate=view.rate(),
        rates=[view.rates(by) for by in BYS],
        recurring=recurring,
        habits=habits,
        definitions=definitions(),
        choices=_choices(view),
        dimensions=DIMENSION_LABELS,
        measures=MEASURE_LABELS,
        query=_query_of(asked),
    )


@router.get("/dashboard/tables/{key}", dependencies=[needs("dashboard.read")])
def table(request: Request, service: ServiceOf, practice_id: PracticeOf, key: str) -> Response:
    """Give one table as CSV (`/dashboard/tables/months.csv`), with the page's own filters."""
    name = key.removesuffix(".csv")
    found = _view(request, service, practice_id).table(name)
    if found is None:
        raise ProblemError("not-found", "the dashboard has no such table")
    headers = {"content-disposition": f'attachment; filename="{found.key}.csv"', "cache-control": "no-store"}
    return Response(csv_of(found), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/dashboard/denials", dependencies=[needs("denials.read")])
def denials(request: Request, service: ServiceOf, practice_id: PracticeOf) -> Response:
    """List the denials behind a number that the queue's filter cannot say, most dollars first."""
    view = _view(request, service, practice_id)
    wanted, snapshot = view.asked.wanted, view.snapshot
    mask = marked(snapshot, wanted, view.as_of)
    chosen = snapshot.chosen(mask)
    start = _start(request.query_params.get("from"))
    shown = chosen[start : start + ROWS]
    with service.office.records.reading() as repository:
        items = repository.worklist.items(practice_id, shown)
    more = own_query(wanted, **{"from": str(start + ROWS)}) if start + ROWS < len(chosen) else None
    return page(
        request,
        "dashboard/denials.html",
        practice_name=_practice(service, practice_id),
        as_of=view.as_of,
        count=len(chosen),
        sum=sum_of(snapshot, mask),
        recovered=to_dollars(int(snapshot.cents("recovered")[mask].sum())),
        items=[items[name] for name in shown if name in items],
        said=_said(wanted, view.names),
        names=view.names,
        first=start + 1,
        more=more,
        before=own_query(wanted, **{"from": str(max(start - ROWS, 0))}) if start else None,
    )


def _view(request: Request, service: Service, practice_id: str) -> View:
    snapshot = service.snapshots.of(practice_id)
    with service.office.records.reading() as repository:
        payers = {payer.id: payer.name for payer in repository.facts.payers(practice_id)}

    def values(ids: Sequence[str]) -> Mapping[str, dict[str, str]]:
        with service.office.records.reading() as repository:
            return repository.insight.values(practice_id, ids)

    asked = asked_of(dict(request.query_params))

    def desk_times() -> Mapping[str, int]:
        return _desk_times(request, service).of(practice_id)

    return View(snapshot, Names(snapshot, payers), asked, _as_of(service, practice_id), values, desk_times)


def _desk_times(request: Request, service: Service) -> HeldDeskTimes:
    state = request.app.state
    if not hasattr(state, "desk_times"):
        state.desk_times = HeldDeskTimes(service.office.records)
    held: HeldDeskTimes = state.desk_times
    return held


def asked_of(given: Mapping[str, str]) -> Asked:
    """Read what an address asks; what it cannot mean is left out, so that an old link still opens."""
    held: dict[str, Any] = {}
    for name in Selection.model_fields:
        value = given.get(name)
        if value is None or len(value) > _LONGEST:
            continue
        try:
            Selection.model_validate({name: value})
        except ValidationError:
            continue
        held[name] = value
    rows, columns, measure = given.get("rows"), given.get("columns", "month"), given.get("measure")
    return Asked(
        wanted=Selection.model_validate(held),
        rows=next((one for one in DIMENSIONS if one == rows), "payer_id"),
        columns=next((one for one in DIMENSIONS if one == columns), None),
        measure=next((one for one in MEASURES if one == measure), "denied"),
    )


def _query_of(asked: Asked) -> str:
    return own_query(asked.wanted, rows=asked.rows, columns=asked.columns or "none", measure=asked.measure)


def _choices(view: View) -> dict[str, list[tuple[str, str]]]:
    """Give the values each filter may be set to, by name; the latest month first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for dimension in DIMENSIONS:
        others = view.asked.wanted.model_copy(update={dimension: None})
        held = view.snapshot.held(dimension, marked(view.snapshot, others, view.as_of))
        values = [(value, view.names.of(dimension, value)) for value in held]
        found[dimension] = sorted(values, reverse=True) if dimension == "month" else sorted(values, key=lambda v: v[1])
    return found


def _said(wanted: Selection, names: Names) -> list[tuple[str, str]]:
    labels: dict[str, str] = {str(name): label for name, label in DIMENSION_LABELS.items()}
    labels |= {"remedy": "Remedy", "route": "Route", "sent_as": "Sent as", "argument": "Argument"}
    found = [("Denials", _OF[wanted.of])]
    for name, label in labels.items():
        value = getattr(wanted, name)
        if value is not None:
            found.append((label, names.of(name, value)))
    if wanted.decided is not None:
        found.append(("Decided", names.of("decided", wanted.decided)))
    if wanted.age is not None:
        found.append(("Age", AGE_LABELS[wanted.age]))
    if wanted.due is not None:
        found.append(("Deadline", DUE_LABELS[wanted.due]))
    return found


def _practice(service: Service, practice_id: str) -> str:
    return dict(service.office.practices())[practice_id].name


def _as_of(service: Service, practice_id: str) -> date:
    return dict(service.office.practices())[practice_id].as_of or service.office.clock().date()


def _start(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 8 else 0

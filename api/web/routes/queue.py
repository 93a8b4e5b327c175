"""The queue's page and its parts: rows, groups, search, news."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.needs import PrincipalOf, needs
from api.problems import ProblemError
from api.service import PracticeOf, ServiceOf, progress_for
from api.web.pages import page
from api.web.queue_filters import Asked, asked_by, asked_in
from api.web.queue_reading import Listed, Reader, Row

router = APIRouter(include_in_schema=False, dependencies=[needs("denials.read")])

FOUND_SHOWN = 8
After = Annotated[str | None, Query(max_length=100)]


class Sought(BaseModel):
    """What the palette looks for: words of a patient, claim, authorization or code."""

    model_config = ConfigDict(extra="ignore")

    words: str = Field(max_length=200)


@router.get("/queue")
def queue(request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf) -> Response:
    """Show the queue as its address filters it."""
    reader, asked = Reader(service, practice_id, principal), asked_in(request.query_params.multi_items())
    with service.office.records.reading() as repository:
        views = repository.views.of(practice_id, principal.id)
    shown = reader.page(asked)
    return page(
        request,
        "queue.html",
        asked=asked,
        shown=shown,
        listed=shown.listed,
        views=views,
        people=reader.people,
        me=principal.id,
        as_of=reader.as_of,
        practice_name=reader.practice_name,
        progress=progress_for(service, principal),
        words="",
    )


@router.get("/queue/rows")
def rows(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, after: After = None
) -> Response:
    """Give the rows after one."""
    reader, asked = Reader(service, practice_id, principal), asked_in(request.query_params.multi_items())
    return _rows(request, reader, asked, _after(reader, asked, after))


@router.post("/queue/rows")
def found_rows(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    words: Annotated[str, Form(max_length=200)] = "",
    query: Annotated[str, Form(max_length=2000)] = "",
    after: Annotated[str | None, Form(max_length=100)] = None,
) -> Response:
    """Give the rows that words find, whatever their status; without words those of the filter. No address has words."""
    reader, asked = Reader(service, practice_id, principal), asked_by(query)
    listed = _after(reader, asked, after, words.strip())
    return _rows(request, reader, asked, listed, words.strip(), "queue_rows.html" if after else "queue_found.html")


@router.get("/queue/group/{group_id}")
def group_rows(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, group_id: str
) -> Response:
    """Give the rows of a series or batch that the filter leaves."""
    reader, asked = Reader(service, practice_id, principal), asked_in(request.query_params.multi_items())
    members = reader.members(asked, group_id)
    if not members:
        raise ProblemError("series-unknown", f"no series or batch {group_id} has denials in this filter any more")
    return page(
        request, "queue_group.html", members=members, asked=asked, people=reader.people, me=principal.id, words=""
    )


@router.get("/queue/news")
def news(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    since: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Say what changed since a page was made, and how the work stands: a few words, asked for every little while."""
    with service.office.records.reading() as repository:
        changed = repository.groups.count_since(practice_id, since)
    return page(request, "queue_news.html", changed=changed, progress=progress_for(service, principal))


@router.post("/queue/find")
def find(service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, sought: Sought) -> dict[str, object]:
    """Find denials by words, for the palette."""
    found = Reader(service, practice_id, principal).rows(Asked(), words=sought.words.strip()) if sought.words else None
    items = [{"label": _label(row), "address": f"/case/{row.item.denial_id}"} for row in (found.rows if found else ())]
    return {"items": items[:FOUND_SHOWN]}


def _label(row: Row) -> str:
    item = row.item
    told = (item.patient, item.hcpcs, item.claim_id, f"${item.amount:,.2f}", item.status.replace("_", " "))
    return " · ".join(part for part in told if part)


def _after(reader: Reader, asked: Asked, after: str | None, words: str = "") -> Listed:
    try:
        return reader.rows(asked, after, words)
    except KeyError as error:
        raise ProblemError("bad-cursor", "this row is not in the queue any more: reload it") from error


def _rows(
    request: Request,
    reader: Reader,
    asked: Asked,
    listed: Listed,
    words: str = "",
    template: str = "queue_rows.html",
) -> Response:
    return page(
        request,
        template,
        listed=listed,
        asked=asked,
        people=reader.people,
        words=words,
    )

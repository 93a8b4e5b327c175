"""The case page: what the payer said, what the facts say, the letter or claim; every statement opens its source."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from agent.work import Draft, Investigation
from api.access.needs import PrincipalOf, needs
from api.access.principal import Principal
from api.problems import ProblemError
from api.routes.denials import DenialId
from api.service import PracticeOf, Service, ServiceOf
from api.sources import Shelf, Shown, document_of, open_rule, open_source
from api.web.case_files import NAMES, enclosures, made_file
from api.web.case_letter import cited_in, in_words, letter_blocks
from api.web.case_view import CaseView, case_view
from api.web.case_way import asked_of, way_of
from api.web.pages import page
from knowledge.records import Repository

router = APIRouter(include_in_schema=False, dependencies=[needs("denials.read")])

DONE = {
    "approve": "Approved",
    "reject": "Rejected",
    "snooze": "Snoozed",
    "wake": "Back in the queue",
    "assign": "Assigned",
    "take-back": "Taken back: it waits for a decision again",
    "ask": "The clinician was asked",
    "answer": "The answer was noted",
    "edit": "The letter was saved: every word of it stands by the evidence",
    "together": "The series was approved",
}
UNDONE = ("approve", "reject", "snooze", "assign")
"""What can be undone from the line at the foot of the next page."""

_SNOOZES = (("Tomorrow", 1), ("In 3 days", 3), ("In a week", 7), ("In two weeks", 14))


@router.get("/case/{denial_id}")
def show_case(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    denial_id: DenialId,
    did: Annotated[str, Query(max_length=20)] = "",
    of: Annotated[str, Query(max_length=60)] = "",
    was: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Show a case. `did`, `of` and `was` tell what was just decided on the case before, so that it can be undone."""
    told = _told(service, practice_id, did, of, was) if did in DONE else None
    return case_page(request, service, practice_id, principal, denial_id, told=told)


@router.get("/case/{denial_id}/source/{named}")
def show_source(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    denial_id: DenialId,
    named: str,
) -> Response:
    """Open the source of a statement (its id), or the payer setting of a deadline (`deadline-0`), at its passage."""
    view = _view(service, principal, practice_id, denial_id)
    with service.office.records.reading() as repository:
        shown = _source(repository, view, named)
    back = f"/case/{denial_id}{suffix(request)}"
    values: dict[str, Any] = {
        "shown": shown,
        "named": named,
        "view": view,
        "suffix": suffix(request),
        "back": back,
    }
    return page(request, "case/source.html", **values)


@router.get("/case/{denial_id}/source/{named}/document")
def show_document(
    service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId, named: str
) -> Response:
    """Give the page of the chart that a statement stands in, as the PDF it came as."""
    view = _view(service, principal, practice_id, denial_id)
    item = view.evidence.get(named)
    with service.office.records.reading() as repository:
        content = document_of(Shelf(repository, practice_id), item) if item is not None else None
    if content is None:
        raise ProblemError("not-found", f"{named} of denial {denial_id} stands in no PDF")
    return inline(content, "application/pdf", f"{denial_id}-{named}.pdf")


@router.get("/case/{denial_id}/made/{kind}")
def show_made(service: ServiceOf, practice_id: PracticeOf, denial_id: DenialId, kind: str) -> Response:
    """Give a file made for the case, to look at in the browser."""
    made = made_file(service, practice_id, denial_id, kind) if kind in NAMES else None
    if made is None:
        raise ProblemError("product-missing", f"denial {denial_id} has no such file, or it was changed: work it again")
    return inline(made.content, made.media_type, made.name)


def inline(content: bytes, media_type: str, name: str) -> Response:
    """Answer with a file that the browser shows by itself; nothing in it may run or load anything."""
    headers = {
        "content-disposition": f'inline; filename="{name}"',
        # A browser's own PDF viewer counts as an object of the page it shows the file in.
        "content-security-policy": "default-src 'none'; object-src 'self'; frame-ancestors 'none'",
    }
    return Response(content, media_type=media_type, headers=headers)


def case_page(
    request: Request,
    service: Service,
    practice_id: str,
    principal: Principal,
    denial_id: str,
    *,
    wrong: str = "",
    told: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """Render the case; `wrong` says why what was tried did not happen."""
    view = _view(service, principal, practice_id, denial_id)
    asked = asked_of(request)
    way = way_of(service, principal, practice_id, denial_id, asked, view.as_of)
    return page(
        request,
        "case/case.html",
        status,
        view=view,
        way=way,
        suffix=suffix(request),
        queue=f"/queue{suffix(request)}",
        blocks=letter_blocks(view.letter) if view.letter else (),
        cited=cited_in(view.letter, view.evidence) if view.letter else (),
        enclosures=enclosures(service, practice_id, denial_id),
        file_names=NAMES,
        in_words=in_words,
        snoozes=[(label, view.as_of + timedelta(days=days)) for label, days in _SNOOZES],
        wrong=wrong,
        told=told,
    )


def suffix(request: Request, **more: str) -> str:
    """Write what of an address goes along to the next page: the list's filter, with the practice where it was named."""
    query = "&".join(part for part in (asked_of(request).query, urlencode(more)) if part)
    return f"?{query}" if query else ""


def _view(service: Service, principal: Principal, practice_id: str, denial_id: str) -> CaseView:
    view = case_view(service, principal, practice_id, denial_id)
    if view is None:
        raise ProblemError("denial-unknown", f"there is no denial {denial_id} here, or it has not been worked yet")
    return view


def _source(repository: Repository, view: CaseView, named: str) -> Shown:
    found = repository.casework.work(view.practice_id, view.denial_id, "investigate", Investigation)
    draft = repository.casework.work(view.practice_id, view.denial_id, "draft", Draft)
    tables = (*view.tables, *(draft.letter.tables if draft and draft.letter else ()))
    shelf = Shelf(repository, view.practice_id, found.facts if found else (), tables)
    if named.startswith("deadline-"):
        clock = next((one for one in view.clocks if named == f"deadline-{one.number}"), None)
        if clock is not None:
            return open_rule(shelf, clock.deadline)
    item = view.evidence.get(named)
    if item is None:
        raise ProblemError("not-found", f"denial {view.denial_id} has no evidence {named}")
    return open_source(shelf, item)


def _told(service: Service, practice_id: str, did: str, of: str, was: str) -> dict[str, Any] | None:
    record = service.office.record(practice_id, of)
    if record is None:
        return None
    undo = did in UNDONE and (did in ("snooze", "assign") or record.status in ("approved", "closed"))
    return {"says": DONE[did], "claim": record.remit.claim_id, "of": of, "did": did, "was": was, "undo": undo}

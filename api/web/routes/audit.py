"""The audit trail for administrators and managers: who saw and changed what, whether it is whole, and a copy of it."""

from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from api.access.needs import PrincipalOf, needs
from api.problems import ProblemError
from api.refused import Refusals
from api.service import ServiceOf
from api.web.pages import page
from api.web.trail_reading import KINDS, MOST_CASES, Asked, Trail
from knowledge.records.audit_check import verify_audit

router = APIRouter(include_in_schema=False, dependencies=[needs("audit.read")])

_FAULTS_SHOWN = 20


def _practice(
    service: ServiceOf, principal: PrincipalOf, practice: Annotated[str | None, Query(max_length=100)] = None
) -> str | None:
    """Give the practice that an address names; None = all that are somebody's, and what belongs to none."""
    known = [practice_id for practice_id, _ in service.office.practices() if principal.sees(practice_id)]
    if practice is not None and practice not in known:
        raise ProblemError("practice-unknown", f"there is no practice {practice} in this home")
    return practice


OfPractice = Annotated[str | None, Depends(_practice)]


def _asked(
    request: Request,
    practice: OfPractice,
    who: Annotated[str, Query(max_length=200)] = "",
    case: Annotated[list[str], Query(max_length=MOST_CASES)] = [],  # noqa: B006 - read by the framework, never changed
    from_day: Annotated[str, Query(alias="from", max_length=10)] = "",
    to_day: Annotated[str, Query(alias="to", max_length=10)] = "",
    outcome: Annotated[Literal["", "done", "refused", "failed"], Query()] = "",
) -> Asked:
    """Read what is looked for (blank = all), and leave it for the entry that this look at the trail makes."""
    asked = Asked(
        practice=practice,
        who=who or None,
        subjects=tuple(one[:100] for one in case if one),
        from_day=_day("from", from_day),
        to_day=_day("to", to_day),
        outcome=outcome or None,
    )
    if asked.query():
        looked_for = dict(asked.query()) | ({"case": list(asked.subjects)} if asked.subjects else {})
        request.state.audit_detail = {"looked_for": looked_for}
    return asked


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ProblemError("invalid-request", f"query.{name}: no day (YYYY-MM-DD)") from error


AskedFor = Annotated[Asked, Depends(_asked)]


@router.get("/audit")
def show_trail(
    request: Request,
    service: ServiceOf,
    principal: PrincipalOf,
    asked: AskedFor,
    before: Annotated[int | None, Query(ge=1)] = None,
    missed: Annotated[bool, Query()] = False,
) -> Response:
    """Show entries, the last on top; that they were looked at is an entry too."""
    _settle(request)
    return _page(request, service, principal, asked, before=before, missed=missed)


@router.post("/audit/find")
def find_cases(
    service: ServiceOf,
    principal: PrincipalOf,
    practice: OfPractice,
    words: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Look up the cases of a patient, claim or authorization, and lead to who saw them: by id, not by name."""
    found = Trail(service.office, principal).cases(words.strip()) if words.strip() else ()
    query = [("case", one) for one in found] or ([("missed", "true")] if words.strip() else [])
    query += [("practice", practice)] if practice else []
    return RedirectResponse(f"/audit?{urlencode(query)}", 303)


@router.post("/audit/verify")
def verify_trail(request: Request, service: ServiceOf, principal: PrincipalOf, practice: OfPractice) -> Response:
    """Hold the whole trail to its hashes; up to where it was whole stands on the trail itself."""
    records = service.office.records
    assert records.auditing is not None  # an office always keeps a trail
    with records.reading() as repository:
        found = verify_audit(repository, records.auditing)
    request.state.audit_detail = {"entries": found.entries, "faults": len(found.faults)}
    faults = [one.says for one in found.faults[:_FAULTS_SHOWN]]
    return _page(request, service, principal, Asked(practice=practice), faults=faults, checked=found.entries)


@router.get("/audit/export")
def export_trail(request: Request, service: ServiceOf, principal: PrincipalOf, asked: AskedFor) -> Response:
    """Give the entries looked for as FHIR R4 AuditEvents, one a line (NDJSON)."""
    _settle(request)
    lines = Trail(service.office, principal).events(asked)
    name = f"audit-{service.office.clock().date().isoformat()}.ndjson"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines, media_type="application/fhir+ndjson", headers=headers)


def _settle(request: Request) -> None:
    """Have what was only counted so far stand in the trail that is shown."""
    refusals: Refusals = request.app.state.refusals
    refusals.settle()


def _page(
    request: Request,
    service: ServiceOf,
    principal: PrincipalOf,
    asked: Asked,
    *,
    before: int | None = None,
    missed: bool = False,
    faults: list[str] | None = None,
    checked: int | None = None,
) -> Response:
    shown = Trail(service.office, principal).page(asked, before)
    return page(
        request,
        "audit_rows.html" if before and request.headers.get("hx-request") else "audit.html",
        shown=shown,
        asked=asked,
        missed=missed,
        kinds=KINDS,
        query=urlencode(asked.query()),
        faults=faults,
        checked=checked,
        opens=principal.may("denials.read"),
        every=principal.practices is None,
    )

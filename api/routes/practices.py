"""The practices of the home, what was noticed in their files, and how the work stands."""

from fastapi import APIRouter

from api.access.needs import PrincipalOf, needs
from api.access.principal import Principal
from api.paging import DEFAULT, Cursor, Limit, Page, page_of
from api.problems import responses
from api.schemas import Finding, PracticeListed, WorkStatus
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf, progress_for

router = APIRouter(tags=["Practices"])


@router.get(
    "/v1/practices",
    summary="List practices",
    responses=responses("bad-cursor", "key-required", "invalid-request"),
    dependencies=[needs("denials.read")],
    operation_id="list_practices",
)
def list_practices(
    service: ServiceOf, principal: PrincipalOf, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[PracticeListed]:
    """List the practices of this home that are yours, with their denials by status."""
    theirs = [one for one in service.office.practices() if principal.sees(one[0])]
    page, next_cursor = page_of("practices", theirs, lambda one: one[0], cursor, limit)
    listed = []
    for practice_id, practice in page:
        with service.office.records.reading() as repository:
            counts = repository.denials.counts(practice_id)
        listed.append(PracticeListed(practice_id=practice_id, name=practice.name, denials=counts))
    return Page(items=listed, next_cursor=next_cursor)


@router.get(
    "/v1/findings",
    summary="List findings",
    responses=responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("files.read")],
    operation_id="list_findings",
)
def list_findings(
    service: ServiceOf, practice_id: PracticeOf, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[Finding]:
    """List everything noticed in the files taken in, in the order they came."""
    with service.office.records.reading() as repository:
        found = list(enumerate(repository.files.findings(practice_id), start=1))
    page, next_cursor = page_of("findings", found, lambda one: str(one[0]), cursor, limit)
    return Page(items=[Finding.of(finding) for _, finding in page], next_cursor=next_cursor)


@router.get(
    "/v1/work",
    summary="See how the work stands",
    responses=responses("key-required"),
    dependencies=[needs("denials.read")],
    operation_id="work_status",
)
def work_status(service: ServiceOf, principal: PrincipalOf) -> WorkStatus:
    """Say whether denials are being worked, and how far it is. Work on a practice that is not yours is not named."""
    return _status(service, principal)


@router.post(
    "/v1/work",
    summary="Work everything that is unfinished",
    status_code=202,
    responses=responses("key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("files.write")],
    operation_id="work",
)
def work(service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf) -> WorkStatus:
    """Work a practice's new, changed and unfinished denials; what is finished is left alone.

    Uploads do this by themselves: ask for it after a run that failed.
    """
    service.worker.work(practice_id)
    return _status(service, principal)


def _status(service: Service, principal: Principal) -> WorkStatus:
    return WorkStatus.of(progress_for(service, principal))

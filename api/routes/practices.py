"""The practices of the home, what was noticed in their files, and how the work stands."""

from fastapi import APIRouter

from api.access.needs import PrincipalOf, needs
from api.access.principal import Principal
from api.problems import responses
from api.schemas import Finding, PracticeListed, WorkStatus
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf, progress_for

router = APIRouter(tags=["Practices"])


@router.get(
    "/v1/practices",
    summary="List practices",
    responses=responses("key-required"),
    dependencies=[needs("denials.read")],
    operation_id="list_practices",
)
def list_practices(service: ServiceOf, principal: PrincipalOf) -> list[PracticeListed]:
    """List the practices of this home that are yours, with their denials by status."""
    listed = []
    for practice_id, practice in service.office.practices():
        if not principal.sees(practice_id):
            continue
        with service.office.records.reading() as repository:
            counts = repository.denials.counts(practice_id)
        listed.append(PracticeListed(practice_id=practice_id, name=practice.name, denials=counts))
    return listed


@router.get(
    "/v1/findings",
    summary="List findings",
    responses=responses("key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("files.read")],
    operation_id="list_findings",
)
def list_findings(service: ServiceOf, practice_id: PracticeOf) -> list[Finding]:
    """List everything noticed in the files taken in, in the order they came."""
    with service.office.records.reading() as repository:
        return [Finding.of(finding) for finding in repository.files.findings(practice_id)]


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

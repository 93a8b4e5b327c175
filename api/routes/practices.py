"""The practices of the home, what was noticed in their files, and how the work stands."""

from fastapi import APIRouter

from api.problems import responses
from api.schemas import Finding, PracticeListed, WorkStatus
from api.service import PRACTICE_PROBLEMS, PracticeOf, ServiceOf

router = APIRouter(tags=["Practices"])


@router.get(
    "/v1/practices",
    summary="List practices",
    responses=responses("key-required"),
    operation_id="list_practices",
)
def list_practices(service: ServiceOf) -> list[PracticeListed]:
    """List the practices of this home with their denials by status."""
    listed = []
    for practice_id, practice in service.office.practices():
        with service.office.records.reading() as repository:
            counts = repository.denials.counts(practice_id)
        listed.append(PracticeListed(practice_id=practice_id, name=practice.name, denials=counts))
    return listed


@router.get(
    "/v1/findings",
    summary="List findings",
    responses=responses("key-required", "invalid-request", *PRACTICE_PROBLEMS),
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
    operation_id="work_status",
)
def work_status(service: ServiceOf) -> WorkStatus:
    """Say whether denials are being worked, and how far it is."""
    return WorkStatus.of(service.worker.progress())


@router.post(
    "/v1/work",
    summary="Work everything that is unfinished",
    status_code=202,
    responses=responses("key-required", "invalid-request", *PRACTICE_PROBLEMS),
    operation_id="work",
)
def work(service: ServiceOf, practice_id: PracticeOf) -> WorkStatus:
    """Work a practice's new, changed and unfinished denials; what is finished is left alone.

    Uploads do this by themselves: ask for it after a run that failed.
    """
    service.worker.work(practice_id)
    return WorkStatus.of(service.worker.progress())

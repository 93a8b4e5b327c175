"""Many files at once: a job takes them in, says how each fared, and survives a restart."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from api.access.needs import PrincipalOf, needs
from api.bulk_schemas import BulkRequest, JobId, JobItemShown, JobShown
from api.intake_ways import BY_ADDRESS
from api.jobs import Jobs
from api.limits import api_limits
from api.paging import DEFAULT, Cursor, Limit, Page, following, read_cursor
from api.problems import InvalidPart, ProblemError, responses
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf
from api.uploads import bare, form_in_memory
from knowledge.records import Job, NewItem

router = APIRouter(tags=["Files"])


async def _files(request: Request) -> tuple[NewItem, ...]:
    """Read the files of a request: a form's parts, named by kind, or JSON."""
    most = api_limits().bulk.files
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        items: list[NewItem] = []
        async with form_in_memory(request, most) as form:
            for kind, part in form.multi_items():
                if isinstance(part, UploadFile):
                    if kind not in BY_ADDRESS:
                        raise ProblemError("invalid-request", f"{kind} is no kind of file: {', '.join(BY_ADDRESS)}")
                    name = bare(part.filename or "") or f"file-{len(items) + 1}"
                    items.append(NewItem(kind=BY_ADDRESS[kind].kind, name=name, content=await part.read()))
    else:
        items = _from_json(await request.body())
    if not items:
        raise ProblemError("no-file", "the form has no part with a file in it; name each part by its kind: remits, ...")
    if len(items) > most:
        raise ProblemError("too-large", f"at most {most} files are taken in one job; split it")
    return tuple(items)


def _from_json(body: bytes) -> list[NewItem]:
    try:
        asked = BulkRequest.model_validate_json(body)
        return [one.item() for one in asked.files]
    except ValidationError as error:
        errors = [
            InvalidPart(where=".".join(("body", *(str(step) for step in each["loc"]))), says=str(each["msg"]))
            for each in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        says = "; ".join(f"{each.where}: {each.says}" for each in errors)
        raise ProblemError("invalid-request", says, errors=errors) from error
    except ValueError as error:
        raise ProblemError("invalid-request", f"body.files: {error}") from error


_FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        name: {"type": "array", "items": {"type": "string", "format": "binary"}, "description": way.what}
        for name, way in BY_ADDRESS.items()
    },
}
_BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/BulkRequest"}},
        "multipart/form-data": {"schema": _FORM},
    },
}


@router.post(
    "/v1/jobs",
    summary="Take in many files",
    status_code=202,
    responses=responses(
        *("invalid-request", "no-file", "too-large", "request-refused", "key-required"), *PRACTICE_PROBLEMS
    ),
    dependencies=[needs("files.write")],
    operation_id="add_job",
    openapi_extra={"requestBody": _BODY},
)
def add_job(
    request: Request,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    files: Annotated[tuple[NewItem, ...], Depends(_files)],
    response: Response,
) -> JobShown:
    """Hand in many files, as JSON or as a form whose parts are named by their kind (`remits`, `claims`, ...).

    They are stored before this answers, taken in one after another, and the denials worked once all are in; a restart
    loses nothing. `GET /v1/jobs/{job_id}` says how far it is, `.../items` what became of each file.
    """
    jobs: Jobs = request.app.state.jobs
    made = jobs.add(practice_id, files, principal.name)
    response.headers["location"] = f"/v1/jobs/{made.job_id}"
    return JobShown.of(made)


@router.get(
    "/v1/jobs",
    summary="List jobs",
    responses=responses("bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("files.read")],
    operation_id="list_jobs",
)
def list_jobs(
    service: ServiceOf, practice_id: PracticeOf, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[JobShown]:
    """List jobs, the last made on top."""
    before = read_cursor("jobs", cursor)
    with service.office.records.reading() as repository:
        found = repository.jobs.page(practice_id, before, limit + 1)
    page, following_cursor = following("jobs", found, lambda job: job.job_id, limit)
    return Page(items=[JobShown.of(job) for job in page], next_cursor=following_cursor)


@router.get(
    "/v1/jobs/{job_id}",
    summary="See how a job stands",
    responses=responses("job-unknown", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("files.read")],
    operation_id="read_job",
)
def read_job(service: ServiceOf, practice_id: PracticeOf, job_id: JobId) -> JobShown:
    """Read one job."""
    return JobShown.of(_known(service, practice_id, job_id))


@router.get(
    "/v1/jobs/{job_id}/items",
    summary="See what became of a job's files",
    responses=responses("job-unknown", "bad-cursor", "key-required", "invalid-request", *PRACTICE_PROBLEMS),
    dependencies=[needs("files.read")],
    operation_id="list_job_items",
)
def list_job_items(
    service: ServiceOf,
    practice_id: PracticeOf,
    job_id: JobId,
    failed: Annotated[bool, Query(description="Only files that could not be used.")] = False,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[JobItemShown]:
    """List a job's files in the order they were given, each with what was noticed in it, row by row."""
    _known(service, practice_id, job_id)
    after = read_cursor(job_id, cursor) or "0"
    if not after.isdecimal() or len(after) > 9:
        raise ProblemError("bad-cursor", "the cursor is not one this listing gave; start again without one")
    with service.office.records.reading() as repository:
        found = repository.jobs.items(job_id, int(after), limit + 1, only_failed=failed)
    page, following_cursor = following(job_id, found, lambda item: str(item.position), limit)
    return Page(items=[JobItemShown.of(item) for item in page], next_cursor=following_cursor)


def _known(service: Service, practice_id: str, job_id: str) -> Job:
    with service.office.records.reading() as repository:
        found = repository.jobs.get(practice_id, job_id)
    if found is None:
        raise ProblemError("job-unknown", f"practice {practice_id} has no job {job_id}")
    return found

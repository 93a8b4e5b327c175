"""Files in: one address a kind of file, all by the same code."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.access.needs import PrincipalOf, needs
from api.intake_ways import WAYS, Way
from api.problems import ProblemError, responses
from api.schemas import Finding, Taken, WorkStatus
from api.service import PRACTICE_PROBLEMS, PracticeOf, Service, ServiceOf, progress_for
from api.uploads import Upload, uploaded
from api.worker import Worked

router = APIRouter(tags=["Files"])


_HOW = """Send the file as the form's part `file`, or as the body itself (its name then in
`Content-Disposition: attachment; filename="..."`).

It is stored before anything is answered, and sent again it changes nothing. The denials are then worked with it:
**200** when that is done, **202** when it takes longer (see `GET /v1/work`)."""


def _add(way: Way) -> None:
    router.post(
        f"/v1/{way.address}",
        summary=f"Take in {way.what}",
        description=_HOW,
        response_model=Taken,
        responses={
            202: {"model": Taken, "description": "Taken in; the denials are still being worked."},
            **responses(
                "file-unusable",
                "no-file",
                "invalid-request",
                "too-large",
                "request-refused",
                "key-required",
                *PRACTICE_PROBLEMS,
            ),
        },
        dependencies=[needs("files.write")],
        operation_id=f"take_{way.address}",
        openapi_extra={"requestBody": _body(way)},
    )(_taker(way))


def _body(way: Way) -> dict[str, Any]:
    form = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
    shape = {"type": "object"} if way.media_type.endswith("json") else {"type": "string", "format": "binary"}
    return {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": form},
            way.media_type: {"schema": shape, "example": way.example},
        },
    }


def _taker(way: Way) -> Callable[..., Taken]:
    def take(
        service: ServiceOf,
        practice_id: PracticeOf,
        principal: PrincipalOf,
        upload: Annotated[Upload, Depends(uploaded)],
        response: Response,
    ) -> Taken:
        taken = _take(way, service, practice_id, upload, response)
        return taken.model_copy(update={"work": WorkStatus.of(progress_for(service, principal))})

    return take


def _take(way: Way, service: Service, practice_id: str, upload: Upload, response: Response) -> Taken:
    report = service.office.take_file(practice_id, way.kind, way.kept.format(name=upload.name), upload.data)
    if not report.usable or not report.files or report.files[0].outcome == "quarantined":
        errors = [{"where": found.where or found.file, "says": found.says} for found in report.findings]
        raise ProblemError("file-unusable", "; ".join(error["says"] for error in errors), errors=errors)
    taken = report.files[0]
    worked: Worked | None = None
    nothing_new = taken.outcome in ("known", "duplicate")
    if not nothing_new:
        worked = _finished(service.worker.work(practice_id), service.settings.patience)
    if not nothing_new and worked is None:
        response.status_code = 202
        response.headers["location"] = "/v1/work"
    return Taken(
        practice_id=practice_id,
        file=taken.name,
        outcome=taken.outcome,
        facts=taken.facts,
        findings=[Finding.of(finding) for finding in report.findings],
        worked=nothing_new or worked is not None,
        new=list(worked.new) if worked else [],
        changed=list(worked.changed) if worked else [],
        work=WorkStatus.of(service.worker.progress()),
    )


def _finished(run: Future[Worked], patience: float) -> Worked | None:
    """Give what a run came to, None when it takes longer or ended badly: the work's status says so then."""
    try:
        error = run.exception(patience)
    except TimeoutError:
        return None
    return None if error is not None else run.result()


for _way in WAYS:
    _add(_way)

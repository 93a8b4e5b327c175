"""Errors of the API as problem documents (RFC 9457): one shape for every way a request can fail."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware

from api.problem_kinds import KINDS, URN

MEDIA_TYPE = "application/problem+json"


_BY_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


class InvalidPart(BaseModel):
    """One part of a request that is not valid."""

    where: str = Field(description="Where it stands: `body.decision`, `query.limit`.")
    says: str = Field(description="What is wrong with it.")


class FailedPart(BaseModel):
    """A sentence of an edited letter that does not stand by its evidence."""

    where: str = Field(description="Which part of the letter.", examples=["paragraph 3"])
    sentence: str
    says: list[str] = Field(description="What is wrong with it.")
    carried_by: list[str] = Field(description="Ids of evidence that carries it whole, were it cited alone.")
    advice: str


class Problem(BaseModel):
    """A problem document (RFC 9457). `type` is stable: programs decide by it, never by `title` or `detail`."""

    type: str = Field(examples=["urn:overturn:problem:denial-unknown"])
    title: str = Field(examples=["There is no such denial"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["practice prc_9da833d6cd81 has no denial den_00"])
    instance: str = Field(description="The path that was asked for.", examples=["/v1/denials/den_00"])
    request_id: str = Field(description="Name it when you report the problem; the log has it.")
    errors: list[InvalidPart] | None = Field(default=None, description="With `invalid-request`: every invalid part.")
    sentences: list[FailedPart] | None = Field(
        default=None, description="With `letter-refused`: every sentence that does not stand."
    )
    practices: list[str] | None = Field(default=None, description="With `practice-required`: the practices' ids.")


class ProblemError(HTTPException):
    """A problem to answer a request with."""

    def __init__(self, name: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        """Name one of KINDS and say what was wrong with this request; `more` are further members."""
        super().__init__(KINDS[name].status, detail, headers)
        self.name, self.more = name, more


def problem_document(name: str, detail: str, path: str, request_id: str, **more: Any) -> dict[str, Any]:
    """Put a problem document together."""
    kind = KINDS[name]
    problem = Problem(
        type=f"{URN}{name}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=path,
        request_id=request_id,
        **more,
    )
    return problem.model_dump(exclude_none=True)


def answer(request: Request, name: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """Answer a request with a problem: a page for a browser that opens one, else the document."""
    from api.web.error_pages import practices_of, show_error, wants_page  # pages may raise problems, too

    request_id = str(getattr(request.state, "request_id", ""))
    document = problem_document(name, detail, request.url.path, request_id, **more)
    if wants_page(request.method, request.url.path, request.headers):
        return show_error(request, document, practices_of(request, document), headers)
    return JSONResponse(document, KINDS[name].status, headers, media_type=MEDIA_TYPE)


def handle_problems(app: FastAPI) -> None:
    """Make every error of an app a problem document."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    # Not as FastAPI's own handler of Exception: that one answers outside of every middleware, without our headers.
    app.add_middleware(ServerErrorMiddleware, handler=_internal)


def responses(*names: str) -> dict[int | str, dict[str, Any]]:
    """Describe problems for the API's description, by status."""
    found: dict[int | str, dict[str, Any]] = {}
    for name in names:
        kind = KINDS[name]
        entry = found.setdefault(int(kind.status), {"description": "", "content": {MEDIA_TYPE: {"schema": _SCHEMA}}})
        entry["description"] += f"`{name}`: {kind.title}. "
    for entry in found.values():
        entry["description"] = entry["description"].strip()
    return dict(sorted(found.items(), key=lambda pair: str(pair[0])))


_SCHEMA = {"$ref": "#/components/schemas/Problem"}


async def _http(request: Request, error: Exception) -> Response:
    if isinstance(error, ProblemError):
        return answer(request, error.name, str(error.detail), error.headers, **error.more)
    assert isinstance(error, HTTPException)  # registered for nothing else
    name = _BY_STATUS.get(error.status_code, "request-refused")
    details = {
        "not-found": f"{request.url.path} is no address of this server; /api lists them",
        "method-not-allowed": f"{request.url.path} does not take {request.method}",
    }
    return answer(request, name, details.get(name, str(error.detail)), error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # registered for nothing else
    # What was sent is not repeated: it may be a patient's.
    errors = [
        InvalidPart(where=".".join(str(step) for step in each["loc"]), says=str(each["msg"])) for each in error.errors()
    ]
    detail = "; ".join(f"{each.where}: {each.says}" for each in errors)
    return answer(request, "invalid-request", detail, errors=errors)


async def _internal(request: Request, error: Exception) -> Response:
    detail = "The request could not be carried out; what was stored before stays. Report the request_id"
    return answer(request, "internal", detail)

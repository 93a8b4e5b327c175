"""Errors of the API as problem documents (RFC 9457): one shape for every way a request can fail."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware

MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    """One kind of problem: its HTTP status, and what it is called whatever the request."""

    status: HTTPStatus
    title: str


KINDS: dict[str, Kind] = {
    "bad-cursor": Kind(HTTPStatus.BAD_REQUEST, "The cursor is not one this listing gave"),
    "practice-required": Kind(HTTPStatus.BAD_REQUEST, "The home holds several practices: name one"),
    "file-unusable": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing in the file can be used"),
    "no-file": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The request carries no file"),
    "key-required": Kind(HTTPStatus.UNAUTHORIZED, "Sign in, or show a key or token"),
    "host-refused": Kind(HTTPStatus.FORBIDDEN, "The demo answers to this machine only"),
    "origin-refused": Kind(HTTPStatus.FORBIDDEN, "Another site's page may not change anything here"),
    "forbidden": Kind(HTTPStatus.FORBIDDEN, "Your role may not do this"),
    "page-outdated": Kind(HTTPStatus.FORBIDDEN, "The page belongs to another session: reload it"),
    "identity-claimed": Kind(HTTPStatus.FORBIDDEN, "A decision is given in one's own name and role"),
    "denial-unknown": Kind(HTTPStatus.NOT_FOUND, "There is no such denial"),
    "practice-unknown": Kind(HTTPStatus.NOT_FOUND, "There is no such practice"),
    "product-missing": Kind(HTTPStatus.NOT_FOUND, "This file has not been made"),
    "rule-unknown": Kind(HTTPStatus.NOT_FOUND, "There is no such rule"),
    "series-unknown": Kind(HTTPStatus.NOT_FOUND, "There is no such series or batch"),
    "send-unknown": Kind(HTTPStatus.NOT_FOUND, "There is no such send"),
    "not-found": Kind(HTTPStatus.NOT_FOUND, "There is nothing at this address"),
    "method-not-allowed": Kind(HTTPStatus.METHOD_NOT_ALLOWED, "This address does not take this method"),
    "no-practice": Kind(HTTPStatus.CONFLICT, "The home holds no practice yet"),
    "not-waiting": Kind(HTTPStatus.CONFLICT, "The denial is not waiting for a person"),
    "product-altered": Kind(HTTPStatus.CONFLICT, "The file on disk is not the one that was made"),
    "too-large": Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large"),
    "change-refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The edit does not fit the denial"),
    "approval-refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The approval lacks what it needs"),
    "outcome-refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The decision does not fit the denial"),
    "rule-refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The rule may not be, or not by this role"),
    "letter-unreadable": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The Word file cannot be taken as this letter"),
    "letter-refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The edited letter says what its evidence does not"),
    "key-reused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The idempotency key came before with something else"),
    "invalid-request": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not valid"),
    "key-in-progress": Kind(HTTPStatus.CONFLICT, "The request with this idempotency key is being answered"),
    "version-required": Kind(HTTPStatus.PRECONDITION_REQUIRED, "Name the version you saw: If-Match"),
    "version-outdated": Kind(HTTPStatus.PRECONDITION_FAILED, "It has changed since you saw it"),
    "too-many-requests": Kind(HTTPStatus.TOO_MANY_REQUESTS, "More requests than a caller may send"),
    "job-unknown": Kind(HTTPStatus.NOT_FOUND, "There is no such job"),
    "event-unknown": Kind(HTTPStatus.NOT_FOUND, "There is no such event"),
    "webhook-unknown": Kind(HTTPStatus.NOT_FOUND, "There is no such webhook"),
    "delivery-unknown": Kind(HTTPStatus.NOT_FOUND, "There is no such delivery"),
    "webhook-refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing may be sent to this address"),
    "request-refused": Kind(HTTPStatus.BAD_REQUEST, "The request cannot be read"),
    "busy": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "The cases are being worked: try again shortly"),
    "not-ready": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "The server cannot work now"),
    "internal": Kind(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong in the server"),
}
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
        type=f"urn:overturn:problem:{name}",
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

"""Errors as pages, for browsers that open a page: what happened, that nothing was lost, and where to go."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import Headers

from api.access.open_addresses import for_programs
from api.access.principal import principal_of
from api.service import service_of
from api.web.pages import page

SAYS: dict[str, str] = {
    "forbidden": "Your role does not reach this page. Who manages users here can change that.",
    "page-outdated": "You signed in anew since this page was opened. Reload it and do it again; nothing was changed.",
    "origin-refused": "The request came from another site's page, so nothing was done.",
    "host-refused": "The demo answers on this machine only.",
    "key-required": "Sign in again; nothing was lost.",
    "denial-unknown": "It may have been taken out, or belong to another practice.",
    "not-found": "The address is wrong, or what stood here is gone.",
    "series-unknown": "Its members were decided, sent or changed since; what is left of it stands in the queue.",
    "busy": "Cases are being worked. Nothing was changed; try again in a moment.",
    "not-ready": "The records cannot be read now. Nothing was changed; try again in a moment.",
    "practice-required": "Choose whose denials to see.",
    "no-practice": "Three steps, and the queue is filled.",
    "internal": "What was stored before stays. Report the number below, and it can be looked into.",
    "too-many-requests": "Wait a moment, then go on.",
}
_QUEUE = ("/queue", "To the queue")


def wants_page(method: str, path: str, headers: Headers) -> bool:
    """Tell whether a browser asks for a page, or sends a form of one, and would show the answer as it is."""
    accepts = "text/html" in headers.get("accept", "")
    return accepts and not for_programs(path) and "hx-request" not in headers and method in ("GET", "HEAD", "POST")


def practices_of(request: Request, document: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give the practices to choose from, by id and name, where one must be."""
    wanted = document.get("practices") or ()
    if not wanted:
        return ()
    return tuple((id_, practice.name) for id_, practice in service_of(request).office.practices() if id_ in wanted)


def show_error(
    request: Request,
    document: dict[str, Any],
    practices: tuple[tuple[str, str], ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Show a problem document as a page; its status, type and headers stay."""
    kind = str(document["type"]).rpartition(":")[2]
    ways = [("/sign-in", "Sign in")] if principal_of(request) is None else [_QUEUE]
    if kind in ("busy", "not-ready", "page-outdated") and request.method == "GET":
        ways.insert(0, (request.url.path, "Try again"))
    if kind in ("no-practice", "practice-required"):
        ways = []
    response = page(
        request,
        "error.html",
        int(document["status"]),
        title=document["title"],
        kind=kind,
        type=document["type"],
        detail=document["detail"],
        says=SAYS.get(kind, f"{document['detail'][:1].upper()}{document['detail'][1:]}."),
        request_id=document["request_id"],
        practices=practices,
        begin=kind == "no-practice",
        ways=ways,
    )
    response.headers.update(headers or {})
    return response

"""What stands between the network and the app: request ids, who sends the request, size limits, headers.

One layer for every request, whatever it is routed to, and closed by default: an address is open only when it is
listed (api/access/open_addresses.py). What whoever is let in may do, each route names (api/access/needs.py).
"""

import json
from urllib.parse import quote

from anyio.to_thread import run_sync
from sqlalchemy.exc import DatabaseError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.office import Office
from api.access import forgery
from api.access.authenticating import NOBODY, Identity, authenticate, claimed_by, unauthenticated
from api.access.loopback import host_named, is_loopback
from api.access.open_addresses import OPEN, TOKENS, for_programs, is_open
from api.bodies import measured, refuse_by_size
from api.logs import request_id_of
from api.problem_kinds import KINDS
from api.problems import MEDIA_TYPE, ProblemError, problem_document
from api.refused import note_refusal
from api.settings import MEBIBYTE, Settings
from api.web.error_pages import show_error, wants_page

__all__ = ["OPEN", "Guard"]

_FORM_LIMIT = MEBIBYTE
SECOND_FACTOR = "/account/second-factor"
_BEFORE_SECOND_FACTOR = ("/account/second-factor", "/sign-out", "/static/")
_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
_ENTERED = (401, 403)
_NOT_LET_IN = (400, 401, 403, 422, 429, 502)
_DOORS = ("/sign-in", "/oauth/")
_TLS = "max-age=31536000"


class Guard:
    """ASGI middleware that lets a request through, or answers it with a problem."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Guard `app` by `settings`: everyone shows who they are, but in the demo, which is for this machine only."""
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        request_id = state.setdefault("request_id", request_id_of(headers))

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                sent["x-request-id"] = request_id
                for name, value in _HEADERS.items():
                    sent.setdefault(name, value)
                if (self.settings.access.address or "").startswith("https://"):
                    sent.setdefault("strict-transport-security", _TLS)
            await send(message)

        # Whoever sends to an open address is nobody yet: a form of a few fields is all they have to say.
        limit = min(_FORM_LIMIT, self.settings.max_body) if is_open(scope["path"]) else self.settings.max_body
        receive = measured(receive, limit)
        try:
            refuse_by_size(headers, limit)
            identity = await self._identity(scope, headers)
            state["principal"], state["identity"] = identity.principal, identity
            receive = await self._refuse_forgery(scope, headers, identity, receive)
            elsewhere = _elsewhere(scope, headers, identity)
        except ProblemError as refusal:
            if refusal.status_code in _ENTERED:
                await run_sync(_enter, scope, headers, refusal)
            if wants_page(scope["method"], scope["path"], headers):
                document = problem_document(refusal.name, str(refusal.detail), scope["path"], request_id)
                shown = show_error(Request(scope), document, (), refusal.headers)
                await shown(scope, receive, send_guarded)
                return
            await _answer(refusal, scope["path"], request_id, send_guarded)
            return
        if identity.principal is None and elsewhere is None:
            await self._at_open_door(scope, receive, send_guarded)
            return
        await (elsewhere or self.app)(scope, receive, send_guarded)

    async def _at_open_door(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at an open address, and enter it where somebody was not let in (a failed sign-in)."""

        async def send_entered(message: Message) -> None:
            if message["type"] == "http.response.start" and int(message["status"]) in _NOT_LET_IN:
                if scope["path"].startswith(_DOORS):
                    await run_sync(note_refusal, scope, int(message["status"]))
            await send(message)

        await self.app(scope, receive, send_entered)

    async def _identity(self, scope: Scope, headers: Headers) -> Identity:
        if self.settings.api_key is None and self.settings.demo:
            _refuse_strangers(scope, headers)
        try:
            identity = await run_sync(authenticate, self.settings, _office(scope), headers)
        except ProblemError:
            if not is_open(scope["path"]):
                raise
            identity = NOBODY
        except DatabaseError as error:
            raise ProblemError("not-ready", "the records cannot be read", headers={"retry-after": "10"}) from error
        return identity

    async def _refuse_forgery(self, scope: Scope, headers: Headers, identity: Identity, receive: Receive) -> Receive:
        """Refuse a change that a page of another site, or of another session, sends by a browser's cookie."""
        if scope["method"] in forgery.SAFE_METHODS or scope["path"] in TOKENS:
            return receive
        by_cookie = identity.session_token is not None
        by_browser = by_cookie or (is_open(scope["path"]) and identity.principal is None)
        address = self.settings.access.address
        refusal = forgery.refuse_other_sites(headers, address, said=by_browser) if by_browser else None
        body = None
        if refusal is None and by_cookie and not is_open(scope["path"]):
            if forgery.HEADER not in headers and forgery.is_form(headers):
                body, receive = await _read(receive)
            refusal = forgery.refuse_old_pages(headers, body, identity.page_token)
        if refusal is not None:
            raise refusal
        return receive


def _office(scope: Scope) -> Office | None:
    service = getattr(scope["app"].state, "service", None)
    return None if service is None else service.office


def _elsewhere(scope: Scope, headers: Headers, identity: Identity) -> ASGIApp | None:
    """Lead a browser to where it must go first, None where it may go on.

    Raises:
        ProblemError: `key-required`, to whoever is no browser that opens a page.
    """
    path = scope["path"]
    if is_open(path):
        return None
    opens_page = (
        scope["method"] == "GET"
        and not for_programs(path)
        and "text/html" in headers.get("accept", "")
        and "hx-request" not in headers
    )
    if identity.principal is None:
        if opens_page:
            return RedirectResponse(f"/sign-in?next={quote(path)}", 303)
        raise unauthenticated()
    if identity.stage == "enrol" and opens_page and not path.startswith(_BEFORE_SECOND_FACTOR):
        return RedirectResponse(SECOND_FACTOR, 303)
    return None


def _enter(scope: Scope, headers: Headers, refusal: ProblemError) -> None:
    """Have the audit trail say who was refused before anything was looked at."""
    client_id = claimed_by(_office(scope), headers) if refusal.name == "key-required" else None
    if client_id is not None:
        scope["state"]["claimed"] = ("client", client_id)
    note_refusal(scope, refusal.status_code, refusal.name)


def _refuse_strangers(scope: Scope, headers: Headers) -> None:
    """Refuse what a page of another site could send through the browser of whoever runs the demo."""
    if not is_loopback(host_named(headers.get("host", ""))):
        raise ProblemError("host-refused", "the demo answers at 127.0.0.1 and localhost only")
    if scope["method"] not in forgery.SAFE_METHODS:
        refusal = forgery.refuse_other_sites(headers, None, said=False)
        if refusal is not None:
            raise refusal


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """Read a form to its end, and give it again to whoever reads it next."""
    parts: list[bytes] = []
    more, length = True, 0
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > _FORM_LIMIT:
            raise ProblemError("too-large", "a form takes at most 1 MiB")
        more = message.get("more_body", False)
    body = b"".join(parts)
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return body, again


async def _answer(problem: ProblemError, path: str, request_id: str, send: Send) -> None:
    document = problem_document(problem.name, str(problem.detail), path, request_id)
    body = json.dumps(document).encode()
    headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), **(problem.headers or {})}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(KINDS[problem.name].status), "headers": raw})
    await send({"type": "http.response.body", "body": body})

"""What stands between the network and the app: request ids, the key, size limits, headers.

One layer for every request, whatever it is routed to, and closed by default: an address is open only when it
is listed here.
"""

import hmac
import json
import re
import uuid
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import KINDS, MEDIA_TYPE, ProblemError, problem_document
from api.settings import MEBIBYTE, Settings, is_loopback

OPEN = frozenset(("/", "/health", "/ready", "/openapi.json"))
"""Addresses that need no key: none of them says anything about a patient."""

_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """ASGI middleware that lets a request through, or answers it with a problem."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Guard `app` by `settings`: with a key everyone must show it, without one (demo) this machine only."""
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                sent["x-request-id"] = request_id
                for name, value in _HEADERS.items():
                    sent.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _answer(refusal, scope["path"], request_id, send_guarded)
        else:
            await self.app(scope, self._counted(receive), send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> ProblemError | None:
        if self.settings.api_key is None:
            refusal = _refuse_strangers(scope, headers)
        else:
            refusal = None if scope["path"] in OPEN else _refuse_without_key(headers, self.settings.api_key)
        length = headers.get("content-length", "0")
        if refusal is None and length.isdecimal() and int(length) > self.settings.max_body:
            refusal = self._too_large()
        return refusal

    def _counted(self, receive: Receive) -> Receive:
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.settings.max_body:
                raise self._too_large()
            return message

        return receive_counted

    def _too_large(self) -> ProblemError:
        limit = self.settings.max_body / MEBIBYTE
        return ProblemError("too-large", f"at most {limit:g} MiB are taken in one request; split the file")


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _refuse_without_key(headers: Headers, key: str) -> ProblemError | None:
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    shown = bearer.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
    if hmac.compare_digest(shown.encode(), key.encode()):
        return None
    detail = "send the key as `Authorization: Bearer KEY` or `X-API-Key: KEY`"
    return ProblemError("key-required", detail, headers={"www-authenticate": "Bearer"})


def _refuse_strangers(scope: Scope, headers: Headers) -> ProblemError | None:
    """Refuse what a page of another site could send through the browser of whoever runs the demo."""
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    if not is_loopback(host):
        return ProblemError("host-refused", "the demo answers at 127.0.0.1 and localhost only")
    origin = headers.get("origin")
    if scope["method"] not in _SAFE_METHODS and origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return ProblemError("origin-refused", "the request comes from a page of another site")
    return None


async def _answer(problem: ProblemError, path: str, request_id: str, send: Send) -> None:
    document = problem_document(problem.name, str(problem.detail), path, request_id)
    body = json.dumps(document).encode()
    headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), **(problem.headers or {})}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(KINDS[problem.name].status), "headers": raw})
    await send({"type": "http.response.body", "body": body})

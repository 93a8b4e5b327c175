"""A request that is sent again counts once: `Idempotency-Key` on every POST of the API.

After draft-ietf-httpapi-idempotency-key-header: the first answer is kept and said again; the key with another request
is refused (422), with one that is still being answered too (409). A key is its sender's own. What was answered is said
again only to who may still have it, and that is entered in the audit trail as the answer was.
"""

import hashlib
import re
from datetime import timedelta
from email.message import Message as MailMessage

import msgspec
from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.office import Office
from api.access.needs import permission_of
from api.access.permissions import EVERY_PERMISSION
from api.access.principal import Principal, principal_of
from api.auditing import Repeat, action_of
from api.limits import api_limits
from api.problems import ProblemError, answer
from knowledge.records import KeptAnswer
from knowledge.records.audit import acting_now, saw

HEADER = "idempotency-key"
LONGEST_KEY = 200
REPLAYED = "idempotency-replayed"
_ABOUT = "overturn-about"
"""Kept with an answer's headers, and not sent: what it was about (Repeat), for whom it may be said again."""
_KEPT_HEADERS = frozenset(("content-type", "location", "etag", "content-disposition", "www-authenticate"))
_NOT_KEPT = frozenset((401, 403, 408, 412, 413, 428, 429))
"""Answers from before anything was looked at: the request may be made good and sent with the same key."""

_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


class Idempotent:
    """ASGI middleware that answers a POST with a key once, and says the same again."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        key, principal = Headers(scope=scope).get(HEADER), principal_of(request)
        if key is None or principal is None:
            await self._app(scope, receive, send)
            return
        try:
            if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
                raise ProblemError("invalid-request", f"Idempotency-Key: 1 to {LONGEST_KEY} visible characters")
            await self._once(request, principal, key, receive, send)
        except ProblemError as refused:
            refusal = answer(request, refused.name, str(refused.detail), refused.headers, **refused.more)
            await refusal(scope, receive, send)

    async def _once(self, request: Request, principal: Principal, key: str, receive: Receive, send: Send) -> None:
        office: Office = request.app.state.service.office
        caller = f"{principal.kind}:{principal.id}"
        body = await _whole(receive)
        if body is None:
            return
        found = await run_sync(_begin, office, caller, key, fingerprint(request, body))
        if isinstance(found, KeptAnswer):
            request.state.repeat = repeat = _let_again(found, principal)
            request.state.practice_id = repeat.practice_id if repeat is not None else None
            await _say(found, send)
            return
        kept = Recorded(send)
        try:
            await self._app(request.scope, _again(body, receive), kept.take)
        except BaseException:
            await run_sync(_forget, office, caller, key)
            raise
        done = kept.answer()
        if done is None or done.status >= 500 or done.status in _NOT_KEPT:
            await run_sync(_forget, office, caller, key)
        else:
            about = (_ABOUT, msgspec.json.encode(_repeat_of(request)).decode())
            await run_sync(_keep, office, caller, key, done.model_copy(update={"headers": (*done.headers, about)}))
        await kept.release()


class Recorded:
    """An answer held back until it is kept: what was answered can then always be said again."""

    def __init__(self, send: Send) -> None:
        """Hold the answer that would go to `send`."""
        self._send = send
        self._messages: list[Message] = []

    async def take(self, message: Message) -> None:
        """Take a part of the answer."""
        self._messages.append(message)

    def answer(self) -> KeptAnswer | None:
        """Give the whole answer, None where there is none."""
        start = next((one for one in self._messages if one["type"] == "http.response.start"), None)
        if start is None:
            return None
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in start["headers"]
            if name.decode("latin-1").lower() in _KEPT_HEADERS
        )
        body = b"".join(one.get("body", b"") for one in self._messages if one["type"] == "http.response.body")
        return KeptAnswer(status=start["status"], headers=headers, body=body)

    async def release(self) -> None:
        """Let the answer go."""
        for message in self._messages:
            await self._send(message)


def fingerprint(request: Request, body: bytes) -> str:
    """Give what tells a request from another: method, address, type and body.

    The line between the parts of a form is made anew at every sending: it does not count.
    """
    kind = request.headers.get("content-type", "")
    header = MailMessage()
    header["content-type"] = kind or "application/octet-stream"
    boundary = header.get_boundary()
    if boundary:
        body = body.replace(boundary.encode("latin-1", "replace"), b"boundary")
        kind = header.get_content_type()
    parts = (request.method, request.url.path, request.url.query, kind, request.headers.get("content-disposition", ""))
    digest = hashlib.sha256("\0".join(parts).encode())
    digest.update(b"\0" + body)
    return digest.hexdigest()


def _repeat_of(request: Request) -> Repeat | None:
    """Give what was answered just now, for when it is asked for again; None where no route was found."""
    route = request.scope.get("route")
    permission = permission_of(route)
    if permission is None:
        return None
    seen = acting_now().seen
    return Repeat(
        permission,
        action_of(route, request.scope),
        getattr(request.state, "practice_id", None),
        tuple(seen.subjects) if seen is not None else (),
    )


def _let_again(kept: KeptAnswer, principal: Principal) -> Repeat | None:
    """Let a kept answer go to who asks for it again, as they stand now, and note what it shows.

    Raises:
        ProblemError: their role or scopes, or their practices, are others since.
    """
    about = next((value for name, value in kept.headers if name == _ABOUT), None)
    if about is None:  # kept by a version that did not say what it was about
        raise ProblemError("key-reused", "the answer to this key cannot be given again; read what became of it")
    repeat = msgspec.json.decode(about, type=Repeat | None)
    if repeat is None:
        return None
    if repeat.permission not in EVERY_PERMISSION or not principal.may(repeat.permission):
        raise ProblemError("forbidden", f"this needs the permission {repeat.permission}")
    if repeat.practice_id is not None:
        if not principal.sees(repeat.practice_id):
            raise ProblemError("practice-unknown", f"there is no practice {repeat.practice_id} in this home")
        saw(repeat.practice_id, repeat.subjects)
    return repeat


def _begin(office: Office, caller: str, key: str, print_: str) -> KeptAnswer | None:
    limits = api_limits().idempotency
    lease, kept = timedelta(seconds=limits.lease_seconds), timedelta(hours=limits.kept_hours)
    with office.records.transaction() as repository:
        found = repository.idempotency.begin(caller, key, print_, office.clock(), lease=lease, kept=kept)
    if found == "other request":
        raise ProblemError("key-reused", "this key came before with another request; use a new key")
    if found == "in progress":
        headers = {"retry-after": "2"}
        raise ProblemError("key-in-progress", "the request with this key is being answered", headers=headers)
    return found if isinstance(found, KeptAnswer) else None


def _keep(office: Office, caller: str, key: str, done: KeptAnswer) -> None:
    with office.records.transaction() as repository:
        repository.idempotency.keep(caller, key, done)


def _forget(office: Office, caller: str, key: str) -> None:
    with office.records.transaction() as repository:
        repository.idempotency.forget(caller, key)


async def _whole(receive: Receive) -> bytes | None:
    """Read a body to its end; None where the sender has gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _say(kept: KeptAnswer, send: Send) -> None:
    held = (pair for pair in kept.headers if pair[0] != _ABOUT)
    headers = [*held, (REPLAYED, "true"), ("content-length", str(len(kept.body)))]
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": kept.status, "headers": raw})
    await send({"type": "http.response.body", "body": kept.body})

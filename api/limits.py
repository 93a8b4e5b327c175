"""How many requests a caller may send, and what else has a measure: rates, kept answers, bulk jobs (limits.yaml)."""

import math
import time
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import yaml
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.principal import principal_of
from api.problems import answer

Kind = Literal["read", "write", "bulk", "sign_in"]


class Rate(BaseModel):
    """So many requests in so many seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests: int = Field(ge=1)
    seconds: int = Field(ge=1)


class Kept(BaseModel):
    """How long answers are kept for repeats, and when a request without one counts as cut off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kept_hours: int = Field(ge=1)
    lease_seconds: int = Field(ge=1)


class Bulk(BaseModel):
    """How much one job takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: int = Field(ge=1)


class ApiLimits(BaseModel):
    """All measures of the API."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rates: dict[Kind, Rate]
    idempotency: Kept
    bulk: Bulk


@cache
def api_limits() -> ApiLimits:
    """Read limits.yaml.

    Raises:
        ValueError: something in it cannot be.
    """
    return ApiLimits.model_validate(yaml.safe_load(files("api").joinpath("limits.yaml").read_text(encoding="utf-8")))


class Standing(NamedTuple):
    """How a caller stands within a rate. `seconds` until all of it is there again, or the next may be sent."""

    allowed: bool
    left: int
    seconds: int


class Counter:
    """Counts the requests of callers, in this process."""

    def __init__(self) -> None:
        """Begin with nobody counted."""
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def count(self, caller: str, kind: Kind, rate: Rate) -> Standing:
        """Count one request, unless it is one too many."""
        item = RateLimitItemPerSecond(rate.requests, rate.seconds)
        allowed = self._window.hit(item, caller, kind)
        reset, left = self._window.get_window_stats(item, caller, kind)
        return Standing(allowed, left, max(1, math.ceil(reset - time.time())))


class RateLimited:
    """ASGI middleware: refuses a caller's request beyond the rate, and says with every answer how much is left.

    Headers after draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy`, `RateLimit`; `Retry-After` (RFC 9110).
    """

    def __init__(self, app: ASGIApp, rates: dict[Kind, Rate] | None = None) -> None:
        """Limit requests to the API's addresses and those of signing in by `rates`; limits.yaml's when left out."""
        self._app, self._rates, self._counter = app, rates or api_limits().rates, Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http" or not scope["path"].startswith(("/v1/", "/sign-in")):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        kind = _kind(scope["method"], scope["path"])
        rate = self._rates[kind]
        standing = self._counter.count(_caller(request, kind), kind, rate)
        said = {
            "ratelimit-policy": f'"{kind}";q={rate.requests};w={rate.seconds}',
            "ratelimit": f'"{kind}";r={standing.left};t={standing.seconds}',
        }

        async def send_said(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(said)
            await send(message)

        if standing.allowed:
            await self._app(scope, receive, send_said)
            return
        detail = f"at most {rate.requests} requests of this kind in {rate.seconds} seconds; wait {standing.seconds}"
        refusal = answer(request, "too-many-requests", detail, {"retry-after": str(standing.seconds)})
        await refusal(scope, receive, send_said)


def _caller(request: Request, kind: Kind) -> str:
    """Name who asks: who signs in is nobody yet, and counts by the address it comes from."""
    if kind == "sign_in":
        return f"address:{request.client.host if request.client else 'unknown'}"
    principal = principal_of(request)
    return f"{principal.kind}:{principal.id}" if principal else "nobody"


def _kind(method: str, path: str) -> Kind:
    if path.startswith("/sign-in"):
        return "sign_in"
    if method in ("GET", "HEAD", "OPTIONS"):
        return "read"
    return "bulk" if path == "/v1/jobs" else "write"

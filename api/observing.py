"""The outermost layer: every request, refused ones too, is counted and leaves one line in the log when it is over.

The line and the counts name the route ("/case/{denial_id}") and the request's id; never its path, query or body.
"""

import logging
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import REQUEST_ID, request_id_of
from api.metrics import Metrics

_log = logging.getLogger("api.request")
NO_ROUTE = "none"
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class Observed:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wrap `app`; count in `metrics`."""
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else "OTHER"  # anybody may make words up
        begun = time.perf_counter()
        status = 500  # what uvicorn answers where nothing did
        request_id = request_id_of(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        token = REQUEST_ID.set(request_id)
        try:
            await self.app(scope, receive, send_noted)
        except Exception:
            _log.exception("%s %s failed", method, _route(scope))  # here, where the request's id is known
            raise
        finally:
            seconds = time.perf_counter() - begun
            route = _route(scope)
            self.metrics.request(method, route, status, seconds)
            principal = getattr(scope.get("state", {}).get("principal"), "kind", "nobody")
            _log.info(
                "%s %s %d",
                method,
                route,
                status,
                extra={"route": route, "status": status, "milliseconds": round(seconds * 1000, 1), "by": principal},
            )
            REQUEST_ID.reset(token)


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", NO_ROUTE))

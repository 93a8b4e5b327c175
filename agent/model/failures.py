"""What a failed request means: which fault it is, whether asking again may help, and after how long.

Works on status, headers and body alone. The words of a server are looked at and never repeated: they may quote the
request.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from agent.model.asking import FaultKind

_QUOTA = re.compile(r"insufficient_quota|billing|exceeded your current quota|credit balance|out of credits", re.I)
_FILTERED = re.compile(r"content_filter|content management policy|ResponsibleAIPolicyViolation", re.I)
_TOO_LONG = re.compile(r"context_length|maximum context|context window|too many tokens|prompt is too long", re.I)
_NAME = re.compile(r"[a-z0-9_.\[\]]{1,40}")
_PASSING = frozenset({408, 409, 425})
_OF_THE_ENDPOINT = frozenset({401, 403, 404, 405})

WhenClock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that brought no answer. `again` = asking again may help; `wait` = the server's word, in seconds.

    `unhealthy` = it speaks against the endpoint and not against this request, so the breaker counts it.
    `about` holds the server's own words, for a look at which parameter it rejects; it is not to be shown.
    """

    kind: FaultKind
    says: str
    again: bool = False
    wait: float | None = None
    unhealthy: bool = True
    about: str = ""
    parameter: str = ""


def of_status(status: int, headers: Mapping[str, str], body: object, now: WhenClock) -> Failure:
    """Return what an HTTP error status means. `headers` must look names up without regard to case."""
    error = _error(body)
    about = _words(error, body)
    if status == 429:
        if _QUOTA.search(about):
            return Failure("out_of_quota", "the account's quota is spent (429)")
        return Failure("rate_limited", "too many requests (429)", again=True, wait=retry_after(headers, now))
    if status >= 500 or status in _PASSING:
        wait = retry_after(headers, now)
        return Failure("server_error", f"the endpoint failed ({status})", again=True, wait=wait)
    if _FILTERED.search(about):
        return Failure(
            "content_filter", f"the endpoint's content filter stopped the request ({status})", unhealthy=False
        )
    if _TOO_LONG.search(about) or status == 413:
        return Failure("rejected", f"the request is longer than the model takes ({status})", unhealthy=False)
    says = {401: "the key is not accepted (401)", 403: "access is denied (403)", 404: "no such model or address (404)"}
    parameter = error.get("param") if isinstance(error.get("param"), str) else ""
    return Failure(
        "rejected",
        says.get(status, f"the endpoint rejects the request ({status})"),
        unhealthy=status in _OF_THE_ENDPOINT or 300 <= status < 400,
        about=about,
        parameter=str(parameter) if parameter and _NAME.fullmatch(str(parameter)) else "",
    )


def retry_after(headers: Mapping[str, str], now: WhenClock) -> float | None:
    """Return the seconds a server asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        text = headers.get(name, "").strip()
        if not text:
            continue
        if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", text):
            return float(text) * unit
        if unit == 1.0:
            return _until(text, now)
    return None


def _until(text: str, now: WhenClock) -> float | None:
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    present = now()
    if when.tzinfo is None:
        when = when.replace(tzinfo=present.tzinfo)
    return max(0.0, (when - present).total_seconds())


def _error(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        return {}
    inner = body.get("error", body)
    return inner if isinstance(inner, dict) else {"message": inner}


def _words(error: dict[str, Any], body: object) -> str:
    parts = [error.get(name) for name in ("code", "type", "param", "message", "detail", "innererror")]
    said = " ".join(str(part) for part in parts if part)
    return (said or str(body))[:4000]

"""The body of a request as it comes in: held to a size, and to the time it may take."""

import time

import anyio
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from api.problems import ProblemError
from api.settings import MEBIBYTE

PART_SECONDS, BODY_SECONDS = 30.0, 600.0
"""How long the next part of a body may take to come, and all of it."""


def refuse_by_size(headers: Headers, limit: int) -> None:
    """Refuse a body that says itself that it is longer than `limit` bytes.

    Raises:
        ProblemError: `too-large`.
    """
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > limit:
        raise _too_large(limit)


def measured(receive: Receive, limit: int) -> Receive:
    """Hold a body to `limit` bytes and to its time as it comes; where it does not, the receiver gets a ProblemError."""
    taken, whole, ends = 0, False, time.monotonic() + BODY_SECONDS

    async def receive_measured() -> Message:
        nonlocal taken, whole
        if whole:  # whoever waits now waits for the sender to go
            return await receive()
        try:
            with anyio.fail_after(min(PART_SECONDS, max(0.0, ends - time.monotonic()))):
                message = await receive()
        except TimeoutError as error:
            raise ProblemError("too-slow", "the body stopped coming; nothing was done") from error
        taken += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if taken > limit:
            raise _too_large(limit)
        return message

    return receive_measured


def _too_large(limit: int) -> ProblemError:
    return ProblemError("too-large", f"at most {limit / MEBIBYTE:g} MiB are taken in one request; split the file")

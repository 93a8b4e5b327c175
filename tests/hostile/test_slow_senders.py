"""Who sends slowly, or without end, holds nothing up: heads and bodies have their time and their size."""

import asyncio
import time
from pathlib import Path

import pytest
from door import KEY, Door
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from api import bodies
from api.connections import HEAD_BYTES, Connection

WHOLE = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def _told(place: Path, *parts: bytes, pause: float = 0.0, seconds: float = 0.5) -> tuple[bytes, float]:
    """What a server answers to who sends these parts, and when it was done with them."""

    class Quick(Connection):
        head_seconds = seconds

    config = Config(_app, http=Quick, ws="none", log_config=None, h11_max_incomplete_event_size=HEAD_BYTES)
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_unix_server(lambda: Quick(config, state, {}), str(place))
    began = time.monotonic()
    reader, writer = await asyncio.open_unix_connection(str(place))
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        answer = await asyncio.wait_for(reader.read(), 20)
    except ConnectionError:
        answer = b"reset"
    took = time.monotonic() - began
    writer.close()
    server.close()
    return answer, took


def test_a_head_that_comes_line_by_line_is_cut_off(tmp_path: Path) -> None:
    drip = [b"GET / HTTP/1.1\r\n", *[b"x: y\r\n"] * 40]
    answer, took = asyncio.run(_told(tmp_path / "s", *drip, pause=0.05))
    assert b"200 OK" not in answer
    assert took < 5


def test_a_connection_that_says_nothing_is_cut_off(tmp_path: Path) -> None:
    answer, took = asyncio.run(_told(tmp_path / "s"))
    assert (answer, took < 5) == (b"", True)


def test_a_second_request_on_a_connection_has_the_same_time(tmp_path: Path) -> None:
    answer, took = asyncio.run(_told(tmp_path / "s", WHOLE, b"GET / HTTP/1.1\r\nhost", pause=0.05))
    assert answer.count(b"200 OK") == 1
    assert took < 4  # sooner than an idle connection is let go


def test_who_sends_their_heads_in_time_is_answered_each_time(tmp_path: Path) -> None:
    answer, _ = asyncio.run(_told(tmp_path / "s", WHOLE, WHOLE, WHOLE, LAST, pause=0.5, seconds=1.5))
    assert answer.count(b"200 OK") == 4


def test_a_head_without_end_is_refused(tmp_path: Path) -> None:
    many = [b"GET / HTTP/1.1\r\nhost: a\r\n", *[b"x-%d: %s\r\n" % (n, b"y" * 1000) for n in range(200)]]
    answer, _ = asyncio.run(_told(tmp_path / "s", *many, seconds=15.0))
    assert answer.startswith(b"HTTP/1.1 400") or answer == b"reset"


@pytest.mark.parametrize("path", ["/v1/remits", "/sign-in", "/oauth/token"])
def test_a_body_that_stops_coming_is_given_up(door: Door, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(bodies, "PART_SECONDS", 0.05)
    assert asyncio.run(_sent(door, path, pause=60)) == 408


def test_a_body_that_drips_is_given_up(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.3)
    assert asyncio.run(_sent(door, "/v1/remits", pause=0.01)) == 408


async def _sent(door: Door, path: str, *, pause: float) -> int:
    """The status of what is answered to a body that never ends."""
    first = True

    async def receive() -> Message:
        nonlocal first
        await asyncio.sleep(0 if first else pause)
        first = False
        return {"type": "http.request", "body": b"a", "more_body": True}

    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    app: ASGIApp = door.app.app
    kind = b"text/plain" if path.startswith("/v1/") else b"application/x-www-form-urlencoded"
    sender = {"host": b"127.0.0.1:8710", "origin": b"http://127.0.0.1:8710", "x-api-key": KEY.encode()}
    practice = next(iter(door.practices.values()))
    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": f"practice={practice}".encode(), "root_path": "",
        "headers": [(b"content-type", kind), *((name.encode(), value) for name, value in sender.items())],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8710), "app": app, "state": {},
    }  # fmt: skip
    await asyncio.wait_for(app(scope, receive, send), 20)
    return statuses[0]

"""The HTTP server: POST /v1/chat/completions on loopback, answered by a function, with delays, drips and cut bodies."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from agent.model.settings import ModelSettings

NAME = "scripted"
_LONGEST_STALL = 30.0


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came: `number` counts from 0, `raw` is the whole body, `body` the object in it."""

    number: int
    path: str
    headers: Mapping[str, str]
    raw: bytes
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Response:
    """What to answer. `delay` s before it; `drip` s between single bytes; `cut` ends it halfway.

    `hang` is silence; `drop` ends the connection without a word.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    cut: bool = False
    hang: bool = False
    drop: bool = False
    content_type: str = "application/json"

    @classmethod
    def of(cls, body: Mapping[str, Any], status: int = 200, **headers: str) -> "Response":
        """Return a JSON response; `retry_after="3"` becomes the header `retry-after`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(json.dumps(body).encode(), status, named)


Answerer = Callable[[Received], Response]


def queue(responses: Iterable[Response], then: Answerer) -> Answerer:
    """Return an answerer that gives these responses one after another, and goes on as `then`."""
    waiting = iter(list(responses))
    lock = threading.Lock()

    def answer(request: Received) -> Response:
        with lock:
            response = next(waiting, None)
        return then(request) if response is None else response

    return answer


class FakeModel:
    """The server, as a context manager. `answer` may be exchanged at any time; every request is kept in `requests`."""

    def __init__(self, answer: Answerer) -> None:
        self.answer = answer
        self.requests: list[Received] = []
        self.most_at_once = 0
        self._under_way = 0
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """The address to give as OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def settings(self, **changed: Any) -> ModelSettings:
        """Return settings of a client for this server."""
        given = {"name": NAME, "base_url": self.base_url, "api_key": SecretStr("sk-scripted"), **changed}
        return ModelSettings.model_validate(given)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ending.set()
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()

    def take(self, path: str, headers: Mapping[str, str], raw: bytes) -> Response:
        """Keep a request and return what to answer."""
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        with self._lock:
            read = body if isinstance(body, dict) else {}
            request = Received(len(self.requests), path, dict(headers), raw, read)
            self.requests.append(request)
        if not path.split("?")[0].endswith("/chat/completions") or not isinstance(body, dict):
            return Response.of({"error": {"message": "unknown address or body", "code": "not_found"}}, 404)
        return self.answer(request)

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Count a request as under way."""
        with self._lock:
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def pause(self, seconds: float) -> bool:
        """Wait; False where the server is ending."""
        return not self._ending.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away: that is what many scripts are for."""

    def end_connections(self) -> None:
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _handler(fake: FakeModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:
            """Write nothing: a request may not stand in any log."""

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", "0")))
            with fake.counted():
                self._give(fake.take(self.path, dict(self.headers.items()), raw))

        def _give(self, response: Response) -> None:
            silent = response.hang or response.drop
            waited = fake.pause(_LONGEST_STALL if response.hang else response.delay)
            if silent or not waited:
                self.close_connection = True
                return
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", response.content_type)
            self.send_header("content-length", str(len(response.body)))
            self.end_headers()
            self._body(response)

        def _body(self, response: Response) -> None:
            if response.cut:
                self.wfile.write(response.body[: len(response.body) // 2])
                self.close_connection = True
            elif response.drip:
                ends = time.monotonic() + _LONGEST_STALL
                for at in range(len(response.body)):
                    self.wfile.write(response.body[at : at + 1])
                    self.wfile.flush()
                    if not fake.pause(response.drip) or time.monotonic() > ends:
                        self.close_connection = True
                        return
            else:
                self.wfile.write(response.body)

    return Handler


@contextlib.contextmanager
def dead_endpoint() -> Iterator[str]:
    """Give the address of a port nobody listens on, kept taken so that nobody can."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"

"""Run the API with uvicorn: its socket, its log, its end."""

import signal
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.connections import HEAD_BYTES, Connection
from api.logs import LogForm, logging_of

PATIENCE_SECONDS = 10


class PortTaken(OSError):
    """The address cannot be listened on; the message says why."""


def listen(host: str, port: int) -> socket.socket:
    """Open the server's socket.

    Raises:
        PortTaken: the port is used by another program, or the address is none of this machine.
    """
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((bare, port))
    except OSError as error:
        listening.close()
        raise PortTaken(f"cannot listen on {host}:{port}: {error.strerror or error}; choose another --port") from error
    return listening


def run(app: FastAPI, listening: socket.socket, log: LogForm = "text") -> None:
    """Serve until told to end (SIGTERM, SIGINT); return when that is done.

    Requests in flight are answered, for at most `PATIENCE_SECONDS`; the case at hand is worked to its end. A second
    SIGINT ends requests at once.
    """
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        h11_max_incomplete_event_size=HEAD_BYTES,
        log_config=logging_of(log),
        server_header=False,
        timeout_graceful_shutdown=PATIENCE_SECONDS,
    )
    server = uvicorn.Server(config)

    def end(_signal: int, _frame: FrameType | None) -> None:
        # Before uvicorn listens for signals, and after: it raises the one it had once more when all is done.
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        server.run(sockets=[listening])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

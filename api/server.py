"""Run the API with uvicorn: its socket, its log."""

import socket

import uvicorn
from fastapi import FastAPI

from api.connections import HEAD_BYTES, Connection
from api.logs import LogForm, logging_of


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
    """Serve until interrupted."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        h11_max_incomplete_event_size=HEAD_BYTES,
        log_config=logging_of(log),
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run(sockets=[listening])

"""Run the API with uvicorn: its socket, its log."""

import logging
import socket
import traceback
from types import TracebackType
from typing import Any

import uvicorn
from fastapi import FastAPI

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class PortTaken(OSError):
    """The address cannot be listened on; the message says why."""


class DiscreetFormatter(logging.Formatter):
    """Write an error's kind and the code it passed through, never its message: that may hold a patient's data."""

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Format an exception without what it says."""
        kind, _, trace = ei
        frames = "".join(traceback.format_tb(trace)) if trace else ""
        return f"{frames}{kind.__name__ if kind else 'no error'}"


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


def run(app: FastAPI, listening: socket.socket) -> None:
    """Serve until interrupted. The log names requests by path, which holds ids, never names."""
    config = uvicorn.Config(app, log_config=_logging(), server_header=False, timeout_graceful_shutdown=10)
    uvicorn.Server(config).run(sockets=[listening])


def _logging() -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"discreet": {"()": DiscreetFormatter, "fmt": _LOG_FORMAT}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {name: {"level": "INFO"} for name in ("uvicorn.error", "uvicorn.access", "api")},
    }

"""What the server writes to its log: lines of text, or one JSON object a line.

Never what an error says, nor what other people's code says: that may hold a patient's data. An error's kind and the
code it passed through, and where a message of others was written, are enough to find it.
"""

import json
import logging
import re
import traceback
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from copy import copy
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, get_args

LogForm = Literal["text", "json"]
VARIABLE = "OVERTURN_LOG"
REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_OURS = frozenset(("overturn", "api", "agent", "tools", "prompts", "knowledge", "uvicorn"))
"""Whose words name nobody; uvicorn's are those of starting and ending: its line of a request is left out."""

_EXTRA = ("route", "status", "milliseconds", "by")
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class BadLogForm(ValueError):
    """OVERTURN_LOG names no form there is."""


def log_form(named: str | None) -> LogForm:
    """Read OVERTURN_LOG: `text` or `json`, text when unset.

    Raises:
        BadLogForm: it is something else.
    """
    for form in get_args(LogForm):
        if (named or "text").strip().lower() == form:
            chosen: LogForm = form
            return chosen
    raise BadLogForm(f"{VARIABLE} is `text` or `json`, not {named}")


def request_id_of(headers: Mapping[str, str]) -> str:
    """Give a request's id: the one it came with, if that is one, else a new one."""
    given = headers.get("x-request-id", "")
    return given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex


def _discreet(record: logging.LogRecord) -> str:
    """Give what a record says, if it is ours; else where it was written: asyncio quotes errors, parsers their input."""
    if record.name.partition(".")[0] in _OURS:
        return record.getMessage()
    return f"a message of {record.name}, written at {record.module}:{record.lineno}"


class DiscreetFormatter(logging.Formatter):
    """Write a line of text; of an error its kind and the code it passed through."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record."""
        told = copy(record)
        told.msg, told.args = _discreet(record), ()
        told.exc_text = None  # another handler may have put there what the error says
        return super().format(told)

    def formatException(self, ei: Raised) -> str:
        """Format an exception without what it says."""
        return "".join([*_frames(ei), ei[0].__name__ if ei[0] else "no error"])


class JsonFormatter(logging.Formatter):
    """Write one JSON object a line: time (UTC), level, logger, message, request id, and of an error kind and frames."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _discreet(record),
            "request_id": REQUEST_ID.get(),
        }
        line |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["frames"] = [frame.strip() for frame in _frames(record.exc_info)]
        return json.dumps({name: value for name, value in line.items() if value is not None})


def _frames(raised: Raised) -> list[str]:
    return traceback.format_tb(raised[2]) if raised[2] else []


def logging_of(form: LogForm) -> dict[str, Any]:
    """Give the configuration of the server's log, on standard error.

    uvicorn's own line of a request is left out: it holds the path. Ours (api/observing.py) names the route.
    """
    formatters: dict[str, Any] = {
        "text": {"()": DiscreetFormatter, "fmt": _TEXT},
        "json": {"()": JsonFormatter},
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {form: formatters[form]},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": "INFO"} for name in ("uvicorn.error", "api", "overturn")},
            "uvicorn.access": {"level": "ERROR"},
        },
    }

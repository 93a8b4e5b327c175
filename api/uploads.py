"""One uploaded file: from a form, or as the body itself."""

import hashlib
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message
from typing import NamedTuple

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.problems import ProblemError

_LONGEST_NAME = 200
_MOST_FIELDS = 20
"""Further fields that a form may carry; they are left alone."""


class Upload(NamedTuple):
    """A file as it was sent. `name` is its bare name, without folders."""

    name: str
    data: bytes


async def uploaded(request: Request) -> Upload:
    """Read the file of a request: the form's part `file`, or the whole body.

    Any content type but a form's is taken as the file itself, so `curl --data-binary @file` works.
    """
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        data, name = await _from_form(request)
    else:
        data, name = await request.body(), _disposed_name(request.headers.get("content-disposition", ""))
    if not data:
        raise ProblemError("no-file", "send the file as the form's part `file`, or as the body; this one is empty")
    return Upload(bare(name) or f"upload-{hashlib.sha256(data).hexdigest()[:12]}", data)


class _InMemory(MultiPartParser):
    """Reads a form without putting it on the disk: the default rolls large files over to an open temporary file."""

    spool_max_size = 1 << 40  # the guard counts the bytes of a request (max_body)


@asynccontextmanager
async def form_in_memory(request: Request, most: int) -> AsyncIterator[FormData]:
    """Read a form of at most so many files; nothing of it touches the disk.

    Raises:
        ProblemError: `request-refused`: it is none, or holds more.
    """
    try:
        form = await _InMemory(request.headers, request.stream(), max_files=most, max_fields=_MOST_FIELDS).parse()
    except MultiPartException as error:
        raise ProblemError("request-refused", str(error.message)) from error
    try:
        yield form
    finally:
        await form.close()


async def _from_form(request: Request) -> tuple[bytes, str]:
    async with form_in_memory(request, 1) as form:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            raise ProblemError("no-file", "the form has no part `file` with a file in it")
        return await part.read(), part.filename or ""


def _disposed_name(header: str) -> str:
    if not header:
        return ""
    message = Message()
    message["content-disposition"] = header
    return message.get_filename() or ""


def bare(name: str) -> str:
    """Leave the bare name: no folders, no characters that cannot be seen, nothing that hides it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(mark for mark in last if unicodedata.category(mark)[0] != "C")
    return seen.strip().lstrip(".")[:_LONGEST_NAME]

"""Documents of a bundle: notes, pathology, letters, and the forms a report presents."""

import base64
import binascii
from datetime import date
from typing import Literal, NamedTuple

from knowledge.types.chart import Document
from tools.chart.concept import named, words
from tools.chart.node import Node
from tools.chart.pdf_text import pdf_text

MediaType = Literal["text/plain", "application/pdf", "other"]
_PDF = b"%PDF-"


class _Content(NamedTuple):
    media_type: MediaType
    text: str
    content: bytes


def read_document(resource: Node, name: str) -> Document:
    """Read a DocumentReference with its first attachment; text is decoded, a PDF keeps its bytes too."""
    contents = list(resource.children("content"))
    attachment = contents[0].child("attachment") if contents else Node(None, resource.path, resource.trouble)
    read = _content(attachment)
    return Document(
        resource=name,
        kind=words(resource.child("type")) or next((words(c) for c in resource.children("category")), ""),
        day=resource.day("date") or resource.child("context").child("period").day("start"),
        authors=tuple(filter(None, (named(author) for author in resource.children("author")))),
        media_type=read.media_type,
        text=read.text,
        content=read.content,
        title=attachment.text("title") or resource.text("description"),
        status=resource.text("docStatus") or resource.text("status"),
    )


def read_presented_forms(resource: Node, name: str, kind: str, day: date | None) -> tuple[Document, ...]:
    """Read the forms a DiagnosticReport presents (the lab's own pages), as documents of that resource."""
    forms = ((form, _content(form)) for form in resource.children("presentedForm"))
    performers = tuple(filter(None, (named(author) for author in resource.children("performer"))))
    return tuple(
        Document(
            resource=name,
            kind=kind,
            day=day,
            authors=performers,
            media_type=read.media_type,
            text=read.text,
            content=read.content,
            title=form.text("title"),
            status=resource.text("status"),
        )
        for form, read in forms
    )


def _content(attachment: Node) -> _Content:
    declared = attachment.text("contentType").lower()
    media, _, parameters = declared.partition(";")
    data = _bytes(attachment)
    if data.startswith(_PDF) or media.strip() == "application/pdf":
        return _Content("application/pdf", pdf_text(data) if data.startswith(_PDF) else "", data)
    if media.strip() == "text/plain" or (not media and data and _is_text(data)):
        return _Content("text/plain", _decode(data, parameters), data)
    return _Content("other", "", data)


def _bytes(attachment: Node) -> bytes:
    if not attachment.has("data"):
        if attachment.text("url"):
            attachment.trouble.doubt(f"{attachment.path} is not in the bundle, only its address")
        return b""
    packed = "".join(attachment.text("data").split())
    try:
        return base64.b64decode(packed.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        attachment.trouble.expected(f"{attachment.path}.data", "base64")
        return b""


def _decode(data: bytes, parameters: str) -> str:
    """Decode as UTF-8, or as latin-1 when declared so or when it is no UTF-8; line ends stay as they are."""
    if "8859-1" in parameters or "latin" in parameters:
        return data.decode("latin-1")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _is_text(data: bytes) -> bool:
    try:
        return data.decode("utf-8").replace("\n", "").replace("\r", "").replace("\t", "").isprintable()
    except UnicodeDecodeError:
        return False

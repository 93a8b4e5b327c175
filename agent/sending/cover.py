"""Put a cover page before a packet: addressee, fax or address, pages, reference; no patient, no diagnosis."""

import io
import json
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import pikepdf
import typst

from agent.sending.letterbox import Envelope
from tools.packet.letterhead import phone
from tools.packet.printing import day

NOTICE = (
    "Confidential. These pages are for the addressee alone and may hold health information protected by law. If they "
    "have reached you by mistake, do not read or copy them: call the sender, and destroy them."
)


class CoverFault(ValueError):
    """The cover page could not be made: the packet cannot be read, or the addressee cannot be set."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def covered(envelope: Envelope, packet: bytes) -> bytes:
    """Return the packet behind its cover page, always the same bytes for the same input.

    Raises:
        CoverFault: the packet is no readable PDF, or the cover cannot be set.
    """
    try:
        with pikepdf.open(io.BytesIO(packet)) as whole:
            with pikepdf.open(io.BytesIO(cover_page(envelope, len(whole.pages) + 1))) as cover:
                whole.pages.insert(0, cover.pages[0])
                out = io.BytesIO()
                whole.save(out, deterministic_id=True)
    except pikepdf.PdfError as fault:
        raise CoverFault(f"the packet of denial {envelope.denial_id} cannot be read as a PDF: {fault}") from fault
    return out.getvalue()


def cover_page(envelope: Envelope, pages: int) -> bytes:
    """Return the cover alone as PDF; `pages` counts it with the packet.

    Raises:
        CoverFault: the cover cannot be set.
    """
    rows: list[dict[str, Any]] = [_row("To", party=envelope.addressee.model_dump())]
    if envelope.fax:
        rows.append(_row("Fax", phone(envelope.fax)))
    rows += [
        _row("From", party=envelope.sender.model_dump()),
        _row("Date", day(envelope.day)),
        _row("Pages", f"{pages}, this page included"),
        _row("Reference", envelope.key),
    ]
    data = {
        "title": f"Cover of {envelope.key}",
        "heading": "Fax" if envelope.fax else "Mail",
        "sender": envelope.sender.model_dump(),
        "rows": rows,
        "notice": NOTICE,
    }
    with as_file(files(__package__).joinpath("cover.typ")) as template:
        compiler = typst.Compiler(
            input=template,
            root=template.parent,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        )
        try:
            made = compiler.compile(format="pdf", timestamp=datetime.combine(envelope.day, time(), tzinfo=UTC))
        except typst.TypstError as fault:
            raise CoverFault(f"the cover of {envelope.key} cannot be set: {fault.message}") from fault
    if not isinstance(made, bytes):
        raise CoverFault(f"the cover of {envelope.key} cannot be set: typst returned no document")
    return made


def _row(label: str, value: str = "", party: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"label": label, "value": value, "party": party}

"""The print and fax queue: the packet as one PDF behind a cover page, put into a folder like any other file."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from agent.sending.channels.driver import Unsendable
from agent.sending.channels.folder import Folder
from agent.sending.cover import covered
from agent.sending.letterbox import Envelope
from knowledge.records import Channel

_PDF = "application/pdf"


class PrintQueue(Folder):
    """Drops PDFs with a cover page into the folder of a printer or fax server."""

    channel: Channel = "print"

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        """Drop into `folder`, which must be there."""
        super().__init__(folder, clock)

    def compose(self, envelope: Envelope, document: bytes) -> tuple[bytes, str, str]:
        """Return the packet behind its cover; a claim file is for machines and is not printed."""
        if envelope.media_type != _PDF:
            says = f"a {envelope.kind.replace('_', ' ')} is data and is not printed: send it by folder or webhook"
            raise Unsendable(says)
        if not envelope.fax and len(envelope.addressee.lines) < 2:
            raise Unsendable("neither a fax number nor an address of the payer is known: enter send_to in payers.yaml")
        return covered(envelope, document), f"{envelope.key}-{envelope.file_name}", _PDF

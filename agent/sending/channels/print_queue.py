"""The print and fax queue: the packet as one PDF behind a cover page, put into a folder like any other file."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from agent.sending.along import Along
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
            what = envelope.kind.replace("_", " ")
            says = f"a {what} is data and is not printed: send it with --channel folder or --channel webhook"
            raise Unsendable(says)
        if not envelope.fax and len(envelope.addressee.lines) < 2:
            raise Unsendable(_no_address(envelope))
        return covered(envelope, document), f"{envelope.key}-{envelope.file_name}", _PDF

    def taken_along(self, envelope: Envelope, name: str, data: tuple[Along, ...]) -> tuple[Along, ...]:
        """Mark data as staying here: it is for machines."""
        return tuple((file.model_copy(update={"handed": False}), content) for file, content in data)


def _no_address(envelope: Envelope) -> str:
    """Say how a send without an address gets one; the settings have none for a payer's authorization desk."""
    say = (
        f"overturn send {envelope.denial_id} --channel print --to FOLDER --by YOU, with --fax NUMBER or --address LINES"
    )
    if envelope.authorization:
        return (
            f"no fax number or address of {envelope.addressee.name}'s authorization desk is known, and payers.yaml has "
            f"no place for one: look it up with the payer, then {say}"
        )
    return (
        f"neither a fax number nor an address of {envelope.addressee.name} is known: enter send_to of this level in "
        f"payers.yaml and approve it again, or {say}"
    )

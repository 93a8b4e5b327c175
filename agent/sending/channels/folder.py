"""The watched folder (SFTP drop): a file appears under its final name whole, or not at all, and once."""

import errno
import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from agent.sending.channels.driver import Handed, Unsendable
from agent.sending.kept import sync_folder, write_safely
from agent.sending.letterbox import Envelope
from knowledge.records import Channel, Outgoing


class Folder:
    """Drops files into a folder that somebody else watches.

    The bytes are written under a hidden name, which the watcher passes over, and renamed. Only this renames: when the
    hidden file is gone after a cut, the file was handed over, even if the watcher has taken it away since.
    """

    channel: Channel = "folder"

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        """Drop into `folder`, which must be there: to make it would be to send into nowhere."""
        if not folder.is_dir():
            raise Unsendable(f"{folder} is no folder: name the one that is watched")
        self._folder, self._clock = folder.resolve(), clock

    @property
    def target(self) -> str:
        """Return the folder's path."""
        return str(self._folder)

    def compose(self, envelope: Envelope, document: bytes) -> tuple[bytes, str, str]:
        """Return the approved file as it is, under a name that carries the send's key."""
        return document, f"{envelope.key}-{envelope.file_name}", envelope.media_type

    def prepare(self, outgoing: Outgoing, content: bytes) -> None:
        """Write the bytes beside where they go, unless they are there already."""
        if not self._has(outgoing):
            write_safely(self._hidden(outgoing), content)
            sync_folder(Path(outgoing.target))

    def hand_over(self, outgoing: Outgoing, content: bytes) -> Handed:
        """Rename the hidden file; a file of that name with the same bytes is this very send."""
        final, hidden = self._final(outgoing), self._hidden(outgoing)
        if hidden.exists():
            if final.exists() and not self._has(outgoing):
                hidden.unlink()
                return Handed("refused", f"{final} is there already and is another file: take it away, then send again")
            os.replace(hidden, final)
        sync_folder(Path(outgoing.target))
        return self._done(outgoing, len(content))

    def abandon(self, outgoing: Outgoing) -> Handed | None:
        """Take the hidden file away; when it is gone, it had been handed over."""
        hidden = self._hidden(outgoing)
        if not Path(outgoing.target).is_dir():
            raise FileNotFoundError(errno.ENOENT, "the folder is not there", outgoing.target)
        if not hidden.exists():
            return self._done(outgoing, None)
        hidden.unlink()
        return None

    def _done(self, outgoing: Outgoing, size: int | None) -> Handed:
        note = {
            "file": str(self._final(outgoing)),
            "sha256": outgoing.handed_sha256,
            "size": size,
            "at": self._clock().isoformat(),
        }
        return Handed("handed_over", f"put into {outgoing.target}", msgspec.json.encode(note, order="sorted"))

    def _final(self, outgoing: Outgoing) -> Path:
        return Path(outgoing.target) / outgoing.file_name

    def _hidden(self, outgoing: Outgoing) -> Path:
        return Path(outgoing.target) / f".{outgoing.file_name}.part"

    def _has(self, outgoing: Outgoing) -> bool:
        final = self._final(outgoing)
        return final.is_file() and hashlib.sha256(final.read_bytes()).hexdigest() == outgoing.handed_sha256

"""The watched folder (SFTP drop): a file appears under its final name whole, or not at all, and once."""

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from agent.sending.along import Along, manifest
from agent.sending.channels.driver import Handed, Unsendable
from agent.sending.letterbox import Envelope
from agent.vault.files import sync_folder, write_safely
from knowledge.records import Channel, Outgoing


@dataclass(frozen=True)
class _File:
    name: str
    sha256: str


class Folder:
    """Drops files into a folder that somebody else watches.

    The bytes are written under a hidden name, which the watcher passes over, and renamed. Only this renames: when the
    hidden file is gone after a cut, the file was handed over, even if the watcher has taken it away since. Of a send
    of several files the first renamed begins it: the others follow, whatever is cut off in between.
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

    def taken_along(self, envelope: Envelope, name: str, data: tuple[Along, ...]) -> tuple[Along, ...]:
        """Return the data, and behind it the list of all files of the send."""
        return (*data, manifest(envelope, name, data)) if data else ()

    def prepare(self, outgoing: Outgoing, content: bytes, along: tuple[bytes, ...] = ()) -> None:
        """Write the bytes beside where they go, unless they are there already."""
        for file, wanted in zip(_files(outgoing), (*_handed_of(outgoing, along), content), strict=True):
            if not self._has(outgoing, file):
                write_safely(self._hidden(outgoing, file), wanted)
        sync_folder(Path(outgoing.target))

    def hand_over(self, outgoing: Outgoing, content: bytes) -> Handed:
        """Rename the hidden files, the one the send is about last: who sees that one finds all.

        A file of that name with the same bytes is this very send. Nothing goes where one is in the way.
        """
        waiting = self._waiting(outgoing)
        blocked = next((file for file in waiting if self._in_the_way(outgoing, file)), None)
        if blocked is not None:
            final = self._final(outgoing, blocked)
            says = f"{final} is there already and is another file: take it away, then send again"
            if len(waiting) < len(_files(outgoing)):
                return Handed("retry", says)  # the others are out: this one must follow
            for file in waiting:
                self._hidden(outgoing, file).unlink()
            return Handed("refused", says)
        self._rename(outgoing, waiting)
        return self._done(outgoing, len(content))

    def abandon(self, outgoing: Outgoing) -> Handed | None:
        """Take the hidden files away; once one of them is gone, the send had begun: the others follow it."""
        if not Path(outgoing.target).is_dir():
            raise FileNotFoundError(errno.ENOENT, "the folder is not there", outgoing.target)
        waiting = self._waiting(outgoing)
        if len(waiting) < len(_files(outgoing)):
            blocked = next((file for file in waiting if self._in_the_way(outgoing, file)), None)
            if blocked is not None:
                raise FileExistsError(errno.EEXIST, "another file is in the way", str(self._final(outgoing, blocked)))
            self._rename(outgoing, waiting)
            return self._done(outgoing, None)
        for file in waiting:
            self._hidden(outgoing, file).unlink()
        return None

    def _waiting(self, outgoing: Outgoing) -> tuple[_File, ...]:
        return tuple(file for file in _files(outgoing) if self._hidden(outgoing, file).exists())

    def _rename(self, outgoing: Outgoing, files: tuple[_File, ...]) -> None:
        for file in files:
            os.replace(self._hidden(outgoing, file), self._final(outgoing, file))
        sync_folder(Path(outgoing.target))

    def _done(self, outgoing: Outgoing, size: int | None) -> Handed:
        note: dict[str, object] = {
            "file": str(self._final(outgoing, _files(outgoing)[-1])),
            "sha256": outgoing.handed_sha256,
            "size": size,
            "at": self._clock().isoformat(),
        }
        beside = _files(outgoing)[:-1]
        if beside:
            note["along"] = [{"file": str(self._final(outgoing, file)), "sha256": file.sha256} for file in beside]
        count = f" with {len(beside)} files beside it" if beside else ""
        says = f"put into {outgoing.target}{count}"
        return Handed("handed_over", says, msgspec.json.encode(note, order="sorted"))

    def _final(self, outgoing: Outgoing, file: _File) -> Path:
        return Path(outgoing.target) / file.name

    def _hidden(self, outgoing: Outgoing, file: _File) -> Path:
        return Path(outgoing.target) / f".{file.name}.part"

    def _has(self, outgoing: Outgoing, file: _File) -> bool:
        final = self._final(outgoing, file)
        return final.is_file() and hashlib.sha256(final.read_bytes()).hexdigest() == file.sha256

    def _in_the_way(self, outgoing: Outgoing, file: _File) -> bool:
        return self._final(outgoing, file).exists() and not self._has(outgoing, file)


def _files(outgoing: Outgoing) -> tuple[_File, ...]:
    """Return every file that is put down, the one the send is about last."""
    beside = (_File(file.file_name, file.sha256) for file in outgoing.along if file.handed)
    return (*beside, _File(outgoing.file_name, outgoing.handed_sha256))


def _handed_of(outgoing: Outgoing, along: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(content for file, content in zip(outgoing.along, along, strict=True) if file.handed)

"""What was sent and what came back, kept by its sha256: never changed, never written twice."""

import hashlib
import os
from pathlib import Path


class Altered(ValueError):
    """Kept bytes are not those that were kept: the home's folder was changed."""


class Kept:
    """The folder HOME/sent/sha256. A file's name is the sha256 of its bytes."""

    def __init__(self, home: Path) -> None:
        """Keep below `home`; the folder is made with the first file."""
        self._root = home / "sent" / "sha256"

    def path(self, sha256: str) -> Path:
        """Return where bytes of this sha256 are kept."""
        return self._root / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Keep bytes, safe against a power cut, and return their sha256; the same bytes again change nothing.

        Where the file of that name no longer holds them, they are put back.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if not self._holds(path, sha256):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = path.with_name(f".{sha256}.part")
            write_safely(unfinished, content)
            os.replace(unfinished, path)
            sync_folder(path.parent)
        return sha256

    @staticmethod
    def _holds(path: Path, sha256: str) -> bool:
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256

    def get(self, sha256: str) -> bytes:
        """Return kept bytes.

        Raises:
            FileNotFoundError: nothing of this sha256 is kept.
            Altered: the file holds something else.
        """
        path = self.path(sha256)
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Altered(f"{path} no longer holds what was kept there: restore it from a backup")
        return content


def write_safely(path: Path, content: bytes) -> None:
    """Write a file readable to this user alone, and wait until it is on the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until what was put into a folder, or renamed within it, is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

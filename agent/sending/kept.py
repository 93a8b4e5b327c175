"""What was sent and what came back, kept by its sha256: never changed, never written twice."""

import hashlib
from pathlib import Path

from agent.vault import Changed, Vault
from knowledge.sealing import HomeKey, WrongKey


class Altered(ValueError):
    """Kept bytes are not those that were kept: the home's folder was changed."""


class Kept:
    """The folder HOME/sent/sha256. A file's name is the sha256 of its bytes."""

    def __init__(self, home: Path, key: HomeKey | None = None) -> None:
        """Keep below `home`, sealed with `key`; the folder is made with the first file."""
        self._files = Vault(home, key)

    def path(self, sha256: str) -> Path:
        """Return where bytes of this sha256 are kept."""
        return self._files.home / _name(sha256)

    def put(self, content: bytes) -> str:
        """Keep bytes, safe against a power cut, and return their sha256; the same bytes again change nothing.

        Where the file of that name no longer holds them, they are put back.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        if not self._holds(sha256):
            self._files.write(_name(sha256), content)
        return sha256

    def _holds(self, sha256: str) -> bool:
        try:
            self._files.read_as(_name(sha256), sha256)
        except (FileNotFoundError, Changed, WrongKey):
            return False
        return True

    def get(self, sha256: str) -> bytes:
        """Return kept bytes.

        Raises:
            FileNotFoundError: nothing of this sha256 is kept.
            Altered: the file holds something else.
        """
        try:
            return self._files.read_as(_name(sha256), sha256)
        except Changed as fault:
            says = f"{self.path(sha256)} no longer holds what was kept there: restore it from a backup"
            raise Altered(says) from fault


def _name(sha256: str) -> str:
    return f"sent/sha256/{sha256[:2]}/{sha256}"

"""A home's files. With a key each is sealed under its path; the sha256 of the records are those of the plain bytes."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.sealing import BrokenSeal, HomeKey, WrongKey, is_sealed, seal, unseal

FOLDERS = ("products", "sent")
"""What is a patient's on the home's disk, beside the records: files made, and what was handed over."""

PURPOSE = "files"


class Changed(ValueError):
    """The file does not hold the bytes that are asked for."""


@dataclass(frozen=True)
class Vault:
    """The files below `home`, sealed with `key`; None = plain. Paths are relative to the home."""

    home: Path
    key: HomeKey | None = None

    def read(self, path: str | Path) -> bytes:
        """Return a file's plain bytes.

        Raises:
            FileNotFoundError: there is none.
            WrongKey: it was sealed with another key, or there is none to open it.
            BrokenSeal: it is not as it was sealed.
        """
        name = Path(path).as_posix()
        content = (self.home / name).read_bytes()
        if self.key is not None:
            return unseal(content, self.key, PURPOSE, name)
        if is_sealed(content):
            raise WrongKey(f"{name} is encrypted: set OVERTURN_KEY or OVERTURN_KEY_FILE to the home's key")
        return content

    def read_as(self, path: str | Path, sha256: str) -> bytes:
        """Return a file's plain bytes, which must be those of `sha256`.

        Raises:
            FileNotFoundError: there is none.
            WrongKey: it was sealed with another key, or there is none to open it.
            Changed: it holds something else.
        """
        try:
            content = self.read(path)
        except BrokenSeal as fault:
            raise Changed(str(fault)) from fault
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Changed(f"{Path(path).as_posix()} holds other bytes than those that were made")
        return content

    def write(self, path: str | Path, content: bytes) -> None:
        """Write a file whole or not at all, for this user alone, and wait until it is on the disk."""
        name = Path(path).as_posix()
        place = self.home / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = place.with_name(f".{place.name}.part")
        write_safely(unfinished, content if self.key is None else seal(content, self.key, PURPOSE, name))
        os.replace(unfinished, place)
        sync_folder(place.parent)

    def paths(self) -> Iterator[Path]:
        """Give every file of FOLDERS, relative to the home, unfinished ones left out."""
        for folder in FOLDERS:
            for place in sorted((self.home / folder).rglob("*")):
                if place.is_file() and not place.name.endswith(".part"):
                    yield place.relative_to(self.home)


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

"""Lists what lies in a practice folder, by kind, without following anything out of it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.folder.notes import Notes
from knowledge.types.reading import ReadingFinding, Severity

FileKind = Literal[
    "practice",
    "payers",
    "remit",
    "claim",
    "acknowledgement",
    "authorization",
    "chart",
    "coverage",
    "policy",
    "contract",
]

MAX_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the folder. `path` is relative to the folder with `/`; `size` in bytes; read when asked."""

    path: str
    kind: FileKind
    size: int
    location: Path

    def read(self) -> bytes:
        """Read the whole file.

        Raises:
            OSError: when the file has gone or may not be read.
        """
        return self.location.read_bytes()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the folder: its name, what its files are, how they end, and what is lost without it."""

    name: str
    kind: FileKind
    endings: tuple[str, ...]
    lost: str
    needed: bool = False


PARTS = (
    Part("remits", "remit", (".835", ".era", ".edi", ".txt"), "there is nothing to work", needed=True),
    Part("claims", "claim", (".837", ".837p"), "what was billed cannot be compared with the remit"),
    Part("acks", "acknowledgement", (".277", ".277ca"), "proof of filing in time cannot be checked"),
    Part("auths", "authorization", (".csv",), "authorizations cannot be checked"),
    Part("charts", "chart", (".json",), "orders, doses and documents cannot be checked"),
    Part("coverage", "coverage", (".csv",), "eligibility and other payers cannot be checked"),
    Part("policies", "policy", (".md",), "no payer policy can be cited"),
    Part("contracts", "contract", (".csv",), "underpayment cannot be checked"),
)
TOP: dict[str, FileKind] = {"practice.yaml": "practice", "payers.yaml": "payers"}


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The files of each kind, sorted by path, and what was noticed."""

    files: tuple[SourceFile, ...]
    findings: tuple[ReadingFinding, ...]


def list_folder(folder: Path) -> FolderListing:
    """List a practice folder's files; unknown ones are reported and left alone, links out of it refused."""
    walk = _Walk(folder)
    walk.top()
    for part in PARTS:
        walk.part(part)
    return FolderListing(tuple(sorted(walk.files, key=lambda file: file.path)), tuple(walk.findings))


class _Walk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder.resolve()
        self.files: list[SourceFile] = []
        self.findings: list[ReadingFinding] = []

    def note(self, severity: Severity, code: str, says: str, path: str) -> None:
        notes = Notes(path)
        notes.add(severity, code, says)
        self.findings.extend(notes.findings)

    def entries(self, folder: Path, path: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                yield from sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self.note("error", "folder-unreadable", f"cannot be listed: {error.strerror}", path)

    def top(self) -> None:
        known = {part.name for part in PARTS}
        for entry in self.entries(self.folder, "."):
            if entry.name in TOP:
                self.take(entry, entry.name, TOP[entry.name])
            elif entry.name not in known:
                what = "folder" if entry.is_dir(follow_symlinks=False) else "file"
                self.note("info", "unknown-file", f"{what} not known and left alone", entry.name)

    def part(self, part: Part) -> None:
        folder = self.folder / part.name
        if not folder.is_dir():
            says = f"missing: {part.lost}" if not folder.exists() else f"is no folder: {part.lost}"
            self.note("error" if part.needed else "info", "part-missing", says, f"{part.name}/")
            return
        if not self.inside(folder):
            self.note("warning", "link-refused", "links out of the practice folder; not followed", part.name)
            return
        before = len(self.files)
        for entry in self.entries(folder, f"{part.name}/"):
            path = f"{part.name}/{entry.name}"
            if not entry.name.lower().endswith(part.endings) or entry.name.startswith("."):
                expected = ", ".join(part.endings)
                says = f"not known and left alone; files here end in {expected}"
                self.note("info", "unknown-file", says, path)
            else:
                self.take(entry, path, part.kind)
        if len(self.files) == before:
            severity: Severity = "error" if part.needed else "info"
            self.note(severity, "part-empty", f"holds no file to read: {part.lost}", f"{part.name}/")

    def take(self, entry: os.DirEntry[str], path: str, kind: FileKind) -> None:
        location = Path(entry.path)
        if not self.inside(location):
            says = "links out of the practice folder, or to nothing; not followed"
            self.note("warning", "link-refused", says, path)
            return
        try:
            if not entry.is_file():
                self.note("info", "unknown-file", "is no file and left alone", path)
                return
            size = entry.stat().st_size
        except OSError as error:
            self.note("error", "file-unreadable", f"cannot be read: {error.strerror}", path)
            return
        if size > MAX_BYTES:
            says = f"{size} bytes; at most {MAX_BYTES} are read: split the file"
            self.note("error", "file-too-large", says, path)
        elif size == 0:
            self.note("warning", "file-empty", "is empty", path)
        elif not os.access(location, os.R_OK):
            self.note("error", "file-unreadable", "may not be read; give this user the right to", path)
        else:
            self.files.append(SourceFile(path, kind, size, location))

    def inside(self, location: Path) -> bool:
        """Tell whether a path stays within the folder once every link in it is followed."""
        try:
            return location.resolve(strict=True).is_relative_to(self.root)
        except (OSError, RuntimeError):
            return False

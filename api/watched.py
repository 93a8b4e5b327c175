"""A folder that remittances are dropped into: each file is taken once it is whole, once.

A file is whole when its size and time have stood still, nobody writes it under a passing name (`.part`, `.tmp`), and
its interchange is closed (ISA ... IEA). What was taken is known by its content, in the records: nothing here needs to
be remembered over a kill. Files stay where they are, or go to `processed/` when asked; those that cannot be used stay.
"""

import logging
import os
import re
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.exc import DatabaseError

from agent.office import Office
from api.intake_ways import KEPT_AS
from api.settings import MEBIBYTE
from api.worker import Worker
from knowledge.folder import FileKind

_log = logging.getLogger(__name__)

PASSING = (".part", ".tmp", ".partial", ".crdownload", ".filepart", ".swp", "~")
PROCESSED = "processed"
LARGEST = 64 * MEBIBYTE
_KINDS: dict[bytes, FileKind] = {b"835": "remit", b"837": "claim", b"277": "acknowledgement"}
_SETTLE_LOOKS = 2


class Look(NamedTuple):
    """How a file stood when it was looked at: another file under its name, or more of it, looks otherwise."""

    device: int
    inode: int
    size: int
    changed_ns: int


class Told(NamedTuple):
    """What became of a file. `outcome` as for an upload, or `refused`: it stays and is said."""

    name: str
    outcome: str
    says: str


class Watched:
    """One folder, watched for one practice."""

    def __init__(
        self,
        folder: Path,
        office: Office,
        worker: Worker,
        practice_id: str,
        *,
        move: bool = False,
        every: float = 2.0,
        tell: Callable[[Told], None] | None = None,
    ) -> None:
        """Watch `folder`, looking `every` so many seconds; `move` puts what was taken into `processed/`."""
        self.folder, self._office, self._worker, self.practice_id = folder, office, worker, practice_id
        self._move, self._every, self._tell = move, every, tell or _write
        self._looks: dict[str, tuple[Look, int]] = {}
        self._done: dict[str, Look] = {}
        self._refused: dict[str, Told] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Go on until stopped, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="watched", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the file at hand."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def scan(self) -> tuple[Told, ...]:
        """Look at every file once, and take those that have become whole; give what became of each of them."""
        told: list[Told] = []
        there = self._there()
        for name in self._looks.keys() - there.keys():
            del self._looks[name]
        for name in self._done.keys() - there.keys():
            del self._done[name]
            self._refused.pop(name, None)
        for name, look in sorted(there.items()):
            if self._stopping.is_set():
                break
            if self._done.get(name) != look and self._stands_still(name, look):
                found = self._take(name, look)
                if found is not None:
                    told.append(found)
        if any(one.outcome in ("new", "conflict") for one in told):
            self._worker.work(self.practice_id)
        return tuple(told)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                for told in self.scan():
                    self._tell(told)
            except (OSError, DatabaseError) as error:
                _log.error("the watched folder cannot be looked at now", exc_info=error)
            self._stopping.wait(self._every)

    def _there(self) -> dict[str, Look]:
        found = {}
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.lower().endswith(PASSING):
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # renamed while we look
                    continue
                if stat.S_ISREG(status.st_mode):
                    found[entry.name] = Look(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        return found

    def _stands_still(self, name: str, look: Look) -> bool:
        before, times = self._looks.get(name, (None, 0))
        times = times + 1 if before == look else 1
        self._looks[name] = (look, times)
        return times >= _SETTLE_LOOKS

    def _take(self, name: str, look: Look) -> Told | None:
        """Take a file in; None when it is not whole yet, or has just changed."""
        if look.size > LARGEST:
            return self._refuse(name, look, f"is larger than {LARGEST // MEBIBYTE} MiB: split it")
        content = self._read(name, look)
        if content is None:
            return None
        unlike, kind = _unlike(content), _kind_of(_head(content))
        if unlike is not None or kind is None:
            return self._refuse(name, look, unlike or "holds no 835, 837 or 277")
        report = self._office.take_file(self.practice_id, kind, KEPT_AS[kind].format(name=_printable(name)), content)
        taken = report.files[0] if report.files else None
        if not report.usable or taken is None or taken.outcome == "quarantined":
            return self._refuse(name, look, "; ".join(one.says for one in report.findings) or "cannot be used")
        self._done[name] = look
        self._refused.pop(name, None)
        if self._move:
            self._put_away(name)
        return Told(name, taken.outcome, f"{taken.facts} claims")

    def _read(self, name: str, look: Look) -> bytes | None:
        """Read a file whole; None when it is no longer the one that was looked at."""
        try:
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            self._looks.pop(name, None)
            _log.warning("a file of the watched folder cannot be opened (%s)", error.strerror)
            return None
        with os.fdopen(handle, "rb") as file:
            content = file.read(LARGEST + 1)
            status = os.fstat(file.fileno())
        now = Look(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if now != look or len(content) != look.size:
            self._looks.pop(name, None)
            return None
        return content

    def _refuse(self, name: str, look: Look, says: str) -> Told:
        self._done[name] = look
        self._refused[name] = Told(name, "refused", says)
        return self._refused[name]

    def refused(self) -> tuple[Told, ...]:
        """Give the files that stay in the folder because they cannot be taken, by name."""
        return tuple(told for _, told in sorted(self._refused.copy().items()))

    def _put_away(self, name: str) -> None:
        away = self.folder / PROCESSED
        away.mkdir(exist_ok=True)
        target, number = away / name, 1
        while target.exists():
            number += 1
            target = away / f"{Path(name).stem}-{number}{Path(name).suffix}"
        os.rename(self.folder / name, target)


_BLANK = b" \t\r\n\0\x1a"


class _Marks(NamedTuple):
    """What an interchange is written with: between elements, at the end of segments."""

    between: bytes
    end: bytes


def _unlike(content: bytes) -> str | None:
    """Say why an interchange may not be taken; None when it may."""
    head = _head(content)
    if not head:
        return "is empty"
    if not b"ISA".startswith(head[:3]):
        return "is no X12 file: it does not begin with ISA"
    marks = _marks(head)
    if marks is None or not _closed(head, marks):
        # It may be written still, however slowly: it is looked at again when it changes.
        return "ends before its IEA segment: it is taken once it is whole"
    return None if _kind_of(head) else "holds no 835, 837 or 277"


def _head(content: bytes) -> bytes:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK)


def _marks(head: bytes) -> _Marks | None:
    between = head[3:4]
    elements = head.split(between, 16) if between else []
    last = elements[16] if len(elements) == 17 else b""
    return _Marks(between, last[1:2]) if len(last) > 1 else None


def _kind_of(head: bytes) -> FileKind | None:
    """Give what kind of file an interchange is, by its first transaction set."""
    marks = _marks(head)
    if marks is None:
        return None
    between = re.escape(marks.between)
    begun = re.finditer(rb"ST" + between + rb"(\d{3})" + between, head)
    found = next((one for one in begun if _follows_end(head, one.start(), marks)), None)
    return _KINDS.get(found[1]) if found else None


def _closed(head: bytes, marks: _Marks) -> bool:
    """Tell whether every interchange of a file is closed, and the file ends with the last one's IEA."""
    opened = [at for at in _places(head, b"ISA", marks) if at == 0 or _follows_end(head, at, marks)]
    ended = [at for at in _places(head, b"IEA", marks) if _follows_end(head, at, marks)]
    if not ended or len(opened) != len(ended):
        return False
    end = head.find(marks.end, ended[-1])
    return end >= 0 and not head[end + 1 :].strip(_BLANK)


def _places(head: bytes, name: bytes, marks: _Marks) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(name + marks.between), head)]


def _follows_end(head: bytes, at: int, marks: _Marks) -> bool:
    """Tell whether a segment ends before `at`, blanks aside. Backwards: a pattern would try every blank of a file."""
    while at > 0:
        at -= 1
        mark = head[at : at + 1]
        if mark == marks.end:
            return True
        if not mark.isspace():
            return False
    return False


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def _write(told: Told) -> None:
    # Without its name, which may hold a patient's: `GET /v1/watched` and the findings give it.
    _log.warning("watched folder: a file was %s", "left where it is" if told.outcome == "refused" else "taken in")

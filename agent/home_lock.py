"""One writer at a time in a home: two processes that work the same case would make it twice."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock


class HomeLock:
    """A lock on a home, held while cases change; processes wait for each other, threads of one take turns.

    The file holds a count of who has written: `changed` tells whether another process has since this one last did.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = 0
        self._turn = RLock()
        self._depth = 0
        self.changed = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock; wait while another process does."""
        with self._turn:
            if self._depth:
                yield
                return
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                count = int(os.pread(handle, 20, 0) or b"0")
                self.changed = count != self._seen
                self._depth = 1
                try:
                    yield
                finally:
                    self._depth = 0
                    self._seen = count + 1
                    os.pwrite(handle, b"%020d" % self._seen, 0)
            finally:
                os.close(handle)


class HomeClosed(RuntimeError):
    """Somebody has the home for themselves, or it is in use and cannot be had so."""


class HomePresence:
    """Whoever has a home open says so, by a shared lock: what replaces its databases must wait until nobody has."""

    def __init__(self, path: Path) -> None:
        """Say that the home is open.

        Raises:
            HomeClosed: its keys are being changed.
        """
        self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            self.leave()
            raise HomeClosed("the home is being changed as a whole (its keys); try again when that is done") from fault

    def leave(self) -> None:
        """Say that it is open no more."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    @staticmethod
    @contextmanager
    def alone(path: Path) -> Iterator[None]:
        """Have the home for oneself.

        Raises:
            HomeClosed: somebody has it open.
        """
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as fault:
                raise HomeClosed("the home is in use: stop `overturn serve` and every other command first") from fault
            yield
        finally:
            os.close(handle)


@contextmanager
def served_alone(path: Path) -> Iterator[None]:
    """Be the one server of a home: two would each send its webhooks, take its jobs and count their own rates.

    Raises:
        HomeClosed: another server has it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            process = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            raise HomeClosed(f"the home is served already, by process {process}: stop that one first") from fault
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)

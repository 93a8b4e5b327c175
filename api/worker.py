"""One thread that changes cases, one after another: what uploads bring is worked, what reviewers decide goes on.

Everything that a running server does to a case happens here, so no case is ever touched twice at a time.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from agent.intake import Progress as IntakeProgress
from agent.office import Office
from agent.queue import WorkReport
from api.held_memory import set_aside
from knowledge.records.audit import looking_away

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Stopped(Exception):
    """The server is stopping; the work goes on when it starts again."""


class StillBusy(Exception):
    """The work before this took longer than the caller can wait; it has not been begun."""


@dataclass(frozen=True)
class Worked:
    """What one run over a practice came to: its report, and the denials it found new or changed."""

    report: WorkReport
    new: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """How the work stands. `failed` names the kind of error that ended the last run, None when it ended well."""

    state: Literal["idle", "waiting", "working"]
    practice_id: str | None = None
    done: int = 0
    total: int = 0
    failed: str | None = None


@dataclass(frozen=True)
class Counted:
    """What the thread has done since it began, and what waits for it."""

    cases: int = 0
    runs: int = 0
    failed: int = 0
    waiting: int = 0
    working: bool = False


class Worker:
    """The thread and its queue. A practice that waits to be worked is not queued a second time."""

    def __init__(self, office: Office) -> None:
        """Work in `office`; nothing runs before it is asked for."""
        self._office = office
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cases")
        self._lock = threading.Lock()
        self._waiting: dict[str, Future[Worked]] = {}
        self._progress = Progress("idle")
        self._stopping = False
        self._cases = self._runs = self._failed = 0

    def work(self, practice_id: str) -> Future[Worked]:
        """Ask for a practice's denials to be worked, with everything that is in the records when it begins."""
        with self._lock:
            if practice_id not in self._waiting:
                self._waiting[practice_id] = self._pool.submit(self._work, practice_id)
                self._waiting[practice_id].add_done_callback(self._note_failure)
            return self._waiting[practice_id]

    def call(self, change: Callable[[], T], patience: float) -> T:
        """Make one change to a case when its turn comes, and give what it gives.

        Raises:
            StillBusy: the turn did not come within `patience` seconds; the change is not made.
        """
        turn = self._pool.submit(copy_context().run, _unseen(change))
        try:
            return turn.result(patience)
        except TimeoutError:
            if turn.cancel():
                raise StillBusy(f"cases have been worked for more than {patience:g} seconds") from None
            return turn.result()

    def progress(self) -> Progress:
        """Say how the work stands."""
        with self._lock:
            waiting = next(iter(self._waiting), None)
            if self._progress.state == "idle" and waiting is not None:
                return Progress("waiting", waiting, failed=self._progress.failed)
            return self._progress

    @property
    def takes_work(self) -> bool:
        """Tell whether what is asked for will be done."""
        return not self._stopping

    def counted(self) -> Counted:
        """Count what was done, and what waits."""
        with self._lock:
            working = self._progress.state == "working"
            return Counted(self._cases, self._runs, self._failed, len(self._waiting), working)

    def stop(self) -> None:
        """Stop after the case at hand; what is not done stays to be done."""
        self._stopping = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, practice_id: str) -> Worked:
        with self._lock:
            self._waiting.pop(practice_id, None)
            self._progress = Progress("working", practice_id)
            self._runs += 1
        try:
            before = self._states(practice_id)
            report = self._office.work(practice_id, self._told(practice_id))
            after = self._states(practice_id)
            set_aside()
        finally:
            with self._lock:
                self._progress = Progress("idle")
        changed = (name for name, state in after.items() if name in before and before[name] != state)
        return Worked(report, new=tuple(name for name in after if name not in before), changed=tuple(changed))

    def _note_failure(self, run: Future[Worked]) -> None:
        error = None if run.cancelled() else run.exception()
        if error is None or isinstance(error, Stopped):
            return
        _log.error("working the denials failed; what was done is kept", exc_info=error)
        with self._lock:
            self._failed += 1
            self._progress = replace(self._progress, failed=type(error).__name__)

    def _told(self, practice_id: str) -> IntakeProgress:
        def told(name: str, done: int, total: int) -> None:
            with self._lock:
                self._cases += max(0, done - (self._progress.done if self._progress.total == total else 0))
                self._progress = Progress("working", practice_id, done, total)
            if self._stopping:
                raise Stopped

        return told

    def _states(self, practice_id: str) -> dict[str, tuple[str, str | None, int]]:
        with self._office.records.reading() as repository:
            return repository.denials.states(practice_id)


def _unseen(change: Callable[[], T]) -> Callable[[], T]:
    """Have a change made in the name of who asked for it; what the machine reads for it, they have not seen."""

    def run() -> T:
        with looking_away():
            return change()

    return run

"""Bulk jobs: many files taken in one after another, then the denials worked. What a kill cut off goes on."""

import logging
import os
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

from agent.office import Office
from api.intake_ways import KEPT_AS
from api.worker import Stopped, Worked, Worker
from knowledge.records import Job, JobItem, NewItem, sha256_of, sortable_id
from knowledge.types.reading import ReadingFinding

_log = logging.getLogger(__name__)


class Jobs:
    """The thread that does jobs, one at a time. Each is stored whole before it is begun."""

    def __init__(self, office: Office, worker: Worker) -> None:
        """Take files in at `office`, and have `worker` work them."""
        self._office, self._worker = office, worker
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="jobs")
        self._stopping = threading.Event()

    def add(self, practice_id: str, items: tuple[NewItem, ...], by: str) -> Job:
        """Store a job and have it done."""
        now = self._office.clock()
        job_id = sortable_id("job", now, os.urandom(10))
        with self._office.records.transaction() as repository:
            repository.jobs.add(job_id, practice_id, items, by, now)
            made = repository.jobs.get(practice_id, job_id)
        assert made is not None  # it was stored
        self._submit(made)
        return made

    def resume(self) -> None:
        """Go on with every job that is not done."""
        with self._office.records.reading() as repository:
            unfinished = repository.jobs.unfinished()
        for job in unfinished:
            self._submit(job)

    def halt(self) -> None:
        """Begin nothing more; call before the worker is stopped, which a job may wait for."""
        self._stopping.set()

    def stop(self) -> None:
        """Stop after the file at hand; the rest is done after the next start."""
        self.halt()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, job: Job) -> None:
        self._pool.submit(self._do, job).add_done_callback(_note)

    def _do(self, job: Job) -> None:
        while not self._stopping.is_set():
            with self._office.records.reading() as repository:
                waiting = repository.jobs.waiting(job.job_id)
            if not waiting:
                break
            ((position, item),) = waiting
            fared = self._take(job.practice_id, position, item)
            with self._office.records.transaction() as repository:
                repository.jobs.fared(job.job_id, fared)
        if self._stopping.is_set():
            return
        with self._office.records.transaction() as repository:
            repository.jobs.work_begins(job.job_id)
        fault = _fault(self._worker.work(job.practice_id))
        if fault in (Stopped.__name__, CancelledError.__name__):
            return  # the server stops: after its next start the job goes on here
        now = self._office.clock()
        with self._office.records.transaction() as repository:
            repository.jobs.end(job.job_id, now, fault)
            repository.feed.add(job.practice_id, "job.done", job.job_id, "done", now)

    def _take(self, practice_id: str, position: int, item: NewItem) -> JobItem:
        kept = KEPT_AS[item.kind].format(name=item.name)
        report = self._office.take_file(practice_id, item.kind, kept, item.content)
        taken = report.files[0] if report.files else None
        usable = report.usable and taken is not None and taken.outcome != "quarantined"
        findings = tuple(report.findings) or self._noticed_before(practice_id, item)
        return JobItem(
            position=position,
            kind=item.kind,
            name=item.name,
            state="taken" if usable else "failed",
            outcome=taken.outcome if taken else None,
            facts=taken.facts if taken else 0,
            findings=findings,
            error=None if usable else "; ".join(one.says for one in report.findings) or "nothing in it can be used",
        )

    def _noticed_before(self, practice_id: str, item: NewItem) -> tuple[ReadingFinding, ...]:
        """Give what was noticed in a file when it was first taken in: a kill may have kept it from being told."""
        with self._office.records.reading() as repository:
            stored = repository.files.of_content(practice_id, item.kind, sha256_of(item.content))
            return repository.files.findings(practice_id, stored[-1].id) if stored else ()


def _fault(run: Future[Worked]) -> str | None:
    """Wait for the work and name the kind of error that ended it; None when it ended well."""
    try:
        error = run.exception()
    except CancelledError as cancelled:
        error = cancelled
    return None if error is None else type(error).__name__


def _note(done: Future[None]) -> None:
    error = None if done.cancelled() else done.exception()
    if error is not None:
        _log.error("a bulk job was cut off; it goes on after the next start", exc_info=error)

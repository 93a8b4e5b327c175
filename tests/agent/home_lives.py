"""Lives of one home: a process that works it and dies at the first boundary not seen before, again and again.

Run as a program of its own (`python home_lives.py JOBS.json REPORT.json`), because it forks: each life is a fork of one
process that has imported everything, read every table and reader of policies, and holds nothing open, so that a life
costs what a restart costs, less what every process reads alike. A life ends by SIGKILL: nothing is flushed, closed or
rolled back. The report lists where each job's lives ended.

A job dies at every step it comes to; with `every_effect` at every commit, file and checkpoint too; with `die_at`, pairs
of step and denial, at those steps alone; with `deaths` false nowhere.
"""

import gc
import json
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langgraph.checkpoint.sqlite import SqliteSaver

from agent.diagnosis.diagnose import diagnose
from agent.office import Office
from knowledge.causes import load_catalogue
from knowledge.codes import load_codes
from knowledge.records import Records, Repository

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
"""The one moment of every run here, so that two homes may be compared row for row."""


def clock() -> datetime:
    return NOON


class Fate:
    """Kills this process at the first boundary that no earlier life died at."""

    def __init__(
        self, survived: frozenset[str], last_words: int, die_at: frozenset[tuple[str, str]] | None = None
    ) -> None:
        self._survived, self._last_words, self._die_at = survived, last_words, die_at
        self._place = "start"
        self._count: Counter[str] = Counter()

    def at_step(self, step: str, denial_id: str) -> None:
        self.now(f"{step} {denial_id}")
        if self._die_at is None or (step, denial_id) in self._die_at:
            self.cross("begin")

    def now(self, place: str) -> None:
        """Stand at a new place; boundaries crossed from here on are counted from it."""
        self._place = place
        self._count.clear()

    def cross(self, boundary: str) -> None:
        self._count[boundary] += 1
        label = f"{self._place} {boundary} {self._count[boundary]}"
        if label not in self._survived:
            os.write(self._last_words, label.encode())
            os.kill(os.getpid(), signal.SIGKILL)


def watch_every_effect(fate: Fate) -> None:
    """Let this process die also before and after every commit, every file put in place and every checkpoint."""
    transaction, put, replaced = Records.transaction, SqliteSaver.put, os.replace

    @contextmanager
    def dying_transaction(self: Records) -> Iterator[Repository]:
        with transaction(self) as repository:
            yield repository
            fate.cross("before-commit")
        fate.cross("after-commit")

    def dying_put(self: SqliteSaver, *args: Any) -> Any:
        fate.cross("before-checkpoint")
        stored = put(self, *args)
        fate.cross("after-checkpoint")
        return stored

    def dying_replace(source: Any, target: Any) -> None:
        fate.cross("before-file")
        replaced(source, target)
        fate.cross("after-file")

    Records.transaction = dying_transaction  # type: ignore[method-assign]
    SqliteSaver.put = dying_put  # type: ignore[method-assign]
    os.replace = dying_replace  # type: ignore[assignment]


def live(job: dict[str, Any], fate: Fate) -> None:
    """Do the whole job from the start, as after a restart: folder, work, reviews."""

    def taken(name: str, _done: int, _total: int) -> None:
        fate.now(f"after {name}")
        fate.cross("taken")

    with Office.open(Path(job["home"]), clock, step=fate.at_step) as office:
        if folder := job.get("folder"):
            office.take_folder(Path(folder), taken)
            fate.now("folder taken")
        if job.get("work"):
            for practice_id, _ in office.practices():
                office.work(practice_id)
        for answer in job.get("answers", ()):
            fate.now(f"answer {answer['key']}")
            ((practice_id, _),) = office.practices()
            office.review(practice_id, **answer)


def lives(job: dict[str, Any]) -> list[str]:
    """Live until a life ends of itself; give the boundaries the others died at, in order."""
    deaths: list[str] = []
    while (death := _one_life(job, deaths)) is not None:
        deaths.append(death)
    return deaths


def _one_life(job: dict[str, Any], deaths: list[str]) -> str | None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        chosen = job.get("die_at")
        fate = Fate(frozenset(deaths), writing, None if chosen is None else frozenset(map(tuple, chosen)))
        if not job.get("deaths", True):
            fate.cross = lambda boundary: None  # type: ignore[method-assign]
        elif job.get("every_effect"):
            watch_every_effect(fate)
        live(job, fate)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as words:
        label = words.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return label
    if os.WEXITSTATUS(status):
        raise SystemExit(f"a life ended by an error, see above; it followed {deaths[-3:]}")
    return None


def read_what_all_lives_read(folder: str | None) -> None:
    """Diagnose a folder once, in a home that is gone again: tables, readers and patterns are then in every fork.

    Nothing is typeset here: typst keeps threads, and a fork has none of its parent's.
    """
    load_codes(), load_catalogue()
    with tempfile.TemporaryDirectory() as nowhere, Office.open(Path(nowhere), clock) as office:
        practice_id = office.take_folder(Path(folder)).practice_id if folder else None
        if practice_id is not None:
            with office.at_desk(practice_id) as desk:
                for denial in desk.casebook.examination.denials:
                    diagnose(desk.inquiry(denial.denial_id), desk.catalogue)


if __name__ == "__main__":
    jobs, report = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    read_what_all_lives_read(next((job["folder"] for job in jobs if "folder" in job), None))
    gc.freeze()
    report.write_text(json.dumps([lives(job) for job in jobs]))

"""The running of one case: started, resumed where it was cut off, given its answer, or left as it stands."""

import logging
import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Any

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command

from agent.approving.reopening import reopen
from agent.desk import Desk
from agent.drafting.forms import forms_print
from agent.graph import Machine, build_machine
from agent.learning.matching import rules_print
from agent.reader import Reader
from agent.record import failed_record
from agent.state import CaseState
from knowledge.calibration import fingerprint, in_force
from knowledge.records import Review, StoredDenial

_log = logging.getLogger("overturn")

SETTLED = frozenset({"approved", "sent", "closed"})
"""Statuses a person has set: the machine leaves these denials alone."""


class CaseRuns:
    """The state machine over the home's checkpoints, one thread a denial."""

    def __init__(self, home: Path, reader: Reader | None) -> None:
        """Open the checkpoints of the home at `home`. `reader` is the model that cases are read with; None = none."""
        self._reader = reader
        self._checkpoints = sqlite3.connect(home / "checkpoints.db", check_same_thread=False)
        self._checkpoints.execute("PRAGMA journal_mode = WAL")
        self._checkpoints.execute("PRAGMA synchronous = FULL")
        self._saver = SqliteSaver(self._checkpoints)
        self._saver.setup()
        self.machine: Machine = build_machine(self._saver)

    def close(self) -> None:
        """Let go of the checkpoints."""
        self._checkpoints.close()

    def look(self) -> None:
        """Read the checkpoints once.

        Raises:
            sqlite3.Error: they cannot be read.
        """
        with self._saver.cursor(transaction=False) as cursor:
            cursor.execute("SELECT thread_id FROM checkpoints LIMIT 1").fetchone()

    def try_case(self, desk: Desk, stored: StoredDenial) -> None:
        """Work a case; whatever fails in it goes to a person with the fault, and harms no other case."""
        try:
            self.work_case(desk, stored)
        except Exception as fault:  # noqa: BLE001 - whatever breaks one case, the others are worked and a person is told
            says = f"Working this denial failed ({type(fault).__name__}): a person must look, and report the fault"
            _log.exception("denial %s could not be worked", stored.denial_id)
            record = failed_record(stored.denial, says)
            with desk.records.transaction() as repository:
                repository.denials.save_record(
                    desk.practice_id, stored.denial_id, record.model_dump(mode="json"), None, desk.clock()
                )

    def work_case(self, desk: Desk, stored: StoredDenial) -> None:
        """Start, resume or leave one case, by what its checkpoint says it rested on."""
        denial_id = stored.denial_id
        case_print = desk.casebook.case_print(denial_id, self._rules(desk) + rules_print(desk, denial_id))
        thread = thread_of(desk.practice_id, denial_id)
        snapshot = self.machine.get_state(thread)
        if snapshot.values.get("case_print") == case_print and not self._asks_again(stored):
            self.run_on(desk, denial_id)
            return
        start: CaseState = {
            "denial_id": denial_id,
            "case_print": case_print,
            "revision": stored.revision,
            "answered": [review.key for review in _reviews(desk, denial_id)],
        }
        self.machine.invoke(start, thread, context=desk, durability="sync")

    def run_on(self, desk: Desk, denial_id: str) -> None:
        """Go on where a run stopped: with an answer the case has not taken yet, or where it was cut off.

        Only the answer's key goes into the checkpoint: what people write may name patients.
        """
        thread = thread_of(desk.practice_id, denial_id)
        snapshot = self.machine.get_state(thread)
        if snapshot.next == ("review",):
            taken = snapshot.values.get("answered", [])
            for review in _reviews(desk, denial_id):
                if review.key not in taken:
                    self.machine.invoke(Command(resume=review.key), thread, context=desk, durability="sync")
                    return
            return
        if snapshot.tasks:  # not `next`: a step whose result is stored, but in no checkpoint yet, is no longer next
            self.machine.invoke(None, thread, context=desk, durability="sync")
        if not self.machine.get_state(thread).tasks and status_of(desk, denial_id) == "in_review":
            reopen(self.machine, thread, desk)  # it had ended, and its approval was taken back

    def waits(self, practice_id: str, denial_id: str) -> bool:
        """Tell whether the case waits for a person's answer."""
        return self.machine.get_state(thread_of(practice_id, denial_id)).next == ("review",)

    def _rules(self, desk: Desk) -> str:
        """Say what a case rests on beside its records: this version, the day, the tables, the rules, the model."""
        tables = "|".join(f"{name}:{source.stamp()}" for name, source in sorted(desk.codes.sources.items()))
        trust = in_force(desk.catalogue)
        rules = f"{fingerprint(desk.catalogue)}|{sorted(trust.values.items())}|{trust.threshold}"
        reading = f"|{self._reader.stands_for()}" if self._reader is not None else ""
        return f"overturn {version('overturn')}|{desk.as_of}|{tables}|{rules}{reading}{forms_print(desk.home)}"

    def _asks_again(self, stored: StoredDenial) -> bool:
        """Tell whether a model failed on the case and there is one to ask again."""
        return self._reader is not None and bool(((stored.record or {}).get("model") or {}).get("fault"))


def status_of(desk: Desk, denial_id: str) -> str | None:
    """Return a denial's status; None when the practice has no such denial."""
    with desk.records.reading() as repository:
        stored = repository.denials.get(desk.practice_id, denial_id)
    return stored.status if stored else None


def thread_of(practice_id: str, denial_id: str) -> Any:
    """Name a denial's thread; two practices that bill alike may have denials of one id."""
    return {"configurable": {"thread_id": f"{practice_id}/{denial_id}"}}


def _reviews(desk: Desk, denial_id: str) -> tuple[Review, ...]:
    with desk.records.reading() as repository:
        return repository.casework.reviews(desk.practice_id, denial_id)

"""Erase one patient from a home that nobody else has open: records first, in one transaction, then all beside them.

That transaction also writes down what is left to do, by ids alone: cut off anywhere, the next erasure, or the same one
again, goes on where it was. At the end both databases are written anew, so that no freed page holds what was deleted.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.erasure.patient import Asked, Patient, find_patient
from agent.erasure.rows import erase_rows, files_of
from agent.following.moving import save_cash
from agent.home_lock import HomePresence
from agent.office import Office
from agent.vault.keys import auditing_of, check_key
from knowledge.records import Records, Repository, open_records
from knowledge.records.encryption import connect
from knowledge.records.keeping import Erasure, ErasurePlan
from knowledge.records.sortable_ids import sortable_id
from knowledge.sealing import HomeKey
from tools.denials.identity import squeeze

RECORDS, CHECKPOINTS = "overturn.db", "checkpoints.db"
_COPIES = ("overturn.version-*.db*", "overturn.copying.db*", "*.rotating", ".backup-*")
"""Copies of the records that upgrades and cut-off commands leave: they hold the patient still, and go."""

Step = Callable[[str], None]


class UnderHold(ValueError):
    """The patient is held: nothing of them may be removed until the hold is lifted."""


@dataclass(frozen=True)
class Erased:
    """An erasure that is done: its id, the denials that went, and how much went of what."""

    erasure_id: str
    practice_id: str
    denials: tuple[str, ...]
    counts: dict[str, int]


def _no_step(_step: str) -> None:
    return None


def look_at(repository: Repository, asked: Asked) -> Patient:
    """Find whom an erasure would erase; nothing is changed.

    Raises:
        NotExact: nobody, or more than one person, is meant.
        UnderHold: the person is held.
    """
    patient = find_patient(repository, asked)
    check_holds(repository, patient)
    return patient


def check_holds(repository: Repository, patient: Patient) -> None:
    """Hold a patient against the practice's holds.

    Raises:
        UnderHold: one of them is about the patient.
    """
    for hold in repository.keeping.holds(patient.practice_id):
        held = hold.named in patient.denials or (hold.subject == "member" and squeeze(hold.named) in patient.members)
        if held:
            raise UnderHold(
                f"hold {hold.hold_id} stands, placed by {hold.placed_by} on {hold.placed_at:%Y-%m-%d}: nothing of the "
                f"patient is removed until it is lifted (`overturn retention lift {hold.hold_id}`)"
            )


def erase(
    home: Path, key: HomeKey | None, asked: Asked, by: str, clock: Callable[[], datetime], step: Step = _no_step
) -> Erased:
    """Erase one patient; first finish what was cut off before. `by` orders it.

    Raises:
        HomeClosed: the home is in use.
        NotExact: nobody, or more than one person, is meant; nothing was changed.
        UnderHold: the person is held; nothing was changed.
        WrongKey: `key` is not the home's.
    """
    with _alone(home, key, clock) as records:
        _finish_all(home, key, records, clock, step)
        with records.transaction() as tx:
            patient = look_at(tx, asked)
            now = clock()
            digest = hashlib.sha256("|".join((asked.practice_id, now.isoformat(), *patient.denials)).encode()).digest()
            plan, counts = erase_rows(tx, patient, files_of(tx, patient))
            erasure = Erasure(
                erasure_id=sortable_id("ers", now, digest),
                practice_id=asked.practice_id,
                ordered_by=by,
                begun_at=now,
                plan=plan,
                counts=counts,
            )
            tx.keeping.begin(erasure)
            for denial_id in patient.denials:
                tx.feed.add(asked.practice_id, "denial.erased", denial_id, erasure.erasure_id, now)
            tx.audit.mention("erasure", erasure.erasure_id)
            tx.audit.mention("counts", counts)
        step("rows")
        _carry_out(home, key, records, erasure, clock, step)
    return Erased(erasure.erasure_id, asked.practice_id, patient.denials, counts)


def finish_erasures(
    home: Path, key: HomeKey | None, clock: Callable[[], datetime], step: Step = _no_step
) -> tuple[str, ...]:
    """Finish the erasures that were cut off; give their ids.

    Raises:
        HomeClosed: the home is in use.
    """
    with _alone(home, key, clock) as records:
        return _finish_all(home, key, records, clock, step)


def count_anew(office: Office, practice_id: str) -> None:
    """Count a practice's cash anew: it names claims, and those of an erased patient are amounts alone now."""
    with office.at_desk(practice_id) as desk, office.records.transaction() as tx:
        save_cash(tx, desk)


@contextmanager
def _alone(home: Path, key: HomeKey | None, clock: Callable[[], datetime]) -> Iterator[Records]:
    with HomePresence.alone(home / "open.lock"):
        check_key(home, key, fresh=False)
        with open_records(home / RECORDS, key, auditing_of(home, key, clock)) as records:
            yield records


def _finish_all(
    home: Path, key: HomeKey | None, records: Records, clock: Callable[[], datetime], step: Step
) -> tuple[str, ...]:
    with records.reading() as tx:
        unfinished = tx.keeping.unfinished()
    for erasure in unfinished:
        _carry_out(home, key, records, erasure, clock, step)
    return tuple(erasure.erasure_id for erasure in unfinished)


def _carry_out(
    home: Path, key: HomeKey | None, records: Records, erasure: Erasure, clock: Callable[[], datetime], step: Step
) -> None:
    """Remove what lies beside the records. Each part may be done again; the plan is forgotten when all is done."""
    _files(home, erasure.plan)
    step("files")
    _copies(home)
    step("copies")
    _checkpoints(home / CHECKPOINTS, erasure.plan.threads)
    step("checkpoints")
    _write_anew(home / RECORDS, key)
    step("written anew")
    with records.transaction() as tx:
        tx.keeping.end(erasure.erasure_id, clock())
        tx.audit.mention("erasure", erasure.erasure_id)
    step("ended")


def _files(home: Path, plan: ErasurePlan) -> None:
    for pattern in plan.paths:
        for place in sorted(home.glob(pattern)):
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink()
    for sha256 in plan.kept:
        (home / "sent" / "sha256" / sha256[:2] / sha256).unlink(missing_ok=True)
    for folder in ("products", "sent"):
        for unfinished in (home / folder).rglob(".*.part"):
            unfinished.unlink()


def _copies(home: Path) -> None:
    for pattern in _COPIES:
        for place in sorted(home.glob(pattern)):
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink()


def _checkpoints(place: Path, threads: tuple[str, ...]) -> None:
    if not place.is_file():
        return
    connection = sqlite3.connect(place, isolation_level=None)
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in sorted(tables & {"checkpoints", "writes"}):
            for thread in threads:
                connection.execute(f'DELETE FROM "{table}" WHERE thread_id = ?', (thread,))
        _compact(connection)
    finally:
        connection.close()


def _write_anew(place: Path, key: HomeKey | None) -> None:
    connection = connect(place, key)
    try:
        _compact(connection)
    finally:
        connection.close()
    handle = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _compact(connection: sqlite3.Connection) -> None:
    """Write a database anew without its freed pages, and empty its log."""
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

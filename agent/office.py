"""The practice's office: one home on disk, where folders are taken in, denials worked, and reviews answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from agent.approving.checking import check_approval
from agent.approving.voiding import void_what_no_longer_holds
from agent.casebook import Casebook
from agent.desk import Desk, Step
from agent.editing.opening import open_for_edit
from agent.following.moving import follow, save_cash
from agent.home_lock import HomeLock, HomePresence
from agent.intake import IntakeReport, Progress, take_file, take_folder
from agent.queue import WorkReport, rank_all, rank_touched, records_of, report
from agent.reader import Reader
from agent.review import check_changes
from agent.running import SETTLED, CaseRuns, status_of
from agent.sending.kept import Kept
from agent.side_by_side import work_all
from agent.vault import Vault
from agent.vault.keys import auditing_of, check_key
from knowledge.causes import load_catalogue
from knowledge.codes import load_codes
from knowledge.folder import FileKind
from knowledge.records import Event, Product, Records, Review, Role, StoredDenial, UnknownDenial, open_records
from knowledge.sealing import HomeKey
from knowledge.types.practice import Practice
from knowledge.types.record import DenialRecord

Decision = Literal["approve", "edit", "reject"]


class NotWaiting(RuntimeError):
    """The denial is not waiting for a person: it has been decided, or has not been worked yet."""


def _no_step(_step: str, _denial_id: str) -> None:
    return None


def _no_progress(name: str, done: int, total: int) -> None:
    return None


class Office:
    """One home: its records, its checkpoints, its products. Use as a context manager."""

    def __init__(
        self,
        home: Path,
        clock: Callable[[], datetime],
        step: Step = _no_step,
        reader: Reader | None = None,
        key: HomeKey | None = None,
    ) -> None:
        """Open or make the home at `home`; see `open`."""
        self.home, self.key = home, key
        self._clock, self._step, self._reader = clock, step, reader
        home.mkdir(mode=0o700, parents=True, exist_ok=True)  # patients' data: for this user alone
        self._presence = HomePresence(home / "open.lock")
        try:
            check_key(home, key, fresh=not (home / "overturn.db").exists())
            self.records: Records = open_records(home / "overturn.db", key, auditing_of(home, key, clock))
        except BaseException:
            self._presence.leave()
            raise
        self._runs = CaseRuns(home, reader)
        self._codes, self._catalogue = load_codes(home / "codes"), load_catalogue()
        self._desks: dict[str, Desk] = {}
        self._lock = HomeLock(home / "writing.lock")

    @classmethod
    def open(
        cls,
        home: Path,
        clock: Callable[[], datetime],
        *,
        step: Step = _no_step,
        reader: Reader | None = None,
        key: HomeKey | None = None,
    ) -> "Office":
        """Open a home, making it when missing. `reader` is the language model and how it may be used; None = none.

        `key` encrypts records and files; None = they are plain.

        Raises:
            NewerSchema: a newer version of the product has written it.
            WrongKey: it is encrypted with another key, or plain while a key is given, or the other way round.
            HomeClosed: it is being restored, or its keys are being changed.
        """
        return cls(home, clock, step, reader, key)

    def __enter__(self) -> "Office":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of both databases, and of the model's connections."""
        if self._reader is not None:
            self._reader.close()
        self._runs.close()
        self.records.close()
        self._presence.leave()

    @property
    def files(self) -> Vault:
        """Return the home's files."""
        return Vault(self.home, self.key)

    def clock(self) -> datetime:
        """Read the clock this office goes by."""
        return self._clock()

    @property
    def codes_loaded(self) -> bool:
        """Tell whether there are code tables to work with."""
        return bool(self._codes.sources)

    def look_at_checkpoints(self) -> None:
        """Read the checkpoints once.

        Raises:
            sqlite3.Error: they cannot be read.
        """
        self._runs.look()

    def practices(self) -> tuple[tuple[str, Practice], ...]:
        """Return the practices of this home by id."""
        with self.records.reading() as repository:
            found = [(name, repository.files.practice(name)) for name in repository.files.practice_ids()]
        return tuple((name, practice) for name, practice in found if practice is not None)

    def take_folder(self, folder: Path, progress: Progress = _no_progress) -> IntakeReport:
        """Take in everything new of a practice folder."""
        with self._lock.held():
            self._desks.clear()
            return take_folder(self.records, folder, self._codes, self._clock(), progress)

    def take_file(self, practice_id: str, kind: FileKind, name: str, data: bytes) -> IntakeReport:
        """Take in one file for a known practice."""
        with self._lock.held():
            self._desks.clear()
            return take_file(self.records, practice_id, kind, name, data, self._codes, self._clock())

    def work(self, practice_id: str, progress: Progress = _no_progress) -> WorkReport:
        """Find the practice's denials, work every one that is new or changed, resume every unfinished one, and rank.

        A case that rests on the same records as before is not worked again; one a person has settled is left alone.
        A case that fails goes to a person with the fault, and harms no other; it is tried again at the next run.
        """
        with self._lock.held():
            return self._work(practice_id, progress)

    def _work(self, practice_id: str, progress: Progress) -> WorkReport:
        desk = self._desks[practice_id] = self._desk(practice_id)
        follow(desk)
        void_what_no_longer_holds(desk)
        found = desk.casebook.denials
        with self.records.transaction() as repository:
            changes = repository.denials.save_found(practice_id, tuple(found.values()), self._clock())
            save_cash(repository, desk)
            stored = {item.denial_id: item for item in repository.denials.all(practice_id)}
        self._close_gone(practice_id, changes.gone, stored)
        open_cases = [stored[name] for name in sorted(found) if stored[name].status not in SETTLED]
        work_all(desk, open_cases, self._runs.try_case, lambda name, done: progress(name, done, len(open_cases)))
        rank_all(self.records, practice_id)
        return report(self.records, practice_id)

    def records_of(self, practice_id: str) -> Iterator[DenialRecord]:
        """Give the denial records in order of rank."""
        return records_of(self.records, practice_id)

    def record(self, practice_id: str, denial_id: str) -> DenialRecord | None:
        """Give one denial record; None when the denial is unknown or not yet worked."""
        with self.records.reading() as repository:
            stored = repository.denials.get(practice_id, denial_id)
        return DenialRecord.model_validate(stored.record) if stored and stored.record else None

    def review(
        self,
        practice_id: str,
        denial_id: str,
        *,
        key: str,
        decision: Decision,
        reason: str,
        by: str,
        changes: dict[str, Any] | None = None,
        role: Role | None = None,
        signed_by: str | None = None,
    ) -> DenialRecord:
        """Answer a waiting case and run it on; the same `key` twice counts once. An approved one may still be edited.

        With an approval: `role` is that of who decides, `signed_by` the physician whose signature was obtained.

        Raises:
            UnknownDenial: the practice has no such denial.
            NotWaiting: it is not waiting for a person.
            BadChange: an edit that does not fit the record.
            ApprovalRefused: the role or the signature is lacking, or the files are not those that were made.
        """
        with self._lock.held():
            if self._lock.changed:
                self._desks.clear()
            given = {"reason": reason, "by": by, "at": self._clock(), "role": role, "signed_by": signed_by}
            review = Review(key=key, decision=decision, changes=changes or {}, **given)
            return self._answer(practice_id, denial_id, review)

    def _answer(self, practice_id: str, denial_id: str, review: Review) -> DenialRecord:
        with self.records.reading() as repository:
            stored = repository.denials.get(practice_id, denial_id)
            if stored is None:
                raise UnknownDenial(f"practice {practice_id} has no denial {denial_id}")
            known = any(one.key == review.key for one in repository.casework.reviews(practice_id, denial_id))
        desk = self._desks.get(practice_id) or self._desk(practice_id)
        self._desks[practice_id] = desk
        if review.decision == "edit" and not known:
            check_changes(desk, review.changes, denial_id)
            open_for_edit(desk, stored, review)
        if status_of(desk, denial_id) not in SETTLED:
            self._runs.run_on(desk, denial_id)
        if known:
            rank_touched(self.records, practice_id)
            return self._must(practice_id, denial_id)
        if not self._runs.waits(practice_id, denial_id):
            raise NotWaiting(f"denial {denial_id} is {stored.status.replace('_', ' ')}: it is not waiting for a review")
        if review.decision == "approve":
            check_approval(desk, denial_id, review)
        with self.records.transaction() as repository:
            repository.casework.add_review(practice_id, denial_id, review)
        self._runs.run_on(desk, denial_id)
        rank_touched(self.records, practice_id)
        return self._must(practice_id, denial_id)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the home against other writers: what is looked at and then changed inside stays what it was."""
        with self._lock.held():
            yield

    @contextmanager
    def at_desk(self, practice_id: str) -> Iterator[Desk]:
        """Give a practice's desk as its records stand, with the home held against other writers."""
        with self._lock.held():
            self._desks.clear()
            yield self._desk(practice_id)

    def timeline(self, practice_id: str, denial_id: str) -> tuple[Event, ...]:
        """Give what happened to a denial, oldest first."""
        with self.records.reading() as repository:
            return repository.casework.timeline(practice_id, denial_id)

    def product_file(self, practice_id: str, denial_id: str, kind: str) -> tuple[Path, Product] | None:
        """Give a made file's place on disk; None when there is none of this kind."""
        with self.records.reading() as repository:
            products = repository.casework.products(practice_id, denial_id)
        found = next((product for product in products if product.kind == kind), None)
        return (self.home / found.path, found) if found else None

    def _desk(self, practice_id: str) -> Desk:
        self._codes = load_codes(self.home / "codes")  # what another process may have loaded since
        casebook = Casebook(self.records, practice_id, self._codes, Kept(self.home, self.key))
        practice = casebook.inputs.practice
        as_of: date = practice.as_of or self._clock().date()
        desk = Desk(
            records=self.records,
            practice=practice,
            practice_id=practice_id,
            casebook=casebook,
            codes=self._codes,
            catalogue=self._catalogue,
            home=self.home,
            as_of=as_of,
            clock=self._clock,
            step=self._step,
            key=self.key,
        )
        return self._reader.at(desk) if self._reader is not None else desk

    def _close_gone(self, practice_id: str, gone: tuple[str, ...], stored: dict[str, StoredDenial]) -> None:
        """Close what later remits show to be no denial at all (a reversal netted away)."""
        with self.records.transaction() as repository:
            for denial_id in gone:
                if stored[denial_id].status not in SETTLED:
                    repository.denials.set_status(practice_id, denial_id, "closed")
                    event = Event(
                        key=f"{denial_id}:gone",
                        kind="closed",
                        says="Later remits show that this is no denial",
                        at=self._clock(),
                    )
                    repository.casework.add_event(practice_id, denial_id, event)

    def _must(self, practice_id: str, denial_id: str) -> DenialRecord:
        record = self.record(practice_id, denial_id)
        if record is None:
            raise UnknownDenial(f"denial {denial_id} has no record yet")
        return record

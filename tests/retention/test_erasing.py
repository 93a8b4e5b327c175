"""One patient goes, everywhere; nothing of anybody else's changes by a byte; cut off anywhere, it goes on."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from api_served import noon
from erased_home import (
    KEY,
    MEMBER,
    PRACTICE,
    READY,
    TELLING,
    cash,
    erased,
    held,
    opened,
    others,
    tells,
)
from sealed_home import worked_home

from agent.erasure import Asked, NotExact, UnderHold, erase, finish_erasures
from agent.erasure.erasing import count_anew
from agent.home_lock import HomeClosed
from agent.retention import lift_hold, place_hold
from agent.sending.channels.folder import Folder
from agent.sending.outbox import send
from knowledge.records import Event
from knowledge.records.audit_check import verify_audit
from knowledge.records.exchange import KeptAnswer
from knowledge.records.joint import JointApproval, JointMember
from knowledge.records.repository import Repository
from knowledge.types.reading import ReadingFinding
from tools.x12.remits import read_remits

STEPS = ("rows", "files", "copies", "checkpoints", "written anew")


class Cut(Exception):
    """The process ends here."""


def lived_in(home: Path, drop: Path, key: str | None = None) -> str:
    """Send the patient's packet, and leave whatever else a home comes to hold; return another's denial."""
    drop.mkdir()
    with opened(home, key) as office:
        send(office, PRACTICE, Folder(drop, noon), frozenset({READY}))
        with office.records.transaction() as tx:
            other = next(one.denial_id for one in tx.denials.all(PRACTICE) if one.denial.remit.claim_id != "CED26-0316")
            leave_traces(tx, other)
    shutil.copy(home / "overturn.db", home / "overturn.version-4.db")
    (home / "products" / PRACTICE / f".{MEMBER}.part").write_bytes(b"OKAFOR")
    return other


def leave_traces(tx: Repository, other: str) -> None:
    """Have others' rows tell of the patient, as people and programs may have left it."""
    says = f"Paid like claim CED26-0316 of Okafor, Grace (member {MEMBER.lower()})"
    tx.casework.add_event(PRACTICE, other, Event(key="told", kind="noted", says=says, at=noon()))
    tx.files.add_findings(PRACTICE, None, [ReadingFinding("info", "said", says, "charts/ced10018-okafor.json")])
    tx.idempotency.begin("somebody", "key", "print", noon(), lease=timedelta(1), kept=timedelta(1))
    answer = KeptAnswer(status=200, headers=(), body=f'{{"patient": "{says}"}}'.encode())
    tx.idempotency.keep("somebody", "key", answer)
    members = tuple(
        JointMember(denial_id=one, approval_sha256="a" * 64, carrier=READY) for one in sorted((READY, other))
    )
    joint = JointApproval(
        sha256="f" * 64,
        group_id="ser_1",
        key="k",
        by="ada",
        role=None,
        signed_by=None,
        reason="r",
        at=noon(),
        members=members,
    )
    tx.joint.save(PRACTICE, joint)


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_nothing_tells_of_an_erased_patient(key: str | None, worked: Path, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    if key is None:
        shutil.copytree(worked, home)
    else:
        worked_home(home, folder, key)
    other = lived_in(home, tmp_path / "drop", key)
    before, money = held(home, key), cash(home, key)
    assert len(tells(home, key)) > 20, "the search itself must find them where they are"
    made = {path: (home / path).read_bytes() for path in (str(row[3]) for row in before["product"])}

    done = erased(home, key)

    assert READY in done.denials
    assert len(done.denials) == done.counts["denials"]
    assert tells(home, key) == []
    assert not list(home.glob("overturn.version-*"))
    after = held(home, key)
    expected, found = others(before, done.denials), others(after, done.denials)
    told = next(row for row in found["event"] if row[2] == "told")
    assert told[5] == f"Paid like claim XXXXX-XXXX of XXXXXX, XXXXX (member {'X' * len(MEMBER)})"
    for rows in (expected, found):
        rows["event"] = [row for row in rows["event"] if row[2] != "told"]
    assert found == expected
    for row in after["product"]:
        assert (home / str(row[3])).read_bytes() == made[str(row[3])]
    with opened(home, key) as office:
        count_anew(office, PRACTICE)
        assert office.records.auditing is not None
        with office.records.reading() as repository:
            assert verify_audit(repository, office.records.auditing).faults == ()
            (joint,) = repository.joint.all(PRACTICE)
            assert [(one.denial_id, one.carrier) for one in joint.members] == [(other, other)]
            kinds = {(one.kind, one.subject) for one in repository.feed.after(PRACTICE, 0, 500)}
        for row in after["product"]:
            assert hashlib.sha256(office.files.read(str(row[3]))).hexdigest() == row[4]
    assert {("denial.erased", name) for name in done.denials} <= kinds
    counted = cash(home, key)
    assert (counted.cash, counted.provider_level, counted.unexplained) == (
        money.cash,
        money.provider_level,
        money.unexplained,
    )
    assert counted.recovered + counted.otherwise == money.recovered + money.otherwise
    assert tells(home, key) == []


def test_others_stand_in_a_masked_remit_where_they_stood(home: Path, folder: Path) -> None:
    erased(home)
    came = (folder / "remits" / "CHP_ERA_0403.txt").read_bytes()
    left = content(home, "remits/CHP_ERA_0403.txt")
    assert len(left) == len(came)
    whole = {one.payer_claim_number: one for one in read_remits(came, "f") if type(one).__name__ == "ClaimPayment"}
    masked = {one.payer_claim_number: one for one in read_remits(left, "f") if type(one).__name__ == "ClaimPayment"}
    gone = set(whole) - set(masked)
    assert gone == {name for name, one in whole.items() if one.patient is not None and one.patient.id == MEMBER}
    assert {name: one for name, one in whole.items() if name not in gone} == {
        name: one for name, one in masked.items() if name in whole
    }
    paid = [sum(one.paid for one in found.values()) for found in (whole, masked)]
    assert paid[0] == sum(one.paid for one in read_remits(left, "f") if type(one).__name__ == "ClaimPayment")


def content(home: Path, name: str) -> bytes:
    with sqlite3.connect(home / "overturn.db") as database:
        (packed,) = database.execute("SELECT content FROM source_file WHERE name = ?", (name,)).fetchone()
    database.close()
    return zlib.decompress(packed)


def test_worked_again_from_the_same_folder_nothing_of_them_comes_back(home: Path, folder: Path) -> None:
    done = erased(home)
    with opened(home) as office:
        report = office.take_folder(folder)
        assert {file.outcome for file in report.files} == {"known"}
        office.work(PRACTICE)
        assert {record.denial_id for record in office.records_of(PRACTICE)} & set(done.denials) == set()
    assert tells(home) == []


@pytest.mark.parametrize("at", STEPS)
def test_cut_off_at_any_step_it_goes_on_and_ends_alike(at: str, home: Path) -> None:
    def step(name: str) -> None:
        if name == at:
            raise Cut

    with pytest.raises(Cut):
        erased(home, step=step)
    with opened(home) as office, office.records.reading() as repository:
        (left,) = repository.keeping.unfinished()
        assert not TELLING.search(left.model_dump_json().encode())
    assert finish_erasures(home, None, noon) == (left.erasure_id,)
    assert finish_erasures(home, None, noon) == ()
    assert tells(home) == []
    with opened(home) as office, office.records.reading() as repository:
        assert repository.keeping.unfinished() == ()
        assert office.records.auditing is not None
        assert verify_audit(repository, office.records.auditing).faults == ()


def test_killed_at_every_step_one_life_after_another_it_ends_alike(home: Path, tmp_path: Path) -> None:
    calm = Path(shutil.copytree(home, tmp_path / "calm", ignore=shutil.ignore_patterns("*.lock")))
    gone = erased(calm).denials
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    for at in (*STEPS, "ended"):
        does = "begin" if at == STEPS[0] else "finish"
        program = [sys.executable, str(Path(__file__).with_name("erasing_life.py")), str(home), does, at]
        life = subprocess.run(program, env={**os.environ, "PYTHONPATH": path}, timeout=300, check=False)
        assert life.returncode == -signal.SIGKILL, at
        assert tells(home) or at not in STEPS[:2], "it was to die before the files were masked"
    finish_erasures(home, None, noon)
    assert tells(home) == []
    assert others(held(home), gone) == others(held(calm), gone)
    with opened(home) as office, office.records.reading() as repository:
        assert repository.keeping.unfinished() == ()


def test_cut_off_before_the_records_are_written_nothing_has_changed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise Cut

    before = held(home)
    monkeypatch.setattr(Repository, "__init__", with_broken_texts(Repository.__init__, broken))
    with pytest.raises(Cut):
        erased(home)
    monkeypatch.undo()
    assert held(home) == before


def with_broken_texts(made: object, broken: object) -> object:
    def init(self: Repository, session: object) -> None:
        made(self, session)  # type: ignore[operator]
        self.erasing.rewrite_texts = broken  # type: ignore[method-assign,assignment]

    return init


def test_the_next_erasure_finishes_the_one_before(home: Path) -> None:
    def step(name: str) -> None:
        if name == "rows":
            raise Cut

    with pytest.raises(Cut):
        erased(home, step=step)
    erase(home, None, Asked(PRACTICE, member="CHP400731"), "login:ada", noon)
    assert tells(home) == []
    with opened(home) as office, office.records.reading() as repository:
        assert [one.ended_at is not None for one in repository.keeping.erasures(PRACTICE)] == [True, True]


def test_a_home_in_use_is_not_touched(home: Path) -> None:
    with opened(home), pytest.raises(HomeClosed, match="in use"):
        erased(home)


def test_erased_twice_there_is_nobody_left_to_erase(home: Path) -> None:
    erased(home)
    with pytest.raises(NotExact, match="nothing of member"):
        erased(home)


@pytest.mark.parametrize(("subject", "named"), [("member", MEMBER.lower()), ("denial", READY)])
def test_who_is_held_is_not_erased_until_the_hold_is_lifted(subject: str, named: str, home: Path) -> None:
    with opened(home) as office:
        hold = place_hold(office.records, PRACTICE, subject, named, why="Doe v. Plan", by="ada", now=noon())  # type: ignore[arg-type]
    before = held(home)["denial"]
    with pytest.raises(UnderHold, match=hold.hold_id):
        erased(home)
    assert held(home)["denial"] == before
    with opened(home) as office:
        lifted = lift_hold(office.records, hold.hold_id, why="settled", by="bo", now=noon())
    assert (lifted.placed_by, lifted.lifted_by, lifted.lifted_why) == ("ada", "bo", "settled")
    erased(home)


def test_the_trail_says_who_ordered_it_and_not_of_whom(home: Path) -> None:
    done = erased(home)
    said = [str(row) for row in held(home)["audit_entry"]]
    entries = [one for one in said if done.erasure_id in one]
    assert len(entries) == 2
    assert not any(TELLING.search(one.encode()) for one in said)


def test_files_made_stay_for_this_user_alone(home: Path) -> None:
    erased(home)
    assert os.stat(home / "overturn.db").st_mode & 0o077 == os.stat(home / "checkpoints.db").st_mode & 0o077

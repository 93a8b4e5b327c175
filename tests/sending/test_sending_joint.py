"""A series sent as one: released where none needs a person, handed over once whatever is cut off, else it waits."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from at_once import together
from joint_home import LEAD, OTHER, SERIES, worked_home
from sending_home import Clock, Practice, Watcher

from agent.office import Office
from agent.sending.channels.folder import Folder
from knowledge.records import POLICY, JointApproval, Records, Repository
from tools.packet.reading_back import page_texts

_KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from sending_home import Clock, Practice, driver_of
from agent.office import Office

def step(name, _key):
    if name == sys.argv[4]:
        os.kill(os.getpid(), signal.SIGKILL)

with Office.open(Path(sys.argv[2]), Clock(), step=step) as office:
    Practice(office).send(driver_of("folder", Path(sys.argv[3]), Clock()))
"""


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Worked, nothing sent yet. Never to be written to."""
    return worked_home(tmp_path_factory.mktemp("series"))


@pytest.fixture
def joint(series: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(series, tmp_path / "joint"))


def approvals(practice: Practice) -> tuple[JointApproval, ...]:
    with practice.office.records.reading() as repository:
        return repository.joint.all(practice.practice_id)


def statuses(practice: Practice) -> dict[str, str]:
    found = {name: practice.office.record(practice.practice_id, name) for name in (LEAD, OTHER)}
    return {name: record.status for name, record in found.items() if record is not None}


def sent_once(home: Path, watcher: Watcher, death: str) -> None:
    """Go on, and find one packet with both denials sent by it."""
    watcher.look()
    with Office.open(home, Clock()) as office:
        practice = Practice(office)
        practice.send(Folder(watcher.folder, Clock()))
        watcher.look()
        (row,) = practice.ledger()
        (approval,) = approvals(practice)
        assert (row.denial_id, row.approval_sha256, row.state) == (LEAD, approval.sha256, "handed_over"), death
        assert statuses(practice) == {LEAD: "sent", OTHER: "sent"}, death
        assert watcher.taken == [(row.file_name, row.handed_sha256)], death
        assert list(watcher.folder.iterdir()) == [], death


def test_a_series_of_which_none_needs_a_person_goes_as_one_by_policy(joint: Path, watcher: Watcher) -> None:
    with Office.open(joint, Clock()) as office:
        practice = Practice(office)
        sent = practice.send(Folder(watcher.folder, Clock()))
        assert not {one.denial_id for one in sent.held} & {LEAD, OTHER}
        (approval,) = approvals(practice)
        assert (approval.by, approval.group_id, approval.signed_by) == (POLICY, SERIES, None)
        (path,) = watcher.folder.iterdir()
        text = " ".join(page_texts(path.read_bytes()))
        assert "Released by the practice's review policy" in text
        assert "$540.00" in text
        assert "$60.00" in text
        assert "$600.00" in text
        assert statuses(practice) == {LEAD: "sent", OTHER: "sent"}
        told = {e.says for e in office.timeline(practice.practice_id, OTHER) if e.kind == "sent"}
        assert len(told) == 1


def test_above_the_practices_limit_together_it_waits_and_says_so(tmp_path: Path, watcher: Watcher) -> None:
    limits = {"max_amount_without_review: 18000.00": "max_amount_without_review: 599.99"}
    home = worked_home(tmp_path, limits)
    with Office.open(home, Clock()) as office:
        practice = Practice(office)
        sent = practice.send(Folder(watcher.folder, Clock()))
        says = {one.denial_id: one.says for one in sent.held}
        assert says.keys() >= {LEAD, OTHER}
        assert "together they come to $600.00, above the practice's limit of $599.99" in says[LEAD]
        assert f"overturn series approve {SERIES}" in says[LEAD]
        assert (practice.ledger(), approvals(practice)) == ((), ())
        named = practice.send(Folder(watcher.folder, Clock()), OTHER)
        assert [one.denial_id for one in named.sends] == [OTHER], "named it goes alone"


def test_what_is_on_its_way_alone_does_not_go_once_more_with_the_others(
    joint: Path, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_given: object) -> None:
        raise OSError(5, "Input/output error")

    with Office.open(joint, Clock()) as office:
        practice = Practice(office)
        with monkeypatch.context() as patched:
            patched.setattr(Folder, "hand_over", unreachable)
            practice.send(Folder(watcher.folder, Clock()), OTHER)
        held = practice.send(Folder(watcher.folder, Clock())).held
        assert f"{OTHER} is on its way by itself" in {one.denial_id: one.says for one in held}[LEAD]
        assert approvals(practice) == ()


class Cut(BaseException):
    """The life ends here."""


@contextmanager
def dying_at(number: int, watch: list[str]) -> Iterator[Any]:
    """End a life at its `number`-th boundary: every step, and just before every commit and rename.

    Just after one nothing is done until the next boundary: to die there is to die at that one.
    """
    transaction, replaced, patch = Records.transaction, os.replace, pytest.MonkeyPatch()

    def cross(boundary: str, _key: str = "") -> None:
        watch.append(boundary)
        if len(watch) == number + 1:
            raise Cut

    @contextmanager
    def told_transaction(self: Records) -> Iterator[Repository]:
        with transaction(self) as repository:
            yield repository
            cross("before-commit")

    def told_replace(source: Any, target: Any) -> None:
        cross("before-rename")
        replaced(source, target)

    patch.setattr(Records, "transaction", told_transaction)
    patch.setattr(os, "replace", told_replace)
    try:
        yield cross
    finally:
        patch.undo()


def test_cut_off_at_any_boundary_the_joint_packet_is_handed_over_once(series: Path, tmp_path: Path) -> None:
    crossed: list[str] = []
    deaths: set[str] = set()
    for number in range(200):
        home, watcher = Path(shutil.copytree(series, tmp_path / f"h{number}")), Watcher(tmp_path / f"d{number}")
        crossed.clear()
        with dying_at(number, crossed) as cross, Office.open(home, Clock(), step=cross) as office:
            try:
                Practice(office).send(Folder(watcher.folder, Clock()))
            except Cut:
                deaths.add(crossed[number])
        if len(crossed) <= number:
            break
        sent_once(home, watcher, f"{number}: {crossed[number]}")
        shutil.rmtree(home)
    steps = {"keep", "queue", "prepare", "note", "hand-over", "record", "recorded"}
    assert deaths >= steps | {"before-commit", "before-rename"}


def test_killed_before_it_could_write_down_that_it_went_it_goes_once(joint: Path, watcher: Watcher) -> None:
    given = [str(Path(__file__).parent), str(joint), str(watcher.folder), "record"]
    done = subprocess.run([sys.executable, "-c", _KILLED, *given], capture_output=True, timeout=1200, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    sent_once(joint, watcher, "killed")


def test_two_joint_sends_at_once_hand_over_once(joint: Path, watcher: Watcher) -> None:
    assert together(joint, watcher.folder, "send", "send") == [0, 0]
    sent_once(joint, watcher, "two at once")

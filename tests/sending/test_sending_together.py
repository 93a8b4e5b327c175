"""Two at once, as processes of their own: nothing is handed over twice, nothing that was taken back goes out."""

from pathlib import Path

import pytest
from at_once import together
from sending_home import Clock, Practice, Watcher

from agent.office import Office
from agent.sending.channels.folder import Folder


def test_two_sends_hand_over_once(home: Path, watcher: Watcher) -> None:
    assert together(home, watcher.folder, "send", "send") == [0, 0]
    watcher.look()
    assert len(watcher.taken) == 1
    with Office.open(home, Clock()) as office:
        assert [one.state for one in Practice(office).ledger()] == ["handed_over"]


def test_two_webhooks_post_once(home: Path, tmp_path: Path) -> None:
    (tmp_path / "hook").mkdir()
    assert together(home, tmp_path / "hook", "webhook", "webhook") == [0, 0]
    assert len((tmp_path / "hook" / "requests.log").read_text().splitlines()) == 1


@pytest.mark.parametrize("order", [("send", "edit"), ("edit", "send")])
def test_an_edit_racing_a_send_ends_one_way_or_the_other(home: Path, watcher: Watcher, order: tuple[str, str]) -> None:
    with Office.open(home, Clock()) as office:
        approved = Practice(office).final().read_bytes()
    together(home, watcher.folder, *order)
    found = [path.read_bytes() for path in watcher.folder.iterdir()]
    with Office.open(home, Clock()) as office:
        practice = Practice(office)
        status = practice.status()
        assert (status, found) in (("sent", [approved]), ("in_review", []))
        states = [one.state for one in practice.ledger()]
        assert states == (["handed_over"] if status == "sent" else [])
        practice.send(Folder(watcher.folder, Clock()))  # whatever comes later adds nothing
        assert [path.read_bytes() for path in watcher.folder.iterdir()] == found


def test_an_approval_racing_a_send_sends_what_was_approved_or_nothing(home: Path, watcher: Watcher) -> None:
    with Office.open(home, Clock()) as office:
        Practice(office).answer("edit", "k8", changes={"remedy": "reconsideration", "then": None})
        assert Practice(office).status() == "in_review"
    assert together(home, watcher.folder, "approve", "send") == [0, 0]
    with Office.open(home, Clock()) as office:
        practice = Practice(office)
        practice.send(Folder(watcher.folder, Clock()))
        assert practice.status() == "sent"
        (sent,) = practice.ledger()
        with office.records.reading() as repository:
            live = repository.approvals.live(practice.practice_id, sent.denial_id)
        assert live is not None
        assert sent.approval_sha256 == live.sha256
    watcher.look()
    assert [sha256 for _, sha256 in watcher.taken] == [sent.handed_sha256]

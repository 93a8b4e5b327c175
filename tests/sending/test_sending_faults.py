"""Full disks, folders that go away, servers that answer badly, kept bytes that change: each ends in a clear state."""

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sending_home import READY, SECRET, Clock, Practice, Receiver, Watcher

from agent.office import Office
from agent.sending.channels import folder as folder_module
from agent.sending.channels.driver import Unsendable
from agent.sending.channels.folder import Folder
from agent.sending.channels.print_queue import PrintQueue
from agent.sending.channels.webhook import Webhook
from agent.sending.direction import BadDirection
from agent.sending.dispatch import ATTEMPTS
from agent.sending.kept import Kept
from agent.sending.outbox import Given, send
from knowledge.records import Attempt
from tools.packet.reading_back import page_texts


def attempts(practice: Practice, key: str) -> tuple[Attempt, ...]:
    with practice.office.records.reading() as repository:
        return repository.correspondence.attempts(key)


def failing(number: int) -> object:
    def fail(*_given: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_a_folder_that_cannot_be_written_is_tried_again_later(
    practice: Practice, watcher: Watcher, clock: Clock, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(folder_module, "write_safely", failing(number))
        (waiting,) = practice.send(Folder(watcher.folder, clock)).sends
    assert (waiting.state, waiting.attempts, waiting.prepared_at) == ("queued", 1, None)
    assert os.strerror(number) in waiting.says
    assert (practice.status(), list(watcher.folder.iterdir())) == ("approved", [])
    clock.forward(minutes=2)
    assert [one.state for one in practice.send(Folder(watcher.folder, clock)).sends] == ["handed_over"]
    assert [one.outcome for one in attempts(practice, waiting.key)] == ["retry", "handed_over"]


def test_a_rename_that_fails_is_tried_again_with_the_same_file(
    practice: Practice, watcher: Watcher, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def refused(source: Path, target: Path) -> None:
        if watcher.folder in Path(target).parents:
            raise OSError(errno.EACCES, "Permission denied")
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(folder_module.os, "replace", refused)
        (waiting,) = practice.send(Folder(watcher.folder, clock)).sends
    assert (waiting.state, waiting.prepared_at) == ("queued", clock())
    clock.forward(minutes=2)
    practice.send(Folder(watcher.folder, clock))
    watcher.look()
    assert len(watcher.taken) == 1


def test_a_home_that_is_full_holds_the_send_back(
    practice: Practice, watcher: Watcher, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Kept, "put", failing(errno.ENOSPC))
        sent = practice.send(Folder(watcher.folder, clock))
    assert (sent.sends, practice.ledger()) == ([], ())
    assert "No space left" in sent.held[0].says
    assert [one.state for one in practice.send(Folder(watcher.folder, clock)).sends] == ["handed_over"]


def test_it_gives_up_after_its_attempts_and_leaves_nothing_behind(
    practice: Practice, watcher: Watcher, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Folder, "hand_over", failing(errno.EACCES))
    for _ in range(ATTEMPTS):
        sent = practice.send(Folder(watcher.folder, clock))
        clock.forward(hours=7)
    assert [one.state for one in sent.sends] == ["failed"]
    assert list(watcher.folder.iterdir()) == []
    assert practice.status() == "approved"
    assert len(attempts(practice, sent.sends[0].key)) == ATTEMPTS


def test_a_folder_that_went_away_is_no_sign_of_a_hand_over(
    practice: Practice, watcher: Watcher, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Folder, "hand_over", failing(errno.EIO))
        practice.send(Folder(watcher.folder, clock))
    shutil.rmtree(watcher.folder)
    elsewhere = Watcher(tmp_path / "elsewhere")
    practice.answer("edit", "k3", changes={"remedy": "reconsideration", "then": None})  # what was approved is void
    clock.forward(minutes=2)
    practice.send(Folder(elsewhere.folder, clock))
    assert {one.state for one in practice.ledger()} == {"queued"}
    assert practice.status() == "in_review"
    assert list(elsewhere.folder.iterdir()) == []


def kept_handed(practice: Practice) -> Path:
    (one,) = practice.ledger()
    return Kept(practice.office.home).path(one.handed_sha256)


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_kept_bytes_that_are_not_what_they_were_are_not_sent_and_come_back_with_the_next_send(
    practice: Practice, clock: Clock, tmp_path: Path, harm: str
) -> None:
    receiver = Receiver(tmp_path / "log", 503)
    practice.send(receiver.webhook(clock))
    path = kept_handed(practice)
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(b"something else")
    clock.forward(minutes=2)
    sent = practice.send(receiver.webhook(clock)).sends
    assert (sent[0].state, len(receiver.got())) == ("failed", 1)
    assert "send it again" in sent[0].says
    assert practice.status() == "approved"
    clock.forward(minutes=2)
    practice.send(receiver.webhook(clock))
    assert [one.state for one in practice.ledger()] == ["receipted"]
    assert len(receiver.got()) == 2


class TestWebhook:
    @pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
    def test_trouble_is_tried_again_with_the_same_id_and_body(
        self, practice: Practice, clock: Clock, tmp_path: Path, status: int
    ) -> None:
        receiver = Receiver(tmp_path / "log", status)
        (waiting,) = practice.send(receiver.webhook(clock)).sends
        assert (waiting.state, practice.status()) == ("queued", "approved")
        clock.forward(minutes=2)
        assert [one.state for one in practice.send(receiver.webhook(clock)).sends] == ["receipted"]
        first, second = receiver.got()
        assert (first[0], first[2]) == (second[0], second[2]) == (waiting.key, first[2])
        tried = attempts(practice, waiting.key)
        assert [(one.number, one.outcome) for one in tried] == [(1, "retry"), (2, "receipted")]
        assert tried[0].says == f"answered {status}"

    @pytest.mark.parametrize("where", ["https://evil.example/x", "/elsewhere"])
    def test_a_redirect_is_not_followed(self, practice: Practice, clock: Clock, where: str) -> None:
        asked: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(str(request.url))
            return httpx.Response(307, headers={"location": where})

        hook = Webhook("https://clearing.example/hook", SECRET, clock, httpx.MockTransport(answer))
        (failed,) = practice.send(hook).sends
        assert (failed.state, asked) == ("failed", ["https://clearing.example/hook"])
        assert "not followed" in failed.says
        assert practice.status() == "approved"

    @pytest.mark.parametrize("fault", [httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError])
    def test_no_answer_is_tried_again(self, practice: Practice, clock: Clock, fault: type[httpx.HTTPError]) -> None:
        def silent(request: httpx.Request) -> httpx.Response:
            raise fault("no")

        hook = Webhook("https://clearing.example/hook", SECRET, clock, httpx.MockTransport(silent))
        (waiting,) = practice.send(hook).sends
        assert (waiting.state, waiting.says) == ("queued", f"no answer ({fault.__name__})")

    def test_a_receipt_that_never_ends_is_cut_and_counts(self, practice: Practice, clock: Clock) -> None:
        class Endless(httpx.SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                while True:
                    yield b"x" * 65_536

        hook = Webhook(
            "https://clearing.example/hook",
            SECRET,
            clock,
            httpx.MockTransport(lambda request: httpx.Response(200, stream=Endless())),
        )
        (sent,) = practice.send(hook).sends
        assert sent.state == "receipted"
        assert len(Kept(practice.office.home).get(str(sent.receipt_sha256))) == 1_000_000

    def test_an_answer_that_breaks_off_after_its_status_counts(self, practice: Practice, clock: Clock) -> None:
        class Broken(httpx.SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                yield b"tak"
                raise httpx.ReadError("cut")

        hook = Webhook(
            "https://clearing.example/hook",
            SECRET,
            clock,
            httpx.MockTransport(lambda request: httpx.Response(202, stream=Broken())),
        )
        (sent,) = practice.send(hook).sends
        assert sent.state == "receipted"

    @pytest.mark.parametrize("url", ["https://exa mple/\x00", "http://clearing.example", "ftp://x", "https://u:p@x/h"])
    def test_an_address_that_is_none_is_refused(self, url: str, clock: Clock) -> None:
        with pytest.raises(Unsendable):
            Webhook(url, SECRET, clock)


class TestPrint:
    def send(self, practice: Practice, folder: Path, clock: Clock, given: Given | None = None) -> object:
        driver = PrintQueue(folder, clock)
        return send(practice.office, practice.practice_id, driver, frozenset([READY]), given)

    @pytest.fixture
    def request_home(self, released: Path, tmp_path: Path) -> Path:
        return Path(shutil.copytree(released, tmp_path / "request"))

    def test_a_person_gives_the_address_and_it_is_on_the_cover_and_on_record(
        self, request_home: Path, watcher: Watcher, clock: Clock
    ) -> None:
        with Office.open(request_home, clock) as office:
            practice = Practice(office)
            given = Given(by="Ann Lee", address="Utilization Desk; 5 Elm St, Boise ID 83702", fax="208-555-0144")
            self.send(practice, watcher.folder, clock, given)
            (sent,) = practice.ledger()
            (path,) = watcher.folder.iterdir()
            cover = page_texts(path.read_bytes())[0]
            assert sent.state == "handed_over"
            assert "5 Elm St, Boise ID 83702" in cover
            assert "208-555-0144" in cover
            with office.records.reading() as repository:
                (kept,) = repository.correspondence.directions(practice.practice_id, READY)
            assert (kept.by, kept.fax, kept.at) == ("Ann Lee", "2085550144", clock())
            says = [event.says for event in office.timeline(practice.practice_id, READY) if event.kind == "directed"]
            assert says == ["Ann Lee says that it goes to Utilization Desk; 5 Elm St, Boise ID 83702, fax 2085550144"]

    @pytest.mark.parametrize(
        "given", [Given(by="Ann"), Given(by="Ann", fax="12"), Given(by=" ", fax="2085550144"), Given("A", "x" * 400)]
    )
    def test_what_is_no_address_is_refused_and_nothing_is_sent(
        self, request_home: Path, watcher: Watcher, clock: Clock, given: Given
    ) -> None:
        with Office.open(request_home, clock) as office:
            with pytest.raises(BadDirection):
                self.send(Practice(office), watcher.folder, clock, given)
            assert Practice(office).ledger() == ()

    def test_an_address_of_its_own_is_not_replaced(self, practice: Practice, watcher: Watcher, clock: Clock) -> None:
        self.send(practice, watcher.folder, clock, Given(by="Ann", fax="2085550199"))
        (path,) = watcher.folder.iterdir()
        assert "208-555-0199" not in page_texts(path.read_bytes())[0]

    def test_a_claim_file_names_its_channels(self, clock: Clock, watcher: Watcher) -> None:
        from datetime import date

        from agent.sending.letterbox import Envelope
        from knowledge.types.letters import Party

        claim = Envelope(
            key="snd_1",
            practice_id="p",
            denial_id="d",
            approval_sha256="a",
            kind="corrected_claim",
            file_name="corrected-claim.837",
            file_sha256="f",
            media_type="application/edi-x12",
            sender=Party(name="Cedar"),
            addressee=Party(name="Cascade", lines=("Claims",)),
            day=date(2026, 5, 1),
            queued_at=clock(),
        )
        with pytest.raises(Unsendable, match=r"--channel folder or --channel webhook"):
            PrintQueue(watcher.folder, clock).compose(claim, b"ISA*")
        assert Folder(watcher.folder, clock).compose(claim, b"ISA*")[0] == b"ISA*"
        hook = Webhook("https://clearing.example/hook", SECRET, clock)
        assert b'"kind":"corrected_claim"' in hook.compose(claim, b"ISA*")[0]

"""What goes out: only what is approved, unchanged and in time; once a channel; kept byte for byte with its receipt."""

import base64
import hashlib
import hmac
import io
import json
import shutil
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from sending_home import READY, SECRET, Clock, Practice, Receiver, Watcher

from agent.office import Office
from agent.sending.channels.driver import Unsendable
from agent.sending.channels.folder import Folder
from agent.sending.channels.print_queue import PrintQueue
from agent.sending.channels.webhook import Webhook
from agent.sending.dispatch import ATTEMPTS
from agent.sending.kept import Altered, Kept
from agent.sending.outbox import UnknownSend, find_send, part_of, take_receipt
from tools.packet.reading_back import page_texts


def test_working_a_practice_sends_nothing(practice: Practice) -> None:
    practice.office.work(practice.practice_id)
    assert practice.ledger() == ()
    assert not (practice.office.home / "sent").exists()


def test_what_policy_released_goes_out(released: Path, tmp_path: Path, watcher: Watcher) -> None:
    home = shutil.copytree(released, tmp_path / "released")
    with Office.open(home, Clock()) as office:
        (sent,) = Practice(office).send(Folder(watcher.folder, Clock())).sends
    assert (sent.denial_id, sent.kind, sent.state) == (READY, "packet", "handed_over")


class TestFolder:
    def test_the_approved_bytes_lie_there_under_a_name_with_the_key(
        self, practice: Practice, watcher: Watcher, clock: Clock
    ) -> None:
        approved = practice.final().read_bytes()
        (sent,) = practice.send(Folder(watcher.folder, clock)).sends
        (path,) = watcher.folder.iterdir()
        assert (path.name, path.read_bytes()) == (sent.file_name, approved)
        assert path.name.startswith(sent.key)
        assert (sent.state, practice.status()) == ("handed_over", "sent")

    def test_sent_again_nothing_more_goes(self, practice: Practice, watcher: Watcher, clock: Clock) -> None:
        practice.send(Folder(watcher.folder, clock))
        watcher.look()
        assert practice.send(Folder(watcher.folder, clock)).sends == []
        assert practice.send(Folder(watcher.folder, clock), READY).sends == []
        assert list(watcher.folder.iterdir()) == []

    def test_another_file_of_that_name_is_not_overwritten(
        self, practice: Practice, watcher: Watcher, clock: Clock, tmp_path: Path
    ) -> None:
        elsewhere = Watcher(tmp_path / "elsewhere")
        home = shutil.copytree(practice.office.home, tmp_path / "twin")
        with Office.open(home, clock) as twin:
            (sent,) = Practice(twin).send(Folder(elsewhere.folder, clock)).sends
        (watcher.folder / sent.file_name).write_text("something else")
        (refused,) = practice.send(Folder(watcher.folder, clock)).sends
        assert (refused.state, refused.key) == ("failed", sent.key)
        assert "another file" in refused.says
        assert practice.status() == "approved"
        assert (watcher.folder / sent.file_name).read_text() == "something else"
        (watcher.folder / sent.file_name).unlink()
        assert [one.state for one in practice.send(Folder(watcher.folder, clock)).sends] == ["handed_over"]

    def test_a_folder_that_is_not_there_is_refused(self, tmp_path: Path, clock: Clock) -> None:
        with pytest.raises(Unsendable, match="is no folder"):
            Folder(tmp_path / "nowhere", clock)


class TestPrint:
    def test_the_packet_goes_behind_a_cover_that_says_whom_and_how_many_pages_and_no_more(
        self, practice: Practice, watcher: Watcher, clock: Clock
    ) -> None:
        packet = practice.final().read_bytes()
        record = practice.office.record(practice.practice_id, READY)
        assert record is not None
        (sent,) = practice.send(PrintQueue(watcher.folder, clock)).sends
        (path,) = watcher.folder.iterdir()
        cover, *pages = page_texts(path.read_bytes())
        with pikepdf.open(io.BytesIO(packet)) as whole:
            assert len(pages) == len(whole.pages)
        for said in ("Cascade Health Plan", f"{len(pages) + 1}, this page included", sent.key, "Cedar Oncology"):
            assert said in cover
        assert record.line is not None
        for hidden in ("Okafor", "C34", str(record.line.hcpcs), record.remit.claim_id, "CHP400118", "pembrolizumab"):
            assert hidden.casefold() not in cover.casefold()

    def test_the_same_packet_makes_the_same_bytes(self, practice: Practice, watcher: Watcher, tmp_path: Path) -> None:
        home = shutil.copytree(practice.office.home, tmp_path / "twin")
        (sent,) = practice.send(PrintQueue(watcher.folder, Clock())).sends
        with Office.open(home, Clock()) as twin:
            (again,) = Practice(twin).send(PrintQueue(watcher.folder, Clock())).sends
        assert again.handed_sha256 == sent.handed_sha256

    def test_without_fax_or_address_it_is_held(self, released: Path, tmp_path: Path, watcher: Watcher) -> None:
        home = shutil.copytree(released, tmp_path / "released")
        with Office.open(home, Clock()) as office:
            sent = Practice(office).send(PrintQueue(watcher.folder, Clock()))
        assert sent.sends == []
        assert "no fax number or address of Cascade Health Plan's authorization desk" in sent.held[0].says
        assert "--fax NUMBER or --address LINES" in sent.held[0].says


class TestWebhook:
    def test_the_note_names_ids_and_sha256_and_is_signed(
        self, practice: Practice, tmp_path: Path, clock: Clock
    ) -> None:
        receiver = Receiver(tmp_path / "log")
        sha256 = hashlib.sha256(practice.final().read_bytes()).hexdigest()
        (sent,) = practice.send(receiver.webhook(clock)).sends
        ((key, signature, body),) = receiver.got()
        secret = base64.b64decode(SECRET.removeprefix("whsec_"))
        signed = f"{key}.{int(clock.now.timestamp())}.{body}".encode()
        expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
        assert signature == f"v1,{expected}"
        note = json.loads(body)
        assert (key, note["data"]["sha256"], note["data"]["denial_id"]) == (sent.key, sha256, READY)
        assert set(note["data"]) == {
            *("key", "practice_id", "denial_id", "approval_sha256", "kind", "media_type", "sha256"),
        }

    def test_the_answer_is_kept_as_receipt(self, practice: Practice, tmp_path: Path, clock: Clock) -> None:
        (sent,) = practice.send(Receiver(tmp_path / "log").webhook(clock)).sends
        assert sent.state == "receipted"
        assert json.loads(part_of(practice.office, sent, "receipt")) == {"taken": sent.key}

    def test_a_server_in_trouble_is_asked_again_later_and_not_before(
        self, practice: Practice, tmp_path: Path, clock: Clock
    ) -> None:
        receiver = Receiver(tmp_path / "log", 503, 500)
        assert practice.send(receiver.webhook(clock)).sends[0].state == "queued"
        assert practice.status() == "approved"
        practice.send(receiver.webhook(clock))
        assert len(receiver.got()) == 1
        clock.forward(minutes=2)
        practice.send(receiver.webhook(clock))
        clock.forward(hours=1)
        (sent,) = practice.send(receiver.webhook(clock)).sends
        assert (sent.state, sent.attempts, practice.status()) == ("receipted", 3, "sent")
        assert len({(key, body) for key, _, body in receiver.got()}) == 1

    def test_it_is_given_up_in_the_end(self, practice: Practice, tmp_path: Path, clock: Clock) -> None:
        receiver = Receiver(tmp_path / "log", *[503] * 50)
        for _ in range(ATTEMPTS):
            (sent,) = practice.send(receiver.webhook(clock)).sends
            clock.forward(hours=7)
        assert (sent.state, len(receiver.got())) == ("failed", ATTEMPTS)

    def test_what_the_other_side_refuses_is_failed_and_the_denial_not_sent(
        self, practice: Practice, tmp_path: Path, clock: Clock
    ) -> None:
        (sent,) = practice.send(Receiver(tmp_path / "log", 401).webhook(clock)).sends
        assert (sent.state, practice.status()) == ("failed", "approved")

    @pytest.mark.parametrize(
        ("url", "secret", "says"),
        [
            ("http://clearing.example/hook", SECRET, "no https"),
            ("https://me:pass@clearing.example/hook", SECRET, "no password"),
            ("https://clearing.example/hook?token=1", SECRET, "no query"),
            ("https://clearing.example/hook", "", "secret is missing"),
            ("https://clearing.example/hook", "whsec_no base64 at all", "not base64"),
        ],
    )
    def test_an_unsafe_address_or_secret_is_refused(self, url: str, secret: str, says: str, clock: Clock) -> None:
        with pytest.raises(Unsendable, match=says):
            Webhook(url, secret, clock)


class TestHeldBack:
    def test_bytes_changed_after_approval_never_go_and_the_denial_waits_again(
        self, practice: Practice, watcher: Watcher, clock: Clock
    ) -> None:
        practice.final().write_bytes(practice.final().read_bytes() + b"%")
        sent = practice.send(Folder(watcher.folder, clock))
        assert sent.sends == []
        assert "bytes have changed" in sent.held[0].says
        assert (practice.status(), list(watcher.folder.iterdir())) == ("in_review", [])
        practice.answer("approve", "k3")
        assert [one.state for one in practice.send(Folder(watcher.folder, clock)).sends] == ["handed_over"]

    def test_what_waits_for_a_person_does_not_go(self, practice: Practice, watcher: Watcher, clock: Clock) -> None:
        practice.answer("edit", "k3", changes={"note": "call first"})
        assert practice.send(Folder(watcher.folder, clock)).sends == []
        assert list(watcher.folder.iterdir()) == []

    def test_what_would_come_too_late_does_not_go(self, practice: Practice, watcher: Watcher, clock: Clock) -> None:
        with practice.office.records.transaction() as repository:
            stored = repository.denials.get(practice.practice_id, READY)
            assert stored is not None
            assert stored.record is not None
            gone = [{**one, "date": date(2026, 4, 30).isoformat()} for one in stored.record["deadlines"]]
            record = {**stored.record, "deadlines": gone}
            repository.denials.save_record(practice.practice_id, READY, record, stored.case_fingerprint, clock())
        sent = practice.send(Folder(watcher.folder, clock))
        assert sent.sends == []
        assert "ran out on 2026-04-30" in sent.held[0].says

    def test_a_send_that_waits_is_taken_back_with_its_approval(
        self, practice: Practice, tmp_path: Path, clock: Clock
    ) -> None:
        receiver = Receiver(tmp_path / "log", 503)
        practice.send(receiver.webhook(clock))
        practice.answer("edit", "k3", changes={"note": "call first"})
        clock.forward(hours=1)
        (sent,) = practice.send(receiver.webhook(clock)).sends
        assert (sent.state, len(receiver.got())) == ("voided", 1)


class TestShownYearsLater:
    def test_what_was_sent_is_there_byte_for_byte_whatever_became_of_the_product(
        self, practice: Practice, watcher: Watcher, clock: Clock
    ) -> None:
        approved = practice.final().read_bytes()
        (sent,) = practice.send(Folder(watcher.folder, clock)).sends
        shutil.rmtree(practice.office.home / "products")
        assert part_of(practice.office, find_send(practice.office, sent.key[:12])) == approved

    def test_kept_bytes_that_were_changed_are_not_passed_off_as_sent(
        self, practice: Practice, watcher: Watcher, clock: Clock
    ) -> None:
        (sent,) = practice.send(Folder(watcher.folder, clock)).sends
        Kept(practice.office.home).path(sent.handed_sha256).write_bytes(b"forged")
        with pytest.raises(Altered):
            part_of(practice.office, sent)

    def test_a_receipt_that_comes_by_hand_is_kept(self, practice: Practice, watcher: Watcher, clock: Clock) -> None:
        (sent,) = practice.send(Folder(watcher.folder, clock)).sends
        ended = take_receipt(practice.office, sent, b"fax confirmed")
        assert ended.state == "receipted"
        assert part_of(practice.office, find_send(practice.office, sent.key), "receipt") == b"fax confirmed"
        assert [event.kind for event in practice.office.timeline(practice.practice_id, READY)][-1] == "receipted"

    def test_an_unknown_key_is_said_to_be_unknown(self, practice: Practice) -> None:
        with pytest.raises(UnknownSend, match="no send snd_0"):
            find_send(practice.office, "snd_0")

"""Data goes with its packet: all files or none, each by its sha256, whatever is cut off in between."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sending_home import READY, Clock, Practice, Receiver, Watcher

from agent.approving.voiding import void_what_no_longer_holds
from agent.office import Office
from agent.sending.along import Along, data_of, stays
from agent.sending.channels.folder import Folder
from agent.sending.channels.print_queue import PrintQueue
from agent.sending.letterbox import Envelope
from agent.sending.outbox import UnknownSend, along_of
from knowledge.records import Approval, ApprovedFile, Outgoing, SentFile
from knowledge.types.letters import Party

PACKET, BUNDLE = b"%PDF packet", b'{"resourceType":"Bundle"}'
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def asked(released: Path, tmp_path: Path) -> Iterator[Practice]:
    """A request to the payer's authorization desk, released with its FHIR bundle."""
    with Office.open(Path(shutil.copytree(released, tmp_path / "home")), Clock()) as office:
        yield Practice(office)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def bundle() -> Along:
    name = "snd_1-den_1-authorization-request.fhir.json"
    return SentFile(
        kind="authorization_bundle", file_name=name, media_type="application/fhir+json", sha256=sha(BUNDLE)
    ), BUNDLE


def envelope(**more: Any) -> Envelope:
    given: dict[str, Any] = {
        "key": "snd_1", "practice_id": "p", "denial_id": "den_1", "approval_sha256": "a" * 64, "kind": "packet",
        "file_name": "den_1-packet.pdf", "file_sha256": sha(PACKET), "media_type": "application/pdf",
        "sender": Party(name="Larkspur"), "addressee": Party(name="Cascade"), "day": AT.date(), "queued_at": AT,
        "along": (bundle()[0],),
    }  # fmt: skip
    return Envelope(**{**given, **more})


def made(driver: Folder) -> tuple[Outgoing, tuple[bytes, ...]]:
    content, name, media_type = driver.compose(envelope(), PACKET)
    along = driver.taken_along(envelope(), name, (bundle(),))
    outgoing = Outgoing(
        key="snd_1", practice_id="p", denial_id="den_1", approval_sha256="a" * 64, channel=driver.channel,
        target=driver.target, kind="packet", file_name=name, media_type=media_type, file_sha256=sha(PACKET),
        handed_sha256=sha(content), state="queued", queued_at=AT, along=tuple(one for one, _ in along),
    )  # fmt: skip
    return outgoing, tuple(data for _, data in along)


@pytest.fixture
def driver(tmp_path: Path) -> Folder:
    (tmp_path / "drop").mkdir()
    return Folder(tmp_path / "drop", Clock())


def there(driver: Folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(driver.target).iterdir()}


def dying_after(count: int, monkeypatch: pytest.MonkeyPatch, replaced: Callable[..., None]) -> None:
    done = 0

    def replace(source: Any, target: Any) -> None:
        nonlocal done
        if done == count:
            raise KeyboardInterrupt
        done += 1
        replaced(source, target)

    monkeypatch.setattr("agent.sending.channels.folder.os.replace", replace)


def test_the_packet_is_put_down_with_its_data_and_a_list_of_all(driver: Folder) -> None:
    outgoing, along = made(driver)
    driver.prepare(outgoing, PACKET, along)
    assert all(name.startswith(".") for name in there(driver))
    handed = driver.hand_over(outgoing, PACKET)
    found = there(driver)
    listed = json.loads(found["snd_1-manifest.json"])["files"]
    assert {one["file_name"]: one["sha256"] for one in listed} == {
        name: sha(content) for name, content in found.items() if "manifest" not in name
    }
    assert {one["kind"] for one in listed} == {"packet", "authorization_bundle"}
    assert {one["sha256"] for one in json.loads(handed.receipt)["along"]} == {one.sha256 for one in outgoing.along}


@pytest.mark.parametrize("renames", [0, 1, 2])
@pytest.mark.parametrize("taken", [False, True])
def test_cut_off_between_its_files_it_goes_on_with_the_others_once(
    driver: Folder, monkeypatch: pytest.MonkeyPatch, renames: int, taken: bool
) -> None:
    outgoing, along = made(driver)
    driver.prepare(outgoing, PACKET, along)
    with monkeypatch.context() as patch:
        dying_after(renames, patch, os.replace)
        with pytest.raises(KeyboardInterrupt):
            driver.hand_over(outgoing, PACKET)
    out = [path for path in Path(driver.target).iterdir() if not path.name.startswith(".")]
    assert len(out) == renames
    for path in out if taken else ():
        path.unlink()  # whoever watches has taken it
    assert driver.hand_over(outgoing, PACKET).outcome == "handed_over"
    assert len(there(driver)) == (3 - renames if taken else 3)
    assert not any(name.startswith(".") for name in there(driver))


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_taken_back_it_goes_whole_or_not_at_all(driver: Folder, monkeypatch: pytest.MonkeyPatch, renames: int) -> None:
    outgoing, along = made(driver)
    driver.prepare(outgoing, PACKET, along)
    with monkeypatch.context() as patch:
        dying_after(renames, patch, os.replace)
        with pytest.raises(KeyboardInterrupt):
            driver.hand_over(outgoing, PACKET)
    gone = driver.abandon(outgoing)
    assert (gone is None, len(there(driver))) == ((True, 0) if renames == 0 else (False, 3))


def test_nothing_goes_where_another_file_is_in_the_way_of_one(driver: Folder) -> None:
    outgoing, along = made(driver)
    Path(driver.target, "snd_1-manifest.json").write_bytes(b"another")
    driver.prepare(outgoing, PACKET, along)
    refused = driver.hand_over(outgoing, PACKET)
    assert refused.outcome == "refused"
    assert there(driver) == {"snd_1-manifest.json": b"another"}


def test_print_takes_the_packet_alone_and_says_what_stays(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    queue = PrintQueue(tmp_path / "drop", Clock())
    along = queue.taken_along(envelope(), "x.pdf", (bundle(),))
    assert [one.handed for one, _ in along] == [False]
    assert "authorization bundle is data and is not printed" in stays(tuple(one for one, _ in along))


def test_a_webhooks_note_names_the_data_and_without_data_is_as_it_was(tmp_path: Path) -> None:
    hook = Receiver(tmp_path / "log").webhook(Clock())
    note = json.loads(hook.compose(envelope(), PACKET)[0])
    assert [(one["kind"], one["sha256"]) for one in note["data"]["along"]] == [("authorization_bundle", sha(BUNDLE))]
    assert "along" not in json.loads(hook.compose(envelope(along=()), PACKET)[0])["data"]


def test_what_is_for_the_house_is_approved_and_never_sent() -> None:
    kinds = ("packet", "authorization_bundle", "records_metadata", "claim_changes", "peer_to_peer_brief")
    files = tuple(
        ApprovedFile(kind=kind, path=f"products/p/den_1/final/{kind}", sha256=kind, media_type="x") for kind in kinds
    )
    approval = Approval(
        sha256="a", key="k", remedy="appeal", by="M", role=None, signed_by=None, at=AT, case_print="c", files=files
    )
    assert [one.kind for one in data_of(approval)] == ["authorization_bundle", "records_metadata"]


def approved(practice: Practice) -> dict[str, ApprovedFile]:
    with practice.office.records.reading() as repository:
        live = repository.approvals.live(practice.practice_id, READY)
    assert live is not None
    return {file.kind: file for file in live.files}


def test_a_request_goes_with_the_bundle_that_was_approved_and_is_kept_with_it(
    asked: Practice, watcher: Watcher
) -> None:
    wanted = approved(asked)["authorization_bundle"]
    (sent,) = asked.send(Folder(watcher.folder, Clock())).sends
    watcher.look()
    assert {one.kind for one in sent.along} == {"authorization_bundle", "manifest"}
    assert {sha256 for _, sha256 in watcher.taken} == {sent.handed_sha256, *(one.sha256 for one in sent.along)}
    file, content = along_of(asked.office, sent, "authorization_bundle")
    assert (file.sha256, sha(content)) == (wanted.sha256, wanted.sha256)
    with pytest.raises(UnknownSend, match="no file"):
        along_of(asked.office, sent, "records_metadata")


def test_a_bundle_changed_after_approval_voids_it(asked: Practice, watcher: Watcher) -> None:
    path = asked.office.home / approved(asked)["authorization_bundle"].path
    path.write_bytes(path.read_bytes() + b" ")
    with asked.office.at_desk(asked.practice_id) as desk:
        assert void_what_no_longer_holds(desk) == (READY,)
    assert asked.send(Folder(watcher.folder, Clock())).sends == []


def test_an_approval_from_before_data_was_bound_still_goes_by_its_packet(asked: Practice, watcher: Watcher) -> None:
    with asked.office.records.transaction() as repository:
        live = repository.approvals.live(asked.practice_id, READY)
        assert live is not None
        older = tuple(file for file in live.files if file.kind != "authorization_bundle")
        repository.approvals.save(asked.practice_id, READY, live.model_copy(update={"files": older}))
    (sent,) = asked.send(Folder(watcher.folder, Clock())).sends
    assert (sent.state, sent.along) == ("handed_over", ())

"""An edited letter: verified as a draft is, recorded, the packet made of it, whatever was approved void."""

import hashlib
from pathlib import Path

import pytest
from approving_home import REQUEST, Desk, clock, sha256_of
from letter_editing import changed, edits, give_back, said, shorter, word_of

from agent.approving.refusal import ApprovalRefused
from agent.editing.taking import LetterRefused
from agent.editing.word_file import NoLetter
from agent.office import NotWaiting, Office
from agent.sending.channels.folder import Folder
from agent.sending.outbox import send
from agent.work import Draft
from tools.packet.reading_back import page_texts
from tools.packet.word.archive import WordRefused


def draft(desk: Desk) -> Draft:
    with desk.office.records.reading() as repository:
        made = repository.casework.work(desk.practice_id, REQUEST, "draft", Draft)
    assert made is not None
    return made


def test_the_file_is_the_same_until_the_letter_changes(desk: Desk) -> None:
    first = word_of(desk)
    assert word_of(desk) == first
    give_back(desk, changed(first, shorter))
    assert word_of(desk) != first


def test_a_passing_edit_makes_a_new_packet_and_is_recorded_with_what_changed(desk: Desk, root: Path) -> None:
    before = desk.record().products.packet
    word = changed(word_of(desk), shorter)
    record = give_back(desk, word)
    assert (record.status, [reason.code for reason in record.review_reasons]) == ("in_review", ["edited"])
    assert record.products.packet is not None
    assert before is not None
    assert record.products.packet.sha256 != before.sha256
    assert sha256_of(root / "home" / record.products.packet.path) == record.products.packet.sha256
    (edit,) = edits(desk)
    assert (edit.by, edit.role, edit.reason, edit.at) == ("Ann Lee", "biller", "plainer", clock())
    assert edit.word_sha256 == hashlib.sha256(word).hexdigest()
    removed = [line for line in edit.diff.splitlines()[2:] if line.startswith("-text: ")]
    assert removed
    gone = removed[0].removeprefix("-text: ").split(" [")[0]
    assert gone not in " ".join(page_texts((root / "home" / record.products.packet.path).read_bytes()))
    assert any("Ann Lee edited it" in note for note in draft(desk).notes)


def test_it_is_approved_anew_and_the_final_copy_is_the_edited_letter(desk: Desk) -> None:
    give_back(desk, changed(word_of(desk), shorter))
    desk.answer(key="k2")
    (edit,) = edits(desk)
    shown = " ".join(page_texts(desk.final("packet").read_bytes()))
    assert "Approved by Maria Lopez" in shown
    assert all(p.text.split(" [")[0][:40] in shown for p in edit.content.paragraphs)


def test_an_edit_takes_an_approval_back(desk: Desk) -> None:
    desk.answer()
    assert give_back(desk, changed(word_of(desk), shorter)).status == "in_review"
    assert desk.live() is None
    assert [(one.void_code, one.void_reason) for one in desk.approvals()] == [("edited", "Ann Lee edits it: plainer")]


def test_a_letter_released_by_policy_is_edited_too(released: Desk) -> None:
    assert give_back(released, changed(word_of(released), shorter)).status == "in_review"
    assert released.live() is None
    assert released.answer(key="k2").status == "approved"


@pytest.mark.parametrize("approved", [False, True])
def test_an_edit_its_evidence_does_not_carry_changes_nothing(desk: Desk, approved: bool) -> None:
    if approved:
        desk.answer()
    before = desk.record(), desk.approvals(), desk.events(), draft(desk)
    with pytest.raises(LetterRefused) as refused:
        give_back(desk, changed(word_of(desk), said("The payer admitted on March 9, 2026 that it owes $77.")))
    (sentence,) = refused.value.sentences
    assert "admitted" in sentence.sentence
    assert any("2026-03-09" in says for says in sentence.says)
    assert (desk.record(), desk.approvals(), desk.events(), draft(desk)) == before
    assert edits(desk) == ()


def test_the_same_file_given_back_twice_counts_once(desk: Desk) -> None:
    word = changed(word_of(desk), shorter)
    assert give_back(desk, word) == give_back(desk, word)
    assert desk.events().count("edit") == 1
    assert len(edits(desk)) == 1


def test_a_file_from_before_another_edit_is_refused(desk: Desk) -> None:
    old = word_of(desk)
    give_back(desk, changed(old, shorter))
    with pytest.raises(WordRefused, match="made or edited anew since"):
        give_back(desk, changed(old, said("Kindly note.")))


def test_working_again_keeps_the_edit_while_the_records_are_the_same(desk: Desk) -> None:
    give_back(desk, changed(word_of(desk), shorter))
    before = draft(desk)
    desk.work()
    assert draft(desk) == before
    assert desk.record().status == "in_review"


def test_other_records_set_the_edit_aside_and_that_is_said(desk: Desk, root: Path) -> None:
    give_back(desk, changed(word_of(desk), shorter))
    path = root / "folder" / "payers.yaml"
    path.write_text(path.read_text().replace("Cascade Health Plan", "Cascade Health Plan of Idaho"))
    desk.office.take_folder(root / "folder")
    desk.work()
    made = draft(desk)
    assert made.letter is not None
    assert made.letter.person_wrote == ()
    assert made.letter != edits(desk)[0].content
    assert any("was set aside" in note for note in made.notes)


def test_another_remedy_takes_the_edits_place(desk: Desk) -> None:
    give_back(desk, changed(word_of(desk), shorter))
    desk.answer("edit", key="k2", changes={"remedy": "reconsideration", "then": None})
    made = draft(desk)
    assert made.letter is not None
    assert made.letter.kind == "reconsideration"


def test_without_a_letter_there_is_none_to_edit(desk: Desk) -> None:
    desk.answer("edit", changes={"remedy": "write_off", "then": None})
    with pytest.raises(NoLetter):
        word_of(desk)


def test_what_is_sent_or_closed_is_not_edited(desk: Desk, tmp_path: Path) -> None:
    word = changed(word_of(desk), shorter)
    desk.answer()
    (tmp_path / "drop").mkdir()
    send(desk.office, desk.practice_id, Folder(tmp_path / "drop", clock))
    with pytest.raises(NotWaiting, match="is sent"):
        give_back(desk, word)
    assert edits(desk) == ()


def test_cut_off_after_it_was_stored_the_edit_is_finished_by_the_next_run(desk: Desk, root: Path) -> None:
    class Cut(Exception):
        pass

    def stop(step: str, _denial: str) -> None:
        if step == "draft":
            raise Cut

    word = changed(word_of(desk), shorter)
    desk.answer()
    with Office.open(root / "home", clock, step=stop) as cut, pytest.raises(Cut):
        give_back(Desk(cut), word)
    assert desk.live() is None
    desk.work()
    assert desk.record().status == "in_review"
    assert draft(desk).letter is not None
    assert draft(desk).letter.paragraphs == edits(desk)[0].content.paragraphs  # type: ignore[union-attr]


def test_a_draft_changed_on_disk_after_an_edit_cannot_be_approved(desk: Desk, root: Path) -> None:
    record = give_back(desk, changed(word_of(desk), shorter))
    path = root / "home" / str(record.products.packet.path)  # type: ignore[union-attr]
    path.write_bytes(path.read_bytes() + b"%")
    with pytest.raises(ApprovalRefused):
        desk.answer(key="k2")


def test_once_the_authorization_request_was_sent_the_letter_that_follows_has_its_final_copy(
    desk: Desk, tmp_path: Path
) -> None:
    desk.answer()
    first = desk.live()
    (tmp_path / "drop").mkdir()
    folder = Folder(tmp_path / "drop", clock)
    send(desk.office, desk.practice_id, folder)
    assert (desk.record().status, desk.record().then) == ("sent", "reconsideration")
    edit = {"remedy": "reconsideration", "then": None}
    record = desk.answer("edit", key="k2", changes=edit, reason="the authorization was extended")
    assert (record.status, record.remedy) == ("in_review", "reconsideration")
    desk.answer(key="k3")
    second = desk.live()
    assert first is not None
    assert second is not None
    assert {file.kind for file in second.files} == {"letter", "packet"}
    assert "DRAFT" not in " ".join(page_texts(desk.final("packet").read_bytes()))
    send(desk.office, desk.practice_id, folder)
    assert [one.state for one in desk.sends()] == ["handed_over", "handed_over"]
    assert {one.approval_sha256 for one in desk.sends()} == {first.sha256, second.sha256}
    assert desk.record().status == "sent"
    assert {one.void_code for one in desk.approvals()} == {"followed", None}


def test_what_is_sent_with_nothing_to_follow_is_not_opened_by_an_edit(desk: Desk, tmp_path: Path) -> None:
    desk.answer("edit", changes={"remedy": "reconsideration", "then": None})
    desk.answer(key="k2")
    (tmp_path / "drop").mkdir()
    send(desk.office, desk.practice_id, Folder(tmp_path / "drop", clock))
    with pytest.raises(NotWaiting):
        desk.answer("edit", key="k3", changes={"remedy": "appeal", "then": None})
    assert desk.record().status == "sent"

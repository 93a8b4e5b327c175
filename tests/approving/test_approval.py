"""An approval names bytes: the final copy, who and when; whatever changes afterwards takes it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from approving_home import REQUEST, Desk, clock, sha256_of

from agent.approving.refusal import ApprovalRefused
from agent.office import NotWaiting, Office
from agent.running import thread_of
from agent.work import Draft
from knowledge.types.letters import Paragraph, Signature
from tools.chart.pdf_text import pdf_text
from tools.packet.reading_back import page_texts


def shown(path: Path) -> str:
    return " ".join(page_texts(path.read_bytes()))


def all_text(path: Path) -> str:
    return str(pdf_text(path.read_bytes()))


def physician(made: Draft) -> Draft:
    assert made.letter is not None
    signer = Signature(name="", role="Treating physician")
    return made.model_copy(update={"letter": made.letter.model_copy(update={"signature": signer})})


def test_the_final_copy_has_no_draft_mark_and_says_who_approved_it_and_when(desk: Desk, root: Path) -> None:
    draft = root / "home" / str(desk.record().products.packet.path)  # type: ignore[union-attr]
    assert "DRAFT" in all_text(draft)
    desk.answer(role="coder")
    for kind in ("packet", "authorization_request"):
        final = desk.final(kind)
        assert final.parent.name == "final"
        assert "DRAFT" not in all_text(final)
        assert "Approved by Maria Lopez (coder), May 1, 2026" in shown(final)
        assert "Signed by Maria Lopez" in shown(final)
    assert "Maria" not in shown(draft)


def test_the_approval_names_who_what_when_and_every_final_file_by_sha256(desk: Desk) -> None:
    assert desk.answer().status == "approved"
    (approval,) = desk.approvals()
    assert (approval.by, approval.at, approval.remedy) == ("Maria Lopez", clock(), "authorization_fix")
    assert {file.kind for file in approval.files} == {
        "packet",
        "authorization_request",
        "authorization_bundle",
    }
    assert all(sha256_of(desk.office.home / file.path) == file.sha256 for file in approval.files)


def test_what_policy_releases_has_a_final_copy_by_policy(released: Desk) -> None:
    assert released.record().status == "worked"
    (approval,) = released.approvals()
    assert (approval.by, approval.role, approval.signed_by) == ("policy", None, None)
    assert "Released by the practice's review policy" in shown(released.final("packet"))
    assert "DRAFT" not in all_text(released.final("packet"))


def test_a_letter_a_physician_must_sign_is_refused_until_the_signature_is_there(desk: Desk) -> None:
    desk.redraft(physician)
    for signed_by, says in ((None, "signature was obtained"), ("Gregor Nobody MD", "no provider of the practice")):
        with pytest.raises(ApprovalRefused, match=says):
            desk.answer(signed_by=signed_by)
    assert (desk.record().status, desk.approvals()) == ("in_review", ())
    name = dict(desk.office.practices())[desk.practice_id].providers[0].name
    desk.answer(signed_by=f"Dr. {name}", key="k2")
    assert f"Signed by {name}" in shown(desk.final("packet"))
    assert desk.live().signed_by == f"Dr. {name}"  # type: ignore[union-attr]


def test_a_final_letter_its_evidence_does_not_carry_is_refused(desk: Desk) -> None:
    def invent(made: Draft) -> Draft:
        assert made.letter is not None
        said = Paragraph(text="The payer promised 9,999 units on March 3, 2024.")
        return made.model_copy(
            update={"letter": made.letter.model_copy(update={"paragraphs": (*made.letter.paragraphs, said)})}
        )

    desk.redraft(invent)
    with pytest.raises(ApprovalRefused, match="does not stand by its evidence"):
        desk.answer()
    assert desk.approvals() == ()


def test_a_draft_that_was_changed_on_disk_cannot_be_approved(desk: Desk, root: Path) -> None:
    path = root / "home" / str(desk.record().products.packet.path)  # type: ignore[union-attr]
    path.write_bytes(path.read_bytes() + b"%")
    with pytest.raises(ApprovalRefused, match="was changed after it was made"):
        desk.answer()


def test_a_write_off_is_refused_without_its_role_and_taken_with_it(desk: Desk) -> None:
    desk.answer("edit", changes={"remedy": "write_off", "then": None})
    with pytest.raises(ApprovalRefused, match="manager"):
        desk.answer(key="k2", role="biller")
    assert desk.record().status == "in_review"
    assert desk.answer(key="k3", role="manager").status == "approved"
    assert desk.approvals()[-1].files == ()
    assert desk.approvals()[-1].role == "manager"


def tamper(desk: Desk, _root: Path) -> None:
    desk.final("packet").write_bytes(desk.final("packet").read_bytes() + b"%")


def remove(desk: Desk, _root: Path) -> None:
    desk.final("authorization_request").unlink()


def change_records(desk: Desk, root: Path) -> None:
    path = root / "folder" / "payers.yaml"
    path.write_text(path.read_text().replace("Cascade Health Plan", "Cascade Health Plan of Idaho"))
    desk.office.take_folder(root / "folder")


@pytest.mark.parametrize(
    ("change", "says"),
    [(tamper, "bytes have changed"), (remove, "is gone"), (change_records, "records this packet rests on")],
)
def test_any_change_afterwards_takes_the_approval_back_with_the_reason(
    desk: Desk, root: Path, change: Callable[[Desk, Path], None], says: str
) -> None:
    desk.answer()
    (first,) = desk.approvals()
    change(desk, root)
    desk.work()
    record = desk.record()
    assert (record.status, record.route) == ("in_review", "review")
    assert says in desk.reasons()["approval-voided"]
    (voided,) = desk.approvals()
    assert voided.voided_at == clock()
    assert says in str(voided.void_reason)
    assert not (root / "home" / first.files[0].path).exists()
    assert "voided" in desk.events()
    assert desk.answer(key="k2").status == "approved"
    assert desk.live() is not None
    assert desk.live().sha256 != first.sha256  # type: ignore[union-attr]


def test_working_again_without_a_change_leaves_the_approval_alone(desk: Desk) -> None:
    desk.answer()
    before = desk.approvals(), desk.events(), desk.record()
    desk.work()
    assert (desk.approvals(), desk.events(), desk.record()) == before


def test_an_edit_takes_the_approval_back_and_the_denial_waits_again(desk: Desk) -> None:
    desk.answer()
    edited = desk.answer("edit", key="k2", changes={"remedy": "reconsideration", "then": None})
    assert (edited.status, edited.remedy) == ("in_review", "reconsideration")
    assert desk.live() is None
    assert desk.answer(key="k3").status == "approved"
    assert {file.kind for file in desk.live().files} == {"letter", "packet"}  # type: ignore[union-attr]


def test_the_same_edit_sent_twice_counts_once(desk: Desk) -> None:
    desk.answer()
    edit = {"decision": "edit", "key": "k2", "changes": {"remedy": "reconsideration", "then": None}}
    first = desk.answer(**edit)
    assert desk.answer(**edit) == first
    assert desk.events().count("voided") == 1


def test_a_released_packet_that_was_changed_goes_to_a_person(released: Desk) -> None:
    tamper(released, Path())
    released.work()
    assert released.record().status == "in_review"
    assert released.live() is None
    assert released.answer().status == "approved"


def test_released_again_after_its_records_changed_it_is_approved_anew(released: Desk, released_root: Path) -> None:
    first = released.live()
    change_records(released, released_root)
    released.work()
    second = released.live()
    assert first is not None
    assert second is not None
    assert (released.record().status, second.by) == ("worked", "policy")
    assert first.sha256 != second.sha256
    assert {one.void_code for one in released.approvals()} == {"worked-again", None}


def test_a_rejected_denial_has_no_approval(desk: Desk) -> None:
    desk.answer("reject")
    assert desk.approvals() == ()
    with pytest.raises(NotWaiting):
        desk.answer(key="k2")


def test_role_and_signature_come_back_with_the_review(desk: Desk) -> None:
    desk.answer(role="clinician", signed_by="Dana Ruiz")
    with desk.office.records.reading() as repository:
        (review,) = repository.casework.reviews(desk.practice_id, REQUEST)
    assert (review.role, review.signed_by) == ("clinician", "Dana Ruiz")


def test_cut_off_after_the_approval_was_stored_an_edit_still_takes_it_back(desk: Desk, root: Path) -> None:
    """The run's last checkpoint is lost with the process: its end is done again, and must not revive what is void."""
    desk.answer()
    with Office.open(root / "home", clock) as other:
        thread = thread_of(desk.practice_id, REQUEST)
        history = list(other._runs.machine.get_state_history(thread))
        before_finish = next(state for state in history if state.next == ("finish",))
        other._runs.machine.update_state(before_finish.config, None, as_node="review")
    edited = desk.answer("edit", key="k2", changes={"remedy": "reconsideration", "then": None})
    assert edited.status == "in_review"
    assert desk.live() is None

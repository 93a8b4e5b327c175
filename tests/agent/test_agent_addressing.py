"""Where a letter goes: the payer's own level for its remedy, and what its entry lacks is said."""

import dataclasses
from pathlib import Path

import pytest
from agent_builders import AS_OF, CATALOGUE, case, coverage, diagnosed, payer

from agent.diagnosis.case import Case
from agent.drafting.addressing import desk_for
from agent.drafting.forms import FOLDER, forms_for, forms_print
from agent.drafting.letters import letter_case
from knowledge.types.letters import LetterContent
from knowledge.types.practice import AppealLevel, SendTo
from tools.packet.composing import compose

ADDRESS = SendTo(address="PO Box 1, Boise ID 83701", fax="2085550100")
LEVELS = (
    AppealLevel(level="reconsideration", days=180, send_to=ADDRESS),
    AppealLevel(level="appeal", days=60, start="decision_date", send_to=SendTo(address="PO Box 14, Boise ID 83701")),
)


def of(levels: tuple[AppealLevel, ...] = LEVELS, business: str = "commercial") -> Case:
    return dataclasses.replace(case("CO-198"), payer=payer(appeals=levels, line_of_business=business))


def test_an_appeal_goes_to_the_level_called_so_and_not_to_the_first() -> None:
    desk = desk_for(of(), "appeal")
    assert desk.level == LEVELS[1]
    assert desk.name == "Appeal"
    assert desk.notes == ()


def test_original_medicares_first_level_is_called_a_redetermination() -> None:
    levels = (AppealLevel(level="appeal", send_to=ADDRESS), AppealLevel(level="reconsideration", send_to=ADDRESS))
    assert desk_for(of(levels, "medicare_ffs"), "appeal").name == "Redetermination (first level of appeal)"


@pytest.mark.parametrize(
    ("remedy", "name"),
    [
        ("reopening", "Reopening request"),
        ("send_records", "Response to records request"),
        ("payment_dispute", "Payment dispute"),
    ],
)
def test_what_is_no_appeal_is_never_called_one_and_a_borrowed_address_is_told(remedy: str, name: str) -> None:
    desk = desk_for(of(), remedy)  # type: ignore[arg-type]
    assert desk.name == name
    assert desk.borrowed
    assert "check that it takes them there" in desk.notes[0]


def test_a_desk_of_its_own_is_taken_before_the_first_level() -> None:
    own = AppealLevel(level="payment dispute", send_to=SendTo(portal="https://payer.example/disputes"))
    desk = desk_for(of((*LEVELS, own)), "payment_dispute")
    assert desk.level == own
    assert desk.notes == ()


@pytest.mark.parametrize("levels", [(), (AppealLevel(level="appeal"),)])
def test_a_payer_without_an_address_is_told(levels: tuple[AppealLevel, ...]) -> None:
    assert "give one when the letter is sent" in desk_for(of(levels), "appeal").notes[0]


def test_an_authorization_request_asks_for_its_address() -> None:
    desk = desk_for(of(), "authorization_fix")
    assert desk.level is None
    assert "authorization desk" in desk.notes[0]


def written() -> tuple[Case, LetterContent]:
    one = case("CO-22", coverage=(coverage(order="secondary"), coverage("MEDB", order="primary")))
    found = diagnosed(one)
    cause = CATALOGUE.get(found.root_cause)
    return one, compose(letter_case(one, cause, found, "other_payer_notice", found.remedy, AS_OF))


def test_a_form_that_lacks_what_it_must_have_holds_the_letter_up(tmp_path: Path) -> None:
    one, content = written()
    folder = tmp_path / FOLDER
    folder.mkdir()
    text = f"name: F\nletters: [other_payer_notice]\npayers: [{one.payer.id if one.payer else ''}]\n"
    (folder / "a.yaml").write_text(text + "template: provider-dispute\n")
    bare = dataclasses.replace(one, practice=one.practice.model_copy(update={"tax_id": ""}))
    filled, lacking = forms_for(tmp_path, bare, content, ())
    assert len(filled) == 1
    assert any("'Tax ID'" in says for says in lacking)


def test_a_broken_form_holds_the_letter_up_and_says_why(tmp_path: Path) -> None:
    one, content = written()
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "a.yaml").write_text("name: [")
    filled, lacking = forms_for(tmp_path, one, content, ())
    assert filled == ()
    assert "a.yaml" in lacking[0]


def test_a_home_without_forms_is_as_before_and_a_changed_form_is_another(tmp_path: Path) -> None:
    one, content = written()
    assert forms_for(tmp_path, one, content, ()) == ((), ())
    assert forms_print(tmp_path) == ""
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "a.yaml").write_text("name: A")
    first = forms_print(tmp_path)
    (tmp_path / FOLDER / "a.yaml").write_text("name: B")
    assert forms_print(tmp_path) not in ("", first)

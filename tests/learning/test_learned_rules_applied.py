"""Rules in force: they move the cases they match, say so, lower no review, and go back when withdrawn."""

import pytest
from learning_home import DOSE, UNITS, WASTE, Home

from agent.diagnosis.diagnose import diagnose
from agent.drafting.letters import KINDS, letter_case
from agent.drafting.ways import sent_by
from agent.learning.proposing import RuleRefused
from agent.learning.rulebook import PROBATION
from knowledge.types.diagnosis import Remedy

FORM = """\
form: 1
name: Cascade dispute form
payers: [CASC1]
letters: [payment_dispute]
template: provider-dispute
"""


def test_only_the_right_role_may_accept(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    for role in (None, "biller", "coder", "clinician"):
        with pytest.raises(RuleRefused, match="decided by a manager"):
            home.accept(role=role)
    assert home.rule().state == "proposed"


def test_a_modifier_practice_is_for_a_coder(home: Home) -> None:
    rule = home.propose(DOSE, modifier="59")
    with pytest.raises(RuleRefused, match="decided by a coder"):
        home.accept(rule.rule_id, role="manager")
    assert home.accept(rule.rule_id, role="coder").state == "in_force"


def test_an_accepted_rule_moves_open_cases_and_the_record_says_so(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    rule = home.accept()
    home.work()
    record = home.record(WASTE)
    assert record.remedy == "appeal"
    assert f"rule {rule.rule_id} version 1" in record.says
    assert any(item.source == f"learned rule {rule.rule_id} version 1" for item in record.evidence)
    assert record.route == "review"
    assert "learned-rule" in home.reasons(WASTE)


def test_only_cases_a_rule_is_about_are_worked_anew(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    home.accept()
    home.work()
    home.work()
    assert home.worked(WASTE) == 2
    assert home.worked(UNITS) == 1


def test_a_case_corrected_by_hand_stays_as_it_was_corrected(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    home.edit(WASTE, remedy="reconsideration", then=None)
    rule = next(one for one in home.rules() if one.content.change.remedy == "appeal")
    home.accept(rule.rule_id)
    home.work()
    assert home.record(WASTE).remedy == "reconsideration"
    assert "edited" in home.reasons(WASTE)


def test_a_withdrawn_rule_lets_its_cases_go_back(home: Home) -> None:
    before = home.record(WASTE).model_dump(exclude={"priority"})
    home.edit(DOSE, remedy="appeal")
    home.accept()
    home.work()
    home.withdraw()
    home.work()
    assert home.record(WASTE).model_dump(exclude={"priority"}) == before
    assert [step.action for step in home.rule().entries] == ["proposed", "accepted", "withdrawn"]
    assert all(step.by and step.why and step.at for step in home.rule().entries)


def test_accepting_twice_counts_once(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    home.accept()
    home.accept()
    assert [step.action for step in home.rule().entries] == ["proposed", "accepted"]


def test_a_wider_scope_is_a_new_version_by_who_widened_it(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    rule = home.accept(scope="any-code")
    assert rule.content.match.hcpcs == ()
    assert (rule.version, [step.action for step in rule.entries]) == (2, ["proposed", "changed", "accepted"])
    assert rule.entries[1].by == "Max Ode"


def test_a_cause_the_records_refute_is_not_preferred_and_that_is_said(home: Home) -> None:
    before = home.answer(UNITS)
    home.in_force(UNITS, root_cause="auth-expired")
    assert home.answer(UNITS) == before
    assert "refute auth-expired" in home.reasons(UNITS)["learned-rule-held"]
    assert home.record(UNITS).route == "review"


def test_a_cause_the_records_do_not_prove_always_goes_to_a_person(home: Home) -> None:
    rule = home.in_force(UNITS, root_cause="edit-contradicts-claim")
    home.used(rule, UNITS, PROBATION)
    home.work()
    assert home.record(UNITS).root_cause == "edit-contradicts-claim"
    assert "records do not prove" in home.reasons(UNITS)["learned-rule"]
    assert home.record(UNITS).confidence < 0.95


def test_two_rules_that_want_otherwise_leave_the_case_to_a_person(home: Home) -> None:
    before = home.answer(UNITS)
    home.in_force(UNITS, remedy="appeal")
    assert home.record(UNITS).remedy == "appeal"
    home.in_force(UNITS, remedy="send_records")
    assert home.answer(UNITS) == before
    assert "neither is applied" in home.reasons(UNITS)["learned-rules-conflict"]
    assert home.record(UNITS).route == "review"


def test_a_person_sees_what_a_new_rule_moves_and_a_proven_one_need_not(home: Home) -> None:
    rule = home.in_force(UNITS, remedy="contact_payer", drops_then=True)
    assert f"first {PROBATION}" in home.reasons(UNITS)["learned-rule"]
    home.used(rule, UNITS, PROBATION)
    assert not next(one for one in home.rules() if one.rule_id == rule.rule_id).on_probation


def test_a_rule_never_lowers_a_review(home: Home) -> None:
    own = home.reasons(WASTE)
    rule = home.propose(WASTE, remedy="appeal")
    home.accept(rule.rule_id)
    home.used(rule, WASTE, min(PROBATION, len(home.denials())))
    home.work()
    assert home.record(WASTE).remedy == "appeal"
    assert set(own) <= set(home.reasons(WASTE))
    assert home.record(WASTE).route == "review"


def test_what_the_payer_wants_beside_the_answer_is_asked_of_a_person(home: Home) -> None:
    assert home.record(UNITS).route == "straight_through"
    rule = home.in_force(UNITS, enclosure="infusion flow sheet")
    assert home.record(UNITS).route == "review"
    assert "infusion flow sheet" in home.reasons(UNITS)["product-incomplete"]
    assert rule.rule_id in home.reasons(UNITS)["product-incomplete"]


def test_correcting_a_moved_case_again_counts_against_its_rule(home: Home) -> None:
    home.in_force(WASTE, remedy="appeal")
    home.edit(WASTE, remedy="reconsideration")
    rule = next(one for one in home.rules() if one.content.change.remedy == "appeal")
    assert (rule.kept, rule.contradicted) == (0, 1)


def test_an_approved_case_is_left_alone(home: Home) -> None:
    home.edit(DOSE, remedy="contact_payer", then=None)
    given = {"reason": "called", "by": "Ana Ruiz", "role": "manager"}
    home.office.review(home.practice_id, DOSE, key="k9", decision="approve", **given)  # type: ignore[arg-type]
    home.in_force(WASTE, remedy="appeal")
    assert home.record(DOSE).remedy == "contact_payer"
    assert home.record(WASTE).remedy == "appeal"


def test_a_channel_and_a_desk_that_the_payer_has_are_followed_and_what_it_has_not_is_a_persons(home: Home) -> None:
    home.in_force(WASTE, remedy="reconsideration", drops_then=True, channel="certified mail", addressee="PO Box 14")
    made = home.draft(WASTE)
    assert made.letter is not None
    assert made.letter.channel == "By mail"
    assert "PO Box 14" in made.letter.addressee.lines
    assert [name for name, _ in made.ways] == ["addressee", "channel"]
    assert not [says for says in made.lacking if "This payer wants" in says]
    assert "learned-rule" in home.reasons(WASTE), "a new rule's cases are seen by a person first"


def test_a_form_of_the_payer_goes_before_the_letter_and_an_unknown_one_is_a_persons(home: Home) -> None:
    folder = home.office.home / "forms"
    folder.mkdir()
    (folder / "dispute.yaml").write_text(FORM)
    home.in_force(WASTE, remedy="reconsideration", drops_then=True, form="cascade dispute FORM")
    made = home.draft(WASTE)
    assert (made.forms, [name for name, _ in made.ways]) == (("Cascade dispute form",), ["form"])
    home.in_force(UNITS, form="Form 99-Z")
    assert "Form 99-Z" in home.reasons(UNITS)["product-incomplete"]
    assert home.draft(UNITS).forms == ()


@pytest.mark.parametrize(
    ("remedy", "wants", "done"),
    [
        ("reconsideration", {"level": "Reconsideration"}, ["level"]),
        ("reconsideration", {"level": "appeal"}, []),  # its clock runs from a decision that is not there
        ("reconsideration", {"level": "fair hearing"}, []),
        ("reconsideration", {"addressee": "appeal"}, ["addressee"]),
        ("reconsideration", {"addressee": "PO Box"}, []),  # two desks have one
        ("reconsideration", {"addressee": "12 Elm Street"}, []),
        ("reconsideration", {"channel": "fax"}, ["channel"]),
        ("reconsideration", {"channel": "the portal"}, []),
        ("reconsideration", {"channel": "fax or mail"}, []),
        ("reconsideration", {"addressee": "appeal", "channel": "fax"}, ["addressee"]),  # that desk has no fax
        ("authorization_fix", {"addressee": "appeal", "level": "reconsideration", "channel": "mail"}, []),
    ],
)
def test_a_rule_chooses_among_what_the_payer_has_and_nothing_else(
    home: Home, remedy: Remedy, wants: dict[str, str], done: list[str]
) -> None:
    with home.at_desk() as desk:
        case, cause = desk.casebook.case(WASTE), desk.catalogue.get("auth-expired")
        found = diagnose(desk.inquiry(WASTE), desk.catalogue)
        own = letter_case(case, cause, found, KINDS[remedy], remedy, desk.as_of)
        way = sent_by(own, case, remedy, wants)
    assert [name for name, _ in way.done] == done
    known = {(level.send_to.address, level.send_to.fax) for level in case.payer.appeals} if case.payer else set()
    assert not done or any(way.material.send_to == to and way.material.send_fax in (fax, "") for to, fax in known)
    kept = {"send_to", "send_fax", "send_portal", "level"}
    assert way.material.model_dump(exclude=kept) == own.model_dump(exclude=kept)
    assert done or way.material == own

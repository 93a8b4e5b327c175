"""Corrections become proposals: as narrow as they prove, one for equal ones, and nothing applies by itself."""

from typing import Any

import pytest
from learning_home import DOSE, UNITS, WASTE, Home

from agent.learning.proposing import RuleRefused


def test_a_correction_proposes_a_rule_no_wider_than_what_it_proves(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    rule = home.rule()
    match = rule.content.match
    assert rule.state == "proposed"
    assert (match.payer_id, match.root_cause, match.carcs, match.remarks, match.hcpcs) == (
        *("CASC1", "auth-expired", ("302",), ("N351",)),
        ("J9358",),
    )
    assert rule.content.change.answers() == {"remedy": "appeal"}
    assert [(one.denial_id, one.by, one.said["remedy"]) for one in rule.examples] == [
        (DOSE, "Ana Ruiz", "authorization_fix")
    ]


def test_a_proposal_changes_no_case(home: Home) -> None:
    before = home.answer(WASTE)
    home.edit(DOSE, remedy="appeal")
    home.work()
    assert home.answer(WASTE) == before
    assert home.worked(WASTE) == 1


def test_equal_corrections_strengthen_one_proposal(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    home.edit(WASTE, remedy="appeal")
    assert {one.denial_id for one in home.rule().examples} == {DOSE, WASTE}
    assert home.rule().version == 1


def test_other_corrections_make_other_proposals(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    home.edit(WASTE, remedy="reconsideration")
    assert len(home.rules()) == 2


def test_a_correction_taken_back_takes_its_proposal_along(home: Home) -> None:
    house = home.record(DOSE).remedy
    home.edit(DOSE, remedy="appeal")
    home.edit(DOSE, key="k2", remedy=house)
    rule = home.rule()
    assert rule.state == "withdrawn"
    assert rule.examples == ()
    assert [step.action for step in rule.entries] == ["proposed", "withdrawn"]


def test_a_correction_changed_teaches_what_it_says_last(home: Home) -> None:
    home.edit(DOSE, remedy="appeal")
    home.edit(DOSE, key="k2", remedy="reconsideration")
    standing = [rule for rule in home.rules() if rule.state == "proposed"]
    assert [rule.content.change.remedy for rule in standing] == ["reconsideration"]


def test_a_note_teaches_nothing(home: Home) -> None:
    home.edit(DOSE, note="looked at it")
    assert home.rules() == ()


@pytest.mark.parametrize("change", [{"remedy": "bill_patient"}, {"then": "bill_patient"}])
def test_no_rule_bills_a_patient(home: Home, change: dict[str, Any]) -> None:
    with pytest.raises(RuleRefused, match="never bills a patient"):
        home.propose(DOSE, **change)


@pytest.mark.parametrize("remedy", ["corrected_claim", "new_claim", "reopening"])
def test_no_rule_fits_a_claim_to_an_authorization(home: Home, remedy: str) -> None:
    with pytest.raises(RuleRefused, match="never changed to fit an authorization"):
        home.propose(UNITS, remedy=remedy)


def test_a_correction_that_no_rule_may_say_teaches_nothing(home: Home) -> None:
    home.edit(DOSE, remedy="corrected_claim")
    assert home.rules() == ()


def test_a_rule_that_changes_nothing_is_refused(home: Home) -> None:
    with pytest.raises(RuleRefused, match="changes something"):
        home.propose(DOSE)


def test_a_cause_that_does_not_exist_is_refused(home: Home) -> None:
    with pytest.raises(RuleRefused, match="no cause"):
        home.propose(DOSE, root_cause="bad-weather")

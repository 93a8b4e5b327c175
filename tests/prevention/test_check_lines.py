"""A claim not yet sent: what is proven warns with its fix, what is right is left in peace, what is open is said."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from unsent_builders import (
    AS_OF,
    CASCADE,
    CATALOGUE,
    CODES,
    SERVED,
    Held,
    auth,
    causes,
    chart,
    checked,
    claim,
    coverage,
    line,
    paid,
    policy,
)

from agent.diagnosis.inquiry import CHECKS
from agent.prevention import checking

INFUSION = {"modifiers": (), "charge": Decimal(300), "drug": None}


def test_a_claim_that_is_right_warns_of_nothing() -> None:
    assert causes(claim()) == [[], []]


@pytest.mark.parametrize("cause", [c for c in CATALOGUE.causes if c.before_sending], ids=lambda c: c.id)
def test_every_visible_cause_has_facts_that_a_check_establishes_and_says_what_to_do(cause) -> None:
    assert checking
    wanted = cause.before or cause.confirm
    assert wanted
    assert [name for name in (*wanted, *cause.refute) if name.removeprefix("not ") not in CHECKS] == []
    assert cause.fix


def test_what_is_not_visible_before_sending_has_no_fix() -> None:
    assert [c.id for c in CATALOGUE.causes if not c.before_sending and (c.fix or c.before)] == []


def test_a_missing_authorization_number_is_named_with_the_number_and_its_source() -> None:
    (drug, infusion) = checked(claim(authorizations=()))
    (warning,) = drug.warnings
    assert warning.cause == "auth-number-not-on-claim"
    assert "A-1" in warning.fix
    assert warning.severity == "certain"
    assert "auths/a.csv:2" in {item.source for item in warning.evidence}
    assert infusion.warnings == ()  # the approval is of the drug


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ({"end_date": date(2026, 3, 1)}, "auth-expired"),
        ({"status": "pended"}, "auth-not-in-force"),
        ({"status": "denied", "decided_on": date(2026, 3, 1)}, "auth-denied-before-service"),
        ({"hcpcs": ("J9299",)}, "auth-for-other-code"),
        ({"quantity": Decimal(200)}, "auth-units-mismatch"),
        ({"servicing_npi": "1777777770"}, "auth-for-other-provider-or-site"),
        ({"diagnosis_codes": ("C50.9",)}, "diagnosis-not-authorized-indication"),
    ],
)
def test_an_authorization_that_does_not_fit_warns_of_its_fault(row: dict[str, object], cause: str) -> None:
    assert causes(claim(), Held(authorizations=(auth(**row),)))[0][:1] == [cause]


def test_what_was_decided_on_an_authorization_after_the_claim_was_made_does_not_count() -> None:
    row = auth(status="voided", decided_on=AS_OF + timedelta(days=1))
    sent = claim(submitted_on=AS_OF)
    assert "auth-not-in-force" not in causes(sent, Held(authorizations=(row,), claims=(sent,)))[0]
    known = auth(status="voided", decided_on=AS_OF)
    assert "auth-not-in-force" in causes(sent, Held(authorizations=(known,), claims=(sent,)))[0]


ASKS = "Prior authorization is required before the first dose."


@pytest.mark.parametrize(
    ("rule", "warned"),
    [
        (policy(ASKS), True),
        (policy("No prior authorization is required; claims are reviewed afterwards."), False),
        (policy("J9299 needs an authorization."), False),
        (policy(ASKS, drugs=("J9299",)), False),
        (policy(ASKS, effective_to=SERVED - timedelta(days=1)), False),
        (policy("Given every six weeks.", title="Drugs that need prior authorization"), True),
    ],
)
def test_an_authorization_never_obtained_warns_only_where_a_policy_in_force_asks_for_one(rule, warned: bool) -> None:
    held = Held(authorizations=(), policies=(rule,))
    found = checked(claim(authorizations=()), held)[0]
    assert ("auth-never-obtained" in [w.cause for w in found.warnings]) is warned


def test_units_against_the_dose_given_and_not_against_the_authorization() -> None:
    (warning,) = checked(claim(line(units=300)), Held(authorizations=(auth(quantity=Decimal(300)),)))[0].warnings
    assert warning.cause == "billed-units-wrong"
    assert warning.fix.startswith("Bill 400 units")


def test_only_the_waste_line_is_warned_of_waste_that_is_not_charted() -> None:
    lines = (line(modifiers=()), line("2", 50, modifiers=("JW",)))
    dose, waste = causes(claim(*lines))
    assert "waste-units-wrong" not in dose
    assert "waste-units-wrong" in waste


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"modifiers": ()}, "jw-jz-missing"),
        ({"drug": None}, "ndc-missing-or-invalid"),
        ({"hcpcs": "J9999", "drug": None}, "noc-line-without-narrative"),
    ],
)
def test_what_the_line_lacks(changed: dict[str, object], cause: str) -> None:
    assert cause in causes(claim(line(**changed)))[0]


def test_a_payer_that_does_not_ask_is_not_asked_for_what_it_does_not_want() -> None:
    relaxed = CASCADE.model_copy(update={"wastage_modifiers": False, "ndc_required": False})
    assert causes(claim(line(modifiers=(), drug=None)), Held(payers=(relaxed,))) == [[]]


def test_coverage_that_ended_and_another_plan_in_its_place() -> None:
    ended = coverage(end_date=date(2026, 2, 28))
    assert causes(claim(), Held(coverage=(ended,)))[1] == ["coverage-terminated"]
    swapped = CASCADE.model_copy(update={"line_of_business": "medicare_ffs"})
    other = coverage(payer_id="MA1", member_id="M9", plan_type="medicare_advantage", source="coverage/c.csv:3")
    assert causes(claim(), Held(coverage=(ended, other), payers=(swapped,)))[1][0] == "billed-wrong-plan"


def test_a_fault_known_only_from_eligibility_verified_later_is_marked() -> None:
    ended = coverage(end_date=date(2026, 2, 28), verified_on=AS_OF + timedelta(days=9))
    assert [w.later for w in checked(claim(), Held(coverage=(ended,)))[1].warnings] == [True]


def test_hospice_is_settled_by_the_marking_of_the_line() -> None:
    held = Held(coverage=(coverage(), coverage(plan_type="hospice", payer_id="HOSP", source="coverage/c.csv:3")))
    assert "hospice-enrolled" in causes(claim(), held)[0]
    assert "hospice-enrolled" not in causes(claim(line(modifiers=("JZ", "GW"))), held)[0]


def test_consolidated_billing_leaves_chemotherapy_and_its_administration_out() -> None:
    held = Held(coverage=(coverage(), coverage(plan_type="snf", payer_id="SNF", source="coverage/c.csv:3")))
    sent = claim(line(), line("2", 1, hcpcs="96413", **INFUSION), line("3", 1, hcpcs="96365", **INFUSION))
    assert ["snf-consolidated-billing" in found for found in causes(sent, held)] == [False, False, True]


def test_a_service_paid_before_is_a_duplicate_unless_the_claim_replaces_it() -> None:
    held = Held(allowed=(paid(),))
    assert causes(claim(), held)[0] == ["duplicate-of-paid-claim"]
    replaced = claim(frequency="7", original_reference="ICN1")
    assert causes(replaced, held)[0] == []


def test_a_payment_made_after_the_claim_went_out_is_not_foreseen() -> None:
    sent = claim()
    assert causes(sent, Held(claims=(sent,), allowed=(paid(AS_OF + timedelta(days=5)),)))[0] == []


def test_a_claim_that_is_not_answered_yet_makes_a_duplicate_and_one_refused_does_not() -> None:
    before = claim(claim_id="C1", file="old.837", submitted_on=AS_OF - timedelta(days=3))
    (warning,) = checked(claim(), Held(claims=(before,)))[0].warnings
    assert warning.cause == "duplicate-of-paid-claim"
    assert "C1" in warning.fix
    refused = Held(claims=(before,), answers={"C1": (("ICN1", AS_OF - timedelta(days=1)),)})
    assert causes(claim(), refused)[0] == []


def test_of_two_claims_of_one_service_the_first_is_no_duplicate() -> None:
    first = claim(claim_id="C1", submitted_on=AS_OF - timedelta(days=3))
    second = claim(file="z.837")
    assert causes(first, Held(claims=(first, second)))[0] == []


@pytest.mark.parametrize("days", [89, 90, 91])
def test_the_filing_limit_is_the_last_day_and_not_the_day_before(days: int) -> None:
    found = causes(claim(), as_of=SERVED + timedelta(days=days))[0]
    assert ("filed-late" in found) is (days > 90)


def test_a_claim_behind_another_payer_is_not_called_late() -> None:
    found = checked(claim(sequence="S"), as_of=SERVED + timedelta(days=200))[0]
    assert "filed-late" not in [w.cause for w in found.warnings]
    assert "filed-late" in [n.cause for n in found.not_checked]


def test_of_two_initial_services_the_lesser_is_the_one_denied() -> None:
    sent = claim(line(), line("2", 1, hcpcs="96365", **INFUSION), line("3", 1, hcpcs="96413", **INFUSION))
    assert ["infusion-hierarchy-wrong" in found for found in causes(sent)] == [False, True, False]


def test_an_add_on_has_its_base_on_another_claim_of_the_day() -> None:
    added = claim(line(), line("2", 1, hcpcs="96415", **INFUSION))
    base = claim(line("1", 1, hcpcs="96413", **INFUSION), claim_id="C1", submitted_on=AS_OF)
    assert "infusion-hierarchy-wrong" in causes(added)[1]
    assert "infusion-hierarchy-wrong" not in causes(added, Held(claims=(base,)))[1]


def test_a_visit_needs_modifier_25_beside_an_infusion_and_not_beside_a_port_flush() -> None:
    visit = line("2", 1, hcpcs="99214", **INFUSION)
    beside_infusion = claim(line("1", 1, hcpcs="96413", **INFUSION), visit)
    beside_flush = claim(line("1", 1, hcpcs="96523", **INFUSION), visit)
    assert "visit-same-day-without-25" in causes(beside_infusion)[1]
    assert "visit-same-day-without-25" not in causes(beside_flush)[1]


def test_a_diagnosis_cut_short_or_unspecified_stops_the_drug_and_not_what_gives_it() -> None:
    def stopped(code: str) -> list[bool]:
        return ["diagnosis-unspecified-or-invalid" in found for found in causes(claim(diagnoses=(code,)))]

    assert stopped("C341") == [True, False]
    assert stopped("C3490") == [True, False]


def test_what_cannot_be_told_is_named_with_what_is_missing_and_warns_of_nothing() -> None:
    (drug, _) = checked(claim(), Held(charts=(), coverage=(), absent=frozenset({"charts", "coverage"})))
    assert drug.warnings == ()
    open_ = {item.cause: item for item in drug.not_checked}
    assert "billed-units-wrong" in open_
    assert open_["coverage-terminated"].missing
    assert open_["coverage-terminated"].because


def test_no_evidence_speaks_of_a_remit_that_does_not_exist() -> None:
    lines = checked(claim(line(modifiers=(), drug=None), authorizations=()), Held(charts=(chart(360),)))
    sources = [item for found in lines for warning in found.warnings for item in warning.evidence]
    assert sources
    assert all(item.kind != "remit" and item.source.strip() for item in sources)


def test_the_same_claim_gives_the_same_warnings_whether_the_home_holds_it_or_not() -> None:
    sent = claim(authorizations=())
    assert causes(sent) == causes(sent, Held(claims=(sent,)))


def test_the_codes_are_the_shipped_ones() -> None:
    assert "J9271" in CODES.hcpcs.codes


def test_a_replacement_that_names_no_original_is_mishandled_and_no_duplicate() -> None:
    replacement = claim(line(), frequency="7", original_reference="")
    paid = claim(line(), claim_id="C1", submitted_on=AS_OF)
    found = causes(replacement, Held(claims=(paid,)))[0]
    assert "replacement-claim-mishandled" in found
    assert "duplicate-of-paid-claim" not in found

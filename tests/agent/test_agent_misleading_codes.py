"""A payer's code can mislead: causes that prove themselves are found all the same, and settled ones have no rivals."""

from dataclasses import replace

from agent_builders import (
    AS_OF,
    SERVED,
    asked,
    auth,
    case,
    chart,
    claim,
    coverage,
    diagnosed,
    dose,
    line,
    order,
    paid_before,
)

from agent.decision import decide
from knowledge.causes import load_catalogue

GIVEN = chart(dose(wasted=0), orders=(order(),))


def test_a_missing_authorization_number_is_seen_behind_a_denial_for_necessity() -> None:
    row = auth(quantity=400, decided_on=SERVED.replace(month=1))
    made = case("CO-50", ("MA13",), sent=claim(authorizations=()), auths=(row,), chart=GIVEN)
    found = diagnosed(made)
    assert found.root_cause == "auth-number-not-on-claim"
    assert found.hypotheses[0].score < 1


def test_what_the_payer_names_and_the_facts_prove_comes_before_what_it_does_not_name() -> None:
    wrong_units = case("CO-16", ("M119",), sent=claim(line(drug=None)), chart=chart(dose(200)))
    assert diagnosed(wrong_units).root_cause == "ndc-missing-or-invalid"


def test_a_denial_that_names_nothing_stays_unknown_whatever_else_is_wrong_with_the_claim() -> None:
    assert diagnosed(case("CO-A1", chart=chart(dose(200)))).root_cause == "unknown"


def test_only_causes_marked_for_it_are_looked_at_unasked() -> None:
    asked_alone = {cause.id for cause in load_catalogue().causes if cause.stands_alone}
    assert "auth-never-obtained" not in asked_alone
    assert "filed-in-time-proof-exists" not in asked_alone
    made = case("CO-50", ("N115",))
    named = {h.root_cause for h in diagnosed(made).hypotheses if h.score == 0.25}
    assert named <= asked_alone


def test_a_service_paid_already_settles_its_denial_and_needs_nobody_for_another_fault() -> None:
    made = case("CO-97", ("M86",), sent=claim(line(1, hcpcs="96413")), denied=0)
    earlier = replace(
        paid_before(), hcpcs="96413", units=made.claim.lines[0].units if made.claim else None, modifiers=()
    )
    found = diagnosed(replace(made, history=(earlier,)))
    assert found.root_cause == "duplicate-of-paid-claim"
    assert "two-causes" not in {reason.code for reason in found.review_reasons}


def test_an_unlisted_code_has_its_price_from_the_invoice_and_on_no_fee_schedule() -> None:
    made = case("CO-16", ("N350",), sent=claim(line(1, hcpcs="J9999", description="")))
    assert asked(made).truth("payer-has-no-rate-for-code") == "refuted"
    assert diagnosed(made).root_cause == "noc-line-without-narrative"


def test_words_on_an_unlisted_line_contradict_a_payer_that_misses_them() -> None:
    made = case("CO-16", ("N350",), sent=claim(line(1, hcpcs="J9999", description="ONDRELIMAB 500 MG IV")))
    assert diagnosed(made).root_cause == "edit-contradicts-claim"


def test_an_approval_nobody_knows_keeps_an_earlier_refusal_from_being_the_cause() -> None:
    denied = auth(status="denied", decided_on=SERVED.replace(month=2))
    made = case("CO-284", ("N54",), sent=claim(authorizations=("STRANGE-1",)), auths=(denied,))
    assert diagnosed(made).root_cause == "unknown"


def test_billing_another_payer_is_bound_by_that_payers_limit_and_by_no_appeal_to_this_one() -> None:
    ended = coverage(end_date=SERVED.replace(month=1))
    known = case("CO-27", coverage=(ended, coverage("MEDB")))
    strange = case("CO-27", coverage=(ended, coverage("NOBODY")))
    clocks = {name: decide(made, diagnosed(made), AS_OF) for name, made in (("known", known), ("strange", strange))}
    assert clocks["known"].deadlines[0].action == "bill_other_payer"
    assert clocks["strange"].deadlines == ()
    assert any("timely_filing_days" in asked_for for asked_for in clocks["strange"].missing)

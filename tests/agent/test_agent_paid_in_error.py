"""What a payer paid in error goes back, and a person decides it; nothing is called overpaid on a guess."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from agent_builders import AS_OF, SERVED, case, claim, coverage, diagnosed, paid_before
from msgspec.structs import replace as changed

from agent.approving.authority import needed
from agent.closing.due_back import due_back
from agent.decision import decide
from agent.diagnosis.case import AdjudicatedLine, Case
from knowledge.types.diagnosis import Diagnosis


def twice(ours: AdjudicatedLine | None = None, first: AdjudicatedLine | None = None, later: int = 10) -> Case:
    """A line refused as a duplicate of claim C0, and paid all the same since, as claim C1."""
    first = first or paid_before()
    ours = ours or paid_before(number="ICN9", claim_id="C1", paid=Decimal(18000))
    sent = claim(submitted_on=SERVED + timedelta(days=2 + later))
    earlier = changed(sent, claim_id="C0", submitted_on=SERVED + timedelta(days=2))
    of = case("OA-18", sent=sent, history=(first, ours), member_claims=(sent, earlier))
    return replace(of, denial=of.denial.model_copy(update={"outcome": "won"}))


def called(of: Case, cause: str) -> Diagnosis:
    return diagnosed(of).model_copy(update={"root_cause": cause, "remedy": "close", "then": None})


def test_a_service_paid_twice_is_paid_back_by_the_later_claim() -> None:
    of = twice()
    answer = called(of, "duplicate-of-paid-claim")
    back = due_back(of, answer)
    assert back is not None
    assert (back.amount, back.number, back.whole) == (Decimal(18000), "ICN9", True)
    decision = decide(of, answer, AS_OF)
    assert (decision.remedy, decision.then, decision.route) == ("refund", None, "review")
    assert "paid-in-error" in [reason.code for reason in decision.review_reasons]
    assert {role for row in needed(decision.remedy, ()) for role in row.roles} == {"compliance", "manager"}


@pytest.mark.parametrize(
    "of",
    [
        twice(later=-10),  # the other claim is the one too many
        twice(later=0),  # which came first is not shown
        twice(first=paid_before(paid=Decimal(0))),
        twice(first=paid_before(units=200)),
        twice(first=paid_before(modifiers=("JZ", "76"))),
        twice(first=paid_before(on=SERVED - timedelta(days=21))),
        twice(ours=paid_before(number="ICN9", claim_id="C1", paid=Decimal(0))),
    ],
)
def test_two_services_or_two_claims_in_no_known_order_are_no_double_payment(of: Case) -> None:
    assert due_back(of, called(of, "duplicate-of-paid-claim")) is None


def test_a_claim_paid_for_something_else_besides_is_not_voided_whole() -> None:
    of = twice()
    besides = paid_before(number="ICN9", claim_id="C1", hcpcs="96413", units=1)
    back = due_back(replace(of, history=(*of.history, besides)), called(of, "duplicate-of-paid-claim"))
    assert back is not None
    assert not back.whole


def test_what_was_paid_under_another_person_goes_back_before_a_new_claim() -> None:
    of = case("CO-31", coverage=(coverage(),))
    of = replace(of, payment=changed(of.payment, paid=Decimal(412)))
    decision = decide(of, called(of, "patient-identity-mismatch"), AS_OF)
    assert (decision.remedy, decision.then, decision.route) == ("refund", "new_claim", "review")


def test_a_payer_billed_in_anothers_place_is_paid_back_once_the_other_has_paid() -> None:
    of = case("CO-22", coverage=(coverage("MEDB"),))
    of = replace(of, payment=changed(of.payment, paid=Decimal(139)))
    answer = called(of, "other-payer-primary").model_copy(update={"remedy": "bill_other_payer"})
    assert decide(of, answer, AS_OF).remedy == "bill_other_payer"
    won = replace(of, denial=of.denial.model_copy(update={"outcome": "won"}))
    assert decide(won, answer, AS_OF).remedy == "refund"
    nothing = replace(won, payment=changed(won.payment, paid=Decimal(0)))
    assert decide(nothing, answer, AS_OF).remedy == "bill_other_payer"

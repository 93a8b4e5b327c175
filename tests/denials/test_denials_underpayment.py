"""Paid lines held against the contracted rate."""

from datetime import date
from decimal import Decimal

import pytest
from denial_builders import SERVICE_DAY, clp, denials, remit, svc
from hypothesis import given
from hypothesis import strategies as st


def at_two_dollars(payer_id: str, hcpcs: str, on: date) -> Decimal | None:
    return Decimal("2.00") if (payer_id, hcpcs, on) == ("CASC1", "J9271", SERVICE_DAY) else None


def found(line: object, **claim: object) -> list[tuple[str, Decimal]]:
    arrived = remit(clp(line, **claim))  # type: ignore[arg-type]
    return [(d.kind, d.amount_at_stake) for d in denials(arrived, rate_for=at_two_dollars)]


def test_a_line_allowed_below_rate_times_units_is_underpaid_by_the_difference() -> None:
    line = svc(paid=500, adjustments="CO-45 400, PR-2 100")
    assert found(line) == [("underpaid", Decimal("200.00"))]


def test_the_allowed_amount_the_payer_states_counts_first() -> None:
    assert found(svc(paid=500, adjustments="CO-45 400, PR-2 100", allowed=800)) == []
    assert found(svc(paid=700, adjustments="CO-45 300", allowed=600)) == [("underpaid", Decimal("200.00"))]


def test_sequestration_and_patient_share_are_part_of_what_was_allowed() -> None:
    assert found(svc(paid=627.2, adjustments="CO-45 200, PR-2 160, CO-253 12.80")) == []


def test_the_contract_owes_no_more_than_the_charge() -> None:
    assert found(svc(charge=700, paid=700)) == []


def test_a_line_left_to_the_deductible_below_rate_is_underpaid() -> None:
    assert found(svc(adjustments="CO-45 400, PR-1 600")) == [("underpaid", Decimal("200.00"))]


@pytest.mark.parametrize("paid", ["799.00", "796.00"])
def test_rounding_is_no_underpayment(paid: str) -> None:
    assert found(svc(paid=paid, adjustments=f"CO-45 {1000 - Decimal(paid)}")) == []


@pytest.mark.parametrize(
    ("adjustments", "status"),
    [
        ("OA-23 400, CO-45 100", "1"),  # an earlier payer paid
        ("CO-45 500", "2"),  # secondary
        ("CO-59 500", "1"),  # multiple procedures
        ("CO-172 500", "1"),  # practitioner level
    ],
)
def test_lines_priced_by_something_else_are_not_compared(adjustments: str, status: str) -> None:
    assert found(svc(paid=500, adjustments=adjustments), status=status) == []


def test_a_partly_denied_line_is_not_underpaid_too() -> None:
    assert found(svc(paid=400, adjustments="CO-198 600 x200")) == [("partly_denied", Decimal("600.00"))]


def test_without_a_rate_nothing_is_underpaid() -> None:
    assert denials(remit(clp(svc(paid=1, adjustments="CO-45 999")))) == ()


def test_the_rate_stands_beside_what_a_denied_line_has_at_stake() -> None:
    (denial,) = denials(remit(clp(svc(adjustments="CO-197 1000"))), rate_for=at_two_dollars)
    assert (denial.amount_at_stake, denial.rate_amount) == (Decimal("1000.00"), Decimal("800.00"))


@given(paid=st.integers(1, 100_000))
def test_the_shortfall_never_exceeds_what_the_contract_owes(paid: int) -> None:
    dollars = Decimal(paid) / 100
    for kind, amount in found(svc(paid=dollars, adjustments=f"CO-45 {1000 - dollars}")):
        assert kind == "underpaid"
        assert Decimal(1) < amount == 800 - dollars

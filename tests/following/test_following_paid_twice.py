"""What a payer paid twice is told with both places, once; what only looks so is not."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from denial_builders import DIRECTORY, MEDICARE, RULES, SERVICE_DAY, clp, remit, reversed_, svc
from msgspec.structs import replace

from agent.following.paid_twice import paid_twice
from knowledge.types.cash import CashFinding
from knowledge.types.remit import ClaimPayment
from tools.denials.delivery import Delivery
from tools.denials.finding import find_all

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def paid(amount: int = 700, number: str = "ICN1", claim_id: str = "C1", **more: object) -> ClaimPayment:
    of_claim = {name: more.pop(name) for name in ("member", "frequency") if name in more}
    left = 1000 - amount
    line = svc(paid=amount, adjustments=f"CO-45 {left}" if left else "", **more)  # type: ignore[arg-type]
    made = clp(line, number=number, claim_id=claim_id, member=str(of_claim.get("member", "H123")))
    return replace(made, frequency=str(of_claim.get("frequency", "1")))


def at(day: date, *claims: ClaimPayment, **more: object) -> Delivery:
    who = "m" if more.get("payer") else "c"
    return remit(*claims, day=day, trace=f"{who}{day:%m%d}", file=f"remits/{who}{day:%m%d}.835", **more)  # type: ignore[arg-type]


def told(*arrived: Delivery) -> Sequence[CashFinding]:
    return tuple(paid_twice(find_all(arrived, RULES, DIRECTORY), (), DIRECTORY))


def test_two_claims_for_one_service_both_paid_are_told_with_both_places_and_what_to_do() -> None:
    (finding,) = told(at(MAY, paid()), at(JUNE, paid(claim_id="C2", number="ICN2")))
    assert (finding.code, finding.amount, finding.at) == ("paid-twice", 700, JUNE)
    assert "remits/c0501.835" in finding.source
    assert "remits/c0601.835" in finding.source
    for words in ("J9271 of 2026-03-16, 400 units", "under claim C1", "void claim C2 or refund 700.00", "60 days"):
        assert words in finding.says


def test_one_claim_paid_again_without_a_reversal_is_told_once_for_each_payment_beyond_the_first() -> None:
    again = JUNE + timedelta(days=9)
    found = told(at(MAY, paid()), at(JUNE, paid(number="ICN9")), at(again, paid(number="ICN10")))
    assert [finding.at for finding in found] == [JUNE, again]


@pytest.mark.parametrize(
    "second",
    [
        paid(claim_id="C2", member="H999"),
        paid(claim_id="C2", day=SERVICE_DAY + timedelta(days=21)),
        paid(claim_id="C2", units=300),
        paid(claim_id="C2", hcpcs="J9299"),
        paid(claim_id="C2", modifiers=("76",)),
        paid(claim_id="C2", modifiers=("JW",)),
        paid(claim_id="C1", number="ICN2", frequency="7"),
        paid(200, number="ICN2"),  # the rest of one payment: together within the charge
        paid(claim_id="C1", number="ICN2", control="2"),  # another line of the claim
    ],
)
def test_what_only_looks_alike_is_not_told(second: ClaimPayment) -> None:
    assert told(at(MAY, paid()), at(JUNE, second)) == ()


def test_a_reversal_and_its_correction_are_one_payment() -> None:
    first = paid()
    assert told(at(MAY, first), at(JUNE, reversed_(first), paid(number="ICN2"))) == ()


def test_what_another_payer_paid_is_no_second_payment_of_this_one() -> None:
    assert told(at(MAY, paid()), at(JUNE, paid(), payer=MEDICARE)) == ()


def test_what_the_payer_took_back_at_the_foot_of_a_remit_is_not_told() -> None:
    taken = at(JUNE + timedelta(days=30), plb=(("WO", "ICN2", 700),))
    assert told(at(MAY, paid()), at(JUNE, paid(claim_id="C2", number="ICN2")), taken) == ()

"""What another plan pays after it was billed in the first one's place is recovered for the denial, to the cent."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from denial_builders import DIRECTORY, MEDICARE, RULES, SERVICE_DAY, clp, money, remit, reversed_, svc
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.following.cash import Cash, count_cash
from agent.following.moved import moved_by_cash
from agent.following.other_amount import OtherAmounts
from agent.following.other_payers import Billed
from knowledge.types.remit import ClaimPayment
from tools.denials.delivery import Delivery
from tools.denials.finding import find_all

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
THEIRS = "MB55"


def at(day: date, *claims: ClaimPayment, **more: object) -> Delivery:
    who = "m" if more else "c"
    return remit(*claims, day=day, trace=f"{who}{day:%m%d}", file=f"remits/{who}{day:%m%d}.835", **more)  # type: ignore[arg-type]


def counted(
    arrived: Sequence[Delivery], since: date = MAY, members: tuple[str, ...] = ("mb55",), rate: str | None = None
) -> Cash:
    found = find_all(arrived, RULES, DIRECTORY)
    billed = {
        denial.denial_id: Billed(denial, frozenset(("MEDB", member) for member in members), since)
        for denial in found.examination.denials
        if denial.remit.payer_id == "CASC1"
    }
    amounts = OtherAmounts(lambda payer, _code, _on: Decimal(rate) if rate and payer == "MEDB" else None, RULES)
    return count_cash(found, DIRECTORY, billed=billed, amounts=amounts)


def refused() -> Delivery:
    return at(APRIL, clp(svc(adjustments="CO-22 1000")))


def theirs(amount: object = 700, **more: object) -> ClaimPayment:
    left = money(1000) - money(amount)
    service: dict[str, object] = {"paid": amount, "adjustments": f"CO-45 {left}" if left else ""}
    service |= {name: more.pop(name) for name in ("hcpcs", "day", "adjustments", "allowed") if name in more}
    return clp(svc(**service), number="MED1", **{"member": THEIRS, **more})  # type: ignore[arg-type]


def recovered(cash: Cash) -> list[Decimal]:
    return [account.recovered for account in cash.accounts.values()]


def test_what_the_other_plan_pays_on_the_line_is_recovered_and_wins_the_denial() -> None:
    arrived = [refused(), at(JUNE, theirs(allowed=700), payer=MEDICARE)]
    cash = counted(arrived)
    assert recovered(cash) == [Decimal("700.00")]
    ((_, account),) = cash.accounts.items()
    assert account.entries[-1].says == "Medicare Part B, billed in this payer's place, paid 700.00"
    (denial,) = find_all(arrived, RULES, DIRECTORY).examination.denials
    assert moved_by_cash(denial, account).outcome == "won"
    assert cash.whole.findings == ()


@pytest.mark.parametrize(
    ("claim", "rate", "outcome", "says"),
    [
        (theirs(), "1.75", "won", ""),
        (theirs(), "2.00", "partly_won", "paid 700.00, of 800.00 by contract (400 units at 2)"),
        (theirs(560, adjustments="CO-45 300, PR-2 140"), "1.75", "won", ""),
        (theirs(549, adjustments="CO-45 300, PR-2 140, CO-253 11"), "1.75", "won", ""),
        (theirs(560, adjustments="CO-45 300, PR-2 40, CO-198 100", allowed=700), None, "partly_won", "40.00 beside it"),
        (
            theirs(5),
            None,
            "partly_won",
            "neither a contracted rate nor what it allowed is on file: amount to be judged",
        ),
        (theirs(allowed=700, status="2"), "1.75", "partly_won", "after another payer: amount to be judged"),
    ],
)
def test_it_is_won_only_by_all_that_the_other_plan_owes(
    claim: ClaimPayment, rate: str | None, outcome: str, says: str
) -> None:
    arrived = [refused(), at(JUNE, claim, payer=MEDICARE)]
    account = next(a for a in counted(arrived, rate=rate).accounts.values() if a.other_payer_file)
    denial = next(d for d in find_all(arrived, RULES, DIRECTORY).examination.denials if d.remit.payer_id == "CASC1")
    moved = moved_by_cash(denial, account)
    assert moved.outcome == outcome
    told = [text for code, text in moved.doubts if code == "other-payer-amount"]
    assert (len(told), says in "".join(told)) == (0 if outcome == "won" else 1, True)
    assert all(text.startswith("Paid by another plan: Medicare Part B") for text in told)


def test_what_the_other_plan_takes_back_is_recovered_no_more() -> None:
    paid = theirs()
    taken = replace(reversed_(paid), patient=paid.patient)
    cash = counted([refused(), at(MAY, paid, payer=MEDICARE), at(JUNE, taken, payer=MEDICARE)])
    assert recovered(cash) == [Decimal("0.00")] * 2  # the line denied first, and the payment taken back
    assert ["denied", "paid", "taken_back"] in [[e.kind for e in a.entries] for a in cash.accounts.values()]


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        (theirs(member="ZZ9"), "who is not verified there"),
        (theirs(claim_id="C77"), "another claim number"),
    ],
)
def test_a_payment_of_another_member_or_claim_is_a_finding_and_touches_no_denial(
    claim: ClaimPayment, says: str
) -> None:
    cash = counted([refused(), at(JUNE, claim, payer=MEDICARE)])
    assert recovered(cash) == [Decimal("0.00")]
    assert [finding.code for finding in cash.whole.findings] == ["other-payer-unplaced"]
    assert says in cash.whole.findings[0].says
    assert cash.whole.otherwise == Decimal("700.00")


@pytest.mark.parametrize("claim", [theirs(hcpcs="J9999"), theirs(day=SERVICE_DAY + timedelta(days=1))])
def test_a_payment_for_another_service_is_none_for_the_denial(claim: ClaimPayment) -> None:
    assert recovered(counted([refused(), at(JUNE, claim, payer=MEDICARE)])) == [Decimal("0.00")]


def test_what_was_paid_before_it_was_billed_there_is_not_recovered() -> None:
    assert recovered(counted([refused(), at(MAY, theirs(), payer=MEDICARE)], since=JUNE)) == [Decimal("0.00")]


def test_two_equal_lines_that_nothing_tells_apart_are_left_to_a_person() -> None:
    denied = at(APRIL, clp(svc(adjustments="CO-22 1000", control=""), svc(adjustments="CO-22 1000", control="")))
    paying = clp(svc(paid=700, adjustments="CO-45 300", control=""), number="MED1", member=THEIRS)
    cash = counted([denied, at(JUNE, paying, payer=MEDICARE)])
    assert sum(recovered(cash)) == 0
    assert ["several denied lines" in finding.says for finding in cash.whole.findings] == [True]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "back", "stranger", "elsewhere", "own", "plb"]), st.integers(1, 3), st.integers(1, 1000)
    ),
    max_size=8,
)


@given(STEPS)
@settings(max_examples=120, deadline=None)
def test_with_another_plans_money_every_dollar_is_still_placed_once(steps: list[tuple[str, int, int]]) -> None:
    lines = [
        clp(svc(adjustments="CO-22 1000"), claim_id=f"C{n}", number=f"ICN{n}00{n}", segment=9 + n) for n in (1, 2, 3)
    ]
    arrived, last = [at(APRIL, *lines)], {}
    for step, (what, number, amount) in enumerate(steps):
        day = JUNE + timedelta(days=step)
        if what == "own":
            paying = clp(
                svc(paid=amount, adjustments=f"CO-198 {1000 - amount}" if amount < 1000 else ""),
                claim_id=f"C{number}",
                number=f"ICN{number}00{number}",
            )
            arrived.append(at(day, paying))
        elif what == "plb":
            arrived.append(at(day, payer=MEDICARE, plb=(("WO", f"MED{number}00{number}", amount),)))
        elif what == "back" and number in last:
            arrived.append(at(day, reversed_(last.pop(number)), payer=MEDICARE))
        else:
            made = clp(
                svc(paid=amount, adjustments=f"CO-45 {1000 - amount}" if amount < 1000 else ""),
                claim_id="C9" if what == "elsewhere" else f"C{number}",
                number=f"MED{number}00{number}",
                member="ZZ9" if what == "stranger" else THEIRS,
            )
            last[number] = made
            arrived.append(at(day, made, payer=MEDICARE))
    cash = counted(arrived)
    whole = cash.whole
    assert whole.cash == sum((one.header.paid for one in arrived), Decimal("0.00"))
    assert whole.recovered + whole.otherwise + whole.provider_level + whole.unexplained == whole.cash
    assert whole.recovered == sum(recovered(cash))
    assert whole.unexplained == 0

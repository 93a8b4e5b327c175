"""Recovered dollars are counted from cash, over all remits and their feet; every dollar is placed once."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from denial_builders import DIRECTORY, MEDICARE, RULES, clp, money, remit, reversed_, svc
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.following.cash import Cash, count_cash
from agent.following.moved import moved_by_cash
from agent.following.ours import made_out_to_us
from knowledge.types.denial import Denial
from knowledge.types.outcomes import Account
from knowledge.types.practice import Practice
from knowledge.types.remit import ClaimPayment, Party, Reference
from tools.denials.delivery import Delivery
from tools.denials.finding import Found, find_all

APRIL, MAY, JUNE, JULY = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def found(*arrived: Delivery) -> Found:
    return find_all(arrived, RULES, DIRECTORY)


def cash(*arrived: Delivery) -> Cash:
    return count_cash(found(*arrived), DIRECTORY)


def one(*arrived: Delivery) -> tuple[Denial, Account]:
    all_found = found(*arrived)
    counted = count_cash(all_found, DIRECTORY)
    (denial,) = all_found.examination.denials
    account = counted.accounts[denial.denial_id]
    return moved_by_cash(denial, account), account


def refused(**more: object) -> ClaimPayment:
    return clp(svc(adjustments="CO-197 1000"), **more)  # type: ignore[arg-type]


def paying(amount: object, number: str = "ICN2", **more: object) -> ClaimPayment:
    left = money(1000) - money(amount)
    return clp(svc(paid=amount, adjustments=f"CO-45 {left}" if left else ""), number=number, **more)  # type: ignore[arg-type]


def at(day: date, *claims: ClaimPayment, **more: object) -> Delivery:
    name = f"{day:%m%d}"
    return remit(*claims, day=day, trace=f"EFT{name}", file=f"remits/{name}.835", **more)  # type: ignore[arg-type]


def test_what_a_later_remit_pays_on_a_denied_line_is_recovered() -> None:
    _, account = one(at(APRIL, refused()), at(MAY, paying(800)))
    assert account.recovered == Decimal("800.00")
    assert [(e.kind, e.amount) for e in account.entries] == [("denied", None), ("paid", Decimal("800.00"))]


def test_partial_payments_over_three_remits_add_up() -> None:
    parts = [clp(svc(paid=p, adjustments=f"CO-198 {1000 - p}"), number=f"ICN{n}") for n, p in enumerate((300, 500), 2)]
    last = clp(svc(paid=900, adjustments="CO-45 100"), number="ICN4")
    first, second = parts
    days = [at(APRIL, refused()), at(MAY, first), at(JUNE, reversed_(first), second), at(JULY, reversed_(second), last)]
    denial, account = one(*days)
    assert denial.outcome == "won"
    assert account.recovered == Decimal("900.00")


def test_what_was_paid_with_the_denial_is_not_recovered_by_its_correction() -> None:
    part = clp(svc(paid=400, adjustments="CO-198 600"))
    _, account = one(at(APRIL, part), at(MAY, reversed_(part, segment=11), paying(1000)))
    assert account.recovered == Decimal("600.00")


def test_a_payment_before_the_denial_is_not_recovered() -> None:
    paid = paying(640, number="ICN1")
    denial, account = one(at(APRIL, paid), at(MAY, reversed_(paid, segment=11), refused()))
    assert denial.outcome == "open"
    assert account.recovered == Decimal("0.00")


def test_a_recovered_payment_taken_back_by_a_reversal_is_gone() -> None:
    paid = paying(800)
    denial, account = one(at(APRIL, refused()), at(MAY, paid), at(JUNE, reversed_(paid)))
    assert (denial.outcome, denial.kind, account.recovered) == ("open", "recouped", Decimal("0.00"))


def test_a_reversal_without_its_correction_leaves_nothing_recovered_and_the_denial_open() -> None:
    denial, account = one(at(APRIL, refused()), at(MAY, reversed_(refused())))
    assert (denial.outcome, account.recovered) == ("open", Decimal("0.00"))


@pytest.mark.parametrize("reference", ["ICN2", "ICN2 OVERPAYMENT", "C1"])
def test_a_recovery_at_the_foot_of_a_remit_opens_the_denial_again(reference: str) -> None:
    days = [at(APRIL, refused()), at(MAY, paying(800)), at(JUNE, plb=(("WO", reference, 800),))]
    denial, account = one(*days)
    assert (denial.outcome, account.recovered, account.recouped) == ("open", Decimal("0.00"), Decimal("800.00"))
    assert [code for code, _ in denial.doubts] == ["recouped-by-plb"]
    assert [(e.kind, e.amount) for e in account.entries][-1] == ("recouped", Decimal("-800.00"))


def test_part_of_it_recovered_leaves_the_rest_won_in_part() -> None:
    denial, account = one(at(APRIL, refused()), at(MAY, paying(800)), at(JUNE, plb=(("WO", "ICN2", 300),)))
    assert (denial.outcome, account.recovered) == ("partly_won", Decimal("500.00"))


def test_a_reversal_offset_by_plb_and_taken_later_comes_to_nothing_once() -> None:
    paid = paying(800)
    taken = at(JUNE, reversed_(paid), plb=(("FB", "ICN2", -800),))
    before = cash(at(APRIL, refused()), at(MAY, paid), taken).whole
    after = cash(at(APRIL, refused()), at(MAY, paid), taken, at(JULY, plb=(("FB", "ICN2", 800),))).whole
    assert (before.cash, after.cash) == (Decimal("800.00"), Decimal("0.00"))
    assert after.recovered == Decimal("0.00")


def test_a_recovery_that_names_no_claim_is_a_finding_and_touches_no_denial() -> None:
    counted = cash(at(APRIL, refused()), at(MAY, paying(800)), at(JUNE, plb=(("WO", "", 800), ("WO", "XYZ999", 5))))
    assert counted.whole.recovered == Decimal("800.00")
    assert counted.whole.provider_level == Decimal("-805.00")
    assert [f.code for f in counted.whole.findings] == ["plb-unmatched", "plb-unmatched"]


def test_a_recovery_that_fits_two_claims_is_a_finding() -> None:
    begun = cash(
        at(APRIL, refused(claim_id="C1", number="ICN001"), refused(claim_id="C2", number="ICN001", segment=20)),
        at(JUNE, plb=(("WO", "ICN001", 10),)),
    )
    assert [f.code for f in begun.whole.findings] == ["plb-ambiguous"]


def test_a_recovery_on_a_claim_of_two_lines_is_not_guessed_at() -> None:
    def claim(paid: tuple[int, int], number: str) -> ClaimPayment:
        lines = [
            svc(paid=p, adjustments=f"CO-{'45' if p else '197'} {1000 - p}", control=str(n))
            for n, p in enumerate(paid, 1)
        ]
        return clp(*lines, number=number)

    days = [at(APRIL, claim((0, 0), "ICN1")), at(MAY, claim((700, 600), "ICN2"))]
    vague = cash(*days, at(JUNE, plb=(("WO", "ICN2", 100),)))
    assert [f.code for f in vague.whole.findings] == ["plb-line-unknown"]
    assert vague.whole.recovered == Decimal("1300.00")
    assert all(code == "plb-line-unknown" for a in vague.accounts.values() for code, _ in a.doubts)
    clear = cash(*days, at(JUNE, plb=(("WO", "ICN2", 600),)))
    assert sorted(a.recovered for a in clear.accounts.values()) == [Decimal("0.00"), Decimal("700.00")]
    whole = cash(*days, at(JUNE, plb=(("WO", "ICN2", 1300),)))
    assert [a.recovered for a in whole.accounts.values()] == [Decimal("0.00"), Decimal("0.00")]


def test_a_payment_of_another_payer_with_the_same_number_is_another_claim() -> None:
    counted = cash(at(APRIL, refused()), at(MAY, paying(800), payer=MEDICARE))
    assert counted.whole.recovered == Decimal("0.00")
    assert counted.whole.otherwise == Decimal("800.00")


def test_a_payment_for_another_patient_under_the_number_wins_nothing() -> None:
    stranger = replace(paying(800, member="Z999"), patient=Party("QC", "Other", "Olga", id_qualifier="MI", id="Z999"))
    denial, account = one(at(APRIL, refused()), at(MAY, stranger))
    assert (denial.outcome, account.recovered) == ("open", Decimal("0.00"))
    assert "other-patient" in [code for code, _ in denial.doubts]


@pytest.mark.parametrize(
    ("payee", "ours"),
    [
        (None, True),
        (Party("PE", "CEDAR", id_qualifier="XX", id="1999999992"), True),
        (Party("PE", "CEDAR", id_qualifier="XX", id="1000000004"), False),
        (Party("PE", "Cedar Oncology", id_qualifier="XX", id="1000000004"), True),
        (Party("PE", "WHO KNOWS"), True),
    ],
)
def test_a_remit_made_out_to_another_payee_is_not_ours(payee: Party | None, ours: bool) -> None:
    practice = Practice(name="Cedar Oncology", tax_id="841234567", billing_npi="1999999992")
    header = replace(at(MAY).header, payee=payee)
    assert made_out_to_us(header, practice) is ours
    if not ours:
        with_tax_id = replace(header, payee_references=(Reference("TJ", "84-1234567"),))
        assert made_out_to_us(with_tax_id, practice)


def test_remits_that_contradict_each_other_count_no_cash_until_a_person_has_decided() -> None:
    first = remit(paying(800), day=MAY, trace="EFT5", file="remits/a.835")
    second = remit(paying(700), day=MAY, trace="EFT5", file="remits/b.835")
    whole = cash(at(APRIL, refused()), first, second).whole
    assert (whole.cash, whole.recovered, whole.disputed) == (Decimal("0.00"), Decimal("0.00"), Decimal("1500.00"))
    assert [f.code for f in whole.findings] == ["remit-conflict", "remit-conflict"]


def test_a_remit_that_does_not_add_up_is_said_and_its_difference_kept_apart() -> None:
    paid = at(MAY, paying(800))
    odd = Delivery(replace(paid.header, paid=Decimal("790.00")), paid.claims)
    whole = cash(at(APRIL, refused()), odd).whole
    assert (whole.cash, whole.recovered, whole.unexplained) == (
        Decimal("790.00"),
        Decimal("800.00"),
        Decimal("-10.00"),
    )
    assert [f.code for f in whole.findings] == ["remit-unbalanced"]


AMOUNTS = st.integers(0, 1000)
STEPS = st.lists(
    st.tuples(st.sampled_from(["deny", "pay", "part", "back", "plb", "loose"]), st.integers(1, 3), AMOUNTS), max_size=9
)


def history(steps: Sequence[tuple[str, int, int]]) -> list[Delivery]:
    """Build one remit a step: claims denied, paid, paid in part, taken back; money moved at the foot."""
    out, last = [], {}
    for number, (what, claim, amount) in enumerate(steps):
        day = APRIL + timedelta(days=7 * number)
        known = {"claim_id": f"C{claim}", "number": f"ICN{claim}00{claim}"}
        if what == "plb":
            out.append(at(day, plb=(("WO", known["number"], amount),)))
        elif what == "loose":
            out.append(at(day, plb=(("L6", "INTEREST", -amount), ("WO", "NOBODY77", amount))))
        elif what == "back" and claim in last:
            out.append(at(day, reversed_(last.pop(claim))))
        else:
            paid = {"deny": 0, "pay": amount or 1}.get(what, amount)
            code = "45" if what == "pay" else "198"
            made = clp(svc(paid=paid, adjustments=f"CO-{code} {1000 - paid}" if paid < 1000 else ""), **known)
            last[claim] = made
            out.append(at(day, made))
    return out


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_recovered_and_all_else_add_up_to_what_the_remits_transferred(steps: list[tuple[str, int, int]]) -> None:
    arrived = history(steps)
    counted = cash(*arrived)
    whole = counted.whole
    transferred = sum((one.header.paid for one in arrived), Decimal("0.00"))
    assert whole.cash == transferred
    assert whole.recovered + whole.otherwise + whole.provider_level + whole.unexplained == whole.cash
    assert whole.recovered == sum((a.recovered for a in counted.accounts.values()), Decimal(0))
    assert whole.unexplained == 0


@given(STEPS, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_any_order_of_the_same_remits_and_any_of_them_twice_gives_the_same_life(
    steps: list[tuple[str, int, int]], chance: object
) -> None:
    arrived = history(steps)
    shuffled = [*arrived, *arrived[:2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = [
        Delivery(replace(d.header, file=f"{d.header.file}.copy"), d.claims, d.provider_adjustments) for d in arrived
    ]
    first, second = cash(*arrived), cash(*shuffled, *again)
    assert first.accounts == second.accounts
    assert first.whole == second.whole
    for account in first.accounts.values():
        assert len({entry.key for entry in account.entries}) == len(account.entries)


def test_all_orders_of_a_full_life_are_one_life() -> None:
    paid = paying(800)
    days = [at(APRIL, refused()), at(MAY, paid), at(JUNE, reversed_(paid)), at(JULY, paying(900, number="ICN3"))]
    lives = [cash(*order).accounts for order in permutations(days)]
    assert all(life == lives[0] for life in lives)
    ((_, account),) = lives[0].items()
    assert [e.kind for e in account.entries] == ["denied", "paid", "taken_back", "paid"]
    assert account.recovered == Decimal("900.00")

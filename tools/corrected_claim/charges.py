"""What a change of units does to money: exact to the cent, and the claim's total summed again."""

from decimal import Decimal
from fractions import Fraction

from knowledge.types.corrections import Change, ChargeRule
from tools.corrected_claim.draft import Draft, DraftLine, element, number_like
from tools.corrected_claim.order import loop_end

_CENT = Decimal("0.01")


def share(amount: Decimal, part: Decimal, whole: Decimal, step: Decimal = _CENT) -> tuple[Decimal, bool]:
    """Return `amount` x `part` / `whole` in multiples of `step` (half up), and whether that is exact.

    `whole` must be positive. Computed in fractions: no digit is lost before the one rounding.
    """
    steps = Fraction(amount) * Fraction(part) / Fraction(whole) / Fraction(step)
    exact = steps.denominator == 1
    count = steps.numerator // steps.denominator if exact else (2 * steps + 1) // 2
    return Decimal(int(count)) * step, exact


def scale_charge(
    draft: Draft, line: DraftLine, before: Decimal, after: Decimal, change: Change, rule: ChargeRule
) -> None:
    """Give a line the charge of its new units under the rule, and report when the cents do not divide."""
    if rule == "keep" or before == after:
        return
    sent = element(line.service, 2)
    charge, exact = share(draft.amount(line.service, 2, line.loop), after, before)
    if not exact:
        says = f"{sent} for {before} units does not divide to the cent for {after}: rounded to {charge}"
        draft.note("warning", "charge-rounded", says, line.loop)
    set_charge(draft, line, charge, change)


def set_charge(draft: Draft, line: DraftLine, charge: Decimal, change: Change) -> None:
    """Write SV102. Raises CorrectionRefused where another payer's amounts would no longer add up to it."""
    if charge == draft.amount(line.service, 2, line.loop):
        return
    if line.has("SVD"):
        what = "another payer has adjudicated this line (2430), and its amounts add up to the charge as sent"
        raise draft.refusal("other-payer-adjudicated", what, "correct the claim with that payer first", line.loop)
    if line.has("HCP"):
        says = "the line carries pricing (HCP) made for the charge as sent; check it"
        draft.note("warning", "pricing-left-as-sent", says, line.loop)
    draft.set(line.loop, line.service, 2, number_like(element(line.service, 2), charge), change)


def sum_again(draft: Draft, sent_total: Decimal, change: Change) -> None:
    """Write CLM02 as the sum of the lines when that has changed.

    `sent_total` is the sum of the lines as sent. Raises CorrectionRefused when CLM02 was not that sum, and
    when another payer's claim-level amounts (2320) would no longer add up.
    """
    claim = draft.head[0]
    stated = draft.amount(claim, 2, "2300")
    total = sum((draft.amount(line.service, 2, line.loop) for line in draft.lines), Decimal(0))
    if total == sent_total:
        if stated != sent_total:
            says = f"CLM02 is {stated} and the lines add up to {sent_total}; left as sent"
            draft.note("warning", "total-out-of-balance", says, "2300")
        return
    if stated != sent_total:
        what = f"CLM02 is {stated}, but the lines as sent add up to {sent_total}"
        raise draft.refusal("total-out-of-balance", what, "a person must say which is right", "2300")
    others = draft.head[loop_end("2300", draft.head) :]
    if any(segment[0] == "CAS" or segment[:2] == ["AMT", "D"] for segment in others):
        what = "another payer's amounts (2320) add up to the total as sent"
        raise draft.refusal("other-payer-adjudicated", what, "correct the claim with that payer first", "2320")
    draft.set("2300", claim, 2, number_like(element(claim, 2), total), change)

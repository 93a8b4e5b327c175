"""What other units do to a line's charge: found from what the practice charges for a unit on its other claims.

Units keyed wrongly come in two kinds. Where the system priced what was keyed (450 mg as 450 units at the price of a
unit), the price per unit stays; where the charge was that of the dose and only the count was wrong (7 for 66), the
charge stays. A claim says neither: the practice's other claims of the code do.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from agent.drafting.correction_case import NotCorrectable
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.corrections import ChargeRule, ClaimChange, SetUnits

_APART = Decimal(2)
"""How many times a usual price a price may be and still be one of the practice's own."""


def charge_rule(changes: Sequence[ClaimChange], claim: SubmittedClaim, claims: Iterable[SubmittedClaim]) -> ChargeRule:
    """Return what the new units do to the charge; NotCorrectable where neither way gives a price of the practice's.

    `claims` are all of the practice's. Without changes of units the price per unit stays.
    """
    lines = {line.number: line for line in claim.lines}
    changed = [(lines[c.line], c.units) for c in changes if isinstance(c, SetUnits) and c.line in lines]
    if not changed:
        return "unit_price"
    others = [other for other in claims if other.claim_id != claim.claim_id]
    rules = {_rule(line, units, others) for line, units in changed}
    if len(rules) > 1:
        raise NotCorrectable("the charges of the lines whose units change must be settled by a person")
    return rules.pop()


def _rule(line: ClaimLine, units: Decimal, claims: Sequence[SubmittedClaim]) -> ChargeRule:
    sent = line.units or Decimal(0)
    if sent <= 0 or units <= 0 or line.charge <= 0:
        raise NotCorrectable(f"the charge of {line.hcpcs} as sent gives no price per unit")
    prices = Counter(
        other.charge / other.units
        for claim in claims
        for other in claim.lines
        if other.hcpcs == line.hcpcs and other.units is not None and other.units > 0 and other.charge > 0
    )
    by_unit, by_dose = line.charge / sent, line.charge / units
    if not prices:
        if max(sent / units, units / sent) <= _APART:
            return "unit_price"
        says = f"no other claim shows what a unit of {line.hcpcs} is charged at: set the charge of {units} units"
        raise NotCorrectable(says)
    usual = max(prices, key=lambda price: (prices[price], -price))
    for price, rule in ((by_unit, "unit_price"), (by_dose, "keep")):
        if price == usual:
            return _named(rule)
    for price, rule in ((by_unit, "unit_price"), (by_dose, "keep")):
        if 1 / _APART <= price / usual <= _APART:
            return _named(rule)
    says = f"a unit of {line.hcpcs} is charged at {usual:.2f} elsewhere, {line.charge} fits no count of units here"
    raise NotCorrectable(says)


def _named(rule: str) -> ChargeRule:
    return "keep" if rule == "keep" else "unit_price"

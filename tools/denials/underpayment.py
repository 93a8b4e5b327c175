"""Is a paid line paid by contract? What was allowed, against rate times units."""

from decimal import Decimal

from msgspec import Struct

from knowledge.types.remit import Adjustment, ClaimPayment, ServicePayment
from tools.denials.identity import total
from tools.denials.rules import DISCOUNTS
from tools.denials.sorting import Pile

# Rounding per unit and per line is not worth a dispute: both must be exceeded.
_TOLERATED_DOLLARS = Decimal("1.00")
_TOLERATED_SHARE = Decimal("0.005")

# A secondary or tertiary payer, or a crossover of one, pays what the first one left: no rate applies.
NOT_PRIMARY = frozenset({"2", "3", "20", "21"})


class Shortfall(Struct, frozen=True):
    """How far, in dollars, a line was allowed below its contract."""

    amount: Decimal
    says: str


def shortfall(
    line: ServicePayment,
    claim: ClaimPayment,
    piles: dict[Pile, tuple[Adjustment, ...]],
    rate: Decimal | None,
) -> Shortfall | None:
    """Compare what was allowed with the contract; None when it is enough or cannot be told.

    Allowed is AMT*B6 where the payer states it, else what was paid plus the patient's share and the
    reductions that come after the allowance (sequestration, withholds, program adjustments). The contract
    owes rate times units, or the charge when that is less. A line that an earlier payer touched, or that
    carries a published pricing reduction (multiple procedure, practitioner level), is not compared: its
    rate is another.
    """
    if rate is None or rate <= 0 or claim.status in NOT_PRIMARY or "cob" in piles:
        return None
    if "priced" in piles:
        return None
    units = line.units_submitted or line.units_paid or Decimal(1)
    owed = min(rate * units, line.charge)
    allowed = next((a.value for a in line.amounts if a.qualifier == "B6" and a.value > 0), None)
    if allowed is None:
        allowed = accounted(line, piles)
    short = owed - allowed
    if short <= tolerated(owed):
        return None
    terms = f"{units.normalize():f} units at {rate.normalize():f}"
    says = f"allowed {allowed:,.2f}, while the contract owes {owed:,.2f} ({terms})"
    return Shortfall(short.quantize(Decimal("0.01")), says)


def accounted(line: ServicePayment, piles: dict[Pile, tuple[Adjustment, ...]]) -> Decimal:
    """Return what a line's own slots say was allowed, in dollars: paid, patient's share, reductions after allowance."""
    later = (*piles.get("patient", ()), *piles.get("contractual", ()), *piles.get("info", ()))
    return line.paid + total(a.amount for a in later if a.carc not in DISCOUNTS)


def tolerated(owed: Decimal) -> Decimal:
    """Return how many dollars below what is owed are rounding, and no shortfall."""
    return max(_TOLERATED_DOLLARS, owed * _TOLERATED_SHARE)

"""Is what another plan paid on a denied line all that it owes? By its contract, else by what it says it allowed."""

from decimal import Decimal

from knowledge.types.outcomes import OtherPayment
from tools.denials.answers import Answer
from tools.denials.finding import RateFor
from tools.denials.identity import billed_code, service_day
from tools.denials.rules import AdjustmentRules
from tools.denials.sorting import Setting, sort_adjustments
from tools.denials.underpayment import NOT_PRIMARY, accounted, tolerated


class OtherAmounts:
    """Judges payments of other plans by contracted rates and by the plans' own words."""

    def __init__(self, rate_for: RateFor, rules: AdjustmentRules) -> None:
        """Judge by `rate_for` (dollars per billing unit) and the code tables in `rules`."""
        self._rate_for, self._rules = rate_for, rules

    def judge(self, answer: Answer, position: int) -> OtherPayment:
        """Judge what an answer pays on a line (from 1).

        What the plan accounts for is what it paid, the patient's share it names, and reductions after the allowance
        (sequestration). It owes rate times units, or the charge when that is less; with no contract on file, what it
        says it allowed (AMT*B6). Where neither is known, or it paid as second, a person judges.
        """
        line, plan = answer.claim.lines[position - 1], answer.payer.name
        code, on = billed_code(line), service_day(line, answer.claim)
        rate = self._rate_for(answer.payer.payer.id, code, on) if answer.payer.payer and code and on else None
        piles = sort_adjustments(line.adjustments, Setting(answer.payer.payer, rate=rate), self._rules)
        paid = f"paid by another plan: {plan} paid {line.paid:,.2f}"
        if answer.claim.status in NOT_PRIMARY or "cob" in piles:
            return _unknown(f"{paid} after another payer")
        units = line.units_submitted or line.units_paid or Decimal(1)
        allowed = next((fact.value for fact in line.amounts if fact.qualifier == "B6" and fact.value > 0), None)
        if rate is not None and rate > 0 and "priced" not in piles:
            owed = min(rate * units, line.charge)
            rests_on = f"{owed:,.2f} by contract ({units.normalize():f} units at {rate.normalize():f})"
        elif allowed is not None:
            owed, rests_on = allowed, f"{allowed:,.2f} that it allowed (AMT*B6)"
        else:
            return _unknown(f"{paid}, and neither a contracted rate nor what it allowed is on file")
        reached = accounted(line, piles)
        beside = f" and accounts for {reached - line.paid:,.2f} beside it" if reached > line.paid else ""
        says = f"{paid}{beside}, of {rests_on}"
        return OtherPayment(standing="part" if owed - reached > tolerated(owed) else "full", says=says)


def _unknown(says: str) -> OtherPayment:
    return OtherPayment(standing="unknown", says=f"{says}: amount to be judged")

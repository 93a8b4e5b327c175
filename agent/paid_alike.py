"""What a payer paid for the same code elsewhere: the practice's own examples for a dispute about a rate."""

from collections.abc import Mapping
from decimal import Decimal

from agent.diagnosis.case import AdjudicatedLine
from knowledge.types.denial import Denial
from knowledge.types.remit import ServicePayment

DISPUTED = frozenset({"underpaid", "zero_allowed"})
_AFTER_ALLOWANCE = frozenset({"253"})
"""Reductions that come after the allowance: sequestration."""


def allowance(line: ServicePayment) -> Decimal | None:
    """Return what a payer allowed in dollars: AMT*B6 where stated, else paid, patient's share and sequestration.

    None for a line that an earlier payer touched (OA-23): what is allowed there is another payer's.
    """
    stated = next((amount.value for amount in line.amounts if amount.qualifier == "B6" and amount.value > 0), None)
    if stated is not None:
        return stated
    if any(adjustment.carc == "23" for adjustment in line.adjustments):
        return None
    later = (a.amount for a in line.adjustments if a.group == "PR" or a.carc in _AFTER_ALLOWANCE)
    return line.paid + sum(later, Decimal(0))


def paid_alike(
    denial: Denial, payer_key: str, standing: Mapping[tuple[str, str], tuple[AdjudicatedLine, ...]]
) -> tuple[AdjudicatedLine, ...]:
    """Return the payer's other standing lines of a disputed code, newest first; none where no rate is disputed."""
    line = denial.line
    if denial.kind not in DISPUTED or line is None or not line.hcpcs:
        return ()
    found = [
        other
        for (key, _), lines in standing.items()
        if key == payer_key
        for other in lines
        if other.hcpcs == line.hcpcs and (other.file, other.segment) != (denial.remit.file, line.segment)
    ]
    return tuple(sorted(found, key=lambda one: (str(one.paid_on), one.file, one.segment), reverse=True))

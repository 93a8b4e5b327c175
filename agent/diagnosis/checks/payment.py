"""Facts about lines that were paid, but wrongly: below contract, or taken back."""

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, money, number
from knowledge.types.evidence import Fact


@check
def paid_below_contract(q: Inquiry) -> Fact:
    """Whether the line was paid below the contracted rate for its units, as found when remits were read."""
    denial = q.case.denial
    if denial.kind not in ("underpaid", "zero_allowed"):
        return no("The line is not one allowed below contract")
    if denial.rate_amount is None or denial.line is None:
        return unknown("The contracted rate is not known", missing=("the contract's rate for the code",))
    units = denial.line.units or q.billed_units
    expected = denial.rate_amount
    difference = denial.amount_at_stake if denial.kind == "underpaid" else expected
    rate = money(expected / units) if units else money(expected)
    counted = f"{number(units)} units" if units else "the units billed"
    says = f"Contract: {rate} a unit, {money(expected)} for {counted}; allowed {money(expected - difference)}"
    return yes(
        says,
        sources.remit_line(q),
        _contract_row(q, says),
        hcpcs=q.hcpcs,
        service_date=day(q.service_date),
        allowed=money(expected - difference),
        rate=rate,
        expected=money(expected),
        billed_units=number(units) if units else "",
        difference=money(difference),
    )


@check
def payment_taken_back(q: Inquiry) -> Fact:
    """Whether the payer reversed a payment it had made and paid nothing in its place."""
    denial = q.case.denial
    if denial.kind != "recouped":
        return no("No payment was taken back")
    return yes(
        "; ".join(item.says for item in denial.history) or denial.why,
        sources.remit_line(q),
        payer_name=denial.remit.payer_name or "The payer",
        amount=money(denial.amount_at_stake),
        hcpcs=q.hcpcs or "the claim",
        service_date=day(q.service_date),
    )


def _contract_row(q: Inquiry, says: str) -> str:
    """Keep the row of the contract that was in force for the code on the day."""
    served = q.service_date
    for row in q.case.rates:
        starts = row.start_date is None or (served is not None and row.start_date <= served)
        ends = row.end_date is None or (served is not None and served <= row.end_date)
        if row.hcpcs == q.hcpcs and starts and ends:
            return q.ledger.add("contract", row.source, says, quote=row.raw, exhibit=f"contract:{row.source}")
    return ""

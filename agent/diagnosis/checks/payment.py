"""Facts about lines that were paid, but wrongly: below contract, or taken back."""

from datetime import date
from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, money, number
from knowledge.types.evidence import Fact
from knowledge.types.practice import ContractRate


@check
def paid_below_contract(q: Inquiry) -> Fact:
    """Whether the line was paid below the contracted rate for its units, as found when remits were read."""
    denial = q.case.denial
    if denial.kind not in ("underpaid", "zero_allowed"):
        return no("The line is not one allowed below contract")
    row = contract_row(q)
    units = denial.line.units or q.billed_units if denial.line else None
    if row is None or units is None:
        return unknown("The contracted rate is not known", missing=("the contract's rate for the code",))
    expected = (row.rate * units).quantize(Decimal("0.01"))
    difference = denial.amount_at_stake if denial.kind == "underpaid" else expected
    rate = money(row.rate)
    says = f"Contract: {rate} a unit of {q.hcpcs}"
    owed = f"{rate} times {number(units)} units is {money(expected)}; allowed {money(expected - difference)}"
    shown = sources.calculation(q, "contract-rate", f"{owed}; difference {money(difference)}")
    return yes(
        f"{says}: {owed}",
        sources.remit_line(q),
        sources.contract_rate(q, row),
        shown,
        hcpcs=q.hcpcs,
        service_date=day(q.service_date),
        allowed=money(expected - difference),
        rate=rate,
        expected=money(expected),
        billed_units=number(units),
        difference=money(difference),
    )


@check
def payment_taken_back(q: Inquiry) -> Fact:
    """Whether the payer reversed a payment it had made and paid nothing in its place."""
    denial = q.case.denial
    paid_before = [item for item in denial.history if item.paid > 0]
    if denial.kind != "recouped" and not paid_before:
        return no("No payment was taken back")
    return yes(
        "; ".join(item.says for item in denial.history) or denial.why,
        sources.remit_line(q),
        payer_name=denial.remit.payer_name or "The payer",
        amount=money(denial.amount_at_stake),
        hcpcs=q.hcpcs or "the claim",
        service_date=day(q.service_date),
    )


def contract_row(q: Inquiry, on: date | None = None) -> ContractRate | None:
    """Find the contract's row in force for the code on the day of service, or on another."""
    served = on or q.service_date
    for row in q.case.rates:
        starts = row.start_date is None or (served is not None and row.start_date <= served)
        ends = row.end_date is None or (served is not None and served <= row.end_date)
        if row.hcpcs == q.hcpcs and starts and ends:
            return row
    return None


@check
def payer_has_no_rate_for_code(q: Inquiry) -> Fact:
    """Whether the payer's contract lists rates but none for this code, or the code began within two quarters."""
    if contract_row(q) is not None:
        return no(f"The contract has a rate for {q.hcpcs}")
    if q.hcpcs in q.codes.hcpcs.unclassified:
        return no(f"{q.hcpcs} is a not-otherwise-classified code: priced by its invoice, on no fee schedule")
    new = q.fact("code-is-new")
    values = {"hcpcs": q.hcpcs, "service_date": day(q.service_date)}
    if new.truth == "confirmed":
        return yes(new.says, *new.evidence, rate_fault=new.says, **values)
    if q.case.rates:
        fault = f"the contract on file lists {len(q.case.rates)} rates and none for {q.hcpcs}"
        evidence = sources.calculation(q, "contract-rates", fault)
        return yes(fault, evidence, sources.remit_line(q), rate_fault=fault, **values)
    return unknown("The contract's rates are not in the records", missing=("the contract's rate for the code",))

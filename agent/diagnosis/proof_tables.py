"""Tables of letters that prove by dates or sums: days to filing, coverage on the day, what a contract owes."""

from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.case import AdjudicatedLine
from agent.diagnosis.checks.filing import ACCEPTED, by_payer, received, said_on
from agent.diagnosis.checks.payment import contract_row
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import day, money, number
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.letters import Table

FILING_CAUSES = frozenset({"filed-in-time-proof-exists"})
COVERAGE_CAUSES = frozenset({"other-payer-primary", "billed-wrong-plan", "coverage-terminated"})
PAYMENT_CAUSES = frozenset({"underpaid-against-contract"})
_MOST_EXAMPLES = 5


def proof_tables(q: Inquiry, root_cause: str) -> tuple[Table, ...]:
    """Return the tables that prove this cause by dates or sums; none where there is nothing to show."""
    if root_cause in FILING_CAUSES:
        return filing_table(q)
    if root_cause in COVERAGE_CAUSES:
        return coverage_table(q)
    if root_cause in PAYMENT_CAUSES:
        return payment_tables(q)
    return ()


def filing_table(q: Inquiry) -> tuple[Table, ...]:
    """Count the days from the service to each answer about the claim, and to the payer's limit.

    Who answered is told: what a clearinghouse took proves syntax only, what counts is the payer's own word.
    """
    payer, served, claim = q.case.payer, q.service_date, q.case.claim
    limit = payer.timely_filing_days if payer is not None else None
    if payer is None or served is None or limit is None:
        return ()
    last = served.fromordinal(served.toordinal() + limit)
    events = [
        (served, 0, "Date of service", "the claim"),
        (last, 9, f"Limit of {limit} days", f"{payer.name}'s limit"),
    ]
    rule = f"{payer.name}: {limit} days from the date of service, to {day(last)}"
    evidence = [sources.claim_line(q), sources.payer_setting(q, "timely_filing_days", rule)]
    if claim is not None and claim.submitted_on is not None:
        events.append((claim.submitted_on, 1, "Claim created", "our claim file"))
    for found in q.case.acknowledgements:
        on = said_on(found)
        if on is not None:
            events.append((on, 3 if by_payer(found) else 2, _answered(found), _who(found)))
            evidence.append(sources.acknowledgement(q, found))
    got = received(q)
    if got is not None:
        events.append((got, 4, "Received, as the remittance says", payer.name))
    events.sort(key=lambda event: (event[0], event[1]))
    rows = tuple((what, day(on), str((on - served).days), who) for on, _, what, who in events)
    proof = next((at for at, event in enumerate(events) if event[1] in (3, 4) and event[0] <= last), None)
    shown = "; ".join(f"{what}: {on}, day {count} ({who})" for what, on, count, who in rows)
    evidence.append(sources.calculation(q, "filing-days", f"Days counted from the date of service. {shown}"))
    return (
        Table(
            title="Days from the date of service",
            columns=("", "Date", "Day", "Whose word"),
            rows=rows,
            marked=(proof, 2) if proof is not None else None,
            evidence=tuple(id_ for id_ in dict.fromkeys(evidence) if id_),
        ),
    )


def _answered(found: ClaimAcknowledgement) -> str:
    code = f"{found.category}{f' {found.status}' if found.status else ''}"
    number_ = f", number {found.payer_claim_number}" if found.payer_claim_number and by_payer(found) else ""
    taken = "Accepted" if found.category in ACCEPTED else "Received" if found.category == "A0" else "Sent back"
    return f"{taken} ({code}){number_}"


def _who(found: ClaimAcknowledgement) -> str:
    name = found.source_name or found.source_entity or "the receiver"
    return f"{name}, the payer" if by_payer(found) else f"{name}, on the way to the payer"


def coverage_table(q: Inquiry) -> tuple[Table, ...]:
    """Lay the verified coverage of the day side by side: which plan came first, by which row and trace."""
    served = q.service_date
    plans = {payer.id: payer.name for payer in q.case.payers}
    mine = q.case.payer.id if q.case.payer is not None else ""
    rows = [
        row
        for row in q.case.coverage
        if served is not None
        and (row.payer_id == mine or (row.start_date is None or row.start_date <= served))
        and (row.payer_id == mine or row.end_date is None or served <= row.end_date)
    ]
    if not any(row.payer_id != mine for row in rows):
        return ()
    ordered = sorted(rows, key=lambda row: (row.order or "z", row.payer_id, row.source))
    cells = tuple(
        (
            plans.get(row.payer_id, row.payer_id),
            row.order or "not stated",
            day(row.start_date) or "unknown",
            day(row.end_date) or "open",
            day(row.verified_on) or "unknown",
            row.trace or "none",
        )
        for row in ordered
    )
    shown = "; ".join(
        f"{plan}: {order}, {start} to {end}, verified {on}, trace {trace}"
        for plan, order, start, end, on, trace in cells
    )
    count = sources.calculation(q, "coverage-on-the-day", f"Verified coverage for {day(served)}. {shown}")
    return (
        Table(
            title=f"Verified eligibility for {day(served)}",
            columns=("Plan", "Order", "From", "To", "Verified on", "Trace"),
            rows=cells,
            section="Why the claim comes to you",
            evidence=(*(sources.coverage(q, row) for row in ordered), count),
        ),
    )


def payment_tables(q: Inquiry) -> tuple[Table, ...]:
    """Work the contract's sum out step by step, and list what the payer paid at the contract's rate before."""
    row, denial, service = contract_row(q), q.case.denial, q.case.service
    units = (denial.line.units if denial.line else None) or q.billed_units
    if row is None or units is None or service is None or denial.kind not in ("underpaid", "zero_allowed"):
        return ()
    owed = (row.rate * units).quantize(Decimal("0.01"))
    allowed = owed - denial.amount_at_stake if denial.kind == "underpaid" else Decimal("0.00")
    share = sum((a.amount for a in service.adjustments if a.group == "PR"), Decimal(0))
    steps = [
        ("Contracted rate a unit", money(row.rate)),
        ("Units", number(units)),
        ("Contract amount: rate times units", money(owed)),
        ("Allowed", money(allowed)),
        ("Of it paid", money(service.paid)),
        *([("Of it the patient's share", money(share))] if share else []),
        ("Difference owed", money(owed - allowed)),
    ]
    shown = "; ".join(f"{what}: {value}" for what, value in steps)
    count = sources.calculation(q, "contract-sum", f"{q.hcpcs} of {day(q.service_date)}. {shown}")
    contract = sources.contract_rate(q, row)
    sums = Table(
        title=f"{q.hcpcs} of {day(q.service_date)}: what the contract owes",
        columns=("", "Amount"),
        rows=tuple(steps),
        marked=(len(steps) - 1, 1),
        evidence=(sources.remit_line(q), contract, count),
    )
    return (sums, *_examples(q))


def _examples(q: Inquiry) -> tuple[Table, ...]:
    """List the newest lines of the code that the payer allowed at the contract's rate of their own day.

    They name the payer's claim number and no person: it is the payer's own record that is pointed at.
    """
    found = [one for one in q.case.paid_alike if _at_contract(q, one)][:_MOST_EXAMPLES]
    if not found:
        return ()
    rows: list[tuple[str, ...]] = []
    evidence: list[str] = []
    sums: list[str] = []
    for one in found:
        assert one.units is not None
        assert one.allowed is not None
        cells = (
            one.payer_claim_number,
            day(one.service_date),
            day(one.paid_on),
            number(one.units),
            money(one.allowed),
            money(one.allowed / one.units),
        )
        says = f"Claim {cells[0]}: {one.hcpcs} of {cells[1]}, {cells[3]} units, paid {money(one.paid)} on {cells[2]}"
        place = f"{one.file} segment {one.segment}"
        evidence.append(q.ledger.add("remit", place, says, exhibit=f"remit:{place}"))
        sums.append(f"claim {cells[0]}: {cells[4]} for {cells[3]} units is {cells[5]} a unit")
        rows.append(cells)
    # What a unit comes to stands in no remit, and what was allowed not in every one: both are reckoned.
    worked = sources.calculation(q, "allowed-a-unit", f"{q.hcpcs} allowed, by unit. {'; '.join(sums)}")
    evidence.append(worked)
    return (
        Table(
            title=f"{q.hcpcs} allowed at the contracted rate before",
            columns=("Your claim number", "Date of service", "Remittance", "Units", "Allowed", "A unit"),
            rows=tuple(rows),
            evidence=tuple(evidence),
        ),
    )


def _at_contract(q: Inquiry, one: AdjudicatedLine) -> bool:
    row = contract_row(q, one.service_date)
    if row is None or one.units is None or one.units <= 0 or one.allowed is None or not one.payer_claim_number:
        return False
    return abs(one.allowed - (row.rate * one.units).quantize(Decimal("0.01"))) <= Decimal("0.01")

"""Tables that prove by dates or sums: whose word each date is, what a contract owes, what was paid alike."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from agent_builders import AS_OF, accepted, asked, case, chart, claim, coverage, dose, line, paid_before
from corrections_made import made

from agent.diagnosis.proof_tables import coverage_table, filing_table, payment_tables
from knowledge.types.corrections import SetCode, SetModifiers, SplitWaste
from knowledge.types.practice import ContractRate


def test_days_are_counted_and_only_the_payers_own_word_is_marked() -> None:
    acks = (accepted(date(2026, 3, 20), source="AY"), accepted(date(2026, 3, 22)))
    (table,) = filing_table(asked(case("CO-29", acknowledgements=acks)))
    assert [row[2] for row in table.rows] == ["0", "2", "4", "6", "90"]
    assert table.rows[2][3].endswith("on the way to the payer")
    assert table.rows[3][3].endswith("the payer")
    assert table.marked == (3, 2)
    late = case("CO-29", acknowledgements=(accepted(date(2026, 3, 20), source="AY"), accepted(date(2026, 7, 1))))
    assert filing_table(asked(late))[0].marked is None


def test_coverage_of_the_day_names_order_and_trace_and_leaves_other_days_out() -> None:
    rows = (coverage(order="secondary"), coverage("OTHER", trace="T-9"), coverage("OLD", end_date=date(2025, 2, 1)))
    (table,) = coverage_table(asked(case("CO-22", coverage=rows)))
    assert [(row[0], row[1], row[5]) for row in table.rows] == [
        ("OTHER", "primary", "T-9"),
        ("Cascade Health Plan", "secondary", "none"),
    ]


def test_a_dispute_shows_the_sum_and_only_what_was_allowed_at_the_contracts_rate() -> None:
    rate = ContractRate(payer_id="CASC1", hcpcs="J9271", start_date=None, end_date=None, rate=Decimal("50.00"))
    alike = (paid_before(allowed=Decimal(20000)), paid_before(number="ICN2", allowed=Decimal(19000)))
    of = case("CO-45", rates=(rate,), paid_alike=alike)
    short = of.denial.model_copy(update={"kind": "underpaid", "amount_at_stake": Decimal("1000.00")})
    q = asked(replace(of, denial=short))
    sums, examples = payment_tables(q)
    assert ("Contract amount: rate times units", "$20,000.00") in sums.rows
    assert sums.rows[-1] == ("Difference owed", "$1,000.00")
    assert [row[0] for row in examples.rows] == ["ICN0"]
    shown = [item for item in q.ledger.all() if item.id in examples.evidence]
    assert [item.kind for item in shown if "a unit" in item.says] == ["calculation"]
    assert AS_OF


def test_a_line_with_nothing_discarded_carries_jz_and_no_other_code() -> None:
    sent = claim(line(modifiers=()))
    none = made(replace(case("CO-16", sent=sent, chart=chart(dose(400, 0))), links=case().links), "jw-jz-missing")
    assert isinstance(none[0], SetModifiers)
    assert not [c for c in none if isinstance(c, SetCode | SplitWaste)]

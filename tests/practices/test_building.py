"""The builder: money that balances whatever a case says, and specifications that are refused with a reason."""

import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.practices.building.clocks import clock
from evals.practices.building.envelope import interchange, transaction
from evals.practices.building.pdf import text_pdf
from evals.practices.building.reading_answers import answer, label, moneys
from evals.practices.building.settling import settle
from evals.practices.building.story import Adj, Answer, Delimiters, Line, SpecError

CENTS = st.decimals(min_value="0.01", max_value="50000.00", places=2, allow_nan=False)
PAYER = {
    "appeals": [{"level": "reconsideration", "days": 180, "from": "remit_date"}],
    "corrected_claim_days": 120,
    "timely_filing_days": 90,
    "retro_authorization_days": 60,
}


def line(charge: Decimal, said: Answer) -> Line:
    return Line("J9271", Decimal(200), charge, said)


@given(CENTS, st.decimals(min_value="0", max_value="1", places=2), st.booleans())
def test_a_paid_line_balances_with_and_without_sequestration(charge: Decimal, part: Decimal, sequestered: bool) -> None:
    allowed = (charge * part).quantize(Decimal("0.01"))
    coins = (allowed / 5).quantize(Decimal("0.01"))
    said = Answer(allowed=allowed, patient=(Adj("PR-2", coins),), decoy="paid")
    settled = settle(line(charge, said), 1, said, sequestered, "a case")
    taken = sum((row.amount or Decimal(0) for row in settled.adjustments), Decimal(0))
    assert settled.paid + taken == charge
    assert settled.paid >= 0
    assert settled.allowed == allowed


@given(CENTS)
def test_a_denial_without_an_amount_takes_the_whole_charge(charge: Decimal) -> None:
    said = answer({"denied": "CO-198 N54", "decoy": "none"}, "a case")
    settled = settle(line(charge, said), 1, said, True, "a case")
    assert (settled.paid, settled.denied) == (Decimal(0), charge)
    assert settled.remarks == ("N54",)


def test_a_partial_denial_leaves_the_rest_to_contract_and_patient() -> None:
    said = answer(
        {"denied": "CO-198=10800.00/240 N45", "paid": {"allowed": "6720.00", "coins": "672.00"}, "decoy": "x"}, "a case"
    )
    settled = settle(line(Decimal("21600.00"), said), 1, said, False, "a case")
    assert settled.paid == Decimal("6048.00")
    assert settled.denied == Decimal("10800.00")
    assert [(row.code, row.amount) for row in settled.adjustments] == [
        ("CO-45", Decimal("4080.00")),
        ("CO-198", Decimal("10800.00")),
        ("PR-2", Decimal("672.00")),
    ]


def test_adjustments_above_the_charge_are_refused_by_case_and_line() -> None:
    said = answer({"denied": "CO-50=12.00", "decoy": "x"}, "a case")
    with pytest.raises(SpecError, match=r"a case, line 3: adjustments exceed the charge by 2\.00"):
        settle(line(Decimal("10.00"), said), 3, said, False, "a case")


def test_an_unknown_key_is_refused_by_name() -> None:
    with pytest.raises(SpecError, match=r"case seed: unknown keys \['rute'\]"):
        label({"cause": "unknown", "remedy": "hold", "why": "x", "rute": "review"}, "case seed")


def test_a_remedy_with_a_second_step_is_read_as_both() -> None:
    read = label({"cause": "auth-expired", "remedy": "authorization_fix, then reconsideration", "why": "x"}, "c")
    assert read is not None
    assert (read.remedy, read.then) == ("authorization_fix", "reconsideration")


def test_adjustments_are_read_with_amount_and_quantity() -> None:
    assert moneys("CO-45=1.20 OA-133 CO-198=3.00/40") == (
        Adj("CO-45", Decimal("1.20")),
        Adj("OA-133"),
        Adj("CO-198", Decimal("3.00"), Decimal(40)),
    )


@pytest.mark.parametrize(
    ("action", "last"),
    [
        ("authorization_fix", date(2026, 5, 15)),
        ("new_claim", date(2026, 6, 14)),
        ("corrected_claim", date(2026, 8, 1)),
        ("reconsideration", date(2026, 9, 30)),
        ("appeal", None),
    ],
)
def test_clocks_count_from_the_service_or_the_remit(action: str, last: date | None) -> None:
    assert clock(action, PAYER, date(2026, 3, 16), date(2026, 4, 3)) == last


def test_an_interchange_counts_its_segments_and_keeps_the_isa_at_106_characters() -> None:
    body = transaction("835", "0001", [("BPR", "I", "0")])
    data = interchange([body], "HP", "005010X221A1", "SENDER", "RECEIVER", date(2026, 4, 3), "7", Delimiters("|", ">"))
    text = data.decode()
    assert (text[3], text[104], text[105]) == ("|", ">", "~")
    assert "SE|3|0001~" in text
    assert text.endswith("IEA|1|000000007~")


def test_a_text_pdf_opens_and_breaks_into_pages() -> None:
    data = text_pdf("\n".join(f"line {n} (of a report)" for n in range(60)))
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.pages) == 2
        assert rb"line 0 \(of a report\)" in document.pages[0].Contents.read_bytes()

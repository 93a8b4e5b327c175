import unicodedata
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from api.export_rows import spreadsheet_cell
from api.terminal.words import dollars, has_passed, plain, short_ids, time_left

DAY = date(2026, 5, 1)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_dollars_can_be_read_back(amount: Decimal) -> None:
    assert Decimal(dollars(amount).replace("$", "").replace(",", "")) == amount


@given(st.integers(min_value=-400, max_value=400))
def test_a_deadline_has_passed_only_after_its_day(days: int) -> None:
    deadline = (DAY + timedelta(days=days)).isoformat()
    assert has_passed(deadline, DAY) == (days < 0)
    assert ("over" in time_left(deadline, DAY)) == (days < 0)


@given(st.text())
def test_plain_text_has_nothing_hidden_and_keeps_its_length(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert not any(unicodedata.category(mark).startswith("C") for mark in shown)


@given(st.sets(st.text("0123456789abcdef", min_size=20, max_size=20), min_size=1, max_size=60))
def test_short_ids_tell_denials_apart_and_begin_their_ids(bare: set[str]) -> None:
    ids = [f"den_{name}" for name in sorted(bare)]
    short = short_ids(ids)
    assert len(set(short.values())) == len(ids)
    assert all(denial_id.removeprefix("den_").startswith(name) for denial_id, name in short.items())


@given(st.text())
def test_a_cell_is_never_a_formula(text: str) -> None:
    cell = spreadsheet_cell(text)
    numeric = text[:1] in ("-", "+") and text[1:].replace(".", "", 1).isdecimal()
    assert numeric or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.removeprefix("'") == text.removeprefix("'")

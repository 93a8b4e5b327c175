import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.reading.quotes import find_quote

NOTE = (
    "Interval history: three cycles of pembrolizumab 200 mg (01/12, 02/02, 02/23), well\ntolerated. She did "
    "not respond to platinum.\nNo evidence of progression on CT. Pembrolizumab 240 mg IV every 3 weeks; "
    "AUC 2.5 given\u00a0once.\n"
    "ECOG 1\nHER2 IHC 3+ positive. LVEF > 55 %. Prior trastuzumab: yes, 2026-03-16.\nHepatitis B was ruled out in May."
)


@pytest.mark.parametrize(
    "quote",
    [
        "three cycles of pembrolizumab 200 mg (01/12, 02/02, 02/23), well tolerated.",
        "did not respond to platinum",
        "No evidence of progression on CT.",
        "AUC 2.5 given once",
        "ECOG 1",
        "  HER2 IHC 3+\tpositive.  ",
        "Pembrolizumab 240 mg IV every 3 weeks",
    ],
)
def test_a_verbatim_quote_is_found_over_line_wraps_and_spaces(quote: str) -> None:
    place = find_quote(quote, NOTE)
    assert place is not None
    assert NOTE[place[0] : place[1]].split() == quote.split()


@pytest.mark.parametrize(
    "quote",
    [
        "three cycles of pembrolizumab 400 mg (01/12, 02/02, 02/23)",  # a changed digit
        "She did respond to platinum",  # a dropped "not"
        "respond to platinum.",  # the "not" left outside
        "evidence of progression on CT.",
        "progression on CT. Pembrolizumab",
        "Hepatitis B was",  # too much left out at the end
        "40 mg IV every 3 weeks",  # cut out of 240
        "5 given once.",
        "03-16.\nHepatitis B",
        "Pembrolizumab 240 mg ... every 3 weeks",  # stitched
        "Pembrolizumab 240 mg IV every 3 weeks … given once",
        "well tolerated. No evidence of progression",  # two places put together
        "Pеmbrolizumab 240 mg IV every 3 weeks",  # a Cyrillic letter
        "Pembrolizumab ２40 mg IV every 3 weeks",
        "pembrolizumab 240 mg iv every 3 weeks",  # another case
        "Pembroli\u200bzumab 240 mg IV",
        "well toler-\nated. She did",
        "240 mg IV",  # too short
        "ECOG",
        "55 %. Prior trastuzumab",  # the comparator left out
        "",
        "   \n ",
    ],
)
def test_what_does_not_stand_there_is_not_found(quote: str) -> None:
    assert find_quote(quote, NOTE) is None


def test_a_quote_across_two_documents_is_in_neither() -> None:
    first, second = "Dose pembrolizumab 400 mg", "given 2026-03-16 at 09:12"
    assert find_quote("pembrolizumab 400 mg given 2026-03-16", first) is None
    assert find_quote("pembrolizumab 400 mg given 2026-03-16", second) is None


def test_the_first_place_that_holds_is_the_one() -> None:
    source = "not given: docetaxel 140 mg IV. Later: docetaxel 140 mg IV. Again docetaxel 140 mg IV."
    assert find_quote("docetaxel 140 mg IV", source) == (39, 58)


def test_signs_of_patterns_are_letters_like_any_other() -> None:
    assert find_quote(".* any text at all (x)", "plain text at all x") is None
    assert find_quote("a+b (c) [d] {2,3} ^$", "see a+b (c) [d] {2,3} ^$ end") == (4, 24)


@given(st.text(alphabet="ab1 2.,-\n\u00a0é", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_what_is_found_reads_as_the_quote(source: str, start: int, end: int) -> None:
    quote = source[start:end]
    place = find_quote(quote, source)
    if place is not None:
        kept = source[place[0] : place[1]]
        assert re.sub(r"\s+", " ", kept).strip() == re.sub(r"\s+", " ", quote).strip()


@given(st.text(max_size=40), st.text(max_size=80))
def test_any_text_is_answered(quote: str, source: str) -> None:
    place = find_quote(quote, source)
    assert place is None or source[place[0] : place[1]].split() == quote.split()


def test_a_long_source_is_searched_quickly() -> None:
    assert find_quote("a " * 200 + "b and the end", "a " * 20000) is None

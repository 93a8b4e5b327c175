"""NDCs in eleven digits, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.dosing.ndc import is_claim_ndc, is_ndc_unit, ndc_candidates, normalize_ndc


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0006-3026-02", "00006302602"),
        ("50242-051-21", "50242005121"),
        ("12345-6789-1", "12345678901"),
        ("12345-6789-12", "12345678912"),
        (" 00006302602 ", "00006302602"),
        ("0006302602", None),
        ("0006-302-02", None),
        ("n/a", None),
        ("", None),
        ("123-4567-8901", None),
    ],
)
def test_dashes_tell_which_segment_is_short(written: str, expected: str | None) -> None:
    assert normalize_ndc(written) == expected


def test_ten_bare_digits_fit_three_forms() -> None:
    assert ndc_candidates("0006302602") == ("00006302602", "00063002602", "00063026002")
    assert ndc_candidates("0006-3026-02") == ("00006302602",)
    assert ndc_candidates("12") == ()


@given(st.from_regex(r"[0-9]{4}-[0-9]{4}-[0-9]{2}|[0-9]{5}-[0-9]{3}-[0-9]{2}|[0-9]{5}-[0-9]{4}-[0-9]", fullmatch=True))
def test_the_dashed_form_is_always_among_the_candidates_of_its_bare_digits(dashed: str) -> None:
    assert normalize_ndc(dashed) in ndc_candidates(dashed.replace("-", ""))


@given(st.text())
def test_what_is_normalized_may_stand_on_a_claim_unless_it_is_all_zeros(text: str) -> None:
    normal = normalize_ndc(text)
    if normal is not None:
        assert len(normal) == 11
        assert is_claim_ndc(normal) == (set(normal) != {"0"})


def test_a_claim_takes_only_the_five_ndc_units() -> None:
    assert is_ndc_unit("ML")
    assert not is_ndc_unit("MG")
    assert not is_claim_ndc("0006-3026-02")

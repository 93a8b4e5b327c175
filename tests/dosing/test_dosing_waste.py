"""Vials, waste and the modifiers that tell of it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.dosing.units import amount_of_units
from tools.dosing.vials import opening_of, smallest_opening
from tools.dosing.waste import opened_amount, waste_doubts, waste_lines

D = Decimal
SIZES = st.lists(st.sampled_from([D(v) for v in ("3.5", "10", "20", "30", "50", "100", "150", "400")]), min_size=1)
DOSES = st.decimals("0.1", 3000, places=1)


@pytest.mark.parametrize(
    ("drug", "dose", "per_unit", "sizes", "single_dose", "given_units", "wasted", "modifier"),
    [
        ("pembrolizumab 200 mg", "200", "1", "100", True, 200, 0, "JZ"),
        ("pembrolizumab 400 mg", "400", "1", "100", True, 400, 0, "JZ"),
        ("bevacizumab 1095 mg", "1095", "10", "100 400", True, 110, 0, "JZ"),
        ("oxaliplatin 155 mg", "155", "0.5", "50 100", True, 310, 90, "JW"),
        ("trastuzumab 420 mg from 150s", "420", "10", "150", True, 42, 3, "JW"),
        ("trastuzumab-anns 420 mg multi-dose", "420", "10", "420", False, 42, 0, ""),
        ("enfortumab 102.5 mg", "102.5", "0.25", "20 30", True, 410, 30, "JW"),
        ("loncastuximab 11.4 mg", "11.4", "0.075", "10", True, 152, 114, "JW"),
        ("bortezomib 2.3 mg", "2.3", "0.1", "3.5", True, 23, 12, "JW"),
        ("cyclophosphamide 1080 mg", "1080", "5", "500 1000", True, 216, 84, "JW"),
        ("carboplatin 615 mg multi-dose", "615", "50", "50 150 450 600", False, 13, 0, ""),
        ("pegfilgrastim 6 mg syringe", "6", "0.5", "6", True, 12, 0, "JZ"),
    ],
)
def test_worked_examples(
    drug: str,
    dose: str,
    per_unit: str,
    sizes: str,
    single_dose: bool,
    given_units: int,
    wasted: int,
    modifier: str,
) -> None:
    opened = opened_amount(D(dose), None, [D(size) for size in sizes.split()])
    assert opened is not None
    lines = waste_lines(D(dose), D(per_unit), opened, single_dose)
    assert (lines.administered, lines.discarded, lines.modifier) == (given_units, wasted, modifier), drug


@pytest.mark.parametrize(
    ("dose", "sizes", "opened"),
    [
        ("1095", "100 400", "2 x 400 mg + 3 x 100 mg"),
        ("102.5", "20 30", "3 x 30 mg + 1 x 20 mg"),
        ("420", "150", "3 x 150 mg"),
        ("155", "50 100", "2 x 100 mg"),
        ("480", "40 100 240", "2 x 240 mg"),
    ],
)
def test_vials_leave_the_least_over_and_are_as_few_as_can_be(dose: str, sizes: str, opened: str) -> None:
    sizes_mg = [D(size) for size in sizes.split()]
    found = smallest_opening(D(dose), sizes_mg)
    assert found is not None
    assert found.says() == opened


def test_an_unknown_container_calls_for_no_modifier() -> None:
    lines = waste_lines(D(155), D("0.5"), D(200), None)
    assert (lines.administered, lines.discarded, lines.modifier) == (310, 0, None)


def test_charted_waste_says_what_was_opened() -> None:
    assert opened_amount(D(155), D(45), []) == 200
    assert opened_amount(D(155), None, []) is None


def test_waste_that_makes_no_whole_vials_is_doubted() -> None:
    doubts = waste_doubts(D(155), D(30), [D(50), D(100)])
    assert [doubt.code for doubt in doubts] == ["waste-not-whole-vials"]
    assert "185 mg" in doubts[0].says


def test_more_opened_than_the_dose_needed_is_doubted() -> None:
    doubts = waste_doubts(D(155), D(95), [D(50), D(100)])
    assert [doubt.code for doubt in doubts] == ["more-opened-than-needed"]
    assert "= 200 mg would have covered the dose" in doubts[0].says


def test_waste_of_the_smallest_vials_is_not_doubted() -> None:
    assert waste_doubts(D(155), D(45), [D(50), D(100)]) == ()


def test_less_opened_than_given_is_an_error_with_both_figures() -> None:
    with pytest.raises(ValueError, match="100 mg opened cannot hold a dose of 155 mg"):
        waste_lines(D(155), D("0.5"), D(100), True)


@given(DOSES, SIZES)
def test_what_is_opened_covers_the_dose_with_less_than_one_smallest_vial_to_spare(
    dose: Decimal, sizes: list[Decimal]
) -> None:
    opening = smallest_opening(dose, sizes)
    assert opening is not None
    assert opening.total >= dose
    assert opening.total - dose < min(sizes)
    assert sum(size * count for size, count in opening.vials) == opening.total
    assert opening_of(opening.total, sizes) is not None


@given(DOSES, SIZES, st.sampled_from([D("0.075"), D("0.1"), D("0.5"), D(1), D(10), D(50)]))
def test_units_billed_never_exceed_what_was_opened_by_a_unit(
    dose: Decimal, sizes: list[Decimal], per_unit: Decimal
) -> None:
    opened = opened_amount(dose, None, sizes)
    assert opened is not None
    lines = waste_lines(dose, per_unit, opened, True)
    assert (lines.modifier == "JW") == (lines.discarded >= 1)
    if lines.discarded:
        billed = amount_of_units(lines.administered + lines.discarded, per_unit)
        assert billed <= opened + per_unit * D("0.000001") < billed + per_unit + D("0.0001")


def test_a_dose_far_beyond_its_vials_has_no_combination() -> None:
    assert smallest_opening(D("1e9"), [D("0.5")]) is None
    assert smallest_opening(D(5), []) is None
    assert smallest_opening(D(0), [D(5)]) is None

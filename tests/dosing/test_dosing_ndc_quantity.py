"""NDC quantities in the product's own unit (domain facts 4.6)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.codes import CrosswalkRow
from tools.dosing.ndc_quantity import Item, item_of, ndc_quantity, quantity_bounds, split_quantity

PEMBROLIZUMAB = Item(amount=Decimal(100), contents=Decimal(4), unit="ML")
TRASTUZUMAB = Item(amount=Decimal(150), contents=Decimal(1), unit="UN")
AMOUNTS = st.decimals("0.001", "5000", places=3)


def row(size: str = "4", per_item: str = "100", quantity: str = "1") -> CrosswalkRow:
    return CrosswalkRow(
        ndc="00006302602",
        code="J9271",
        size=Decimal(size),
        per_item=Decimal(per_item),
        quantity=Decimal(quantity),
        per_package=Decimal(per_item) * Decimal(quantity),
        table_date=date(2026, 10, 1),
        same_quarter=True,
    )


@pytest.mark.parametrize(
    ("used", "item", "parts", "expected"),
    [
        # Domain 4.6: pembrolizumab 200 mg of 100 mg/4 mL vials is ML 8; trastuzumab 150 mg x 3 is UN 3.
        ("200", PEMBROLIZUMAB, False, "8"),
        ("400", PEMBROLIZUMAB, False, "16"),
        ("450", TRASTUZUMAB, False, "3"),
        # An opened powder vial counts as one; the part used where the payer wants it.
        ("420", TRASTUZUMAB, False, "3"),
        ("420", TRASTUZUMAB, True, "2.8"),
        # Liquids are exact, whole vials or not.
        ("155", PEMBROLIZUMAB, False, "6.2"),
        ("100.1", PEMBROLIZUMAB, False, "4.004"),
        # A syringe of 6 mg in 0.6 mL: by the piece or by volume, as the payer wants.
        ("6", Item(amount=Decimal(6), contents=Decimal(1), unit="UN"), False, "1"),
        ("6", Item(amount=Decimal(6), contents=Decimal("0.6"), unit="ML"), False, "0.6"),
    ],
)
def test_a_dose_becomes_a_quantity_of_the_products_own_unit(used: str, item: Item, parts: bool, expected: str) -> None:
    found = ndc_quantity(Decimal(used), item, parts=parts)
    assert found.quantity == Decimal(expected)
    assert found.unit == item.unit
    assert f"{item.unit} {expected}" in found.says


def test_noise_of_a_division_opens_no_further_vial() -> None:
    thirds = Item(amount=Decimal("0.333333333333"), contents=Decimal(1), unit="UN")
    assert ndc_quantity(Decimal(1), thirds).quantity == 3


def test_what_was_given_and_what_was_discarded_make_up_the_vials() -> None:
    given_part, rest = split_quantity(Decimal(420), Decimal(30), TRASTUZUMAB)
    assert (given_part.quantity, rest.quantity) == (Decimal("2.8"), Decimal("0.2"))


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from(["ML", "UN"]))
def test_the_parts_of_a_split_line_lose_nothing(first: Decimal, second: Decimal, size: Decimal, unit: str) -> None:
    item = Item(amount=size, contents=Decimal(1), unit=unit)
    one, other = split_quantity(first, second, item)
    assert one.quantity + other.quantity == ndc_quantity(first + second, item, parts=True).quantity
    assert other.quantity >= 0


@given(AMOUNTS, AMOUNTS)
def test_whole_items_cover_what_was_used_and_not_one_more(used: Decimal, size: Decimal) -> None:
    found = ndc_quantity(used, Item(amount=size, contents=Decimal(1), unit="UN")).quantity
    assert found == found.to_integral_value()
    assert found * size >= used - size * Decimal("0.001")
    assert (found - 1) * size < used


@pytest.mark.parametrize("used", ["0", "-1"])
def test_nothing_used_has_no_quantity(used: str) -> None:
    with pytest.raises(ValueError, match="above zero"):
        ndc_quantity(Decimal(used), TRASTUZUMAB)
    with pytest.raises(ValueError, match="hold something"):
        ndc_quantity(Decimal(1), Item(amount=Decimal(0), contents=Decimal(1), unit="UN"))


def test_a_crosswalk_row_is_an_item_where_its_unit_is_known() -> None:
    assert item_of(row(), Decimal(1)) == PEMBROLIZUMAB
    assert item_of(row(), Decimal(1), "ML") == PEMBROLIZUMAB
    powder = row(size="1", per_item="15")
    assert item_of(powder, Decimal(10), "UN") == TRASTUZUMAB
    assert item_of(powder, Decimal(10)) is None  # 1 mL or one vial
    assert item_of(row(), Decimal(1), "GR") is None
    assert item_of(row().model_copy(update={"per_item": None}), Decimal(1)) is None


@pytest.mark.parametrize(
    ("units", "unit", "least", "most"),
    [
        ("200", "ML", "7.96", "8"),
        ("200", "UN", "1.99", "2"),
        ("155", "ML", "6.16", "8"),
        ("1", "ML", "0", "4"),
    ],
)
def test_billed_units_bound_the_quantity(units: str, unit: str, least: str, most: str) -> None:
    assert quantity_bounds(Decimal(units), row(), unit) == (Decimal(least), Decimal(most))


def test_packages_may_be_counted_and_other_units_are_not_judged() -> None:
    assert quantity_bounds(Decimal(400), row(quantity="4"), "UN") == (Decimal("0.998"), Decimal(4))
    assert quantity_bounds(Decimal(200), row(), "GR") is None
    assert quantity_bounds(Decimal(0), row(), "ML") is None


@given(st.integers(1, 2000), st.decimals("0.5", "50", places=1), st.decimals("1", "500", places=1))
def test_the_quantity_of_the_dose_behind_the_units_is_within_bounds(
    units: int, size: Decimal, per_item: Decimal
) -> None:
    package = row(size=str(size), per_item=str(per_item))
    bounds = quantity_bounds(Decimal(units), package, "ML")
    item = item_of(package, Decimal(1), "ML")
    assert bounds is not None
    assert item is not None
    exact = ndc_quantity(Decimal(units), item).quantity
    assert bounds[0] <= exact <= bounds[1] + Decimal("0.001") * (1 + size)

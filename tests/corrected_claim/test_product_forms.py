"""What a product is made as, and which vial was opened."""

from decimal import Decimal

import pytest

from tools.corrected_claim.product_forms import form_of, plain_name, product_item


def sizes(*mg: str) -> list[Decimal]:
    return [Decimal(size) for size in mg]


@pytest.mark.parametrize(
    ("generic", "name"),
    [
        ("bevacizumab-awwb", "bevacizumab"),
        ("fam-trastuzumab deruxtecan-nxki", "fam-trastuzumab deruxtecan"),
        ("ado-trastuzumab emtansine", "ado-trastuzumab emtansine"),
        ("daratumumab (IV)", "daratumumab"),
        ("paclitaxel protein-bound (Teva)", "paclitaxel protein-bound"),
        ("trastuzumab + hyaluronidase-oysk (SC)", "trastuzumab + hyaluronidase"),
    ],
)
def test_a_name_loses_maker_route_and_suffix_only(generic: str, name: str) -> None:
    assert plain_name(generic) == name


@pytest.mark.parametrize(
    ("generic", "unit"),
    [
        ("pembrolizumab", "ML"),
        ("trastuzumab-anns", "UN"),
        ("trastuzumab + hyaluronidase-oysk (SC)", ""),
        ("oxaliplatin", ""),  # sold as powder and as solution
        ("gemcitabine (Accord)", ""),
    ],
)
def test_a_form_is_told_only_where_there_is_one(generic: str, unit: str) -> None:
    assert form_of(generic) == unit


def test_a_solution_is_counted_in_millilitres_of_its_strength() -> None:
    item = product_item("bevacizumab-awwb", sizes("100", "400"), Decimal(300), exactly=False)
    assert item is not None
    assert (item.amount, item.contents, item.unit) == (25, 1, "ML")


@pytest.mark.parametrize(
    ("vials", "used", "exactly", "size"),
    [
        (("150", "420"), "450", True, "150"),
        (("150", "420"), "420", True, "420"),
        (("150", "420"), "2100", True, None),  # fourteen of one or five of the other
        (("150", "420"), "500", True, None),
        (("150", "420"), "450", False, None),
        (("50",), "120", False, "50"),
        (("50",), "120", True, None),
        ((), "120", False, None),
        (("50",), "0", False, None),
    ],
)
def test_a_powder_is_counted_in_the_one_vial_that_fits(
    vials: tuple[str, ...], used: str, exactly: bool, size: str | None
) -> None:
    item = product_item("trastuzumab-anns", sizes(*vials), Decimal(used), exactly)
    assert (item.amount if item else None) == (Decimal(size) if size else None)

"""Strengths of vials as nurses write them, and volumes that are no vial's."""

from decimal import Decimal

import pytest

from tools.dosing.strength import noted_strengths


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("two 5 mL vials (100 mg each)", "20"),
        ("Venofer 200 mg given, 100 mg/5 mL vial x 2", "20"),
        ("used 1 vial of 40 mg/2 mL", "20"),
        ("4 mL single-dose vial 100 mg opened", "25"),
        ("one vial, 25 mg/mL", "25"),
        ("100 mg per 4 mL vial", "25"),
        ("5 ml ampule of 250 mg", "50"),
        ("pulled from a 20 mg in 2 mL single-dose vial", "10"),
    ],
)
def test_the_strength_of_a_vial_is_read(text: str, strength: str) -> None:
    assert noted_strengths([text]) == {Decimal(strength)}


@pytest.mark.parametrize(
    "text",
    [
        "200 mg in 250 mL NS over 30 minutes",
        "pembrolizumab 200 mg/100 mL bag",
        "two 100 mg vials",
        "flushed with a 10 mL syringe of saline",
        "400 mg IV",
        "",
    ],
)
def test_what_was_hung_is_no_vial(text: str) -> None:
    assert noted_strengths([text]) == frozenset()


def test_two_strengths_are_both_returned() -> None:
    assert len(noted_strengths(["5 mL vial (100 mg)", "50 mg/5 mL vial"])) == 2

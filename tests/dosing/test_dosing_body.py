"""Body size, clearance, and the milligrams an order comes to: the worked examples, and what always holds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.types.chart import Amount
from tools.dosing.bsa import du_bois, mosteller
from tools.dosing.calvert import calvert, cockcroft_gault
from tools.dosing.caps import cap_of
from tools.dosing.ordered import Body, ordered_dose
from tools.dosing.weight import adjusted_weight, centimeters, ideal_weight, kilograms, weight_changed

D = Decimal
HEIGHTS = st.decimals(100, 220, places=1)
WEIGHTS = st.decimals(30, 200, places=1)


@pytest.mark.parametrize(
    ("cm", "kg", "by_mosteller", "by_du_bois"),
    [("170", "75", "1.882", "1.864"), ("160", "110", "2.211", "2.099")],
)
def test_body_surface_by_both_formulas(cm: str, kg: str, by_mosteller: str, by_du_bois: str) -> None:
    assert mosteller(D(cm), D(kg)) == D(by_mosteller)
    assert du_bois(D(cm), D(kg)) == D(by_du_bois)


@given(HEIGHTS, WEIGHTS)
def test_the_two_formulas_stay_within_a_fifth_of_each_other(cm: Decimal, kg: Decimal) -> None:
    assert D("0.8") < mosteller(cm, kg) / du_bois(cm, kg) < D("1.25")


def test_no_surface_without_a_body() -> None:
    with pytest.raises(ValueError, match="above zero"):
        mosteller(D(0), D(75))


def test_clearance_and_carboplatin_of_a_woman_of_66() -> None:
    gfr = cockcroft_gault(66, D(70), D("0.8"), "female")
    assert gfr == D("76.4")
    assert calvert(D(5), gfr) == D(507)


def test_clearance_above_the_cap_does_not_raise_carboplatin_past_900_mg() -> None:
    gfr = cockcroft_gault(45, D(90), D("0.6"), "male")
    assert gfr == D("197.9")
    assert calvert(D(6), gfr, cap=None) == D(1337)
    assert calvert(D(6), gfr) == D(900)


@pytest.mark.parametrize(("auc", "most"), [(4, 600), (5, 750), (6, 900)])
@given(gfr=st.decimals(0, 400, places=1))
def test_no_clearance_carries_a_target_past_its_maximum(auc: int, most: int, gfr: Decimal) -> None:
    assert calvert(D(auc), gfr) <= most


def test_ideal_and_adjusted_weight() -> None:
    assert ideal_weight(D("170"), "male") == D("65.9")
    assert ideal_weight(D("170"), "female") == D("61.4")
    assert adjusted_weight(D("160"), D("110"), "female") == D("75.4")
    assert ideal_weight(D("150"), "female") is None
    assert adjusted_weight(D("150"), D("60"), "female") is None


def test_weights_and_heights_in_other_units() -> None:
    assert kilograms(D(161), "lb") == D("73.02837157")
    assert centimeters(D(67), "in") == D("170.18")
    assert kilograms(D(11), "stone") is None


@pytest.mark.parametrize(("now", "changed"), [("63.1", False), ("63.0", True), ("77.0", True), ("76.9", False)])
def test_a_tenth_of_the_weight_asks_for_a_new_dose(now: str, changed: bool) -> None:
    assert weight_changed(D(70), D(now)) is changed


def amount(value: str, unit: str) -> Amount:
    return Amount(value=D(value), unit=unit)


def test_an_order_per_kg_is_milligrams_for_this_weight() -> None:
    read = ordered_dose(amount("15", "mg/kg"), Body(weight_kg=D(73)))
    assert read.milligrams == (D(1095),)
    assert read.how == ("15 mg/kg x 73 kg",)


def test_an_order_per_m2_admits_either_formula_until_one_is_charted() -> None:
    body = Body(height_cm=D(160), weight_kg=D(110))
    read = ordered_dose(amount("85", "mg/m2"), body)
    assert read.milligrams == (D("187.94"), D("178.42"))
    assert read.covers(D(178)) is True
    assert read.covers(D("150")) is False
    charted = ordered_dose(amount("85", "mg/m2"), Body(bsa_m2=D(2)))
    assert charted.milligrams == (D(170),)


def test_an_order_by_exposure_needs_the_kidney() -> None:
    body = Body(weight_kg=D(70), age=66, sex="female", creatinine_mg_dl=D("0.8"))
    assert ordered_dose(amount("5", "auc"), body).milligrams == (D(507),)
    assert ordered_dose(amount("5", "auc"), Body(weight_kg=D(70))).missing == ("age, sex, weight and creatinine",)


def test_label_limits_hold_where_a_label_sets_one() -> None:
    assert ordered_dose(amount("1.25", "mg/kg"), Body(weight_kg=D(120)), "enfortumab vedotin-ejfv").milligrams == (
        D(125),
    )
    assert ordered_dose(amount("27", "mg/m2"), Body(bsa_m2=D("2.6")), "carfilzomib").milligrams == (D("59.40"),)
    assert ordered_dose(amount("175", "mg/m2"), Body(bsa_m2=D("2.6")), "paclitaxel").milligrams == (D(455),)
    assert cap_of("Vincristine sulfate") is not None
    assert cap_of("paclitaxel") is None


def test_what_cannot_be_computed_is_asked_for() -> None:
    assert ordered_dose(None, Body()).covers(D(400)) is None
    assert ordered_dose(amount("15", "mg/kg"), Body()).missing == ("weight",)
    assert ordered_dose(amount("40000", "units"), Body()).milligrams == ()


@given(st.decimals("0.1", 1000, places=2), WEIGHTS)
def test_a_dose_as_computed_is_always_covered(per_kg: Decimal, kg: Decimal) -> None:
    read = ordered_dose(Amount(value=per_kg, unit="mg/kg"), Body(weight_kg=kg))
    assert read.covers(read.milligrams[0]) is True
    assert read.covers(read.milligrams[0] * 2) is False

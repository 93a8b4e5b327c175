"""Billing units from milligrams, to the unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.types.chart import Amount
from tools.dosing.units import amount_of_units, billing_units, exact_units, in_mg, units_given

D = Decimal
PER_UNIT = st.decimals("0.001", "1000", places=3)
AMOUNTS = st.decimals(0, 100_000, places=3)


@pytest.mark.parametrize(
    ("mg", "per_unit", "units"),
    [
        ("3.5", "0.1", "35"),
        ("400", "1", "400"),
        ("1095", "10", "110"),
        ("155", "0.5", "310"),
        ("420", "10", "42"),
        ("102.5", "0.25", "410"),
        ("11.4", "0.075", "152"),
        ("2.3", "0.1", "23"),
        ("1080", "5", "216"),
        ("615", "50", "13"),
        ("6", "0.5", "12"),
        ("0", "1", "0"),
        ("0.0000001", "1", "0"),
    ],
)
def test_units_are_the_days_total_rounded_up_after_six_places(mg: str, per_unit: str, units: str) -> None:
    assert billing_units(D(mg), D(per_unit)) == D(units)


@given(AMOUNTS, PER_UNIT)
def test_units_cover_the_dose_and_no_more_than_one_unit_beyond(amount: Decimal, per_unit: Decimal) -> None:
    units = billing_units(amount, per_unit)
    slack = per_unit * D("0.000001")
    assert units == int(units)
    assert amount - slack <= amount_of_units(units, per_unit) < amount + per_unit + slack


@given(st.integers(0, 100_000), PER_UNIT)
def test_whole_units_come_back_as_they_were(units: int, per_unit: Decimal) -> None:
    assert billing_units(amount_of_units(D(units), per_unit), per_unit) == units


@given(AMOUNTS, AMOUNTS, PER_UNIT)
def test_a_larger_dose_never_has_fewer_units(one: Decimal, more: Decimal, per_unit: Decimal) -> None:
    assert billing_units(one, per_unit) <= billing_units(one + more, per_unit)


def test_exact_units_keep_the_fraction_a_vial_has() -> None:
    assert exact_units(D(10), D("0.075")) == D("133.333333")


@pytest.mark.parametrize("per_unit", ["0", "-1"])
def test_a_unit_of_nothing_is_an_error_that_names_it(per_unit: str) -> None:
    with pytest.raises(ValueError, match=f"not {per_unit}"):
        billing_units(D(1), D(per_unit))


@pytest.mark.parametrize(
    ("value", "unit", "mg_per_ml", "mg"),
    [
        ("2", "g", None, "2000"),
        ("300", "mcg", None, "0.3"),
        ("8", "ml", "25", "200"),
        ("8", "ml", None, None),
        ("5", "auc", None, None),
        ("40000", "units", None, None),
        ("15", "mg/kg", None, None),
    ],
)
def test_only_a_mass_becomes_milligrams(value: str, unit: str, mg_per_ml: str | None, mg: str | None) -> None:
    strength = None if mg_per_ml is None else D(mg_per_ml)
    assert in_mg(Amount(value=D(value), unit=unit), strength) == (None if mg is None else D(mg))


@pytest.mark.parametrize(
    ("value", "unit", "quantity", "measure", "units"),
    [
        ("480", "mcg", "1", "MCG", "480"),
        ("0.48", "mg", "1", "MCG", "480"),
        ("2", "g", "1", "GM", "2"),
        ("40000", "units", "1000", "UNITS", "40"),
        ("40000", "units", "1", "MG", None),
        ("8", "ml", "1", "MG", None),
        ("250", "mg", "1", "MG (rituximab)", None),
    ],
)
def test_units_given_follow_the_measure_of_the_code(
    value: str, unit: str, quantity: str, measure: str, units: str | None
) -> None:
    got = units_given(Amount(value=D(value), unit=unit), D(quantity), measure)
    assert got == (None if units is None else D(units))

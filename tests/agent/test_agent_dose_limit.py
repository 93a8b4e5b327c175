"""A dose that follows its order may still be above the label or the body of the day; unknown bodies decide nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from agent_builders import SERVED, asked, case, chart, claim, diagnosed, dose, line, note, order, standing

from agent.diagnosis.case import Case
from knowledge.types.chart import Amount, Observation

D = Decimal
PANITUMUMAB = {"hcpcs": "J9303", "drug": "panitumumab"}
BEFORE = date(2026, 3, 2)


def seen(loinc: str, value: str, unit: str, on: date = SERVED) -> Observation:
    return Observation(
        resource=f"Observation/{loinc}-{on}", loinc=loinc, day=on, value=Amount(value=D(value), unit=unit)
    )


def weight(kg: str, on: date = SERVED, unit: str = "kg") -> Observation:
    return seen("29463-7", kg, unit, on)


def given(
    mg: int,
    *seen_by: Observation,
    units: int | None = None,
    text: str = "",
    basis: tuple[str, str] | None = None,
    drug: dict[str, str] | None = None,
    **changed: Any,
) -> Case:
    """A case of a drug given as ordered and billed as given."""
    of = drug or PANITUMUMAB
    written = order(
        mg, on=BEFORE, days=14, text=text, basis=Amount(value=D(basis[0]), unit=basis[1]) if basis else None, **of
    )
    held = chart(dose(mg, wasted=0, **of), orders=(written,), observations=seen_by, **changed)
    billed = line(units or mg // 10, hcpcs=of["hcpcs"])
    return case("CO-153", ("N640",), sent=claim(billed), chart=held)


def over(of: Case) -> str:
    return asked(of).fact("dose-over-label-or-body").truth


def test_a_dose_computed_with_an_older_weight_is_over_the_body_of_the_day() -> None:
    found = given(
        800, weight("134", BEFORE), weight("118"), text="6 mg/kg x 134 kg = 800 mg IV q14d", basis=("6", "mg/kg")
    )
    assert over(found) == "confirmed"
    named = diagnosed(found)
    assert (named.root_cause, named.remedy) == ("dose-over-label-or-weight", "hold")


def test_a_weight_in_a_note_of_the_day_counts() -> None:
    found = given(
        800,
        weight("134", BEFORE),
        text="6 mg/kg x 134 kg = 800 mg IV q14d",
        basis=("6", "mg/kg"),
        documents=(note("Nursing note", text="Vitals: weight 118 kg, BP 120/70. Panitumumab 800 mg given."),),
    )
    assert over(found) == "confirmed"


def test_a_weight_in_pounds_is_no_weight_in_kilograms() -> None:
    assert over(given(800, weight("295", unit="lb"), basis=("6", "mg/kg"))) == "refuted"


def test_the_orders_own_weight_stands_when_nothing_newer_was_measured() -> None:
    found = given(800, weight("100", date(2025, 1, 1)), text="6 mg/kg x 134 kg = 800 mg", basis=("6", "mg/kg"))
    assert over(found) == "refuted"


def test_a_loading_dose_in_the_order_is_within_it() -> None:
    drug = {"hcpcs": "J9355", "drug": "trastuzumab"}
    text = "8 mg/kg x 70 kg = 560 mg loading, then 6 mg/kg every 3 weeks"
    assert over(given(560, weight("70"), text=text, basis=("6", "mg/kg"), drug=drug)) == "refuted"


@pytest.mark.parametrize(("mg", "truth"), [(200, "confirmed"), (185, "unknown"), (180, "refuted")])
def test_a_cap_of_the_label_holds_though_the_order_exceeds_it(mg: int, truth: str) -> None:
    drug = {"hcpcs": "J9042", "drug": "brentuximab vedotin"}
    assert over(given(mg, weight("111"), units=mg, basis=("1.8", "mg/kg"), drug=drug)) == truth


def test_carboplatin_is_held_to_the_capped_clearance() -> None:
    drug = {"hcpcs": "J9045", "drug": "carboplatin"}
    high = given(1050, units=21, text="AUC 6 x (150 + 25) = 1050 mg IV", basis=("6", "auc"), drug=drug)
    assert over(high) == "confirmed"
    assert over(given(880, units=18, text="AUC 6", basis=("6", "auc"), drug=drug)) == "refuted"
    assert over(given(990, units=20, text="CrCl 140, AUC 6, 990 mg", basis=("6", "auc"), drug=drug)) == "confirmed"


def test_an_unknown_body_decides_nothing() -> None:
    assert over(given(800)) == "unknown"
    assert "weight" in asked(given(800)).fact("dose-over-label-or-body").missing


def test_a_drug_without_a_label_row_and_without_arithmetic_is_open() -> None:
    drug = {"hcpcs": "J9245", "drug": "melphalan"}
    assert over(given(300, units=6, drug=drug)) == "unknown"


def test_a_flat_dose_within_its_label_is_no_excess() -> None:
    pembrolizumab = {"hcpcs": "J9271", "drug": "pembrolizumab"}
    assert over(given(400, units=400, drug=pembrolizumab)) == "refuted"
    assert standing(given(400, units=400, drug=pembrolizumab), "dose-over-label-or-weight") == "refuted"


def test_a_note_that_says_why_leaves_it_to_a_person_with_an_argument() -> None:
    found = given(
        800,
        weight("118"),
        basis=("6", "mg/kg"),
        documents=(note("Visit note", text="Panitumumab dose kept on purpose: the weight loss is drained ascites."),),
    )
    named = diagnosed(found)
    assert named.root_cause == "dose-over-label-or-weight"
    assert named.remedy in ("reconsideration", "appeal")


def test_a_dose_above_its_limits_is_not_supported_against_the_payers_maximum() -> None:
    found = given(800, weight("118"), basis=("6", "mg/kg"))
    assert asked(found).fact("dose-is-supported").truth == "refuted"
    assert standing(replace(found), "mue-exceeded-dose-right") != "confirmed"


@pytest.mark.parametrize(
    "text", ["6 mg/kg AIBW = 400 mg IV q21d", "6 mg/kg adjusted ideal body weight", "6 mg/kg (IBW)"]
)
def test_a_dose_per_another_weight_is_not_computed_with_the_one_measured(text: str) -> None:
    drug = {"hcpcs": "J9063", "drug": "mirvetuximab soravtansine"}
    assert over(given(400, weight("60"), text=text, basis=("6", "mg/kg"), drug=drug)) == "unknown"
    assert over(given(800, weight("118"), text=text.replace("400", "800"), basis=("5", "mg/kg"))) == "confirmed"

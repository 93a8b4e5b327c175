"""NDC unit and quantity against the product, an NDC of another product, and modifiers a multi-dose vial never takes."""

from decimal import Decimal
from typing import Any

import pytest
from agent_builders import asked, case, chart, claim, diagnosed, dose, line, note, standing

from agent.diagnosis.case import Case
from knowledge.types.claim import DrugIdentification

IRINOTECAN = {"hcpcs": "J9206", "drug": "irinotecan"}
NDC = "00009111102"


def sent(
    quantity: str,
    unit: str,
    *,
    ndc: str = NDC,
    units: int = 16,
    mg: int = 320,
    drug: dict[str, str] = IRINOTECAN,
    remarks: tuple[str, ...] = ("N816",),
    charted: str = NDC,
    codes: str = "CO-16",
    **changed: Any,
) -> Case:
    product = DrugIdentification("N4", ndc, Decimal(quantity), unit)
    held = chart(dose(mg, wasted=0, ndc=charted, ndc11=charted, ndcs=(charted,) if charted else (), **drug), **changed)
    return case(codes, remarks, sent=claim(line(units, hcpcs=drug["hcpcs"], drug=product)), chart=held)


def complete(of: Case) -> str:
    return asked(of).fact("ndc-on-line-complete").truth


@pytest.mark.parametrize(
    ("quantity", "unit", "truth"),
    [
        ("16", "ML", "confirmed"),
        ("16", "GR", "refuted"),  # grams are for creams
        ("4", "UN", "refuted"),  # a solution is reported in mL
        ("320", "ME", "refuted"),
        ("16", "F2", "refuted"),
        ("320", "ML", "refuted"),  # milligrams written as mL
        ("15.2", "ML", "confirmed"),
        ("3", "ML", "refuted"),
        ("25", "ML", "confirmed"),  # a 500 mg vial opened whole
    ],
)
def test_a_solution_is_reported_in_millilitres_of_its_strength(quantity: str, unit: str, truth: str) -> None:
    assert complete(sent(quantity, unit)) == truth


@pytest.mark.parametrize(
    ("quantity", "unit", "truth"), [("2", "UN", "confirmed"), ("20", "ML", "refuted"), ("100", "UN", "refuted")]
)
def test_a_powder_is_reported_in_vials(quantity: str, unit: str, truth: str) -> None:
    azacitidine = {"hcpcs": "J9025", "drug": "azacitidine"}
    assert complete(sent(quantity, unit, units=130, mg=130, drug=azacitidine)) == truth


def test_a_syringe_may_be_counted_by_the_piece() -> None:
    fulvestrant = {"hcpcs": "J9395", "drug": "fulvestrant"}
    assert complete(sent("2", "UN", units=20, mg=500, drug=fulvestrant)) == "confirmed"
    assert complete(sent("10", "ML", units=20, mg=500, drug=fulvestrant)) == "confirmed"


def test_a_drug_of_several_forms_is_not_judged_by_its_form() -> None:
    gemcitabine = {"hcpcs": "J9201", "drug": "gemcitabine"}
    assert complete(sent("2", "UN", units=8, mg=1600, drug=gemcitabine)) == "confirmed"
    assert complete(sent("42", "ML", units=8, mg=1600, drug=gemcitabine)) == "confirmed"
    assert complete(sent("2", "GR", units=8, mg=1600, drug=gemcitabine)) == "refuted"


def test_where_the_payer_names_no_ndc_the_unit_is_no_fault() -> None:
    assert complete(sent("4", "UN", remarks=("N822",))) == "confirmed"


def test_the_unit_named_as_fault_is_a_cause_with_a_corrected_claim() -> None:
    named = diagnosed(sent("4", "UN"))
    assert (named.root_cause, named.remedy) == ("ndc-missing-or-invalid", "corrected_claim")
    assert "charted_ndc" not in named.values


@pytest.mark.parametrize(
    ("ndc", "charted", "truth"),
    [
        (NDC, "00009111101", "confirmed"),  # another package of the product
        (NDC, "00143970101", "refuted"),
        (NDC, "", "confirmed"),
    ],
)
def test_the_ndc_sent_is_that_of_the_product_given(ndc: str, charted: str, truth: str) -> None:
    assert complete(sent("16", "ML", ndc=ndc, charted=charted, remarks=("M119",))) == truth


PACLITAXEL = {"hcpcs": "J9267", "drug": "paclitaxel"}


def modifier(drug: dict[str, str], *modifiers: str, notes: tuple[str, ...] = (), text: str = "", mg: int = 134) -> Case:
    held = chart(dose(mg, notes=notes, **drug), documents=(note("Nursing flow sheet", text=text),) if text else ())
    billed = claim(line(mg, hcpcs=drug["hcpcs"], modifiers=modifiers))
    return case("CO-4", ("N822",), sent=billed, chart=held)


def test_a_multi_dose_drug_takes_no_modifier_and_the_payers_edit_is_wrong() -> None:
    found = modifier(PACLITAXEL, notes=("From a 300 mg/50 mL multi-dose vial.",))
    assert diagnosed(found).root_cause == "edit-contradicts-claim"
    assert standing(found, "jw-jz-missing") == "refuted"


def test_a_single_dose_vial_of_a_drug_usually_multi_dose_is_for_a_person() -> None:
    found = modifier(PACLITAXEL, notes=("One single-dose vial 150 mg.",))
    assert asked(found).fact("drug-in-single-dose-container").truth == "unknown"
    assert standing(found, "edit-contradicts-claim") != "confirmed"


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("Trastuzumab-dttb 420 mg from a multi-dose vial.", "refuted"),
        ("Trastuzumab-dttb 300 mg, two single-dose vials of 150 mg, none left.", "confirmed"),
        ("Trastuzumab-dttb 300 mg given.", "unknown"),
        ("Heparin from a multi-dose vial.", "unknown"),
    ],
)
def test_the_record_tells_the_container_where_the_code_does_not(text: str, truth: str) -> None:
    drug = {"hcpcs": "Q5112", "drug": "trastuzumab-dttb"}
    assert asked(modifier(drug, text=text)).fact("drug-in-single-dose-container").truth == truth


def test_a_trial_patients_missing_modifier_may_be_the_trials() -> None:
    held = note("Consent", text="Enrolled in NCT01234567.")
    found = modifier(PACLITAXEL)
    assert found.chart is not None
    trial = case("CO-4", ("N822",), sent=found.claim, chart=found.chart.model_copy(update={"documents": (held,)}))
    assert standing(trial, "edit-contradicts-claim") != "confirmed"


def wastage(*modifiers: str, discarded: int, mg: int = 320) -> Case:
    held = chart(dose(mg, wasted=discarded, **IRINOTECAN))
    billed = claim(line(mg // 20, hcpcs="J9206", modifiers=modifiers))
    return case("CO-16", ("N822",), sent=billed, chart=held)


@pytest.mark.parametrize(
    ("modifiers", "discarded", "truth"),
    [
        (("JZ",), 0, "confirmed"),
        (("JZ",), 19, "confirmed"),  # less than one unit left over is none
        (("JZ",), 80, "refuted"),
        (("JW", "JZ"), 80, "refuted"),
        ((), 0, "refuted"),
        ((), 80, "refuted"),
    ],
)
def test_jz_on_a_line_with_discarded_drug_is_wrong(modifiers: tuple[str, ...], discarded: int, truth: str) -> None:
    found = wastage(*modifiers, discarded=discarded)
    assert asked(found).fact("wastage-modifier-on-claim").truth == truth
    assert (diagnosed(found).root_cause == "jw-jz-missing") is (truth == "refuted")


def test_what_is_wrong_with_the_modifier_is_said() -> None:
    assert "with JZ, as if nothing was discarded" in diagnosed(wastage("JZ", discarded=80)).says
    assert "with neither JW nor JZ" in diagnosed(wastage(discarded=0)).says


@pytest.mark.parametrize("remark", ["N846", "N847", "N848"])
def test_a_well_written_ndc_the_payer_does_not_know_is_not_called_valid(remark: str) -> None:
    found = sent("16", "ML", remarks=(remark,))
    assert asked(found).fact("claim-carries-what-edit-misses").truth == "unknown"
    assert diagnosed(found).root_cause != "edit-contradicts-claim"


IRON = {"hcpcs": "J1756", "drug": "iron sucrose"}


@pytest.mark.parametrize(("quantity", "truth"), [("200", "refuted"), ("10", "confirmed"), ("20", "confirmed")])
def test_milligrams_under_a_unit_of_millilitres_are_seen(quantity: str, truth: str) -> None:
    assert complete(sent(quantity, "ML", units=200, mg=200, drug=IRON)) == truth


GEMCITABINE = {"hcpcs": "J9201", "drug": "gemcitabine"}


@pytest.mark.parametrize(
    ("text", "quantity", "truth"),
    [
        ("Gemcitabine 1600 mg: two 10 mL vials (1000 mg each).", "1600", "refuted"),
        ("Gemcitabine 1600 mg: two 10 mL vials (1000 mg each).", "16", "confirmed"),
        ("Gemcitabine 1600 mg in 250 mL NS.", "1600", "confirmed"),  # a bag is no vial
        ("Gemcitabine from a 10 mL vial (1000 mg) and a 5 mL vial (200 mg).", "1600", "confirmed"),  # two strengths
    ],
)
def test_the_records_own_vial_tells_the_strength_where_products_differ(text: str, quantity: str, truth: str) -> None:
    made = sent(quantity, "ML", units=8, mg=1600, drug=GEMCITABINE, documents=(note("Nursing note", text=text),))
    assert complete(made) == truth


def test_a_record_with_another_strength_than_the_label_leaves_the_quantity_to_a_person() -> None:
    noted = note("Nursing note", text="Irinotecan 320 mg from 5 mL vials (40 mg each).")
    assert complete(sent("320", "ML", documents=(noted,))) == "confirmed"

"""A note that says a dose was meant as given, in many wordings; errors, plans of others and plain reports are none."""

import pytest

from tools.dosing.dose_reason import dose_reason

GIVEN = (
    "Dose kept on purpose: the weight loss is ascites drained last week.",
    "Weight down 12%, all fluid after diuresis; dose unchanged because her dry weight is the same.",
    "I deliberately left the dose at 800 mg.",
    "Kept panitumumab at the prior dose despite weight loss, fluid only.",
    "We maintained the dose given curative intent.",
    "Will continue the 720 mg dose since edema masks her true weight.",
    "Carboplatin dosing uncapped by intent, discussed at tumor board.",
    "No cap because measured GFR by iohexol is 148.",
    "The dose was not reduced because the weight change is due to paracentesis.",
    "Full dose justified by curative intent; pharmacist agrees.",
    "Dose intentionally above the label, see trial of weekly dosing.",
    "Dose not capped for this young patient with germ cell tumor.",
    "NCCN supports the higher dose in this setting.",
    "Compendium allows a dose of 8 mg/kg here.",
    "Weight loss from diuresis only, so same dose today.",
    "Holding the dose at 200 mg in spite of the label's limit.",
    "The guideline uses a dose of AUC 7 for seminoma.",
    "Higher dose agreed with pharmacy.",
    "We knowingly exceed the 180 mg cap.",
    "Leaving the mg as is until effusion resolves.",
)
NOT_GIVEN = (
    "Panitumumab 800 mg IV over 60 min, tolerated well.",
    "Dose kept on purpose? No, an error: should have been 708 mg.",
    "Creatinine clearance entered uncapped by mistake, 1050 mg dispensed.",
    "Found at the second check after the infusion, reported. Dose not capped for no reason found.",
    "Weight 118 kg today, was 134.",
    "Continue panitumumab every 2 weeks.",
    "Dose reduced to 600 mg for rash.",
    "He was given 200 mg.",
    "Pharmacist asked about the dose; awaiting answer.",
    "Dose verified by two nurses.",
    "Dose per order.",
    "Will reassess dose at next visit.",
    "Unintentional dose above the cap.",
    "Dose not changed; nobody noticed the new weight, an oversight.",
    "Weight loss of 12% from poor intake.",
    "Capped at 125 mL/min, AUC 6, 900 mg.",
    "Labs in range, cleared for treatment.",
    "Label maximum is 180 mg.",
    "Mother was kept on her dose because of edema.",
    "Wrong weight used for the dose, kept from April.",
)


@pytest.mark.parametrize("text", GIVEN)
def test_a_reason_is_read(text: str) -> None:
    found = dose_reason(f"Visit today. {text}")
    assert found is not None
    assert found.quote in text


@pytest.mark.parametrize("text", NOT_GIVEN)
def test_no_reason_is_invented(text: str) -> None:
    assert dose_reason(text) is None

"""What a certified coder decides, drafted from the chart: diagnoses, separate services, infusion lines."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from agent_builders import (
    asked,
    auth,
    case,
    chart,
    claim,
    condition,
    dose,
    line,
    note,
)
from corrections_made import made, refused
from msgspec import structs

from agent.diagnosis.case import Case
from agent.drafting.corrections import dose_units
from knowledge.types.corrections import (
    RemoveLine,
    SetCode,
    SetDiagnoses,
    SetModifiers,
    SetPointers,
    SetUnits,
)

# --- drafts for a coder


def test_the_charted_diagnosis_takes_the_place_of_the_less_exact_one() -> None:
    of = case(
        "CO-16", ("M81",), sent=claim(diagnoses=("C50919", "Z5111")), chart=chart(conditions=(condition("C50.412"),))
    )
    (change,) = made(of, "diagnosis-unspecified-or-invalid")
    assert isinstance(change, SetDiagnoses)
    assert change.codes == ("C50412", "Z5111")


def test_the_covered_diagnosis_the_chart_carries_takes_the_place_of_the_mistyped_one() -> None:
    row = auth(diagnosis_codes=("C34.31",))
    sent = claim(line(diagnosis_pointers=(1,)), diagnoses=("C3411",))
    of = case("CO-197", sent=sent, auths=(row,), chart=chart(dose(), conditions=(condition("C34.31"),)))
    (change,) = made(of, "diagnosis-not-authorized-indication")
    assert isinstance(change, SetDiagnoses)
    assert change.codes == ("C3431",)
    both = structs.replace(sent, diagnoses=("C3411", "C3431"))
    (pointers,) = made(replace(of, claim=both), "diagnosis-not-authorized-indication")
    assert isinstance(pointers, SetPointers)
    assert pointers.pointers == (2,)
    two = chart(dose(), conditions=(condition("C34.31"), condition("C34.12")))
    wide = replace(of, authorization=auth(diagnosis_codes=("C34",)), chart=two)
    assert refused(wide, "diagnosis-not-authorized-indication")


def timed(minutes: int | None, billed: int = 3) -> Case:
    start = datetime(2026, 3, 16, 10, 0)  # noqa: DTZ001 - charted without a zone
    stop = start + timedelta(minutes=minutes) if minutes is not None else None
    sent = claim(line(), line(billed, "2", hcpcs="96415", modifiers=(), drug=None))
    return case("CO-150", sent=sent, denied=1, chart=chart(dose(start=start, stop=stop)))


def test_further_hours_follow_the_charted_time() -> None:
    (change,) = made(timed(140), "infusion-time-unsupported")
    assert isinstance(change, SetUnits)
    assert (change.line, change.units) == ("2", 1)
    assert dose_units(asked(timed(140)))["2"] == 1


@pytest.mark.parametrize("minutes", [None, 0, -5])
def test_time_that_is_not_charted_is_for_a_person(minutes: int | None) -> None:
    assert refused(timed(minutes), "infusion-time-unsupported")


def test_a_further_hour_that_the_charted_time_does_not_reach_is_taken_off() -> None:
    (change,) = made(timed(80), "infusion-time-unsupported")
    assert isinstance(change, RemoveLine)
    assert change.line == "2"


@pytest.mark.parametrize(
    ("cause", "code", "modifier"),
    [("visit-same-day-without-25", "99214", "25"), ("ncci-bundle-modifier-allowed", "96372", "59")],
)
def test_separate_services_are_marked_on_the_denied_line(cause: str, code: str, modifier: str) -> None:
    sent = claim(line(), line(1, "2", hcpcs=code, modifiers=(), drug=None))
    seen = chart(documents=(note("Visit note", text="Separate problem: new rash over the left flank, treated."),))
    (change,) = made(case("CO-97", sent=sent, denied=1, chart=seen), cause)
    assert isinstance(change, SetModifiers)
    assert (change.line, change.add) == ("2", (modifier,))


@pytest.mark.parametrize(
    "text",
    [
        "Labs fine today: ANC 2.2. No new complaints. OK to treat.",
        "Exam: lungs clear, no edema. Labs obtained and reviewed. Cleared for cycle 3.",
        "Denies new pain or other complaints. Okay to proceed with infusion.",
    ],
)
def test_a_visit_that_only_clears_the_patient_for_treatment_gets_no_25(text: str) -> None:
    sent = claim(line(), line(1, "2", hcpcs="99213", modifiers=(), drug=None))
    cleared = case("CO-97", sent=sent, denied=1, chart=chart(documents=(note("Visit note", text=text),)))
    assert asked(cleared).truth("visit-note-of-the-day") == "refuted"
    assert refused(cleared, "visit-same-day-without-25")


def test_a_visit_whose_note_is_not_at_hand_gets_no_25_by_itself() -> None:
    sent = claim(line(), line(1, "2", hcpcs="99213", modifiers=(), drug=None))
    assert refused(case("CO-97", sent=sent, denied=1), "visit-same-day-without-25")


def test_a_second_first_hour_after_chemotherapy_is_a_sequential_one() -> None:
    hour = line(1, "2", hcpcs="96413", modifiers=(), drug=None)
    sent = claim(line(), hour, line(1, "3", hcpcs="96365", modifiers=(), drug=None))
    (change,) = made(case("CO-97", sent=sent, denied=2), "infusion-hierarchy-wrong")
    assert isinstance(change, SetCode)
    assert (change.line, change.hcpcs, change.units) == ("3", "96367", 1)
    assert refused(case("CO-97", sent=sent, denied=1), "infusion-hierarchy-wrong")

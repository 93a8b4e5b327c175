"""The dose in a nursing record where no administration is charted: one plain statement counts, nothing else does."""

from datetime import timedelta

import pytest
from agent_builders import SERVED, asked, case, chart, claim, diagnosed, dose, line, note

from agent.diagnosis.case import Case
from agent.diagnosis.given import given_dose


def noted(text: str, kind: str = "Infusion nursing note", units: int = 16, days_ago: int = 0) -> Case:
    written = note(kind, SERVED - timedelta(days=days_ago), text)
    billed = claim(line(units, hcpcs="J9206"))
    return case("CO-153", ("N206",), sent=billed, chart=chart(documents=(written,)))


@pytest.mark.parametrize(
    "text",
    [
        "Irinotecan 320 mg 10:00 to 11:30 was infused.",
        "Irinotecan 320 mg IV given over 90 min, tolerated.",
        "Administered irinotecan 320 mg.",
        "Irinotecan 320 mg infused 10:00-11:30. Camptosar tolerated well.",
    ],
)
def test_a_dose_in_the_nursing_record_counts(text: str) -> None:
    assert asked(noted(text)).fact("dose-given-equals-billed").truth == "confirmed"
    wrong = noted(text, units=160)
    assert asked(wrong).fact("dose-given-equals-billed").truth == "refuted"
    assert diagnosed(wrong).root_cause == "billed-units-wrong"


@pytest.mark.parametrize(
    ("text", "kind", "days_ago"),
    [
        ("Irinotecan 320 mg ordered.", "Infusion nursing note", 0),
        ("Irinotecan 320 mg was not given, held for diarrhea.", "Infusion nursing note", 0),
        ("Irinotecan 320 mg given.", "Progress note", 0),
        ("Irinotecan 320 mg given.", "Infusion nursing note", 14),
        ("Plan: irinotecan 320 mg given next week.", "Infusion nursing note", 0),
        ("Irinotecan 320 mg given last cycle.", "Infusion nursing note", 0),
        ("Oxaliplatin 320 mg given.", "Infusion nursing note", 0),
        ("Irinotecan 320 mg given. Irinotecan 300 mg given.", "Infusion nursing note", 0),
        ("Irinotecan given.", "Infusion nursing note", 0),
    ],
)
def test_what_is_no_plain_record_of_the_day_counts_for_nothing(text: str, kind: str, days_ago: int) -> None:
    assert asked(noted(text, kind, days_ago=days_ago)).fact("dose-given-equals-billed").truth == "unknown"


def test_an_administration_that_was_not_done_is_not_overruled_by_a_note() -> None:
    held = dose(320, status="not-done", hcpcs="J9206", drug="irinotecan")
    written = note("Infusion nursing note", text="Irinotecan 320 mg given.")
    found = case("CO-153", sent=claim(line(16, hcpcs="J9206")), chart=chart(held, documents=(written,)))
    assert given_dose(asked(found)).amount is None


def test_waste_in_the_record_is_of_the_one_drug_it_names() -> None:
    found = noted("Irinotecan 320 mg given. 80 mg wasted.")
    assert given_dose(asked(found)).discarded == 80

"""A scan after the last treatment before tells that it ended in progression; anything less plain leaves it open."""

from datetime import date

import pytest
from test_chart_against_policy import held, line, note

POLICY = "## Criteria\nDisease that progressed during or after platinum-containing chemotherapy."
PLATINUM = line("gemcitabine and cisplatin", date(2025, 9, 12), date(2026, 1, 27), "", "s1")
PACLITAXEL = line("paclitaxel", date(2026, 2, 10), date(2026, 3, 10), "", "s2")
PROGRESSED = "Left external iliac node 3.1 cm (was 1.4). Impression: progression."


@pytest.mark.parametrize(
    ("text", "kind", "day", "outcome"),
    [
        (PROGRESSED, "CT abdomen and pelvis", date(2026, 3, 24), "met"),
        ("Impression: progressive disease in the liver.", "PET-CT", date(2026, 3, 24), "met"),
        ("Impression: no progression.", "CT abdomen and pelvis", date(2026, 3, 24), "not_determinable"),
        ("Impression: possible progression.", "CT abdomen and pelvis", date(2026, 3, 24), "not_determinable"),
        ("Pseudoprogression versus progression.", "MRI brain", date(2026, 3, 24), "not_determinable"),
        ("Progression-free interval of nine months.", "CT chest", date(2026, 3, 24), "not_determinable"),
        (PROGRESSED, "CT abdomen and pelvis", date(2025, 9, 1), "not_determinable"),
        (PROGRESSED, "CT abdomen and pelvis", date(2026, 5, 20), "not_determinable"),
        (PROGRESSED, "Front desk note", date(2026, 3, 24), "not_determinable"),
    ],
)
def test_imaging_tells_how_the_last_treatment_ended(text: str, kind: str, day: date, outcome: str) -> None:
    table = held(POLICY, note(text, kind, day), prior_treatments=(PLATINUM,), drug="pembrolizumab", hcpcs="J9271")
    assert table.outcome == outcome, [(row.criterion.text, row.chart_fact) for row in table.rows]


def test_a_scan_after_another_treatment_says_nothing_of_the_platinum() -> None:
    table = held(
        POLICY,
        note(PROGRESSED, "CT abdomen and pelvis", date(2026, 3, 24)),
        prior_treatments=(PLATINUM, PACLITAXEL),
        drug="pembrolizumab",
        hcpcs="J9271",
    )
    assert table.outcome == "not_determinable"

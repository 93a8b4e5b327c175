"""Where a claim would be changed without anybody looking: records of one day that differ, notes alone, other people."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from agent_builders import AS_OF, SERVED, asked, case, chart, claim, coverage, diagnosed, dose, line, note, order

from agent.decision import decide
from agent.diagnosis.case import Case

BORN = date(1960, 2, 29)


def routed(of: Case) -> str:
    return decide(of, diagnosed(of), AS_OF).route


def units(*doses: Any, **changed: Any) -> Case:
    return case("CO-16", ("M53",), chart=chart(*doses, **changed))


def test_units_that_a_charted_dose_refutes_go_straight_through() -> None:
    made = units(dose(200), orders=(order(200),))
    assert (diagnosed(made).root_cause, routed(made)) == ("billed-units-wrong", "straight_through")


def test_units_that_rest_on_a_note_alone_are_for_a_person() -> None:
    made = units(documents=(note("Nursing note", text="Pembrolizumab 200 mg given IV 09:00-09:30."),))
    found = diagnosed(made)
    if found.root_cause == "billed-units-wrong":
        assert "person-decides" in {reason.code for reason in found.review_reasons}
    assert routed(made) == "review"


def test_a_note_that_repeats_the_order_is_enough() -> None:
    said = note("Nursing note", text="Pembrolizumab 200 mg given IV 09:00-09:30.")
    made = units(documents=(said,), orders=(order(200),))
    assert asked(made).truth("dose-from-a-note-alone") == "refuted"


@pytest.mark.parametrize(
    "doses",
    [
        (dose(200), dose(200, resource="MedicationAdministration/ma-2")),  # one dose charted twice, or two
        (dose(200, notes=("Pembrolizumab 300 mg given.",)),),
    ],
)
def test_records_of_a_day_that_may_be_one_dose_twice_or_differ_are_for_a_person(doses: tuple[Any, ...]) -> None:
    made = replace(units(*doses), claim=claim(line(600)), line=line(600))
    assert routed(made) == "review"


def identity(*rows: Any, **claimed: Any) -> str:
    return asked(case("CO-31", sent=claim(**claimed), coverage=rows)).fact("member-identity-differs").truth


def test_digits_swapped_in_a_verified_persons_id_differ() -> None:
    assert identity(coverage(member_id="CHP12"), member_id="CHP21") == "confirmed"


def test_the_row_that_agrees_wins_whatever_comes_before_it() -> None:
    old = coverage(member_id="OLD9", end_date=date(2025, 12, 31))
    assert identity(old, coverage()) == "refuted"


def test_an_id_that_ended_before_the_service_is_not_put_in_its_place() -> None:
    old = coverage(member_id="OLD9", end_date=date(2025, 12, 31))
    assert identity(old, coverage(member_id="NEW1"), member_id="N3W1") == "confirmed"
    found = asked(case("CO-31", sent=claim(member_id="X"), coverage=(old, coverage(member_id="NEW1"))))
    assert "NEW1" in found.fact("member-identity-differs").values["identity_verified"]


@pytest.mark.parametrize(
    ("rows", "claimed"),
    [
        # a family shares the subscriber's id: the child is not the parent
        ((coverage(patient_first="Ida", birth_date=date(2001, 5, 5)),), {}),
        # one person under two ids that day
        ((coverage(member_id="A1"), coverage(member_id="B2")), {"member_id": "C3"}),
    ],
)
def test_whose_visit_it_was_is_not_guessed(rows: tuple[Any, ...], claimed: dict[str, Any]) -> None:
    assert identity(*rows, **claimed) == "unknown"


@pytest.mark.parametrize(
    ("row", "claimed"),
    [
        (coverage(patient_last="O'Neil-Voss"), {"patient_last": "ONEIL VOSS"}),
        (coverage(member_id="CHP-1"), {"member_id": "chp1"}),
    ],
)
def test_hyphens_spaces_and_case_are_no_difference(row: Any, claimed: dict[str, Any]) -> None:
    assert identity(row, **claimed) == "refuted"


def test_a_birth_date_alone_that_differs_is_a_mistake() -> None:
    assert identity(coverage(), birth_date=BORN.replace(day=28)) == "confirmed"
    assert SERVED > BORN

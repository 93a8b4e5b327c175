import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.intake.book import BookInputs, load_book_inputs
from agent.office import Office
from agent.shield import Identifiers, Shield, chart_bundles, identifiers_of, leaks
from evals.suites.injections.folder import write_folder
from evals.suites.injections.people import Planted

MORE = {
    "resourceType": "Bundle",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "id": "pt00001x",
                "identifier": [{"value": "JN23001"}],
                "name": [
                    {"family": "Testfall", "given": ["Ana"]},
                    {"use": "maiden", "family": "Featherstonehaugh"},
                    {"use": "nickname", "text": "Annie Oakleaf"},
                ],
                "telecom": [{"system": "phone", "value": "+1 218 5557701"}, {"system": "email", "value": "ana(at)x"}],
                "address": [{"line": ["Rural Route 3"], "city": "Two Harbors", "state": "MN", "postalCode": "55616"}],
                "contact": [
                    {"name": {"family": "Zimmerwald", "given": ["Otto"]}, "telecom": [{"value": "2185557702"}]}
                ],
            }
        },
        {"resource": {"resourceType": "Practitioner", "name": [{"family": "Quist", "given": ["Ottilie"]}]}},
    ],
}


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BookInputs, tuple[bytes, ...]]]:
    root: Path = tmp_path_factory.mktemp("practice")
    people = [
        Planted(1, "Testfall", "Ana", "1962-03-04", denial_reason="no"),
        Planted(2, "Nguyen", "Bao", "1959-12-31"),
    ]
    write_folder(root / "folder", people)
    with Office.open(root / "home", lambda: datetime(2026, 7, 31, tzinfo=UTC)) as office:
        report = office.take_folder(root / "folder")
        assert report.practice_id is not None
        inputs = load_book_inputs(office.records, report.practice_id)
        yield inputs, tuple(chart_bundles(office.records, report.practice_id))


@pytest.fixture(scope="module")
def known(practice: tuple[BookInputs, tuple[bytes, ...]]) -> Identifiers:
    return identifiers_of(practice[0], [*practice[1], json.dumps(MORE).encode(), b"no json"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Testfall", "PATIENT"),
        ("Ana Testfall", "PATIENT"),
        ("Featherstonehaugh", "PATIENT"),
        ("Annie Oakleaf", "PATIENT"),
        ("Otto Zimmerwald", "PATIENT"),
        ("Nguyen", "PATIENT"),
        ("Samuel Adeyemi", "STAFF"),
        ("Adeyemi", "STAFF"),
        ("Ottilie Quist", "STAFF"),
        ("March 4, 1962", "DOB"),
        ("MA200100017", "MEMBER"),
        ("JN23001", "MRN"),
        ("JN605001Z", "CLAIM"),
        ("22605190017", "ICN"),
        ("MN-70014", "AUTH"),
        ("MA00624771", "TRACE"),
        ("271-90001", "TRACE"),
        ("JN605001ZL1", "LINE"),
        ("pt00001x-doc-1", "FHIR"),
        ("1555002025", "NPI"),
        ("416559901", "TAX"),
        ("1810 W Superior St", "ADDRESS"),
        ("DULUTH MN 55806", "ADDRESS"),
        ("2185557701", "PHONE"),
        ("218-555-7702", "PHONE"),
        ("2185551001", "PHONE"),
        ("home1@example.org", "EMAIL"),
    ],
)
def test_everything_known_of_people_is_collected(known: Identifiers, text: str, kind: str) -> None:
    covered = Shield(known).cover(f"see {text} .")
    assert covered.startswith(f"see [[{kind}-1"), covered
    assert covered.endswith("]] .")
    assert leaks(f"see {text} .", known)


def test_a_person_named_alike_in_claim_chart_and_remit_is_one(known: Identifiers) -> None:
    assert Shield(known).cover("TESTFALL*ANA, Ana Testfall, Featherstonehaugh") == (
        "[[PATIENT-1:b]], [[PATIENT-1]], [[PATIENT-1:c]]"
    )


@pytest.mark.parametrize(
    "text", ["zolbetuximab J1326 C16.3", "NSMA-PB-133", "Northern Star Medical Assistance", "NSMA"]
)
def test_codes_policies_and_payers_are_no_persons(known: Identifiers, text: str) -> None:
    assert Shield(known).cover(text) == text


def test_another_birth_date_than_the_known_ones_stays(known: Identifiers) -> None:
    assert Shield(known).cover("seen 2026-03-04, 03/04/2026, 3/4/26") == "seen 2026-03-04, 03/04/2026, 3/4/26"


def test_the_owner_of_a_number_is_found(known: Identifiers) -> None:
    assert known.owner("MA200100017") == known.owner("jn23001") != known.owner("MA200100027")
    assert known.owner("nobody") == ""

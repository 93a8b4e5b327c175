"""Hospital stays and signatures, in the ways charts tell of them."""

from datetime import date

import pytest
from chart_builders import bundle, patient

from knowledge.types.chart import Chart, Document, Person
from tools.chart import read_chart
from tools.chart.signing import is_signed, signature_fault
from tools.chart.stays import stays


def told(text: str, kind: str = "Discharge summary") -> list[tuple[str, str]]:
    document = Document(resource="DocumentReference/d", kind=kind, day=date(2026, 6, 19), text=text)
    person = Person(resource="Patient/p")
    return [(str(stay.start), str(stay.end)) for stay in stays(Chart(file="x", person=person, documents=(document,)))]


@pytest.mark.parametrize(
    "text",
    [
        "Inpatient from 06/15/2026 to 06/19/2026, dehydration.",
        "Yusuf Abdi, inpatient from 06/15/2026 to 06/19/2026, dehydration and acute kidney injury.",
        "Admitted 06/15/2026, discharged 06/19/2026. Cholangitis, stent changed.",
        "Admitted 6/15, discharged 6/19.",
        "Date of admission: 06/15/2026\nDate of discharge: 06/19/2026",
        "Admission date: 2026-06-15. Discharge date: 2026-06-19.",
        "Hospitalized 06/15/2026 - 06/19/2026 for neutropenic fever.",
        (
            "Patient was admitted to Saint Gertrude on June 15, 2026 with sepsis."
            " She was discharged home on June 19, 2026."
        ),
        "Hospital stay 6/15/26 through 6/19/26.",
        "ADMITTED: 06/15/2026  DISCHARGED: 06/19/2026",
    ],
)
def test_a_stay_is_read_from_its_dates(text: str) -> None:
    assert told(text) == [("2026-06-15", "2026-06-19")]


@pytest.mark.parametrize(
    "text",
    [
        "Not admitted; sent home from the emergency department on 06/15/2026.",
        "Will be admitted on 06/22/2026 if fever persists.",
        "Placed in observation 06/15/2026 to 06/16/2026.",
        "Mother was admitted 06/15/2026, discharged 06/19/2026.",
        "Admitted to hospice 06/15/2026.",
        "Admitted to a skilled nursing facility 06/15/2026.",
        "Denies recent hospitalization.",
        "Port placed 06/15/2026, discharged from physical therapy 06/19/2026.",
    ],
)
def test_what_is_no_inpatient_stay_gives_none(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(("code", "count"), [("IMP", 1), ("ACUTE", 1), ("AMB", 0), ("OBSENC", 0), ("EMER", 0)])
def test_an_encounter_is_a_stay_by_its_class(code: str, count: int) -> None:
    encounter = {
        "resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": code},
        "subject": {"reference": "Patient/p1"}, "period": {"start": "2026-06-15T10:00:00Z", "end": "2026-06-19"},
    }  # fmt: skip
    chart, _ = read_chart(bundle(patient(), encounter), "x.json")
    assert chart is not None
    assert len(stays(chart)) == count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Nab-paclitaxel 200 mg.\nOrdering provider:                 Date:\n",
            "Ordering provider:                 Date:",
        ),
        (
            "Order.\nPhysician signature: ____________  Date: ________",
            "Physician signature: ____________  Date: ________",
        ),
        ("Order.\nSigned by:", "Signed by:"),
        ("Electronic signature:\n", "Electronic signature:"),
        ("Note text. UNSIGNED", "UNSIGNED"),
        ("Seen today. Awaiting signature.", "Awaiting signature"),
    ],
)
def test_a_missing_signature_is_told_by_its_words(text: str, words: str) -> None:
    document = Document(resource="DocumentReference/d", kind="Chemotherapy order", text=text)
    assert signature_fault(document) == words
    assert not is_signed(document)


@pytest.mark.parametrize(
    "text",
    [
        "Order.\n\nElectronically signed by Judith Amsel MD, 2026-05-11",
        "Order.\nOrdering provider: Judith Amsel MD   Date: 05/11/2026\n/s/ J. Amsel",
        "e-signed: J. Amsel 05/11/2026",
    ],
)
def test_a_signed_document_has_no_fault(text: str) -> None:
    document = Document(resource="DocumentReference/d", kind="Chemotherapy order", text=text)
    assert signature_fault(document) == ""
    assert is_signed(document)


def test_a_document_without_any_line_for_it_is_not_called_unsigned() -> None:
    document = Document(resource="DocumentReference/d", kind="Chemotherapy order", text="Nab-paclitaxel 200 mg.")
    assert signature_fault(document) == ""

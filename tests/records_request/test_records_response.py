"""A records answer holds exactly what was asked for, coded and hashed, the same bytes each time."""

import base64
import hashlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.records_request.response import (
    AnsweredBeyond,
    ClaimReference,
    Enclosed,
    RecordsResponse,
    Requested,
    build_response,
    control_number,
    response_json,
)
from tools.records_request.tables import asked_by_remark, document_types, kinds, of_kind, transmission, type_of

CLAIM = ClaimReference(
    claim_number="C1",
    payer_claim_number="ICN1",
    service_date=date(2026, 3, 16),
    hcpcs="J9271",
    payer_name="Cascade Health Plan",
    payer_id="CASC1",
    provider_name="Larkspur Oncology",
    provider_npi="1999999992",
    provider_tax_id="841234567",
    patient_last="Voss",
    patient_first="Ada",
    birth_date=date(1960, 2, 29),
    member_id="CHP1",
    remittance="T1",
    remittance_date=date(2026, 4, 3),
)


def enclosed(resource: str = "DocumentReference/n1", kind: str = "note", label: str = "Progress note") -> Enclosed:
    return Enclosed(
        resource=resource,
        kind=kind,
        label=label,
        day=date(2026, 3, 16),
        media_type="text/plain",
        content=b"Seen today.",
    )


def answer(*records: Enclosed, asked: tuple[Requested, ...] | None = None, channel: str = "fax") -> RecordsResponse:
    wanted = asked or (Requested(kind="note", asked_by=("M127",), resources=("DocumentReference/n1",)),)
    return build_response("den_1", date(2026, 5, 1), control_number("den_1"), channel, CLAIM, wanted, records)


def test_each_file_is_coded_numbered_and_hashed_over_its_own_bytes() -> None:
    file = answer(enclosed()).files[0]
    assert (file.loinc, file.report_type, file.name) == ("11506-3", "09", "01-note.txt")
    assert base64.b64decode(file.content) == b"Seen today."
    assert (file.sha256, file.size) == (hashlib.sha256(b"Seen today.").hexdigest(), 11)


def test_what_nobody_asked_for_is_refused() -> None:
    with pytest.raises(AnsweredBeyond, match="DocumentReference/n2"):
        answer(enclosed(), enclosed("DocumentReference/n2"))


def test_what_was_asked_for_and_found_may_not_be_left_out() -> None:
    with pytest.raises(AnsweredBeyond, match="DocumentReference/n1"):
        answer()


def test_the_same_record_is_not_enclosed_twice() -> None:
    with pytest.raises(AnsweredBeyond):
        answer(enclosed(), enclosed())


def test_what_is_not_in_the_chart_is_missing_by_name() -> None:
    asked = (
        Requested(kind="note", asked_by=("M127",), resources=("DocumentReference/n1",)),
        Requested(kind="infusion", asked_by=("M127",)),
    )
    assert answer(enclosed(), asked=asked).missing == ("infusion",)


def test_files_stand_in_the_order_asked_for() -> None:
    asked = (
        Requested(kind="order", asked_by=("N29",), resources=("MedicationRequest/o1",)),
        Requested(kind="note", asked_by=("N29",), resources=("DocumentReference/n1",)),
    )
    files = answer(enclosed(), enclosed("MedicationRequest/o1", "order", "Order"), asked=asked).files
    assert [file.answers for file in files] == ["order", "note"]
    assert [file.sequence for file in files] == [1, 2]


@pytest.mark.parametrize(
    ("on_claim", "of_request", "number", "whose"),
    [("PWK77", "", "PWK77", "claim PWK06"), ("PWK77", "RFAI9", "RFAI9", "payer's request")],
)
def test_the_number_the_payer_matches_by_comes_first(on_claim: str, of_request: str, number: str, whose: str) -> None:
    assert control_number("den_1", on_claim, of_request) == (number, whose)


def test_a_number_of_our_own_is_the_denials_own() -> None:
    assert control_number("den_1") == control_number("den_1") != control_number("den_2")
    assert control_number("den_1")[1] == "this answer"


def test_the_way_it_travels_is_coded_and_unknown_stays_unknown() -> None:
    assert answer(enclosed()).transmission == "FX"
    assert answer(enclosed(), channel="").transmission == ""
    with pytest.raises(KeyError):
        transmission("pigeon")


def test_the_same_answer_is_the_same_bytes_and_says_its_format() -> None:
    first = response_json(answer(enclosed()))
    assert first == response_json(answer(enclosed()))
    assert json.loads(first)["format"] == "overturn/records-response/1"


def test_every_remark_asks_for_kinds_that_documents_have() -> None:
    assert {kind for asked in asked_by_remark().values() for kind in asked} <= kinds()


def test_every_document_type_has_its_codes_and_a_source() -> None:
    for item in document_types():
        assert item.report_type, item.type
        assert item.source, item.type
        assert len(item.loinc.split("-")) == 2, item.type
        number, check = item.loinc.split("-")
        assert luhn(number) == int(check), f"{item.loinc} is mistyped"


def luhn(number: str) -> int:
    """Return the check digit of a LOINC code (modulus 10)."""
    doubled = [int(d) * 2 if place % 2 == 0 else int(d) for place, d in enumerate(reversed(number))]
    return -sum(sum(divmod(value, 10)) for value in doubled) % 10


@pytest.mark.parametrize(
    ("kind", "label", "is_one"),
    [
        ("infusion", "Treatment summary", False),
        ("infusion", "MAR", True),
        ("order", "Border lesion report", False),
        ("order", "Physician orders", True),
        ("imaging", "Repetition of biopsy", False),
        ("laboratory", "Collaborative care plan", False),
        ("pathology", "Surgical pathology report", True),
    ],
)
def test_kinds_are_told_by_whole_words(kind: str, label: str, is_one: bool) -> None:
    assert of_kind(kind, label) is is_one


def test_an_unknown_document_is_part_of_the_record_and_nothing_more() -> None:
    assert type_of("Scan of a napkin drawing by nobody").type in ("other", "imaging")
    assert type_of("Miscellaneous").loinc == "11503-0"


@given(st.text(max_size=60))
def test_any_label_is_coded(label: str) -> None:
    assert type_of(label) in document_types()

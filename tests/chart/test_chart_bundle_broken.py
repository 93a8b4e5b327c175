"""A chart file is read whole, whatever part of it is broken."""

import json
from decimal import Decimal

import pytest
from chart_builders import (
    bundle,
    given,
    patient,
)
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from knowledge.types.chart import Amount
from tools.chart import read_chart


def mg(value: str) -> Amount:
    return Amount(value=Decimal(value), unit="mg")


def codes(data: bytes) -> list[str]:
    return [finding.code for finding in read_chart(data, "charts/x.json")[1]]


def test_a_resource_about_someone_else_is_left_out_and_said() -> None:
    chart, findings = read_chart(bundle(patient(), given(subject={"reference": "Patient/p2"})), "x.json")
    assert chart is not None
    assert chart.doses == ()
    assert [finding.code for finding in findings] == ["other-patient"]


def test_a_malformed_resource_is_one_finding_and_the_rest_is_kept() -> None:
    broken = given(id="bad", mg="four hundred", effectivePeriod={"start": "2026-02-30T10:00:00Z"})
    chart, findings = read_chart(bundle(patient(), broken, given()), "charts/okafor.json")
    assert chart is not None
    assert [dose.dose for dose in chart.doses] == [None, mg("400")]
    assert [(f.severity, f.code, f.where) for f in findings] == [
        ("warning", "malformed-resource", "MedicationAdministration/bad")
    ]
    assert "dosage.dose.value" in findings[0].says
    assert "effectivePeriod.start" in findings[0].says


def test_resource_types_that_are_not_used_are_counted() -> None:
    chart, findings = read_chart(bundle(patient(), {"resourceType": "Immunization"}), "x.json")
    assert chart is not None
    assert [(f.severity, f.says) for f in findings] == [("info", "resource types not used: 1 Immunization")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-json"),
        (b'{"resourceType": "Bundle",\n "entry": [}', "not-json"),
        (b"[]", "not-a-bundle"),
        (b'"Bundle"', "not-a-bundle"),
        (json.dumps(patient()).encode(), "not-a-bundle"),
        (bundle(), "no-patient"),
        (bundle(patient(), patient(id="p2")), "several-patients"),
        (b"[" * 200_000, "nested-too-deep"),
        (
            b'{"resourceType":"Bundle","entry":' + b'[{"a":' * 5_000 + b"1" + b"}]" * 5_000 + b"}",
            "nested-too-deep",
        ),
    ],
)
def test_a_file_that_is_no_chart_of_one_person_gives_one_error(data: bytes, code: str) -> None:
    chart, findings = read_chart(data, "charts/x.json")
    assert chart is None
    assert [(finding.severity, finding.code) for finding in findings] == [("error", code)]


def test_a_json_error_says_line_and_column() -> None:
    _, findings = read_chart(b'{"resourceType": "Bundle",\n "entry": [}', "charts/x.json")
    assert findings[0].where == "charts/x.json:2:12"


def test_bytes_that_are_not_utf8_are_read_and_said() -> None:
    data = bundle(patient(name=[{"family": "Nunez"}])).replace(b"Nunez", b"Nu\xf1ez")
    chart, findings = read_chart(data, "x.json")
    assert chart is not None
    assert chart.person.last == "Nuñez"
    assert [finding.code for finding in findings] == ["not-utf-8"]


@pytest.mark.parametrize("number", ["1e999999999", "1e" + "9" * 30, "9" * 5_000, "1e-400", "NaN", "-400", "-Infinity"])
def test_numbers_no_dose_could_have_are_unknown(number: str) -> None:
    data = bundle(patient(), given(mg=1)).replace(b'"value": 1', f'"value": {number}'.encode())
    chart, findings = read_chart(data, "x.json")
    assert chart is not None
    assert chart.doses[0].dose is None
    assert [finding.code for finding in findings] == ["malformed-resource"]


def test_a_file_broken_throughout_does_not_drown_its_reader_in_findings() -> None:
    data = bundle(patient(), *[{"resourceType": "Observation", "id": str(i), "code": 7} for i in range(500)])
    found = codes(data)
    assert len(found) == 201
    assert found[-1] == "more-findings"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "code medicationCodeableConcept medicationReference dosage dosageInstruction effectivePeriod status note "
    "effectiveDateTime extension content type author subject stage component valueQuantity id contained name"
).split()
KINDS = (
    "Patient Condition Observation MedicationRequest MedicationAdministration MedicationStatement Procedure "
    "DocumentReference DiagnosticReport Coverage Medication Encounter"
).split()


@settings(max_examples=150, deadline=None)
@for_all(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8))
def test_no_resource_of_any_shape_raises(kind: str, fields: dict[str, object]) -> None:
    chart, findings = read_chart(bundle(patient(), {**fields, "resourceType": kind}, given()), "x.json")
    if kind != "Patient":
        assert chart is not None
        assert any(dose.dose == mg("400") for dose in chart.doses)
    else:
        assert findings


@settings(max_examples=150, deadline=None)
@for_all(JSON | st.binary(max_size=60))
def test_no_content_of_any_kind_raises(value: object) -> None:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    read_chart(data, "x.json")
    read_chart(json.dumps({"resourceType": "Bundle", "entry": repr(value)}).encode(), "x.json")

"""What a chart file says: the person, doses, orders, results, documents and earlier treatment."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from chart_builders import (
    bundle,
    discarded,
    dose_quantity,
    drug,
    given,
    note,
    observation,
    order,
    patient,
)

from knowledge.types.chart import Amount, Chart
from tools.chart import read_chart


def mg(value: str) -> Amount:
    return Amount(value=Decimal(value), unit="mg")


def chart_of(*resources: object) -> Chart:
    chart, findings = read_chart(bundle(patient(), *resources), "charts/okafor.json")
    assert chart is not None, findings
    return chart


def codes(data: bytes) -> list[str]:
    return [finding.code for finding in read_chart(data, "charts/x.json")[1]]


def test_the_person_is_known_by_patient_identifiers_and_by_the_subscriber_id_of_the_coverage() -> None:
    coverage = {"resourceType": "Coverage", "id": "c1", "subscriberId": "XZW555", "beneficiary": {}}
    person = chart_of(coverage).person
    assert person.identifiers == ("CHP100200", "XZW555")
    assert (person.last, person.first, person.birth_date) == ("Okafor", "Miriam", date(1958, 7, 9))
    assert person.resource == "Patient/p1"


def test_a_former_name_does_not_hide_the_name_in_use() -> None:
    names = [{"use": "maiden", "family": "Bell"}, {"family": "Okafor", "given": ["Miriam"]}]
    chart, _ = read_chart(bundle(patient(name=names)), "x.json")
    assert chart is not None
    assert chart.person.last == "Okafor"


def test_a_dose_given_keeps_amount_times_product_and_waste() -> None:
    dose = chart_of(
        given(
            medicationCodeableConcept=drug(ndc="0006-3026-02"),
            extension=discarded(0),
            note=[{"text": "Tolerated well. No waste."}],
            request={"reference": "MedicationRequest/mr-2"},
        )
    ).doses[0]
    denver = timezone(timedelta(hours=-7))
    assert dose.resource == "MedicationAdministration/ma-1"
    assert (dose.hcpcs, dose.drug, dose.day) == ("J9271", "pembrolizumab", date(2026, 3, 16))
    assert dose.start == datetime(2026, 3, 16, 10, 5, tzinfo=denver)
    assert dose.stop == datetime(2026, 3, 16, 10, 38, tzinfo=denver)
    assert dose.dose == mg("400")
    assert (dose.discarded, dose.discarded_stated) == (mg("0"), True)
    assert (dose.ndc, dose.ndc11) == ("0006-3026-02", "00006302602")
    assert dose.notes == ("Tolerated well. No waste.",)
    assert dose.order == "MedicationRequest/mr-2"


def test_the_discarded_amount_may_stand_at_the_dosage() -> None:
    resource = given()
    resource["dosage"]["extension"] = discarded("45")
    assert chart_of(resource).doses[0].discarded == mg("45")


def test_two_different_discarded_amounts_leave_the_waste_unknown_and_are_reported() -> None:
    resource = given(extension=discarded(45))
    resource["dosage"]["extension"] = discarded(54)
    chart, findings = read_chart(bundle(patient(), resource), "x.json")
    assert chart is not None
    assert chart.doses[0].discarded is None
    assert chart.doses[0].discarded_stated
    assert any("discarded" in finding.says for finding in findings)


def test_no_word_of_waste_is_not_the_same_as_no_waste() -> None:
    dose = chart_of(given()).doses[0]
    assert (dose.discarded, dose.discarded_stated) == (None, False)


def test_the_day_of_a_late_infusion_is_the_day_the_chart_says_not_that_of_another_time_zone() -> None:
    dose = chart_of(given(effectivePeriod={"start": "2026-03-16T22:30:00-07:00"})).doses[0]
    assert dose.day == date(2026, 3, 16)


def test_a_dose_not_given_keeps_its_status() -> None:
    assert chart_of(given(status="not-done")).doses[0].status == "not-done"


@pytest.mark.parametrize(
    ("dosage", "dose", "basis", "interval"),
    [
        ({"text": "400 mg IV every 6 weeks"}, "400 mg", None, 42),
        ({"text": "200 mg IV q21d"}, "200 mg", None, 21),
        ({"text": "q3w", **dose_quantity(200)}, "200 mg", None, 21),
        ({"text": "15 mg/kg IV every 3 weeks"}, "15 mg/kg", "15 mg/kg", 21),
        ({"text": "15 mg/kg every 21 days", **dose_quantity(1095)}, "1095 mg", "15 mg/kg", 21),
        ({"text": "200 mg/m2 IV day 1 of each 21-day cycle"}, "200 mg/m2", "200 mg/m2", 21),
        ({"text": "AUC 5 IV q21d"}, "5 auc", "5 auc", 21),
        ({"text": "AUC=5 (507 mg) IV every three weeks"}, "507 mg", "5 auc", 21),
        (
            {"text": "1,095 mg IV", "timing": {"repeat": {"period": 3, "periodUnit": "wk"}}},
            "1095 mg",
            None,
            21,
        ),
        ({"timing": {"repeat": {"frequency": 1, "period": 42, "periodUnit": "d"}}}, None, None, 42),
        ({"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "wk"}}}, None, None, None),
        ({"text": "monthly", "timing": {"repeat": {"period": 1, "periodUnit": "mo"}}}, None, None, None),
        ({"text": "1.3 mg/m2 days 1, 8 of each 21-day cycle"}, "1.3 mg/m2", "1.3 mg/m2", None),
        ({"text": "8 mg/kg loading, then 6 mg/kg q3w"}, None, None, None),
        ({"text": "premedicate: 50 mg and 20 mg"}, None, None, None),
        (
            {"text": "every 6 weeks", "timing": {"repeat": {"period": 3, "periodUnit": "wk"}}},
            None,
            None,
            None,
        ),
    ],
)
def test_an_order_says_its_dose_and_interval_only_when_it_says_one(
    dosage: dict[str, Any], dose: str | None, basis: str | None, interval: int | None
) -> None:
    read = chart_of(order(dosageInstruction=[dosage])).orders[0]

    def shown(amount: Amount | None) -> str | None:
        return None if amount is None else f"{amount.value} {amount.unit}"

    assert (shown(read.dose), shown(read.basis), read.interval_days) == (dose, basis, interval)


def test_a_dose_field_that_differs_from_its_own_text_is_reported() -> None:
    data = bundle(patient(), order(dosageInstruction=[{"text": "200 mg IV q3w", **dose_quantity(400)}]))
    chart, findings = read_chart(data, "x.json")
    assert chart is not None
    assert chart.orders[0].dose == mg("400")
    assert any("200 mg" in finding.says and "400 mg" in finding.says for finding in findings)


def test_the_drug_of_an_order_is_found_behind_a_reference() -> None:
    medication = {"resourceType": "Medication", "id": "m1", "code": drug("bortezomib", "J9041")}
    inside = {"resourceType": "Medication", "id": "in", "code": drug("carboplatin", "J9045")}
    far = order(id="a", medicationReference={"reference": "Medication/m1"})
    near = order(id="b", medicationReference={"reference": "#in"}, contained=[inside])
    for resource in (far, near):
        del resource["medicationCodeableConcept"]
    assert [read.hcpcs for read in chart_of(far, near, medication).orders] == ["J9041", "J9045"]


def test_a_condition_gives_icd10_without_dots_with_stage_and_onset() -> None:
    condition = {
        "resourceType": "Condition",
        "id": "c1",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {
            "coding": [
                {"system": "http://snomed.info/sct", "code": "254637007"},
                {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C34.11"},
            ],
            "text": "Adenocarcinoma of right upper lobe",
        },
        "stage": [{"summary": {"text": "Stage IV"}}],
        "onsetDateTime": "2025-11-20",
    }
    read = chart_of(condition).conditions[0]
    assert (read.icd10, read.stage, read.onset, read.status) == (
        "C3411",
        "Stage IV",
        date(2025, 11, 20),
        "active",
    )


def test_a_measurement_with_a_comparator_is_words_not_a_value() -> None:
    pd_l1 = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"text": "PD-L1 TPS"},
        "valueQuantity": {"value": 1, "comparator": "<", "unit": "%"},
    }
    read = chart_of(pd_l1, observation("29463-7", 161, "[lb_av]")).observations
    assert (read[0].value, read[0].words, read[0].text) == (None, "<1 %", "PD-L1 TPS")
    assert read[1].value == Amount(value=Decimal(161), unit="lb")


def test_a_biomarker_in_words_is_kept_in_words() -> None:
    egfr = {
        "resourceType": "Observation",
        "id": "o1",
        "code": {"text": "EGFR"},
        "valueCodeableConcept": {"text": "not detected"},
    }
    assert chart_of(egfr).observations[0].words == "not detected"


def test_components_of_a_panel_are_measurements_of_the_panel() -> None:
    panel = {
        "resourceType": "Observation",
        "id": "panel",
        "code": {"text": "Biomarkers"},
        "component": [
            {"code": {"text": "HER2"}, "valueString": "3+"},
            {"code": {"text": "ER"}, "valueString": "positive"},
        ],
    }
    assert [(o.resource, o.text, o.words) for o in chart_of(panel).observations] == [
        ("Observation/panel", "HER2", "3+"),
        ("Observation/panel", "ER", "positive"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_note_is_text_in_utf8_or_latin1(encoding: str) -> None:
    text = "Señora Okafor received 400 mg.\r\nNo waste."
    assert chart_of(note(text, encoding=encoding)).documents[0].text == text


def test_a_pdf_keeps_its_bytes_and_claims_no_text() -> None:
    pdf = note("%PDF-1.7 ...")
    pdf["content"][0]["attachment"]["contentType"] = "application/pdf"
    document = chart_of(pdf).documents[0]
    assert (document.media_type, document.text, document.content) == ("application/pdf", "", b"%PDF-1.7 ...")


def test_the_pages_a_report_presents_are_documents_too() -> None:
    attachment = note("PD-L1 TPS 60%")["content"][0]["attachment"]
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "code": {"text": "Pathology"},
        "effectiveDateTime": "2025-11-22",
        "conclusion": "Adenocarcinoma",
        "presentedForm": [attachment],
    }
    chart = chart_of(report)
    assert chart.reports[0].conclusion == "Adenocarcinoma"
    assert (chart.documents[0].resource, chart.documents[0].text) == ("DiagnosticReport/r1", "PD-L1 TPS 60%")


def test_prior_treatment_keeps_dates_and_the_reason_it_ended() -> None:
    statement = {
        "resourceType": "MedicationStatement",
        "id": "s1",
        "status": "completed",
        "medicationCodeableConcept": {"text": "carboplatin"},
        "effectivePeriod": {"start": "2025-06-01", "end": "2025-09-30"},
        "note": [{"text": "Progressed on imaging 2025-10-02."}],
    }
    read = chart_of(statement).prior_treatments[0]
    assert (read.drug, read.start, read.end) == ("carboplatin", date(2025, 6, 1), date(2025, 9, 30))
    assert "Progressed" in read.text


def test_a_statement_of_a_drug_never_taken_is_no_prior_treatment() -> None:
    statement = {"resourceType": "MedicationStatement", "id": "s1", "status": "not-taken"}
    data = bundle(patient(), statement)
    chart, findings = read_chart(data, "x.json")
    assert chart is not None
    assert chart.prior_treatments == ()
    assert [finding.code for finding in findings] == ["withdrawn-resource"]


def test_two_copies_of_the_same_patient_are_one() -> None:
    assert codes(bundle(patient(), patient())) == []


def test_an_utc_time_stays_an_utc_time() -> None:
    dose = chart_of(given(effectivePeriod={"start": "2026-03-16T17:05:00Z"})).doses[0]
    assert dose.start == datetime(2026, 3, 16, 17, 5, tzinfo=UTC)

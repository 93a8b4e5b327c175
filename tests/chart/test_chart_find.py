"""Questions to a chart: one answer when there is one, both when there are two."""

from datetime import date
from typing import Any

import pytest
from chart_builders import bundle, discarded, dose_quantity, drug, given, note, observation, order, patient

from knowledge.types.chart import Amount, Chart
from tools.chart import read_chart
from tools.chart.agreement import disagreements
from tools.chart.find import (
    WEIGHT,
    conditions_on,
    documents_mentioning,
    doses_on,
    last_dose_before,
    latest_measurement,
    observations_named,
    order_in_force,
    prior_treatments,
)
from tools.chart.matching import DrugAsked, names_in

DAY = date(2026, 3, 16)
PEMBROLIZUMAB = DrugAsked(hcpcs="J9271", names=("pembrolizumab", "Keytruda"))


def chart_of(*resources: object) -> Chart:
    chart, findings = read_chart(bundle(patient(), *resources), "charts/okafor.json")
    assert chart is not None, findings
    return chart


def shown(amount: Amount | None) -> str:
    return "" if amount is None else f"{amount.value.normalize():f} {amount.unit}"


def later(**fields: Any) -> dict[str, Any]:
    return given(id="ma-2", effectivePeriod={"start": "2026-03-16T11:00:00-07:00"}, **fields)


def test_doses_of_a_day_are_summed_with_their_waste() -> None:
    found = doses_on(
        chart_of(given(mg=200, extension=discarded(0)), later(mg=200, extension=discarded(5))), PEMBROLIZUMAB, DAY
    )
    assert (shown(found.total), shown(found.discarded), found.contradictions) == ("400 mg", "5 mg", ())


def test_waste_is_unknown_when_one_dose_does_not_state_it() -> None:
    found = doses_on(chart_of(given(mg=200, extension=discarded(0)), later(mg=200)), PEMBROLIZUMAB, DAY)
    assert (shown(found.total), found.discarded) == ("400 mg", None)


def test_grams_and_milligrams_add_up_and_units_of_potency_do_not() -> None:
    grams = later(dosage={"dose": {"value": "0.2", "unit": "g"}})
    assert shown(doses_on(chart_of(given(mg=200), grams), PEMBROLIZUMAB, DAY).total) == "400 mg"
    potency = later(dosage={"dose": {"value": 200, "unit": "IU"}})
    found = doses_on(chart_of(given(mg=200), potency), PEMBROLIZUMAB, DAY)
    assert found.total is None
    assert found.contradictions == ("the day's doses are charted in units that do not add up: mg, units",)


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (later(status="in-progress"), "is in-progress"),
        (later(dosage={}), "does not say how much"),
        (given(id="ma-2"), "start at the same minute"),
    ],
)
def test_a_day_that_is_not_settled_has_no_total_and_says_why(second: dict[str, Any], reason: str) -> None:
    found = doses_on(chart_of(given(), second), PEMBROLIZUMAB, DAY)
    assert found.total is None
    assert reason in found.contradictions[0]


def test_a_dose_charted_as_not_done_is_no_dose() -> None:
    found = doses_on(chart_of(given(status="not-done")), PEMBROLIZUMAB, DAY)
    assert (found.given, found.total, len(found.not_given)) == ((), None, 1)


def test_another_code_is_another_drug_unless_asked_by_name() -> None:
    biosimilar = given(medicationCodeableConcept=drug("bevacizumab-bvzr", "Q5118"))
    chart = chart_of(biosimilar)
    billed = DrugAsked(hcpcs="J9035", names=("bevacizumab",))
    assert doses_on(chart, billed, DAY).given == ()
    assert len(doses_on(chart, DrugAsked(names=("bevacizumab",)), DAY).given) == 1


def test_without_a_code_the_whole_name_must_match() -> None:
    chart = chart_of(given(medicationCodeableConcept=drug("Keytruda 100 mg/4 mL", "")))
    assert shown(doses_on(chart, PEMBROLIZUMAB, DAY).total) == "400 mg"
    assert names_in("ado-trastuzumab emtansine", ("trastuzumab",)) == ()
    assert names_in("trastuzumab-anns", ("trastuzumab",)) == ("trastuzumab",)


def test_the_last_dose_is_the_latest_completed_before_the_day() -> None:
    chart = chart_of(given(), given(id="a", day="2026-01-26"), given(id="b", day="2026-02-16", status="not-done"))
    last = last_dose_before(chart, PEMBROLIZUMAB, DAY)
    assert last is not None
    assert last.day == date(2026, 1, 26)
    assert last_dose_before(chart, PEMBROLIZUMAB, date(2026, 1, 26)) is None


def q3w(**fields: Any) -> dict[str, Any]:
    return order(id="mr-1", on="2026-01-05", dosageInstruction=[{"text": "q3w", **dose_quantity(200)}], **fields)


def q6w(on: str = "2026-03-02", **fields: Any) -> dict[str, Any]:
    return order(id="mr-2", on=on, dosageInstruction=[{"text": "every 6 weeks", **dose_quantity(400)}], **fields)


def test_the_order_in_force_names_the_one_before_and_what_changed() -> None:
    found = order_in_force(chart_of(q3w(status="stopped"), q6w()), PEMBROLIZUMAB, DAY)
    assert found.order is not None
    assert found.previous is not None
    assert (found.order.resource, found.previous.resource) == ("MedicationRequest/mr-2", "MedicationRequest/mr-1")
    assert found.changes == ("dose", "interval_days")


def test_an_order_of_a_later_day_or_one_that_was_cancelled_is_not_in_force() -> None:
    for newer in (q6w(on="2026-03-17"), q6w(status="cancelled"), q6w(intent="plan"), q6w(status="stopped")):
        found = order_in_force(chart_of(q3w(), newer), PEMBROLIZUMAB, DAY)
        assert found.order is not None
        assert found.order.resource == "MedicationRequest/mr-1"


def test_two_different_orders_of_one_day_are_rivals() -> None:
    found = order_in_force(chart_of(q3w(authoredOn="2026-03-02"), q6w()), PEMBROLIZUMAB, DAY)
    assert found.order is None
    assert len(found.rivals) == 2


def test_a_cancelled_order_neither_precedes_nor_replaces() -> None:
    between = order(id="mr-x", on="2026-02-01", status="cancelled", dosageInstruction=[dose_quantity(300)])
    found = order_in_force(chart_of(q3w(status="stopped"), between, q6w()), PEMBROLIZUMAB, DAY)
    assert found.previous is not None
    assert found.previous.resource == "MedicationRequest/mr-1"
    only = order_in_force(chart_of(q3w(status="stopped"), between), PEMBROLIZUMAB, date(2026, 1, 20))
    assert only.order is None


def test_an_order_stopped_by_a_later_one_held_until_then() -> None:
    found = order_in_force(chart_of(q3w(status="stopped"), q6w()), PEMBROLIZUMAB, date(2026, 2, 16))
    assert found.order is not None
    assert found.order.resource == "MedicationRequest/mr-1"


def test_no_order_is_no_order() -> None:
    assert order_in_force(chart_of(), PEMBROLIZUMAB, DAY).order is None


def test_an_order_stopped_nobody_knows_when_is_named_but_not_in_force() -> None:
    found = order_in_force(chart_of(q3w(status="stopped")), PEMBROLIZUMAB, DAY)
    assert found.order is None
    assert found.stopped is not None
    assert found.stopped.resource == "MedicationRequest/mr-1"


def condition(id: str, code: str, **fields: Any) -> dict[str, Any]:
    coding = [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]
    return {"resourceType": "Condition", "id": id, "code": {"coding": coding}, **fields}


def test_conditions_hold_from_onset_until_they_end() -> None:
    chart = chart_of(
        condition("1", "C34.11", onsetDateTime="2025-11-20"),
        condition("2", "C79.31", onsetDateTime="2026-03-17"),
        condition("3", "D70.1", onsetDateTime="2026-01-01", abatementDateTime="2026-02-01"),
        condition("4", "K52.1", clinicalStatus={"coding": [{"code": "resolved"}]}),
        condition("5", "C50.911", verificationStatus={"coding": [{"code": "entered-in-error"}]}),
        condition("6", "E11.9"),
    )
    assert [c.icd10 for c in conditions_on(chart, DAY)] == ["C3411", "E119"]


def test_the_latest_weight_is_not_one_of_a_later_day_and_two_of_one_day_are_rivals() -> None:
    before = observation("29463-7", 73, "kg", "2026-03-15", id="a")
    after = observation("29463-7", 80, "kg", "2026-03-20", id="b")
    found = latest_measurement(chart_of(before, after), WEIGHT, DAY)
    assert found.observation is not None
    assert shown(found.observation.value) == "73 kg"
    other = observation("29463-7", 93, "kg", "2026-03-15", id="c")
    assert len(latest_measurement(chart_of(before, other), WEIGHT, DAY).rivals) == 2
    assert latest_measurement(chart_of(after), WEIGHT, DAY).observation is None


def test_biomarkers_are_found_by_their_name() -> None:
    pd_l1 = {"resourceType": "Observation", "id": "o", "code": {"text": "PD-L1 TPS"}, "valueString": "60%"}
    assert [o.words for o in observations_named(chart_of(pd_l1), "PD-L1", DAY)] == ["60%"]


def test_prior_treatment_is_what_was_stated_or_given_before() -> None:
    statement = {
        "resourceType": "MedicationStatement",
        "id": "s",
        "medicationCodeableConcept": {"text": "carboplatin"},
        "effectivePeriod": {"start": "2025-06-01"},
    }
    found = prior_treatments(chart_of(given(), given(id="a", day="2026-01-26"), statement), DAY)
    assert [(t.drug, t.start) for t in found] == [
        ("carboplatin", date(2025, 6, 1)),
        ("pembrolizumab", date(2026, 1, 26)),
    ]


def test_documents_are_found_by_words_newest_first() -> None:
    chart = chart_of(note("Started Keytruda.", id="d1", day="2026-01-05"), note("KEYTRUDA cycle 4", id="d2"))
    found = documents_mentioning(chart, ("keytruda",))
    assert [(m.document.resource, m.document.text[m.start : m.end]) for m in found] == [
        ("DocumentReference/d2", "KEYTRUDA"),
        ("DocumentReference/d1", "Keytruda"),
    ]


def test_a_note_that_agrees_with_the_record_is_no_disagreement() -> None:
    chart = chart_of(given(extension=discarded(0)), note("Pembrolizumab 400 mg IV administered, no waste."))
    assert disagreements(chart, PEMBROLIZUMAB, DAY) == ()


def test_a_note_with_another_dose_is_reported_with_both_places() -> None:
    chart = chart_of(given(), note("Pembrolizumab 200 mg IV administered."))
    found = disagreements(chart, PEMBROLIZUMAB, DAY)
    assert [(d.about, d.resources) for d in found] == [
        ("dose", ("MedicationAdministration/ma-1", "DocumentReference/d1"))
    ]
    assert found[0].says == (
        "dose: the administration record says 400 mg, DocumentReference/d1 says 200 mg "
        '("Pembrolizumab 200 mg IV administered.")'
    )


def test_waste_in_the_record_and_another_in_its_own_note_disagree() -> None:
    charted = given(extension=discarded(45), note=[{"text": "Waste: 54 mg."}])
    assert [d.about for d in disagreements(chart_of(charted), PEMBROLIZUMAB, DAY)] == ["waste"]
    none = given(extension=discarded(45), note=[{"text": "No waste."}])
    assert [d.about for d in disagreements(chart_of(none), PEMBROLIZUMAB, DAY)] == ["waste"]


def test_a_premedication_noted_at_the_administration_is_not_its_dose() -> None:
    charted = given(note=[{"text": "Dexamethasone 10 mg IV given. Pembrolizumab 400 mg given."}])
    assert disagreements(chart_of(charted), PEMBROLIZUMAB, DAY) == ()
    assert disagreements(chart_of(charted), DrugAsked(hcpcs="J9271"), DAY) == ()


def test_a_note_of_another_day_or_about_another_day_does_not_disagree() -> None:
    chart = chart_of(
        given(),
        note("Pembrolizumab 200 mg IV administered.", id="d1", day="2026-01-26"),
        note("Pembrolizumab 200 mg IV administered on 2026-01-26.", id="d2"),
    )
    assert disagreements(chart, PEMBROLIZUMAB, DAY) == ()

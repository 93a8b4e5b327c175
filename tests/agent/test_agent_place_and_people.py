"""Where, by which route and by whom a drug was given, and what hospice is for, as the day's records say."""

from dataclasses import replace
from datetime import date

import pytest
from agent_builders import (
    PRACTICE,
    SERVED,
    asked,
    auth,
    case,
    chart,
    claim,
    condition,
    coverage,
    diagnosed,
    dose,
    line,
    note,
)

from agent.diagnosis.case import Case
from knowledge.types.practice import Provider

RAMAN = Provider(npi="1000000001", name="Priya Raman MD")
CASTELLANO = Provider(npi="1000000002", name="Nina Castellano MD", payers_enrolled=("OTHER",))
ROSTER = PRACTICE.model_copy(update={"providers": (RAMAN, CASTELLANO)})


def said(text: str, codes: str = "CO-5", *, place: str = "11", kind: str = "Nursing note", on: date = SERVED) -> Case:
    sent = claim(line(place_of_service=place), place_of_service=place)
    return case(codes, sent=sent, chart=chart(documents=(note(kind, on, text),)))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("22", "In the office on 14th Street as always."),
        ("22", "Corvallis office, infusion suite chair 4. Vitals stable."),
        ("19", "Site of service: office"),
        ("22", "Location: Eastside clinic"),
        ("11", "Seen in hospital outpatient infusion, bay 2."),
        ("11", "Given at Mercy Hospital infusion center."),
        ("22", "Infused at the patient's home."),
        ("22", "Owosso, chair 2. Iron sucrose 200 mg 09:05-09:27."),
        ("12", "Infusion suite, bay 3, tolerated well."),
        ("19", "Seen at our Mesa location."),
        ("11", "Prolia at Memorial outpatient infusion, 15:00."),
        ("11", "Given in the hospital's infusion center."),
        ("11", "Home health nurse visit, port accessed."),
    ],
)
def test_a_place_the_records_of_the_day_contradict_was_keyed_wrong(place: str, text: str) -> None:
    assert asked(said(text, place=place)).truth("place-was-keyed-wrong") == "confirmed"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("11", "In the office as always."),
        ("22", "She will be treated in the office next time."),
        ("22", "Not in the office today."),
        ("22", "The office called about the bill."),
        ("22", "Per the clinic note she is well."),
        ("22", "Vitals stable, no reaction."),
        ("22", "Hospital outpatient infusion suite, chair 4."),
    ],
)
def test_records_that_agree_or_say_nothing_of_the_place_prove_no_keying_fault(place: str, text: str) -> None:
    assert asked(said(text, place=place)).truth("place-was-keyed-wrong") == "refuted"


def test_records_that_name_two_places_settle_nothing() -> None:
    text = "In the office until noon. Then moved to hospital outpatient."
    assert asked(said(text, place="22")).truth("place-was-keyed-wrong") == "unknown"


def test_a_note_of_another_day_says_nothing_of_the_place() -> None:
    text = "In the office on 14th Street."
    assert asked(said(text, place="22", on=date(2026, 1, 5))).truth("place-was-keyed-wrong") == "refuted"


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("Pembrolizumab 400 mg IV over 30 minutes.", "confirmed"),
        ("Keytruda infused without reaction.", "confirmed"),
        ("Pembrolizumab not infused today.", "unknown"),
        ("Saline IV; teaching for her pens.", "unknown"),
    ],
)
def test_the_route_is_read_where_the_sentence_names_the_drug(text: str, truth: str) -> None:
    assert asked(said(text)).truth("drug-given-into-a-vein") == truth


def test_a_charted_route_under_the_skin_is_no_vein() -> None:
    given = case(chart=chart(dose(route="subcutaneous")))
    assert asked(given).truth("drug-given-into-a-vein") == "refuted"


def test_a_drug_given_into_a_vein_is_appealed_though_the_payer_bills_the_patient() -> None:
    found = diagnosed(case("PR-96", ("N426",), chart=chart(dose(route="intravenous"))))
    assert (found.root_cause, found.remedy) == ("self-administered-drug", "reconsideration")


def rendered_by(provider: Provider, text: str, *, authors: tuple[str, ...] = (), **changed: object) -> Case:
    sent = claim(line(), providers=(("82", provider.npi),))
    document = note("Nursing note", SERVED, text).model_copy(update={"authors": authors})
    made = case("CO-B7", ("N570",), sent=sent, chart=chart(documents=(document,)))
    return replace(made, practice=ROSTER, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("Supervised by Dr. Raman. Dr. Castellano did not see him.", "confirmed"),
        ("Dr. Raman was in the suite and saw the patient.", "confirmed"),
        ("Dr. Raman is away this week.", "unknown"),
        ("Dr. Raman on site in the morning. Dr. Raman was away after noon.", "unknown"),
        ("Vitals stable.", "unknown"),
    ],
)
def test_an_enrolled_provider_treated_when_the_day_says_so_and_nothing_says_otherwise(text: str, truth: str) -> None:
    assert asked(rendered_by(CASTELLANO, text)).truth("enrolled-provider-treated") == truth


def test_a_claim_under_a_provider_not_enrolled_is_corrected_when_another_treated_and_held_otherwise() -> None:
    fixed = diagnosed(rendered_by(CASTELLANO, "Ordered and supervised by Dr. Raman."))
    held = diagnosed(rendered_by(CASTELLANO, "Vitals stable."))
    assert (fixed.root_cause, fixed.remedy) == ("rendering-not-credentialed", "corrected_claim")
    assert (held.root_cause, held.remedy) == ("rendering-not-credentialed", "hold")
    assert {reason.code for reason in fixed.review_reasons} >= {"person-decides"}


def test_the_authorized_provider_treated_when_the_billed_one_was_away() -> None:
    row = auth(servicing_npi=RAMAN.npi)
    text = "Dr. Raman on site and supervising. Dr. Castellano is away until Monday."
    made = rendered_by(CASTELLANO, text, authorizations=(row,), authorization=row)
    assert asked(made).truth("authorized-provider-treated") == "confirmed"


def test_the_billed_providers_own_note_of_the_day_says_who_treated() -> None:
    row = auth(servicing_npi=RAMAN.npi)
    made = rendered_by(CASTELLANO, "Well.", authors=(CASTELLANO.name,), authorizations=(row,), authorization=row)
    assert asked(made).truth("authorized-provider-treated") == "refuted"


def in_hospice(text: str, diagnosis: str = "C61") -> Case:
    election = note("Hospice notice of election", date(2026, 3, 1), text)
    sent = claim(line(diagnosis_pointers=(1,)), diagnoses=(diagnosis,))
    return case("CO-B9", sent=sent, coverage=(coverage(plan_type="hospice"),), chart=chart(documents=(election,)))


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("Elected hospice. Terminal diagnosis: J44.9 chronic obstructive disease.", "confirmed"),
        ("Elected hospice. Terminal diagnosis: C61.", "refuted"),
        ("Terminal illness C79.51.", "unknown"),
        ("Elected hospice on Monday.", "unknown"),
    ],
)
def test_treatment_is_unrelated_where_hospice_names_an_illness_of_another_kind(text: str, truth: str) -> None:
    assert asked(in_hospice(text)).truth("treatment-unrelated-to-hospice") == truth


@pytest.mark.parametrize(
    ("billed", "charted", "truth"),
    [
        ("C795", "C79.51", "confirmed"),
        ("C50919", "C50.411", "confirmed"),
        ("C8330", "C83.38", "confirmed"),
        ("C3490", "C34.11", "confirmed"),
        ("C9000", "C90.01", "refuted"),
        ("C50411", "C50.412", "refuted"),
        ("C188", "C18.2", "refuted"),
        ("C182", "C18.9", "refuted"),
    ],
)
def test_a_charted_diagnosis_is_more_exact_than_a_cut_or_unspecified_one(billed: str, charted: str, truth: str) -> None:
    sent = claim(line(diagnosis_pointers=(1,)), diagnoses=(billed,))
    made = case("CO-16", ("M76",), sent=sent, chart=chart(conditions=(condition(charted),)))
    assert asked(made).truth("charted-diagnosis-is-more-specific") == truth


def test_a_note_that_states_the_exact_code_counts_and_a_denied_one_does_not() -> None:
    sent = claim(line(diagnosis_pointers=(1,)), diagnoses=("C8330",))
    stated = case("CO-16", sent=sent, chart=chart(documents=(note("Visit note", SERVED, "DLBCL C83.38, stage IV."),)))
    denied = case("CO-16", sent=sent, chart=chart(documents=(note("Visit note", SERVED, "Not C83.38."),)))
    assert asked(stated).truth("charted-diagnosis-is-more-specific") == "confirmed"
    assert asked(denied).truth("charted-diagnosis-is-more-specific") != "confirmed"

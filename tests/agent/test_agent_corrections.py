"""Which changes put a claim right: made from the records where they follow from them, else left to a person."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

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
    order,
    paid_before,
)
from msgspec import structs

from agent.diagnosis.case import Case
from agent.drafting.charges import charge_rule
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from agent.drafting.corrections import changes_for, dose_units
from agent.drafting.person_names import same_person, split_name
from agent.drafting.siblings import together
from knowledge.types.chart import Amount, Document
from knowledge.types.claim import DrugIdentification
from knowledge.types.corrections import (
    ClaimChange,
    CorrectionMode,
    SetAuthorization,
    SetCode,
    SetDescription,
    SetDiagnoses,
    SetModifiers,
    SetNdc,
    SetOriginal,
    SetPatient,
    SetPointers,
    SetProvider,
    SetUnits,
)
from knowledge.types.practice import Provider

TRAN, EKHOLM = "1234567893", "1222222220"
ROSTER = (
    Provider(npi="1888888884", name="Dana Ruiz MD"),
    Provider(npi=TRAN, name="Minh Tran MD"),
    Provider(npi=EKHOLM, name="Nils Ekholm DO", role="referring", payers_enrolled=("MEDB",)),
)


def made(of: Case, cause: str, mode: CorrectionMode = "replacement") -> tuple[ClaimChange, ...]:
    answer = diagnosed(of).model_copy(update={"root_cause": cause})
    return changes_for(CorrectionCase(asked(of), answer, mode))


def refused(of: Case, cause: str, mode: CorrectionMode = "replacement") -> str:
    with pytest.raises(NotCorrectable) as caught:
        made(of, cause, mode)
    return str(caught.value)


# --- the claim that was to replace another

FIRST = claim(line(200), claim_id="C0", submitted_on=SERVED)
ANEW = case("OA-18", sent=claim(claim_id="C2"), member_claims=(FIRST,), answered=(("C0", "ICN0"), ("C2", "ICN1")))
SEVEN = replace(ANEW, claim=claim(claim_id="C2", frequency="7"))


@pytest.mark.parametrize("of", [ANEW, SEVEN], ids=["sent as new", "frequency 7 without its original"])
def test_the_original_is_named_by_the_number_its_remit_gives(of: Case) -> None:
    (change,) = made(of, "replacement-claim-mishandled")
    assert isinstance(change, SetOriginal)
    assert change.number == "ICN0"


@pytest.mark.parametrize(
    "of",
    [
        replace(ANEW, answered=()),
        replace(ANEW, answered=(("C0", "ICN1"),)),
        replace(ANEW, answered=(("C0", "ICN0"), ("C0", "ICN9"))),
        replace(ANEW, claim=claim(claim_id="C2", frequency="8")),
        replace(SEVEN, member_claims=()),
        replace(SEVEN, member_claims=(FIRST, structs.replace(FIRST, claim_id="C00"))),
        replace(SEVEN, history=(paid_before(hcpcs="96413"),)),
        replace(SEVEN, member_claims=(structs.replace(FIRST, lines=(line(200), line(1, "2", hcpcs="96413"))),)),
    ],
    ids=[
        "no number",
        "the number of this claim",
        "two numbers",
        "a void",
        "no earlier claim",
        "two earlier claims",
        "a paid line left out",
        "fewer lines",
    ],
)
def test_an_original_that_is_not_certain_is_for_a_person(of: Case) -> None:
    assert refused(of, "replacement-claim-mishandled")


def test_a_payer_without_replacements_gets_a_new_claim_where_it_was_no_new_one() -> None:
    assert made(SEVEN, "replacement-claim-mishandled", "new") == ()
    assert "reopening" in refused(ANEW, "replacement-claim-mishandled", "new")


# --- the patient


def patient(**changed: object) -> Case:
    sent = claim(**{"member_id": "CHP9", **changed})
    person = chart().person.model_copy(update={"identifiers": ("MRN1",)})
    return case("CO-31", sent=sent, coverage=(coverage(),), chart=chart().model_copy(update={"person": person}))


def test_a_member_id_follows_the_verified_coverage_of_the_chart_s_person() -> None:
    (change,) = made(patient(), "patient-identity-mismatch")
    assert isinstance(change, SetPatient)
    assert (change.member_id, change.last, change.first, change.birth_date) == ("CHP1", None, None, None)


def test_a_mistyped_birth_date_or_name_is_written_as_verified() -> None:
    of = patient(member_id="CHP1", birth_date=date(1960, 2, 28), patient_first="Adda")
    (change,) = made(of, "patient-identity-mismatch")
    assert isinstance(change, SetPatient)
    assert (change.member_id, change.first, change.birth_date) == (None, "Ada", date(1960, 2, 29))


@pytest.mark.parametrize(
    "of",
    [
        replace(patient(), chart=None),
        replace(patient(), coverage=()),
        replace(patient(), coverage=(coverage(end_date=date(2026, 2, 28)),)),
        replace(patient(), coverage=(coverage(), coverage(member_id="CHP2"))),
        replace(patient(), coverage=(coverage(birth_date=date(1985, 9, 14)),)),
        patient(birth_date=date(1985, 9, 14)),
        replace(
            patient(member_id="OLD1"),
            chart=chart().model_copy(update={"person": chart().person.model_copy(update={"identifiers": ("OLD1",)})}),
        ),
    ],
    ids=[
        "no chart",
        "no coverage",
        "coverage ended",
        "two member ids",
        "another person of that name",
        "person and member id both differ",
        "the chart has the id sent",
    ],
)
def test_whose_visit_it_was_is_never_guessed(of: Case) -> None:
    assert refused(of, "patient-identity-mismatch")


# --- who ordered, who treated


def ordered(requester: str = "Minh Tran MD", *, remarks: tuple[str, ...] = ("N265",), **sent: object) -> Case:
    body = {"providers": (("82", "1888888884"),), **sent}
    of = case("CO-16", remarks, sent=claim(line(), line(1, "2", hcpcs="96413", drug=None), **body))
    practice = PRACTICE.model_copy(update={"providers": ROSTER})
    return replace(of, practice=practice, chart=chart(dose(), orders=(order(requester=requester),)))


def people(of: Case) -> list[tuple[str, str | None, str]]:
    changes = made(of, "ordering-npi-missing-or-not-enrolled")
    return [(c.role, c.line, c.npi) for c in changes if isinstance(c, SetProvider)]


def test_who_ordered_is_named_on_the_drug_and_its_administration() -> None:
    assert people(ordered()) == [("DK", "1", TRAN), ("DK", "2", TRAN)]
    assert people(ordered("Dr. Tran")) == [("DK", "1", TRAN), ("DK", "2", TRAN)]


def test_a_missing_referring_provider_is_named_for_the_claim() -> None:
    assert people(ordered(remarks=("N286",))) == [("DN", None, TRAN)]


def test_one_who_is_not_enrolled_is_replaced_where_they_stand() -> None:
    assert people(ordered(providers=(("82", "1888888884"), ("DN", EKHOLM)))) == [("DN", None, TRAN)]


@pytest.mark.parametrize("requester", ["Nils Ekholm DO", "Eva Holm MD", "Dr. Ruiz Tran Ekholm"])
def test_one_who_is_unknown_or_not_enrolled_is_not_named(requester: str) -> None:
    assert refused(ordered(requester), "ordering-npi-missing-or-not-enrolled")


def test_a_visit_names_the_physician_whose_orders_are_in_force_when_that_one_treated() -> None:
    visit = claim(line(1, hcpcs="99214", drug=None), providers=(("82", TRAN),))
    of = replace(ordered(remarks=("N286",)), claim=visit, line=visit.lines[0])
    assert people(of) == [("DN", None, TRAN)]
    other = replace(of, claim=structs.replace(visit, providers=(("82", "1888888884"),)))
    assert refused(other, "ordering-npi-missing-or-not-enrolled")


def test_who_treated_becomes_rendering_where_the_day_s_documents_say_so() -> None:
    row = auth(servicing_npi=TRAN)
    by_tran = Document(resource="DocumentReference/n", kind="Progress note", day=SERVED, authors=("Minh Tran MD",))
    of = replace(ordered(), authorizations=(row,), authorization=row, chart=chart(dose(), documents=(by_tran,)))
    (change,) = made(of, "auth-for-other-provider-or-site")
    assert isinstance(change, SetProvider)
    assert (change.role, change.npi, change.line) == ("82", TRAN, None)
    assert refused(replace(of, chart=chart(dose())), "auth-for-other-provider-or-site")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Minh Tran MD", "Tran, Minh", True),
        ("Minh Tran MD", "Dr. Tran", True),
        ("Minh Tran MD", "Anh Tran MD", False),
        ("Minh Tran MD", "", False),
        ("Dr.", "Minh Tran MD", False),
    ],
)
def test_names_are_compared_by_their_words(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same


@pytest.mark.parametrize("name", ["Tran", "Mary Ann van der Berg MD", ""])
def test_a_name_whose_parts_cannot_be_told_is_for_a_person(name: str) -> None:
    with pytest.raises(NotCorrectable):
        split_name(name)


# --- a drug in words

UNCLASSIFIED = claim(line(1, hcpcs="J9999", modifiers=()))


def unlisted(*doses: object, text: str = "", orders: tuple[object, ...] = ()) -> Case:
    documents = (note("Nursing flow sheet", text=text),) if text else ()
    charted = chart(*doses, orders=orders, documents=documents)  # type: ignore[arg-type]
    return case("CO-16", ("N350",), sent=UNCLASSIFIED, chart=charted)


NEW_DRUG = {"hcpcs": "J9999", "drug": "ondrelimab"}


def described(of: Case) -> str:
    (change,) = made(of, "noc-line-without-narrative")
    assert isinstance(change, SetDescription)
    return change.text


def test_drug_dose_and_route_come_from_the_administration() -> None:
    assert described(unlisted(dose(500, route="intravenous infusion", **NEW_DRUG))) == "ONDRELIMAB 500 MG IV"


def test_the_ndc_is_named_in_words_where_the_line_has_none() -> None:
    of = unlisted(dose(500, route="subcutaneous", ndc11="99207010101", **NEW_DRUG))
    bare = claim(line(1, hcpcs="J9999", modifiers=(), drug=None))
    assert described(replace(of, claim=bare, line=bare.lines[0])) == "ONDRELIMAB 500 MG SC NDC 99207010101"


def test_the_route_may_come_from_the_order() -> None:
    of = unlisted(dose(500, **NEW_DRUG), orders=(order(500, text="500 mg IV weekly", **NEW_DRUG),))
    assert described(of) == "ONDRELIMAB 500 MG IV"


GIVEN_500 = "Ondrelimab 500 mg IV 10:00-11:05, one 500 mg vial. Nothing left over."


def test_a_note_of_the_day_that_agrees_with_the_order_is_enough() -> None:
    assert described(unlisted(text=GIVEN_500, orders=(order(500, **NEW_DRUG),))) == "ONDRELIMAB 500 MG IV"


@pytest.mark.parametrize(
    "of",
    [
        unlisted(),
        unlisted(dose(500, **NEW_DRUG)),
        unlisted(dose(None, route="intravenous", **NEW_DRUG)),
        unlisted(dose(500, route="intravenous", hcpcs="J9999", drug="pembrolizumab")),
        unlisted(dose(500, route="intravenous")),
        unlisted(dose(500, route="intravenous", **NEW_DRUG), dose(5, route="intravenous", hcpcs="", drug="velotamab")),
        unlisted(text=GIVEN_500, orders=(order(400, **NEW_DRUG),)),
        unlisted(text=GIVEN_500.replace("500 mg IV", "500 mg IV held,"), orders=(order(500, **NEW_DRUG),)),
        unlisted(text="Plan: ondrelimab 500 mg IV.", orders=(order(500, **NEW_DRUG),)),
        unlisted(text=GIVEN_500),
    ],
    ids=[
        "nothing charted",
        "no route",
        "no dose",
        "a drug with a code",
        "another code charted",
        "two drugs",
        "note and order differ",
        "held",
        "planned",
        "no order",
    ],
)
def test_a_drug_that_is_not_certain_is_not_put_into_words(of: Case) -> None:
    assert refused(of, "noc-line-without-narrative")


def test_a_code_not_yet_in_force_is_billed_unclassified_in_words() -> None:
    served = date(2024, 6, 20)
    sent = claim(line(240, hcpcs="J3263", start_date=served))
    given = dose(240, hcpcs="J3263", drug="toripalimab", day=served, route="intravenous")
    of = case("CO-181", sent=sent, chart=chart(given))
    code, words = made(of, "code-not-yet-effective")
    assert isinstance(code, SetCode)
    assert isinstance(words, SetDescription)
    assert (code.hcpcs, code.units, words.text) == ("J9999", 1, "TORIPALIMAB 240 MG IV")


# --- the product


def product(sent: object, *doses: object, cause: str = "ndc-missing-or-invalid") -> list[tuple[str, str, str, str]]:
    of = case("CO-16", ("M119",), sent=sent, chart=chart(*doses))  # type: ignore[arg-type]
    changes = made(of, cause)
    return [(c.line, c.ndc, str(c.quantity), c.unit) for c in changes if isinstance(c, SetNdc)]


NDC = "00006302602"


def test_a_solution_s_quantity_is_what_was_used_in_millilitres() -> None:
    assert product(claim(line(drug=None)), dose(400, wasted=0, ndc=NDC)) == [("1", NDC, "16", "ML")]


def test_a_powder_s_quantity_is_the_vials_opened() -> None:
    body = {"hcpcs": "J9042", "drug": "brentuximab vedotin", "ndc": "51144005001"}
    sent = claim(line(120, hcpcs="J9042", drug=None))
    assert product(sent, dose(120, wasted=30, **body)) == [("1", "51144005001", "3", "UN")]
    assert product(sent, dose(120, **body)) == [("1", "51144005001", "3", "UN")]


def test_given_and_discarded_lines_share_the_product() -> None:
    sent = claim(line(380, drug=None, modifiers=()), line(20, "2", drug=None, modifiers=("JW",)))
    assert product(sent, dose(380, wasted=20, ndc=NDC)) == [("1", NDC, "15.2", "ML"), ("2", NDC, "0.8", "ML")]


def test_a_number_of_ten_digits_is_replaced_and_its_quantity_stays() -> None:
    sent = claim(line(drug=DrugIdentification("N4", "0006302602", Decimal(16), "ML")))
    assert product(sent, dose(400, ndc=NDC)) == [("1", NDC, "16", "ML")]


def test_a_product_that_is_not_charted_or_not_known_is_for_a_person() -> None:
    unknown = case("CO-16", ("M119",), sent=claim(line(drug=None)), chart=chart(dose(400)))
    assert "not charted" in refused(unknown, "ndc-missing-or-invalid")
    powder_or_not = claim(line(200, hcpcs="J9263", drug=None))
    given = dose(100, hcpcs="J9263", drug="oxaliplatin", ndc="00703398601")
    of = case("CO-16", ("M119",), sent=powder_or_not, chart=chart(given))
    assert "quantity and unit" in refused(of, "ndc-missing-or-invalid")


# --- codes and charges

NIVOLUMAB = {"hcpcs": "J9299", "drug": "nivolumab"}


def test_given_and_discarded_lines_take_the_new_code_together() -> None:
    sent = claim(line(27, hcpcs="J9041", modifiers=()), line(8, "2", hcpcs="J9041", modifiers=("JW",)))
    given = dose("2.7", wasted="0.8", hcpcs="J9046", drug="bortezomib")
    of = case("CO-16", sent=sent, chart=chart(given), denied=1)
    answer = diagnosed(of).model_copy(
        update={"root_cause": "wrong-manufacturer-code", "values": {"given_code": "J9046"}}
    )
    changes = changes_for(CorrectionCase(asked(of), answer))
    codes = [(c.line, c.hcpcs, c.units) for c in changes if isinstance(c, SetCode)]
    assert codes == [("1", "J9046", 27), ("2", "J9046", 8)]
    assert dose_units(asked(of), changes) == {"1": 27, "2": 8}


@pytest.mark.parametrize(
    ("charge", "units", "right", "elsewhere", "rule"),
    [
        ("3000", 1000, 200, ("3",), "unit_price"),
        ("4950", 450, 45, ("110", "110"), "keep"),
        ("7260", 7, 66, ("80",), "keep"),
        ("100", 10, 8, (), "unit_price"),
        ("3000", 1000, 200, ("3", "3", "15"), "unit_price"),
        ("7260", 7, 66, (), None),
        ("7260", 7, 66, ("5",), None),
    ],
)
def test_the_charge_follows_what_a_unit_costs_elsewhere(
    charge: str, units: int, right: int, elsewhere: tuple[str, ...], rule: str | None
) -> None:
    ours = claim(line(units, charge=Decimal(charge)))
    others = [claim(line(10, charge=Decimal(price) * 10), claim_id=f"X{at}") for at, price in enumerate(elsewhere)]
    change = SetUnits(line="1", units=Decimal(right), why="The dose given")
    if rule is None:
        with pytest.raises(NotCorrectable):
            charge_rule((change,), ours, [ours, *others])
    else:
        assert charge_rule((change,), ours, [ours, *others]) == rule


def test_changes_of_one_claim_go_together_once_for_each_place() -> None:
    number = SetAuthorization(number="A-1", why="w")
    units = SetUnits(line="1", units=Decimal(2), why="w")
    other = SetUnits(line="2", units=Decimal(3), why="w")
    assert together((units,), (number, units.model_copy(update={"why": "again"}), other)) == (units, number, other)


# --- drafts for a coder


def test_the_charted_diagnosis_takes_the_place_of_the_less_exact_one() -> None:
    of = case(
        "CO-16", ("M81",), sent=claim(diagnoses=("C50919", "Z5111")), chart=chart(conditions=(condition("C50.412"),))
    )
    (change,) = made(of, "diagnosis-unspecified-or-invalid")
    assert isinstance(change, SetDiagnoses)
    assert change.codes == ("C50412", "Z5111")


def test_the_covered_diagnosis_the_chart_carries_takes_the_place_of_the_mistyped_one() -> None:
    row = auth(diagnosis_codes=("C34.31",))
    sent = claim(line(diagnosis_pointers=(1,)), diagnoses=("C3411",))
    of = case("CO-197", sent=sent, auths=(row,), chart=chart(dose(), conditions=(condition("C34.31"),)))
    (change,) = made(of, "diagnosis-not-authorized-indication")
    assert isinstance(change, SetDiagnoses)
    assert change.codes == ("C3431",)
    both = structs.replace(sent, diagnoses=("C3411", "C3431"))
    (pointers,) = made(replace(of, claim=both), "diagnosis-not-authorized-indication")
    assert isinstance(pointers, SetPointers)
    assert pointers.pointers == (2,)
    two = chart(dose(), conditions=(condition("C34.31"), condition("C34.12")))
    wide = replace(of, authorization=auth(diagnosis_codes=("C34",)), chart=two)
    assert refused(wide, "diagnosis-not-authorized-indication")


def timed(minutes: int | None, billed: int = 3) -> Case:
    start = datetime(2026, 3, 16, 10, 0)  # noqa: DTZ001 - charted without a zone
    stop = start + timedelta(minutes=minutes) if minutes is not None else None
    sent = claim(line(), line(billed, "2", hcpcs="96415", modifiers=(), drug=None))
    return case("CO-150", sent=sent, denied=1, chart=chart(dose(start=start, stop=stop)))


def test_further_hours_follow_the_charted_time() -> None:
    (change,) = made(timed(140), "infusion-time-unsupported")
    assert isinstance(change, SetUnits)
    assert (change.line, change.units) == ("2", 1)
    assert dose_units(asked(timed(140)))["2"] == 1


@pytest.mark.parametrize("minutes", [None, 80, 0, -5])
def test_time_that_supports_no_further_hour_or_is_not_charted_is_for_a_person(minutes: int | None) -> None:
    assert refused(timed(minutes), "infusion-time-unsupported")


@pytest.mark.parametrize(
    ("cause", "code", "modifier"),
    [("visit-same-day-without-25", "99214", "25"), ("ncci-bundle-modifier-allowed", "96372", "59")],
)
def test_separate_services_are_marked_on_the_denied_line(cause: str, code: str, modifier: str) -> None:
    sent = claim(line(), line(1, "2", hcpcs=code, modifiers=(), drug=None))
    (change,) = made(case("CO-97", sent=sent, denied=1), cause)
    assert isinstance(change, SetModifiers)
    assert (change.line, change.add) == ("2", (modifier,))


def test_a_second_first_hour_after_chemotherapy_is_a_sequential_one() -> None:
    hour = line(1, "2", hcpcs="96413", modifiers=(), drug=None)
    sent = claim(line(), hour, line(1, "3", hcpcs="96365", modifiers=(), drug=None))
    (change,) = made(case("CO-97", sent=sent, denied=2), "infusion-hierarchy-wrong")
    assert isinstance(change, SetCode)
    assert (change.line, change.hcpcs, change.units) == ("3", "96367", 1)
    assert refused(case("CO-97", sent=sent, denied=1), "infusion-hierarchy-wrong")


def test_an_amount_in_other_units_is_written_as_charted() -> None:
    of = unlisted(dose(None, route="subcutaneous", dose=Amount(value=Decimal("68.50"), unit="mcg"), **NEW_DRUG))
    assert described(of) == "ONDRELIMAB 68.5 MCG SC"

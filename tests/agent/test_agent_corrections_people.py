"""Original, patient, and providers of a corrected claim: named where the records name them, else left to a person."""

from dataclasses import replace
from datetime import date

import pytest
from agent_builders import (
    PRACTICE,
    SERVED,
    auth,
    case,
    chart,
    claim,
    coverage,
    dose,
    line,
    order,
    paid_before,
)
from corrections_made import made, refused
from msgspec import structs

from agent.diagnosis.case import Case
from agent.drafting.correction_case import NotCorrectable
from agent.drafting.person_names import same_person, split_name
from knowledge.types.chart import Document
from knowledge.types.corrections import (
    SetOriginal,
    SetPatient,
    SetProvider,
)
from knowledge.types.practice import Provider

TRAN, EKHOLM = "1234567893", "1222222220"
ROSTER = (
    Provider(npi="1888888884", name="Dana Ruiz MD"),
    Provider(npi=TRAN, name="Minh Tran MD"),
    Provider(npi=EKHOLM, name="Nils Ekholm DO", role="referring", payers_enrolled=("MEDB",)),
)


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

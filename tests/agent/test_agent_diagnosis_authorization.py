"""Causes of category authorization: proven, refuted, or open when what would settle them is not there."""

from datetime import date
from decimal import Decimal

import pytest
from agent_builders import (
    ALL_PARTS,
    SERVED,
    auth,
    case,
    chart,
    claim,
    condition,
    diagnosed,
    dose,
    line,
    note,
    order,
    paid_before,
    payer,
    standing,
)

from agent.diagnosis.case import Case

GIVEN = chart(dose(), orders=(order(200, date(2026, 1, 5), 21), order()))
FITTING = auth(quantity=Decimal(400))
NO_NUMBER = claim(authorizations=())


def test_the_seed_case_reads_as_a_biller_would_say_it() -> None:
    found = diagnosed(case("CO-198", ("N54",), auths=(auth(),), chart=GIVEN))
    assert found.says == (
        "J9271 billed and given 400 units (400 mg, 2026-03-16); authorization A-1 allows 200 units a dose; "
        "order changed to 400 mg every 6 weeks on 2026-03-02: the authorization was not amended."
    )
    assert (found.root_cause, found.remedy, found.then) == (
        "auth-units-mismatch",
        "authorization_fix",
        "reconsideration",
    )
    assert found.confidence >= 0.9
    assert found.review_reasons == ()


@pytest.mark.parametrize(
    ("cause", "codes", "found"),
    [
        ("auth-units-mismatch", "CO-198", case(auths=(auth(),), chart=GIVEN)),
        (
            "auth-units-mismatch",
            "CO-198",
            case(
                auths=(auth(quantity=Decimal(800), per="total"),),
                chart=GIVEN,
                history=(paid_before(date(2026, 1, 26)), paid_before(date(2026, 2, 16))),
            ),
        ),
        ("auth-number-not-on-claim", "CO-197", case("CO-197", sent=NO_NUMBER, auths=(FITTING,), chart=GIVEN)),
        ("auth-for-other-code", "CO-284", case("CO-284", auths=(auth(hcpcs=("J9299",)),), chart=GIVEN)),
        ("auth-for-other-provider-or-site", "CO-296", case("CO-296", auths=(auth(place_of_service="22"),))),
        (
            "auth-for-other-provider-or-site",
            "CO-296",
            case("CO-296", auths=(auth(servicing_npi="1777777776"),)),
        ),
        ("auth-expired", "CO-302", case("CO-302", auths=(auth(end_date=date(2026, 3, 15)),))),
        ("auth-not-in-force", "CO-197", case("CO-197", auths=(auth(status="pended"),))),
        ("auth-not-in-force", "CO-197", case("CO-197", auths=(auth(start_date=date(2026, 3, 17)),))),
        ("auth-denied-before-service", "CO-39", case("CO-39", auths=(auth(status="denied"),))),
        (
            "diagnosis-not-authorized-indication",
            "CO-11",
            case(
                "CO-11", auths=(auth(diagnosis_codes=("C43.9",)),), chart=chart(dose(), conditions=(condition("C439"),))
            ),
        ),
        ("auth-never-obtained", "CO-197", case("CO-197", sent=NO_NUMBER, chart=GIVEN)),
        ("auth-valid-payer-error", "CO-197", case("CO-197", auths=(FITTING,), chart=GIVEN)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_cause_is_named_when_its_facts_stand(cause: str, codes: str, found: Case) -> None:
    assert diagnosed(found).root_cause == cause, codes


@pytest.mark.parametrize(
    ("cause", "found"),
    [
        ("auth-units-mismatch", case(auths=(FITTING,), chart=GIVEN)),
        ("auth-units-mismatch", case(auths=(auth(),), chart=chart(dose(200)))),
        ("auth-units-mismatch", case(auths=(auth(status="denied"),), chart=GIVEN)),
        ("auth-number-not-on-claim", case(auths=(FITTING,))),
        ("auth-number-not-on-claim", case(sent=NO_NUMBER, auths=(auth(decided_on=date(2026, 3, 20)),))),
        ("auth-for-other-code", case(auths=(auth(),))),
        ("auth-for-other-provider-or-site", case(auths=(auth(place_of_service="11"),))),
        ("auth-expired", case(auths=(auth(end_date=SERVED),))),
        ("auth-expired", case(auths=(auth(end_date=date(2026, 3, 1)), auth(auth_number="A-2")))),
        ("auth-not-in-force", case(auths=(auth(start_date=SERVED),))),
        ("auth-denied-before-service", case(auths=(auth(status="denied", decided_on=date(2026, 3, 17)),))),
        ("diagnosis-not-authorized-indication", case(auths=(auth(diagnosis_codes=("C34",)),))),
        ("auth-never-obtained", case(sent=NO_NUMBER, auths=(auth(),))),
        ("auth-never-obtained", case(chart=GIVEN)),
        ("auth-valid-payer-error", case(auths=(auth(),), chart=GIVEN)),
        ("auth-valid-payer-error", case(auths=(FITTING,), chart=chart(dose(300)))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_cause_is_refuted_when_one_of_its_facts_is(cause: str, found: Case) -> None:
    assert standing(found, cause) == "refuted"


@pytest.mark.parametrize(
    ("cause", "found"),
    [
        ("auth-units-mismatch", case(auths=(auth(),))),  # no chart: the dose given is not known
        ("auth-units-mismatch", case(auths=(auth(quantity=None, quantity_basis=None, per=None),), chart=GIVEN)),
        ("auth-number-not-on-claim", case(sent=None, auths=(auth(),))),
        ("auth-number-not-on-claim", case(sent=NO_NUMBER, parts=ALL_PARTS - {"auths"})),
        ("auth-number-not-on-claim", case(sent=NO_NUMBER, auths=(FITTING, auth(auth_number="A-2")))),
        ("auth-for-other-code", case(auths=(auth(hcpcs=()),))),
        ("auth-for-other-provider-or-site", case(sent=None, auths=(auth(place_of_service="22"),))),
        ("auth-expired", case()),
        ("auth-denied-before-service", case(auths=(auth(status="denied", decided_on=None),))),
        ("diagnosis-not-authorized-indication", case(sent=None, auths=(auth(diagnosis_codes=("C43.9",)),))),
        ("auth-never-obtained", case(sent=NO_NUMBER, parts=ALL_PARTS - {"auths"})),
        ("auth-never-obtained", case(sent=NO_NUMBER, parts=ALL_PARTS - {"charts"})),
        ("auth-never-obtained", case(sent=None)),
        (
            "auth-never-obtained",
            case(sent=NO_NUMBER, chart=chart(documents=(note("Authorization letter", text="J9271 approved"),))),
        ),
        ("auth-valid-payer-error", case(sent=None, auths=(FITTING,))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_cause_stays_open_without_what_would_settle_it(cause: str, found: Case) -> None:
    assert standing(found, cause) != "confirmed"


@pytest.mark.parametrize(
    ("found", "remedy", "then"),
    [
        (case(auths=(auth(),), chart=GIVEN, payer=payer(retro_authorization_days=0)), "reconsideration", None),
        (case("CO-197", sent=NO_NUMBER, auths=(FITTING,), chart=GIVEN), "corrected_claim", None),
        (
            case("CO-197", sent=NO_NUMBER, auths=(FITTING,), chart=GIVEN, payer=payer(replacement_claims=False)),
            "new_claim",
            None,
        ),
        (case("CO-197", ("MA130",), sent=NO_NUMBER, auths=(FITTING,), chart=GIVEN), "new_claim", None),
        (case("CO-197", sent=NO_NUMBER, chart=GIVEN), "authorization_fix", "reconsideration"),
        (case("CO-197", auths=(FITTING,), chart=GIVEN), "reconsideration", None),
    ],
    ids=["never-afterwards", "replacement", "no-replacements", "unprocessable", "window-open", "payer-error"],
)
def test_the_remedy_follows_the_payers_rules(found: Case, remedy: str, then: str | None) -> None:
    named = diagnosed(found)
    assert (named.remedy, named.then) == (remedy, then)


def test_drug_discarded_is_not_counted_against_an_authorized_dose() -> None:
    given = chart(dose(190, wasted=10), orders=(order(190),))
    lines = (line(190, modifiers=()), line(10, "2", modifiers=("JW",)))
    fitting, short = auth(quantity=Decimal(190)), auth(quantity=Decimal(189))
    assert standing(case(sent=claim(*lines), auths=(fitting,), chart=given), "auth-units-mismatch") == "refuted"
    assert standing(case(sent=claim(*lines), auths=(short,), chart=given), "auth-units-mismatch") == "confirmed"


def test_a_milligram_authorization_is_compared_in_the_units_of_the_code() -> None:
    trastuzumab = line(45, hcpcs="J9355")
    row = auth(hcpcs=("J9355",), quantity=Decimal(450), quantity_basis="mg")
    given = chart(dose(450, hcpcs="J9355", drug="trastuzumab"))
    assert standing(case(sent=claim(trastuzumab), auths=(row,), chart=given), "auth-valid-payer-error") == "confirmed"
    short = row.model_copy(update={"quantity": Decimal(440)})
    assert standing(case(sent=claim(trastuzumab), auths=(short,), chart=given), "auth-units-mismatch") == "confirmed"


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("A-1: APPROVED.\nFurther doses need a new request\nwith a restaging scan.", True),
        ("A-1: APPROVED. Continuation beyond six months requires a note of response.", True),
        ("A-1: APPROVED. J9271, 200 units a dose. Keep this letter.", False),
    ],
)
def test_a_condition_the_approval_sets_for_more_is_a_persons_to_answer(letter: str, said: bool) -> None:
    written = note("Authorization approval letter", date(2025, 12, 20), letter)
    asked = auth(document=written.resource.removeprefix("DocumentReference/"))
    seen = chart(dose(wasted=0), orders=(order(),), documents=(written,))
    found = diagnosed(case("CO-198", auths=(asked,), chart=seen))
    assert found.remedy == "authorization_fix"
    reasons = [reason.says for reason in found.review_reasons if reason.code == "clinical-judgement"]
    assert bool(reasons) is said
    assert all(says.removeprefix("The approval says: ") in " ".join(letter.split()) for says in reasons)

"""What is wrong with the authorization that the next dose stands under, with the arithmetic."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from watch_builders import auth, chart, claim, dose, kinds, only_treatment, only_warning, order, policy, record, watched

from knowledge.folder import UnreadRow

DAYS = (date(2026, 3, 3), date(2026, 3, 24), date(2026, 4, 14))
NEXT = date(2026, 5, 5)
ADA = chart(order(date(2026, 3, 1), "200 mg IV every 3 weeks", days=21), *(dose(day) for day in DAYS))


def _total(quantity: int, basis: str = "billing_units", **changed: object) -> object:
    return auth(quantity=Decimal(quantity), quantity_basis=basis, per="total", **changed)


def test_an_authorization_that_covers_the_dose_is_not_warned_of() -> None:
    assert watched(ADA, auths=(auth(),)).warnings == ()


@pytest.mark.parametrize(("end", "warned"), [(date(2026, 5, 4), ["auth-ends-before"]), (NEXT, [])])
def test_its_last_day_still_counts(end: date, warned: list[str]) -> None:
    assert kinds(watched(ADA, auths=(auth(end_date=end),))) == warned


@pytest.mark.parametrize(("start", "warned"), [(date(2026, 5, 6), ["auth-not-yet-in-force"]), (NEXT, [])])
def test_its_first_day_already_counts(start: date, warned: list[str]) -> None:
    assert kinds(watched(ADA, auths=(auth(start_date=start),))) == warned


def test_a_warning_says_what_when_how_and_from_where() -> None:
    warning = only_warning(watched(ADA, auths=(auth(end_date=date(2026, 4, 30)),)))
    assert (warning.hcpcs, warning.drug, warning.payer_id) == ("J9271", "pembrolizumab", "CASC1")
    assert (warning.expected, warning.by) == (NEXT, date(2026, 5, 4))
    assert warning.says == "A-1 ends 2026-04-30, 5 days before 2026-05-05"
    assert "auths/a.csv:2" in warning.sources
    assert "MedicationRequest/2026-03-01" in warning.sources
    assert "Voss" not in warning.model_dump_json()


@pytest.mark.parametrize(("total", "warned"), [(800, []), (799, ["auth-units-short"])])
def test_units_left_must_cover_the_next_dose(total: int, warned: list[str]) -> None:
    found = watched(ADA, auths=(_total(total),))  # type: ignore[arg-type]
    assert kinds(found) == warned
    if warned:
        assert found.warnings[0].says == (
            "authorization A-1: 799 billing units in total is 799 units; 3 doses took 600 "
            "(2026-03-03: 200, 2026-03-24: 200, 2026-04-14: 200): 199 left, and the next dose needs 200 units "
            "(200 mg as ordered 2026-03-01)"
        )


def test_an_overdrawn_total_is_said_as_such() -> None:
    warning = only_warning(watched(ADA, auths=(_total(500),)))  # type: ignore[arg-type]
    assert "none left (100 over), and the next dose needs 200 units" in warning.says
    assert "at least 300 units" in warning.to_do


def test_a_doubled_dose_needs_double_the_units() -> None:
    new = order(date(2026, 4, 20), "400 mg IV every 6 weeks", days=42, mg=400)
    changed = chart(order(date(2026, 3, 1), days=21, status="stopped"), new, *(dose(day) for day in DAYS))
    assert kinds(watched(changed, auths=(_total(1000),))) == []  # type: ignore[arg-type]
    assert kinds(watched(changed, auths=(_total(999),))) == ["auth-units-short"]  # type: ignore[arg-type]
    per_dose = auth(quantity=Decimal(200), quantity_basis="billing_units", per="dose")
    assert "200 too few" in only_warning(watched(changed, auths=(per_dose,))).says


@pytest.mark.parametrize(
    ("quantity", "basis", "warned"),
    [
        (800, "mg", []),
        (799, "mg", ["auth-units-short"]),
        (800_000, "mcg", []),
        (8, "vials", []),
        (7, "vials", ["auth-units-short"]),
        (4, "doses", []),
        (3, "doses", ["auth-doses-used-up"]),
        (4, "visits", []),
        (3, "visits", ["auth-doses-used-up"]),
    ],
)
def test_quantities_in_mg_vials_and_doses(quantity: int, basis: str, warned: list[str]) -> None:
    assert kinds(watched(ADA, auths=(_total(quantity, basis),))) == warned  # type: ignore[arg-type]


@pytest.mark.parametrize(("doses", "warned"), [(4, []), (3, ["auth-doses-used-up"])])
def test_an_authorization_per_dose_covers_so_many_doses(doses: int, warned: list[str]) -> None:
    row = auth(quantity=Decimal(200), quantity_basis="billing_units", per="dose", doses=Decimal(doses))
    assert kinds(watched(ADA, auths=(row,))) == warned


def test_what_cannot_be_converted_is_said_and_not_warned_of() -> None:
    found = watched(ADA, auths=(_total(50, "ml"),))  # type: ignore[arg-type]
    assert found.warnings == ()
    assert any("not ml" in text for text in only_treatment(found).not_compared)


def test_doses_before_its_dates_took_nothing_of_it() -> None:
    row = _total(400, start_date=date(2026, 3, 25))
    assert kinds(watched(ADA, auths=(row,))) == []  # type: ignore[arg-type]


def test_of_several_rows_one_that_covers_the_dose_is_enough() -> None:
    used_up = _total(600, end_date=date(2026, 6, 30))
    renewed = auth(auth_number="A-2", source="auths/a.csv:3", quantity=Decimal(800), quantity_basis="mg", per="total")
    assert watched(ADA, auths=(used_up, renewed)).warnings == ()  # type: ignore[arg-type]
    assert kinds(watched(ADA, auths=(used_up,))) == ["auth-units-short"]  # type: ignore[arg-type]


def test_doses_count_on_the_authorization_that_their_claims_name() -> None:
    first = _total(800, end_date=date(2026, 4, 30))
    second = auth(auth_number="A-2", source="auths/a.csv:3", quantity=Decimal(600), quantity_basis="mg", per="total")
    claims = tuple(claim(day, authorizations=("A-2",)) for day in DAYS)
    assert kinds(watched(ADA, auths=(first, second))) == []  # type: ignore[arg-type]
    assert kinds(watched(ADA, auths=(first, second), claims=claims)) == ["auth-units-short"]  # type: ignore[arg-type]


def test_units_billed_count_before_units_charted() -> None:
    claims = tuple(claim(day, units=300) for day in DAYS)
    says = only_warning(watched(ADA, auths=(_total(1000),), claims=claims)).says  # type: ignore[arg-type]
    assert "3 doses took 900" in says


def test_discarded_drug_and_voided_claims_take_no_units() -> None:
    sent = claim(DAYS[0], units=200)
    line = sent.lines[0]
    wasted = msgspec.structs.replace(line, number="2", modifiers=("JW",), units=Decimal(50))
    with_waste = msgspec.structs.replace(sent, lines=(line, wasted))
    void = claim(DAYS[1], units=900, frequency="8")
    claims = (with_waste, claim(DAYS[1], units=900), void)
    assert "3 doses took 600" in only_warning(watched(ADA, auths=(_total(700),), claims=claims)).says  # type: ignore[arg-type]


def test_a_replacement_counts_in_place_of_the_claim_it_replaces() -> None:
    claims = (claim(DAYS[0], units=100), claim(DAYS[0], units=300, frequency="7", submitted_on=NEXT))
    assert "3 doses took 700" in only_warning(watched(ADA, auths=(_total(700),), claims=claims)).says  # type: ignore[arg-type]


def test_a_reference_product_and_its_biosimilar_are_one_drug() -> None:
    ordered = order(date(2026, 3, 1), days=21, mg=420, hcpcs="Q5117", drug="trastuzumab-anns")
    row = auth(hcpcs=("J9355",))
    found = watched(chart(ordered, dose(DAYS[-1], 420, hcpcs="J9355", drug="trastuzumab")), auths=(row,))
    assert kinds(found) == ["auth-other-code"]
    assert only_treatment(found).expected == NEXT


def test_the_product_ordered_must_be_the_one_authorized() -> None:
    ordered = order(date(2026, 3, 1), days=21, mg=400, hcpcs="Q5107", drug="bevacizumab-awwb")
    bev = chart(ordered, dose(DAYS[-1], 400, hcpcs="J9035", drug="bevacizumab"))
    warning = only_warning(watched(bev, auths=(auth(hcpcs=("J9035",)),)))
    assert (warning.kind, warning.hcpcs) == ("auth-other-code", "Q5107")
    assert watched(bev, auths=(auth(hcpcs=("J9035", "Q5107")),)).warnings == ()
    assert watched(bev, auths=(auth(hcpcs=()),)).warnings == ()


@pytest.mark.parametrize(("listed", "warned"), [("C34.11", []), ("C34", []), ("C34.12", ["auth-other-diagnosis"])])
def test_the_diagnosis_must_be_one_that_is_authorized(listed: str, warned: list[str]) -> None:
    assert kinds(watched(ADA, auths=(auth(diagnosis_codes=(listed,)),))) == warned
    assert kinds(watched(ADA, auths=(auth(diagnosis_codes=(listed,)),), claims=(claim(DAYS[-1]),))) == warned


def test_a_charted_diagnosis_that_is_authorized_sends_the_last_claims_to_a_coder() -> None:
    sent = (claim(DAYS[-1], diagnoses=("C3412",)),)
    warning = only_warning(watched(ADA, auths=(auth(diagnosis_codes=("C34.11",)),), claims=sent))
    assert warning.kind == "auth-other-diagnosis"
    assert warning.to_do == "The chart carries C3411, which is authorized: have a coder settle which one it is"


def test_provider_and_site_must_be_those_authorized() -> None:
    sent = (claim(DAYS[-1]),)
    assert kinds(watched(ADA, auths=(auth(servicing_npi="1777777776"),), claims=sent)) == [
        "auth-other-provider-or-site"
    ]
    assert kinds(watched(ADA, auths=(auth(servicing_npi="1888888884"),), claims=sent)) == []
    assert kinds(watched(ADA, auths=(auth(place_of_service="22"),), claims=sent)) == ["auth-other-provider-or-site"]
    assert kinds(watched(ADA, auths=(auth(place_of_service="11"),), claims=sent)) == []
    unbilled = watched(ADA, auths=(auth(place_of_service="22"),))
    assert unbilled.warnings == ()
    assert any("place of service not compared" in text for text in only_treatment(unbilled).not_compared)


@pytest.mark.parametrize("status", ["denied", "pended", "voided"])
def test_one_that_was_not_approved_is_none(status: str) -> None:
    assert kinds(watched(ADA, auths=(auth(status=status),))) == [f"auth-{status}"]


def test_a_pended_renewal_is_told_with_the_one_that_ends() -> None:
    renewal = auth(auth_number="A-2", status="pended", start_date=date(2026, 5, 1), source="auths/a.csv:3")
    warning = only_warning(watched(ADA, auths=(auth(end_date=date(2026, 4, 30)), renewal)))
    assert warning.kind == "auth-ends-before"
    assert warning.says.endswith("A-2 is pended")


OTHER = auth(member_id="CHP9", source="auths/a.csv:9")


def test_none_on_file_is_warned_of_where_the_payer_authorized_the_drug_before() -> None:
    warning = only_warning(watched(ADA, auths=(OTHER,)))
    assert warning.kind == "auth-none"
    assert "has authorized pembrolizumab before" in warning.says
    assert "takes requests for 10 days" in warning.to_do


def test_none_on_file_is_warned_of_where_the_payer_denied_for_lack_of_one() -> None:
    elsewhere = auth(member_id="CHP9", hcpcs=("J9299",))
    denied = record(cause="auth-never-obtained", carc="197", status="lost")
    warning = only_warning(watched(ADA, auths=(elsewhere,), records=(denied,)))
    assert (warning.kind, "denied pembrolizumab for lack of one once" in warning.says) == ("auth-none", True)


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Prior authorization is required.", ["auth-none"]),
        ("No prior authorization is needed.", []),
        ("The listed drugs need authorization before the first dose.", ["auth-none"]),
        ("Prior authorization is not required.", []),
        ("J9299 requires prior authorization. Other drugs need no authorization.", []),
        ("J9271 requires prior authorization. Other drugs need no authorization.", ["auth-none"]),
        ("An authorization states the quantity of a dose.", []),
        ("Covered for NSCLC.", []),
    ],
)
def test_none_on_file_is_warned_of_where_the_policy_asks_for_one(text: str, warned: list[str]) -> None:
    elsewhere = auth(member_id="CHP9", hcpcs=("J9299",))
    assert kinds(watched(ADA, auths=(elsewhere,), policies=(policy(text),))) == warned


def test_none_on_file_proves_nothing_without_a_reason_or_without_authorizations() -> None:
    elsewhere = auth(member_id="CHP9", hcpcs=("J9299",))
    assert watched(ADA, auths=(elsewhere,)).warnings == ()
    asked = policy("Prior authorization is required.")
    found = watched(ADA, policies=(asked,))
    assert found.warnings == ()
    assert any("no authorizations are in the records" in text for text in only_treatment(found).not_compared)


def test_rows_that_could_not_be_read_are_told_with_none_on_file() -> None:
    lost = UnreadRow(kind="auths", why="no number", source="auths/a.csv:7")
    assert "1 rows of auths/ could not be read" in only_warning(watched(ADA, auths=(OTHER,), unread=(lost,))).says


def test_another_members_authorization_is_not_this_patients() -> None:
    assert kinds(watched(ADA, auths=(auth(member_id="CHP9", quantity=Decimal(1)),))) == ["auth-none"]


def test_a_dose_without_a_known_date_is_held_against_the_day_asked() -> None:
    unknown = chart(order(date(2026, 3, 1), "200 mg IV with each cycle", mg=200), dose(DAYS[-1], 190))
    warning = only_warning(watched(unknown, auths=(auth(end_date=date(2026, 4, 30)),)))
    assert (warning.expected, warning.by) == (None, None)
    assert "next date not known" in warning.how


def test_warnings_come_by_date_those_without_one_last() -> None:
    late = chart(
        order(date(2026, 3, 1), days=42, hcpcs="J9299", drug="nivolumab", mg=480), dose(DAYS[-1], 480, hcpcs="J9299")
    )
    none = chart(order(date(2026, 3, 1), mg=600, hcpcs="J9045", drug="carboplatin"), dose(DAYS[-1], 600, hcpcs="J9045"))
    both = ADA.model_copy(
        update={"orders": (*none.orders, *late.orders, *ADA.orders), "doses": (*none.doses, *late.doses, *ADA.doses)}
    )
    ended = auth(hcpcs=("J9045", "J9299", "J9271"), end_date=date(2026, 4, 20))
    assert [w.hcpcs for w in watched(both, auths=(ended,)).warnings] == ["J9271", "J9299", "J9045"]


@given(total=st.integers(0, 1200), doses=st.integers(1, 5))
def test_units_are_short_exactly_when_what_is_left_is_less_than_the_dose(total: int, doses: int) -> None:
    days = [date(2026, 4, 14 - 3 * place) for place in range(doses)]
    given_chart = chart(order(date(2026, 3, 1), "200 mg IV every 3 weeks", days=21), *(dose(day) for day in days))
    warned = kinds(watched(given_chart, auths=(_total(total),)))  # type: ignore[arg-type]
    assert (warned == ["auth-units-short"]) == (total - 200 * doses < 200)

"""The authorization that governs the line."""

from datetime import date

import pytest
from linking_builders import auth, codes, joined, sent, sent_line

JANUARY, FEBRUARY, MARCH_1, APRIL_1 = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 1)


@pytest.mark.parametrize(
    ("claim", "remitted", "place"),
    [
        (sent(sent_line(authorizations=("A-2",)), authorizations=("A-1",)), "A-1", "claim line (2400)"),
        (sent(authorizations=("A-2",)), "A-1", "claim (2300)"),
        (sent(), "A-2", "remit"),
    ],
)
def test_the_number_named_nearest_to_the_line_is_linked(claim: object, remitted: str, place: str) -> None:
    links, case = joined(claims=[claim], g1=remitted, authorizations=[auth("A-1"), auth("A-2")])
    assert links.auth_number is not None
    assert (links.auth_number.value, place in links.auth_number.rule) == ("A-2", True)
    assert case.authorization is not None
    assert len(case.authorizations) == 2


def test_a_named_number_of_another_member_is_said_and_not_linked() -> None:
    links, _ = joined(claims=[sent(authorizations=("B-9",))], authorizations=[auth("B-9", member="H999")])
    assert (links.auth_number, codes(links)) == (None, ["authorization-of-another"])


def test_a_named_number_of_another_payer_is_said_and_the_members_own_is_linked() -> None:
    rows = [auth("B-9", payer="SUMA"), auth("A-1")]
    links, _ = joined(claims=[sent(authorizations=("B-9",))], authorizations=rows)
    assert links.auth_number is not None
    assert (links.auth_number.value, codes(links)) == ("A-1", ["authorization-of-another"])


def test_a_named_number_without_the_code_links_the_number_and_says_so() -> None:
    links, case = joined(claims=[sent(authorizations=("A-1",))], authorizations=[auth("A-1", "J9035")])
    assert links.auth_number is not None
    assert links.auth_number.rule.endswith("the authorization is for another service")
    assert case.authorization is not None


def test_of_the_rows_of_a_number_the_one_with_the_code_governs() -> None:
    rows = [auth("A-1", "96413"), auth("A-1", "J9271"), auth("A-1", "J9035")]
    _, case = joined(claims=[sent(authorizations=("a 1",))], authorizations=rows)
    assert case.authorization is not None
    assert case.authorization.hcpcs == ("J9271",)


def test_without_a_number_the_row_of_the_code_in_force_is_linked() -> None:
    rows = [auth("OLD", end=FEBRUARY), auth("NOW", start=MARCH_1), auth("OTHER", "J9035")]
    links, _ = joined(member="h 123", authorizations=rows)
    assert links.auth_number is not None
    assert (links.auth_number.value, links.auth_number.rule) == (
        "NOW",
        "payer, member and code, in force on the date of service",
    )


def test_an_approved_row_outranks_a_denied_one_of_its_tier() -> None:
    links, _ = joined(authorizations=[auth("NO", status="denied", start=None, end=None), auth("YES")])
    assert links.auth_number is not None
    assert links.auth_number.value == "YES"


@pytest.mark.parametrize("status", ["denied", "pended", "voided"])
def test_an_authorization_that_was_not_approved_is_linked_when_it_is_the_only_one(status: str) -> None:
    links, case = joined(authorizations=[auth("A-1", status=status, start=None, end=None)])
    assert links.auth_number is not None
    assert case.authorization is not None
    assert case.authorization.status == status


def test_two_approved_numbers_in_force_are_not_chosen_between() -> None:
    links, case = joined(authorizations=[auth("A-1"), auth("A-2")])
    assert (links.auth_number, case.authorization, codes(links)) == (None, None, ["authorization-ambiguous"])


def test_of_expired_numbers_the_last_to_end_before_the_service_is_linked() -> None:
    links, _ = joined(authorizations=[auth("A-1", end=JANUARY), auth("A-2", end=FEBRUARY)])
    assert links.auth_number is not None
    assert links.auth_number.value == "A-2"
    assert "not in force" in links.auth_number.rule


def test_one_number_before_and_one_after_the_service_are_not_chosen_between() -> None:
    rows = [auth("A-1", end=FEBRUARY), auth("A-2", start=APRIL_1)]
    links, _ = joined(authorizations=rows)
    assert (links.auth_number, codes(links)) == (None, ["authorization-ambiguous"])


def test_a_biosimilar_of_the_same_drug_is_linked_and_another_drug_is_not() -> None:
    links, _ = joined(hcpcs="J9035", authorizations=[auth("A-1", "Q5107"), auth("A-2", "J9271")])
    assert links.auth_number is not None
    assert links.auth_number.value == "A-1"
    assert "same drug" in links.auth_number.rule
    assert joined(hcpcs="J9264", authorizations=[auth("A-1", "J9267")])[0].auth_number is None


def test_an_authorization_of_another_member_is_never_linked() -> None:
    links, case = joined(authorizations=[auth(member="H124")])
    assert (links.auth_number, case.authorizations) == (None, ())


def test_the_member_id_of_the_claim_counts_before_that_of_the_remit() -> None:
    links, _ = joined(member="WRONG", claims=[sent()], authorizations=[auth()])
    assert links.auth_number is not None


def test_a_named_number_for_another_service_yields_to_the_members_own_in_force() -> None:
    rows = [auth("A-1", "J9035"), auth("A-2", "J9271")]
    links, _ = joined(claims=[sent(authorizations=("A-1",))], authorizations=rows)
    assert links.auth_number is not None
    assert links.auth_number.value == "A-2"


def test_a_number_on_the_claim_that_is_for_a_sibling_drug_is_not_linked_to_this_line() -> None:
    claim = sent(sent_line(), sent_line("2", "J9035", control="L2"), authorizations=("A-1",))
    assert joined(claims=[claim], authorizations=[auth("A-1", "J9035")])[0].auth_number is None


def test_an_administration_goes_with_the_authorization_of_its_drug() -> None:
    claim = sent(sent_line("1", "96413"), sent_line("2", "J9035", control="L2"), authorizations=("A-1",))
    links, _ = joined(hcpcs="96413", claims=[claim], authorizations=[auth("A-1", "J9035")])
    assert links.auth_number is not None
    assert links.auth_number.value == "A-1"


def test_two_numbers_on_the_claim_for_the_code_are_not_chosen_between() -> None:
    claim = sent(authorizations=("A-1", "A-2"))
    links, _ = joined(claims=[claim], authorizations=[auth("A-1"), auth("A-2")])
    assert (links.auth_number, codes(links)) == (None, ["authorization-ambiguous"])


def test_of_two_numbers_on_the_claim_the_approved_one_is_linked() -> None:
    claim = sent(authorizations=("A-1", "A-2"))
    links, _ = joined(claims=[claim], authorizations=[auth("A-1", status="voided"), auth("A-2")])
    assert links.auth_number is not None
    assert links.auth_number.value == "A-2"

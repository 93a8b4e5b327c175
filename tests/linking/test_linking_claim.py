"""The submitted claim and its line."""

from datetime import date

import pytest
from linking_builders import answer_line, codes, joined, sent, sent_line


def test_the_line_control_number_joins_the_line() -> None:
    other = sent_line("1", control="L0")
    links, case = joined(claims=[sent(other, sent_line("2"))])
    assert links.claim_line is not None
    assert links.claim_file is not None
    assert (links.claim_line.value, links.claim_line.rule) == ("2", "REF*6R equals 2400 REF*6R")
    assert (links.claim_file.value, links.claim_file.rule) == ("claims/a.837", "CLM01 equals CLP01")
    assert case.line is not None
    assert case.line.number == "2"


def test_without_a_control_number_code_modifiers_day_and_charge_join_the_line() -> None:
    claim = sent(sent_line("1", modifiers=("JW",)), sent_line("2", charge=900), sent_line("3"))
    links, _ = joined(control="", claims=[claim])
    assert links.claim_line is not None
    assert (links.claim_line.value, "charge" in links.claim_line.rule) == ("3", True)


def test_code_and_day_join_the_only_line_that_has_both() -> None:
    claim = sent(sent_line("1", "96413"), sent_line("2", charge=900))
    links, _ = joined(control="", claims=[claim])
    assert links.claim_line is not None
    assert (links.claim_line.value, links.claim_line.rule) == ("2", "claim number, code and date of service")


def test_two_equal_lines_are_not_chosen_between() -> None:
    links, case = joined(control="", claims=[sent(sent_line("1"), sent_line("2"))])
    assert (links.claim_line, case.line, codes(links)) == (None, None, ["claim-line-ambiguous"])
    assert links.claim_file is not None


def test_a_control_number_of_another_code_and_day_joins_nothing() -> None:
    claim = sent(sent_line("1", "J9035", day=date(2026, 1, 1)), sent_line("2", control="L2"))
    links, _ = joined(claims=[claim])
    assert (links.claim_line, codes(links)) == (None, ["line-control-contradicts"])


def test_a_recoded_line_is_found_by_the_code_that_was_billed() -> None:
    links, _ = joined(hcpcs="J9999", submitted="J9271", control="", claims=[sent()])
    assert links.claim_line is not None


def test_a_claim_level_denial_has_a_claim_and_no_line() -> None:
    links, case = joined(whole_claim=True, claims=[sent()])
    assert links.claim_file is not None
    assert (links.claim_line, case.line) == (None, None)


def test_a_claim_of_the_same_number_sent_to_another_payer_is_not_joined() -> None:
    links, _ = joined(claims=[sent(payer="SUMA")])
    assert links.claim_file is None


def test_the_payer_of_a_claim_is_known_by_its_alias() -> None:
    links, _ = joined(claims=[sent(payer="84001")])
    assert links.claim_file is not None


ORIGINAL = sent(on=date(2026, 3, 20))
REPLACEMENT = sent(file="claims/b.837", frequency="7", original="ICN1", on=date(2026, 4, 10))


@pytest.mark.parametrize(
    ("answer", "file", "rule"),
    [
        ({}, "claims/a.837", "latest version sent before the remit"),
        ({"paid_on": date(2026, 5, 1)}, "claims/a.837", "latest version sent before the remit"),
        ({"number": "ICN2", "paid_on": date(2026, 5, 1)}, "claims/b.837", "latest version sent before the remit"),
        (
            {"number": "ICN2", "original": "ICN1", "paid_on": date(2026, 5, 1)},
            "claims/b.837",
            "replacement naming the same REF*F8",
        ),
        (
            {"number": "ICN2", "frequency": "7", "paid_on": date(2026, 5, 1)},
            "claims/b.837",
            "latest replacement before the remit",
        ),
    ],
)
def test_of_several_versions_the_one_that_was_answered_is_joined(
    answer: dict[str, object], file: str, rule: str
) -> None:
    links, case = joined(claims=[REPLACEMENT, ORIGINAL], **answer)  # type: ignore[arg-type]
    assert links.claim_file is not None
    assert links.claim_file.value == file
    assert links.claim_file.rule.endswith(rule)
    assert case.versions == (ORIGINAL, REPLACEMENT)


def test_two_different_versions_of_one_day_are_not_chosen_between() -> None:
    other = sent(sent_line(charge=900), file="claims/b.837")
    links, _ = joined(claims=[sent(), other])
    assert (links.claim_file, codes(links)) == (None, ["claim-version-ambiguous"])


def test_the_same_claim_in_two_files_is_one_claim() -> None:
    links, _ = joined(claims=[sent(file="claims/b.837"), sent()])
    assert links.claim_file is not None
    assert links.claim_file.value == "claims/a.837"


def test_an_unknown_claim_number_is_joined_by_member_code_day_and_charge_when_one_line_fits() -> None:
    links, _ = joined(claim_id="UNKNOWN", member="h-123", claims=[sent()])
    assert links.claim_file is not None
    assert links.claim_file.rule.startswith("CLP01 is no claim of ours")
    assert links.claim_line is not None


def test_an_unknown_claim_number_that_fits_several_lines_is_ambiguous() -> None:
    links, _ = joined(claim_id="UNKNOWN", claims=[sent(), sent(claim_id="C2")])
    assert (links.claim_file, codes(links)) == (None, ["claim-ambiguous"])


def test_an_answer_about_another_charge_than_was_sent_is_joined_and_doubted() -> None:
    links, case = joined(claims=[sent(sent_line(charge=900))])
    assert case.line is not None
    assert codes(links) == ["charge-differs"]
    assert "$1,000.00" in links.ambiguous[0][1]
    assert "$900.00" in links.ambiguous[0][1]


def test_a_line_that_the_payer_answered_in_two_parts_is_not_doubted() -> None:
    whole, part = sent_line(charge=1500), answer_line(charge=500)
    links, _ = joined(claims=[sent(whole)], further=(part,))
    assert codes(links) == []


def test_without_any_record_nothing_is_linked_and_nothing_is_ambiguous() -> None:
    links, case = joined()
    assert links.model_dump() == {
        "claim_file": None,
        "claim_line": None,
        "auth_number": None,
        "chart": None,
        "policy_id": None,
        "ambiguous": (),
    }
    assert case.payer is not None
    assert case.member_id == "H123"

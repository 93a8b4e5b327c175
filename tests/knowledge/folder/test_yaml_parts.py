import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.folder import read_payers, read_practice
from knowledge.types.reading import ReadingFinding

PRACTICE = """\
contract: 1
name: Cedar Oncology Associates
tax_id: "841234567"
billing_npi: "1999999992"
providers:
  - {npi: "1888888883", name: Dana Ruiz MD, role: rendering, payers_enrolled: [CASC1]}
  - {npi: "1777777776", name: Kofi Osei MD}
address: {street: 12 Main St, city: Denver, state: CO, zip: "80202"}
phone: "3035550100"
as_of: 2026-05-01
review: {straight_through: true, min_confidence: 0.9, max_amount_without_review: 25000.00}
"""
PAYERS = """\
- id: CASC1
  aliases: ["CASCADE HEALTH PLAN", 84001]
  name: Cascade Health Plan
  line_of_business: commercial
  contracted: true
  appeals:
    - {level: reconsideration, days: 180, from: remit_date, decision_days: 45, send_to: {fax: "2085550100"}}
    - {level: appeal, days: 60, from: decision_date}
  timely_filing_days: 90
  retro_authorization_days: 0
  replacement_claims: false
  step_therapy: [{drug: J9035, prefer: [Q5107, Q5118]}]
  max_units: {J9271: 400}
- id: MEDB
  name: Medicare Part B
  line_of_business: medicare_ffs
"""


def seen(findings: tuple[ReadingFinding, ...]) -> list[tuple[str, str, str]]:
    return [(f.severity, f.code, f.where) for f in findings]


def test_a_practice_is_read_whole() -> None:
    practice, findings = read_practice(PRACTICE)
    assert findings == ()
    assert practice is not None
    assert practice.as_of == date(2026, 5, 1)
    assert practice.providers[0].payers_enrolled == ("CASC1",)
    assert practice.providers[1].payers_enrolled is None
    assert practice.address.zip == "80202"
    assert practice.review.max_amount_without_review == Decimal("25000.00")


def test_payers_are_read_whole_and_what_is_not_said_stays_unknown() -> None:
    (cascade, medicare), findings = read_payers(PAYERS)
    assert findings == ()
    assert cascade.aliases == ("CASCADE HEALTH PLAN", "84001")
    assert [(a.level, a.days, a.start) for a in cascade.appeals] == [
        ("reconsideration", 180, "remit_date"),
        ("appeal", 60, "decision_date"),
    ]
    assert cascade.max_units == {"J9271": Decimal(400)}
    assert cascade.retro_authorization_days == 0
    assert (cascade.replacement_claims, cascade.ndc_required) == (False, None)
    assert (medicare.appeals, medicare.timely_filing_days, medicare.contracted) == ((), None, None)
    assert medicare.source == "payers.yaml:14"


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("name: [unclosed\nphone: 1\n", "yaml-broken", "practice.yaml:2"),
        ("name: a\n\tphone: 1\n", "yaml-broken", "practice.yaml:2"),
        ("name: \x07\n", "yaml-broken", "practice.yaml"),
        ("- a\n- b\n", "practice-form", "practice.yaml:1"),
        ("", "file-empty", "practice.yaml"),
        ("--- 1\n--- 2\n", "yaml-broken", "practice.yaml:2"),
        ("a: " + "[" * 100, "yaml-refused", "practice.yaml:1"),
        ("x" * 600_000, "file-too-large", "practice.yaml"),
    ],
)
def test_a_broken_practice_is_one_error_with_its_line(text: str, code: str, where: str) -> None:
    practice, findings = read_practice(text)
    assert practice is None
    assert seen(findings) == [("error", code, where)]


def test_a_bomb_of_aliases_is_defused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    practice, findings = read_practice("\n".join(lines) + "\nname: Cedar\n")
    assert practice is None or practice.name == "Cedar"
    assert findings


def test_an_alias_that_holds_itself_is_refused_and_the_rest_is_read() -> None:
    practice, findings = read_practice("name: Cedar\nx: &x [*x]\n")
    assert practice is not None
    assert practice.name == "Cedar"
    assert ("error", "yaml-refused", "practice.yaml:2") in seen(findings)


def test_an_object_tag_is_text_and_nothing_is_built() -> None:
    practice, _ = read_practice("name: !!python/object/apply:os.getcwd []\nphone: !!int 'x'\n")
    assert practice is not None
    assert practice.phone == "x"


def test_unknown_keys_are_information_and_left_alone() -> None:
    _, findings = read_practice(PRACTICE + "motto: better\n")
    assert seen(findings) == [("info", "unknown-key", "practice.yaml:12")]


def test_a_key_that_stands_twice_is_read_from_the_first() -> None:
    practice, findings = read_practice("name: One\nname: Two\n")
    assert practice is not None
    assert practice.name == "One"
    assert seen(findings) == [("warning", "key-twice", "practice.yaml:2")]


@pytest.mark.parametrize("written", ["02134", '"02134"'])
def test_a_leading_zero_survives_with_and_without_quotes(written: str) -> None:
    practice, findings = read_practice(f"name: Cedar\naddress: {{zip: {written}}}\n")
    assert practice is not None
    assert practice.address.zip == "02134"
    assert findings == ()


def test_an_identifier_that_lost_its_zero_is_doubted() -> None:
    practice, findings = read_practice("name: Cedar\ntax_id: 41234567\naddress: {zip: 2134}\n")
    assert practice is not None
    assert practice.tax_id == "41234567"
    assert seen(findings) == [
        ("warning", "identifier-odd", "practice.yaml:2"),
        ("warning", "identifier-odd", "practice.yaml:3"),
    ]


@pytest.mark.parametrize(
    "review",
    [
        "{straight_through: perhaps}",
        "{min_confidence: high}",
        "{min_confidence: 90}",
        "{max_amount_without_review: $5}",
        "[]",
    ],
)
def test_review_settings_that_do_not_fit_make_the_practice_strict(review: str) -> None:
    practice, findings = read_practice(f"name: Cedar\nreview: {review}\n")
    assert practice is not None
    assert practice.review.straight_through is False
    assert [f.severity for f in findings] == ["error"]


def test_no_limit_of_amount_must_be_said() -> None:
    said, _ = read_practice("name: Cedar\nreview: {max_amount_without_review: null}\n")
    unsaid, _ = read_practice("name: Cedar\nreview: {straight_through: true}\n")
    assert said is not None
    assert said.review.max_amount_without_review is None
    assert unsaid is not None
    assert unsaid.review.max_amount_without_review == Decimal(25000)


def test_one_bad_payer_costs_no_other() -> None:
    payers, findings = read_payers("- name: nameless\n- just text\n- {id: [1]}\n" + PAYERS)
    assert [payer.id for payer in payers] == ["CASC1", "MEDB"]
    assert [f.severity for f in findings] == ["error"] * len(findings)
    assert {f.where for f in findings} == {"payers.yaml:1", "payers.yaml:2", "payers.yaml:3"}


def test_of_two_payers_with_one_id_the_first_is_kept() -> None:
    payers, findings = read_payers(PAYERS + "- {id: CASC1, name: Other, line_of_business: other}\n")
    assert [payer.name for payer in payers] == ["Cascade Health Plan", "Medicare Part B"]
    assert seen(findings) == [("error", "payer-twice", "payers.yaml:17")]


def test_a_name_of_two_payers_is_warned_of() -> None:
    _, findings = read_payers(PAYERS.replace("name: Medicare Part B", "name: cascade health plan"))
    assert [f.code for f in findings] == ["payer-name-shared"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("timely_filing_days: 90", "timely_filing_days: ninety", "timely_filing_days"),
        ("timely_filing_days: 90", "timely_filing_days: -1", "timely_filing_days"),
        ("contracted: true", "contracted: mostly", "contracted"),
        ("replacement_claims: false", "replacement_claims: [no]", "replacement_claims"),
    ],
)
def test_a_rule_that_does_not_fit_becomes_unknown(old: str, new: str, rule: str) -> None:
    (cascade, _), findings = read_payers(PAYERS.replace(old, new))
    assert getattr(cascade, rule) is None
    (finding,) = findings
    assert finding.severity == "error"
    assert f"payer CASC1: {rule}" in finding.says


@pytest.mark.parametrize("start", ["", ", from: receipt"])
def test_days_without_a_known_start_give_no_deadline(start: str) -> None:
    text = f"- {{id: P, name: P, line_of_business: other, appeals: [{{level: appeal, days: 60{start}}}]}}\n"
    (payer,), findings = read_payers(text)
    assert payer.appeals[0].days is None
    assert [f.severity for f in findings] == ["error"]


TREE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
KEYS = st.sampled_from(
    "id name aliases appeals level days from send_to step_therapy drug prefer max_units review address providers "
    "npi zip as_of payers_enrolled line_of_business contracted contract".split()
)
ODD = st.dictionaries(KEYS, TREE | st.dictionaries(KEYS, TREE, max_size=3), max_size=6)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_whatever_raises(text: str) -> None:
    for prefix in ("", "name: Cedar\n", "- id: P\n  "):
        read_practice(prefix + text)
        read_payers(prefix + text)


@given(ODD)
def test_no_value_of_another_form_raises_or_costs_another_payer(odd: dict[str, object]) -> None:
    written = json.dumps(odd)
    read_practice(written)
    payers, _ = read_payers(f"- {written}\n" + PAYERS)
    assert {"CASC1", "MEDB"} <= {payer.id for payer in payers}

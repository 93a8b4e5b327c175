from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.folder import read_policy
from knowledge.payers import PayerDirectory
from knowledge.types.practice import Payer

FRONT = """\
---
policy_id: CHP-ONC-014
title: Pembrolizumab
payer_id: CASC1
drugs: [J9271, J9277]
effective_from: 2026-01-01
effective_to:                  # blank = in force
supersedes: CHP-ONC-009
---
"""
BODY = """\

Preface before any heading.

# Pembrolizumab

## Criteria ##
- Metastatic disease, and
- PD-L1 of 1% or more.

```
# not a heading
```

Quantity
--------
400 mg every 6 weeks.

| a | b |
|---|---|
| 1 | 2 |
"""


def test_a_policy_is_read_with_its_sections_and_their_lines() -> None:
    policy, findings = read_policy(FRONT + BODY, "policies/p.md")
    assert findings == ()
    assert policy is not None
    assert (policy.policy_id, policy.drugs, policy.supersedes) == (
        "CHP-ONC-014",
        ("J9271", "J9277"),
        "CHP-ONC-009",
    )
    assert (policy.effective_from, policy.effective_to) == (date(2026, 1, 1), None)
    assert [(s.heading, s.line) for s in policy.sections] == [
        ("", 11),
        ("Pembrolizumab", 13),
        ("Criteria", 15),
        ("Quantity", 23),
    ]
    assert policy.sections[2].text.startswith("- Metastatic disease, and\n- PD-L1 of 1% or more.")
    assert "# not a heading" in policy.sections[2].text
    assert policy.sections[3].text == "400 mg every 6 weeks.\n\n| a | b |\n|---|---|\n| 1 | 2 |"


def test_line_ends_do_not_matter() -> None:
    unix, _ = read_policy(FRONT + BODY, "p.md")
    windows, findings = read_policy((FRONT + BODY).replace("\n", "\r\n"), "p.md")
    assert (windows, findings) == (unix, ())
    marked, _ = read_policy("\ufeff" + FRONT + BODY, "p.md")
    assert marked == unix


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("# Title\ntext\n", "front-matter-missing", "p.md:1"),
        ("---\npolicy_id: A\n", "front-matter-open", "p.md:1"),
        ("---\npolicy_id: [A\n---\n", "yaml-broken", "p.md:2"),
        ("---\n- a\n---\n", "front-matter-form", "p.md:2"),
        ("---\n---\ntext\n", "file-empty", "p.md"),
        ("---\npolicy_id: A\ndrugs: [J9271]\n---\n", "policy-unread", "p.md:2"),
        ("\n\n", "file-empty", "p.md"),
    ],
)
def test_broken_front_matter_is_one_finding_with_its_line(text: str, code: str, where: str) -> None:
    policy, findings = read_policy(text, "p.md")
    assert policy is None
    assert [(f.code, f.where) for f in findings] == [(code, where)]


@pytest.mark.parametrize("name", ["effective_from", "effective_to"])
def test_a_date_that_cannot_be_read_is_not_taken_for_an_open_one(name: str) -> None:
    text = FRONT.replace("effective_to:  ", "effective_to: 2026-12-31 ")
    lines = [f"{name}: soon" if line.startswith(name) else line for line in text.split("\n")]
    policy, findings = read_policy("\n".join(lines), "p.md")
    assert policy is None
    assert [f.code for f in findings] == ["value-wrong", "policy-unread"]


def test_a_policy_that_cannot_be_cited_is_kept_and_said() -> None:
    policy, findings = read_policy("---\npolicy_id: A\npayer_id: CASC1\n---\n# Heading\n", "p.md")
    assert policy is not None
    assert policy.title == "Heading"
    assert [f.code for f in findings] == ["policy-incomplete", "policy-incomplete"]


def test_the_payer_is_written_as_its_id_or_doubted() -> None:
    payers = PayerDirectory([Payer(id="CASC1", name="Cascade Health Plan")])
    named, findings = read_policy(FRONT.replace("CASC1", "cascade health plan"), "p.md", payers)
    assert named is not None
    assert (named.payer_id, findings) == ("CASC1", ())
    _, findings = read_policy(FRONT.replace("CASC1", "NOBODY"), "p.md", payers)
    assert [(f.code, f.where) for f in findings] == [("payer-unknown", "p.md:4")]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_every_section_text_stands_verbatim_in_the_file(body: str) -> None:
    text = FRONT + body
    policy, _ = read_policy(text, "p.md")
    assert policy is not None
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = plain.split("\n")
    for section in policy.sections:
        assert section.text in plain
        assert section.heading in lines[section.line - 1]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_front_matter_whatever_raises(front: str) -> None:
    read_policy("---\n" + front + "\n---\ntext", "p.md")
    read_policy(front, "p.md")

"""What the verifier lets pass and what it does not: one invented or altered thing at a time."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seed_letter import content, evidence

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field, Paragraph, Table
from tools.packet.normalising import hidden_characters
from tools.packet.statements import statements
from tools.packet.support import support_of
from tools.packet.verification import verify, verify_text


def found(text: str, *ids: str) -> list[tuple[str, str]]:
    """Verify one paragraph within the seed letter; return kind and text of what is unsupported."""
    letter = content(paragraphs=(Paragraph(heading="Facts", text=text, evidence=ids),), tables=())
    return [(u.kind, u.text) for u in verify(letter, evidence())]


def test_the_seed_letter_is_supported() -> None:
    assert verify(content(), evidence()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "On 2026-03-16 the patient received 400 mg [E5].",
        "On 03/16/2026 the patient received 400 mg [E5].",
        "On 3/16/26 the patient received 400 mg [E5].",
        "On March 16, 2026 the patient received 400 mg [E5].",
        "On 16 March 2026 the patient received 400 mg [E5].",
        "On Mar. 16, 2026 the patient received 400 mg [E5].",
        "On March 16 the patient received 400 mg [E5].",
        "In March 2026 the patient received 400 mg [E5].",
        "The patient received 400.0 mg [E5].",
        "The patient received 400mg [E5].",
        "The patient received four hundred mg [E5].",
        "The payer denied $24,960.00 [E1].",
        "The payer denied $24960 for 400 units [E1].",
        "The order is 400 mg q6w [E4].",
        "The order was changed by Dr. Ruiz. It is 400 mg now [E4].",
        "The claim bills J9271-JZ [E2].",
        "The diagnosis authorized is C3411 [E3].",
        "The note says “Pembrolizumab changed from 200 mg every 3 weeks” [E4].",
        "The note says “Pembrolizumab changed from 200 mg every 3 weeks.” [E4]",
        "The patient received 400 mg of pembrolizumab [E5].",
        "We ask for a prompt answer.",
    ],
)
def test_supported_in_any_usual_form(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("On March 17, 2026 the patient received 400 mg [E5].", "date", "March 17, 2026"),
        ("On 2025-03-16 the patient received 400 mg [E5].", "date", "2025-03-16"),
        ("In April 2026 the patient received 400 mg [E5].", "date", "April 2026"),
        ("The patient received 401 mg [E5].", "number", "401 mg"),
        ("The patient received 4,000 mg [E5].", "number", "4,000 mg"),
        ("The patient received 400.5 mg [E5].", "number", "400.5 mg"),
        ("The patient received 400 mcg [E5].", "number", "400 mcg"),
        ("The patient received 4e2 mg [E5].", "code", "4e2"),
        ("The patient received four hundred and ten mg [E5].", "number", "four hundred and ten mg"),
        ("The patient received forty mg [E5].", "number", "forty mg"),
        ("The patient received twice the dose [E5].", "number", "twice"),
        ("The payer denied $24,961.00 [E1].", "number", "$24,961.00"),
        ("The payer denied $400.00 [E1].", "number", "$400.00"),
        ("The payer denied it with CO-197 [E1].", "code", "CO-197"),
        ("The payer denied it with PR-198 [E1].", "code", "PR-198"),
        ("The payer added remark N45 [E1].", "code", "N45"),
        ("The claim bills J9299 [E2].", "code", "J9299"),
        ("The claim bills J9271-JW [E2].", "code", "J9271-JW"),
        ("The claim bills J9271 with JW [E2].", "name", "JW"),
        ("The diagnosis authorized is C34.12 [E3].", "code", "C34.12"),
        ("The product has NDC 00006-3026-02 [E5].", "code", "00006-3026-02"),
        ("Authorization A-2 covers the dose [E3].", "code", "A-2"),
        ("The patient received nivolumab [E5].", "name", "nivolumab"),
        ("The patient received etoposide [E5].", "name", "etoposide"),
        ("The patient received 12 vials [E5].", "number", "12 vials"),
        ("The patient received 400 vials [E5].", "number", "400 vials"),
        ("The patient received 200-400 mg [E4].", "code", "200-400"),
        ("The patient received 4 00 mg [E5].", "number", "4"),
        ("The patient received l00 mg [E5].", "code", "l00"),
        ("The patient received Keytruda [E5].", "name", "Keytruda"),
        ("Dr. Smith changed the order [E4].", "name", "Smith"),
        ("Smith changed the order [E4].", "name", "Smith"),
        ("The patient has Stage IV disease [E4].", "name", "IV"),
        ("The note says “changed to 400 mg every 6 weeks” [E4].", "quote", "changed to 400 mg every 6 weeks"),
        ("The note says 'dose changed' [E4].", "quote", "dose changed"),
        ("The note says “Pembrolizumab changed [E4].", "quote", 'The note says "Pembrolizumab changed.'),
        ("The patient received 400 mg [E99].", "citation", "E99"),
        ("The patient received 400 mg.", "uncited", "The patient received 400 mg."),
        ("The tumor progressed on earlier therapy.", "uncited", "The tumor progressed on earlier therapy."),
        ("The patient received second-line treatment [E5].", "number", "second"),
    ],
)
def test_unsupported_is_found(text: str, kind: str, what: str) -> None:
    assert (kind, what) in found(text)


def test_a_number_must_stand_in_the_evidence_its_sentence_cites() -> None:
    assert found("Authorization A-1 allows 200 units [E3].") == []
    assert found("The authorization allows 200 units [E1].") == [("number", "200 units")]


def test_a_sentence_without_citation_of_its_own_rests_on_the_paragraph() -> None:
    assert found("The authorization allows 200 units. It ends on July 4, 2026.", "E3") == []


def test_a_sentence_is_not_carried_by_the_citation_of_the_next() -> None:
    assert ("number", "200 units") in found("Allowed were 200 units [E5]. The authorization is A-1 [E3].")


def test_a_reason_code_of_a_segment_is_not_a_quantity() -> None:
    assert ("number", "198 units") in found("The payer denied 198 units [E1].")


@pytest.mark.parametrize("char", ["\u200b", "\u202e", "\u00ad", "\u2060", "\U000e0031", "\u3164", "\ufe0f"])
def test_hidden_characters_are_found_everywhere(char: str) -> None:
    assert any(kind == "character" for kind, _ in found(f"The patient received 4{char}00 mg [E5]."))
    assert verify(content(ask=content().ask + char), evidence())
    assert verify(content(facts=(Field(label="Claim", value=f"CLM{char}-1001"),)), evidence())


@pytest.mark.parametrize(
    "text",
    [
        "The authorization is \u0410-1 [E3].",  # Cyrillic A
        "The patient received \u0664\u0660\u0660 mg [E5].",  # Arabic-Indic digits
        "The patient \u03bfrdered [E3].",  # Greek omicron
    ],
)
def test_lookalike_letters_and_digits_are_found(text: str) -> None:
    assert any(kind == "character" for kind, _ in found(text))


def test_fullwidth_digits_are_read_as_the_digits_they_show() -> None:
    assert found("The patient received \uff14\uff10\uff10 mg [E5].") == []
    assert ("number", "500 mg") in found("The patient received \uff15\uff10\uff10 mg [E5].")


def test_request_closing_subject_and_headings_are_read_too() -> None:
    assert [u.where for u in verify(content(ask="Please pay $99.00."), evidence())] == ["request"]
    assert [u.where for u in verify(content(closing="Call 303-555-9999."), evidence())] == ["closing"]
    assert [u.where for u in verify(content(subject="Appeal of J9999"), evidence())] == ["subject"]
    letter = content(paragraphs=(Paragraph(heading="What 17 units show", text="Please review."),), tables=())
    assert [u.where for u in verify(letter, evidence())] == ["paragraph 1, heading"]


def test_every_cell_of_a_table_is_read() -> None:
    table = Table(title="Dose", columns=("", "mg"), rows=(("Given", "410"),), evidence=("E5",))
    assert [(u.where, u.text) for u in verify(content(tables=(table,)), evidence())] == [("table 1", "410")]


def test_altered_administrative_fact_is_found_when_the_given_facts_are_passed() -> None:
    altered = (*content().facts[:-1], Field(label="Remittance", value="March 28, 2026, trace 880417723"))
    assert verify(content(facts=altered), evidence()) == ()
    assert [u.kind for u in verify(content(facts=altered), evidence(), given=content().facts)] == ["code"]


def test_text_of_a_rendered_letter_is_held_against_all_evidence() -> None:
    text = "Page 1 of 8 OVT-7F3A91C2-000001 The patient received 400 mg [Ex. 5, p. 7] on March 16, 2026."
    assert verify_text(text, evidence()) == ()
    assert [u.text for u in verify_text(text.replace("400 mg", "300 mg"), evidence())] == ["300 mg"]


def test_every_figure_of_the_seed_letter_is_guarded() -> None:
    """Change each figure in turn to one that stands nowhere: each change is found."""
    for number, paragraph in enumerate(content().paragraphs):
        for match in re.finditer(r"(?<!\[E)(?<!, E)\d+", paragraph.text):
            text = paragraph.text[: match.start()] + "7731" + paragraph.text[match.end() :]
            changed = list(content().paragraphs)
            changed[number] = paragraph.model_copy(update={"text": text})
            assert verify(content(paragraphs=tuple(changed)), evidence()), text


@given(st.decimals(min_value=0, max_value=10**6, places=2), st.sampled_from(["mg", "units", "vials", "days"]))
@settings(max_examples=60, deadline=None)
def test_only_the_very_number_is_supported(value: Decimal, unit: str) -> None:
    support = support_of([Evidence(id="E1", kind="chart", source="x", says="given were 400.25 mg")])
    (statement,) = (s for s in statements(f"{value:f} {unit}") if s.kind in ("number", "code"))
    assert support.holds(statement) == (value == Decimal("400.25") and unit == "mg")


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)), st.integers(0, 5), st.integers(-3, 3))
@settings(max_examples=80, deadline=None)
def test_dates_agree_across_forms_and_only_as_dates(day: date, form: int, shift: int) -> None:
    forms = (
        f"{day:%Y-%m-%d}", f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day:%y}",
        f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}", f"{day:%Y%m%d}",
    )  # fmt: skip
    other = day + timedelta(days=shift)
    support = support_of([Evidence(id="E1", kind="chart", source="x", says=f"seen {other.isoformat()}")])
    assert [support.holds(s) for s in statements(forms[form])] == [shift == 0]


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_verifier(text: str) -> None:
    result = found(text)
    if hidden_characters(text):
        assert any(kind == "character" for kind, _ in result)


def test_a_bare_number_of_an_address_or_a_line_is_no_quantity() -> None:
    line = Evidence(id="E1", kind="claim", source="x", says="Claim line 3 bills J9271")
    letter = content(paragraphs=(Paragraph(text="The patient received 3 vials.", evidence=("E1",)),), tables=())
    assert [u.text for u in verify(letter, [line])] == ["3 vials"]


def test_a_month_that_evidence_states_without_a_day_supports_that_month() -> None:
    support = support_of([Evidence(id="E1", kind="chart", source="x", says="progressed in March 2026")])
    (march, april) = (*statements("March 2026"), *statements("April 2026"))
    assert support.holds(march)
    assert not support.holds(april)

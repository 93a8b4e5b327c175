"""The finished page read back: it shows what the content says, no more and no less."""

from pathlib import Path

import pytest
from letter_cases import CASES, case
from seed_letter import content, evidence, exhibits

from knowledge.types.letters import LetterCase, Paragraph
from tools.packet.composing import compose
from tools.packet.enclosing import Records, enclose
from tools.packet.packet import build_packet
from tools.packet.reading_back import page_texts
from tools.packet.rendered import verify_rendered

GOLDEN = Path(__file__).parent / "golden" / "auth_units_mismatch_letter.txt"


@pytest.mark.parametrize("one", CASES[::4], ids=[f"{c.root_cause}/{c.kind}" for c in CASES[::4]])
def test_finished_letters_say_what_was_composed(one: LetterCase) -> None:
    letter = compose(one)
    packet = build_packet(letter, enclose(one.evidence, Records()), one.evidence)
    assert packet.findings == ()
    assert verify_rendered(packet.letter, letter, one.evidence) == ()


def test_letter_text_is_the_golden_one() -> None:
    """Rewrite the golden file by hand when the wording or the layout changes on purpose."""
    one = case("auth-units-mismatch", "reconsideration")
    packet = build_packet(compose(one), enclose(one.evidence, Records()), one.evidence)
    text = "\n\n".join(page_texts(packet.letter)).replace(". ", ".\n")
    assert text + "\n" == GOLDEN.read_text("utf-8")


def test_packet_begins_with_the_letter() -> None:
    packet = build_packet(content(), exhibits(), evidence())
    letter_pages = page_texts(packet.letter)
    assert page_texts(packet.packet)[: len(letter_pages)] == letter_pages


def test_text_the_page_does_not_show_is_reported() -> None:
    letter = build_packet(content(), exhibits(), evidence()).letter
    longer = content(paragraphs=(*content().paragraphs, Paragraph(text="Please answer soon.")))
    assert [u.text for u in verify_rendered(letter, longer, evidence())] == ["Please answer soon."]


def test_text_the_page_shows_beyond_evidence_is_reported() -> None:
    altered = content(ask=content().ask.replace("400 units", "410 units"))
    letter = build_packet(altered, exhibits(), evidence()).letter
    assert ("number", "410 units") in [(u.kind, u.text) for u in verify_rendered(letter, altered, evidence())]


def test_a_heading_that_comes_again_is_numbered_again_and_is_no_number_of_the_letter() -> None:
    said = ("Please answer soon.", "We look forward to that.")
    headed = [Paragraph(heading=heading, text=text) for heading in ("Why", "What", "Why") for text in said]
    again = content(paragraphs=(*content().paragraphs, *headed))
    letter = build_packet(again, exhibits(), evidence()).letter
    assert verify_rendered(letter, again, evidence()) == ()


def test_strange_names_and_long_identifiers_survive_typesetting() -> None:
    facts = content().facts[0].model_copy(update={"value": "Zoë Müller-Łukasz O’Brien " + "9" * 60})
    letter = content(facts=(facts, *content().facts[1:]))
    text = page_texts(build_packet(letter, exhibits(), evidence()).letter)[0].replace(" ", "").replace("\u200b", "")
    assert "ZoëMüller-ŁukaszO’Brien" in text
    assert "9" * 60 in text

"""An edited letter: what was changed is a person's, held sentence by sentence; what was not stays the house's."""

import pytest
from word_letters import EVIDENCE, LETTER, back, faults, put_before, replaced, taken_out

from tools.packet.verification import verify
from tools.packet.word.editing import read_edit
from tools.packet.word.explaining import explain
from tools.packet.word.writing import write_word

TRUE = "The weight of March 3, 2026 was 58.9 kg, measured [E6]."


def test_the_letter_as_made_stands() -> None:
    assert verify(LETTER, EVIDENCE) == ()


def test_a_true_sentence_with_its_mark_is_taken_and_named_as_a_persons() -> None:
    change = put_before("the patient received", TRUE)
    found = back(change)
    assert faults(change) == ()
    assert found.content.person_wrote == (TRUE,)
    assert found.content.paragraphs[1].text == TRUE
    assert (found.content.paragraphs[1].heading, found.content.paragraphs[1].written_by) == (
        "What the record shows",
        "person",
    )
    assert found.diff.splitlines()[2:] == [f"+text: {TRUE}"]
    assert found.content.paragraphs[0] is not None
    assert found.content.paragraphs[0] == LETTER.paragraphs[0]


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        (replaced("$14,250.00", "$99,999.00"), "paragraph 1", r"\$99999 does not stand"),
        (replaced("March 27, 2026", "March 28, 2026"), "paragraph 1", "2026-03-28 does not stand"),
        (replaced("CO-50", "CO-97"), "paragraph 1", "CO-97"),
        (put_before("the patient received", "The reviewer admitted it."), "paragraph 2", "cites no evidence"),
        (put_before("the patient received", "The tumor is metastatic [E6]."), "paragraph 2", "'metastatic'"),
        (put_before("the patient received", TRUE.replace("E6", "E77")), "paragraph 2", "no evidence has the id E77"),
        (put_before("the patient received", 'The note says "he did well" [E6].'), "paragraph 2", "quoted words"),
        (put_before("the patient received", "The dose was 1\u200b500 mg [E4]."), "paragraph 2", "cannot be seen"),
        (replaced("We ask", "Your reviewer admitted fraud. We ask"), "request", "'admitted'"),
        (replaced("Please call", "You lied to us. Please call"), "closing", "'lied'"),
        (replaced("What was denied", "What the crooks denied"), "paragraph 1, heading", "'crooks'"),
        (replaced("Request for", "Fraud: request for"), "subject", "'Fraud'"),
    ],
)
def test_what_no_evidence_carries_is_found(change, where: str, says: str) -> None:  # type: ignore[no-untyped-def]
    import re

    found = [fault for fault in faults(change) if fault.where == where]
    assert any(re.search(says, fault.says) for fault in found), found


def test_the_refusal_names_sentence_why_and_the_evidence_that_would_carry_it() -> None:
    content = back(put_before("the patient received", TRUE.replace("E6", "E4"))).content
    (one,) = explain(verify(content, EVIDENCE), content, EVIDENCE)
    assert (one.where, one.sentence) == ("paragraph 2", TRUE.replace("E6", "E4"))
    assert any("58.9 kg does not stand" in says for says in one.says)
    assert one.carried_by == ("E6",)
    assert "[E6]" in one.advice


def test_where_nothing_carries_it_the_refusal_says_what_to_bring() -> None:
    content = back(put_before("the patient received", "The ECOG status was 1 [E6].")).content
    (one,) = explain(verify(content, EVIDENCE), content, EVIDENCE)
    assert one.carried_by == ()
    assert "Add the document that does" in one.advice


def test_every_failing_sentence_is_named_not_the_first_alone() -> None:
    def change(document) -> None:  # type: ignore[no-untyped-def]
        replaced("$14,250.00", "$99,999.00")(document)
        put_before("the patient received", "The reviewer admitted it.")(document)

    content = back(change).content
    assert [one.where for one in explain(verify(content, EVIDENCE), content, EVIDENCE)] == [
        "paragraph 1",
        "paragraph 2",
    ]


def test_a_sentence_may_be_taken_out() -> None:
    found = back(replaced(" The amount is $14,250.00", ""))
    assert found.content.paragraphs[0].text == "The remittance of March 27, 2026 denied J9173 with CO-50 [E1]. [E1]."
    found = back(taken_out("Please reprocess"))
    assert [one.heading for one in found.content.paragraphs] == ["What was denied", "What the record shows"]
    assert verify(found.content, EVIDENCE) == ()


def test_a_whole_table_may_be_taken_out() -> None:
    def change(document) -> None:  # type: ignore[no-untyped-def]
        table = document.tables[1]._tbl
        table.getparent().remove(table)

    found = back(change)
    assert found.content.tables == ()
    assert "-table: The dose of March 3, 2026" in found.diff


def test_sentences_kept_in_an_edited_paragraph_stay_the_houses() -> None:
    change = replaced(
        "the patient received 1500 mg of durvalumab.", f"the patient received 1500 mg of durvalumab. {TRUE}"
    )
    found = back(change).content
    assert found.person_wrote == (TRUE,)
    assert found.paragraphs[1].evidence == ("E4", "E6")
    assert verify(found, EVIDENCE) == ()


def test_a_not_put_into_a_house_sentence_is_found() -> None:
    assert faults(replaced("the patient received", "the patient never received"))


def test_an_edited_letter_may_be_edited_again() -> None:
    first = back(put_before("the patient received", TRUE)).content
    word = write_word(first, EVIDENCE)
    import io

    from docx import Document

    document = Document(io.BytesIO(word))
    replaced("Please reprocess the line", "Please reprocess the denial")(document)
    out = io.BytesIO()
    document.save(out)
    second = read_edit(out.getvalue(), first).content
    assert set(second.person_wrote) == {TRUE, "Please reprocess the denial."}


def test_lost_styles_are_made_up_for_by_the_words() -> None:
    def change(document) -> None:  # type: ignore[no-untyped-def]
        for paragraph in document.paragraphs:
            paragraph.style = document.styles["Normal"]
        put_before("the patient received", TRUE, "Normal")(document)

    assert back(change).content == back(put_before("the patient received", TRUE)).content

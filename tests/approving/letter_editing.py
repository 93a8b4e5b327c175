"""A denial's letter as Word file, edited as a person would, and given back."""

import io
from collections.abc import Callable

from approving_home import REQUEST, Desk
from docx import Document
from docx.document import Document as WordDocument

from agent.editing.taking import edit_letter
from agent.editing.word_file import letter_word
from knowledge.records import LetterEdit
from knowledge.types.record import DenialRecord

Change = Callable[[WordDocument], None]


def word_of(desk: Desk) -> bytes:
    with desk.office.at_desk(desk.practice_id) as at:
        return letter_word(at, REQUEST)


def changed(word: bytes, change: Change) -> bytes:
    document = Document(io.BytesIO(word))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def shorter(document: WordDocument) -> None:
    """Take the last paragraph before the closing out."""
    texts = [
        one for one in document.paragraphs if one.style is not None and one.style.name == "Letter Text" and one.text
    ]
    texts[-1]._p.getparent().remove(texts[-1]._p)


def said(text: str) -> Change:
    def change(document: WordDocument) -> None:
        first = next(one for one in document.paragraphs if one.style is not None and one.style.name == "Letter Text")
        first.insert_paragraph_before(text, style="Letter Text")

    return change


def give_back(desk: Desk, word: bytes, **more: str) -> DenialRecord:
    given = {"reason": "plainer", "by": "Ann Lee", "role": "biller", **more}
    return edit_letter(desk.office, desk.practice_id, REQUEST, word, **given)  # type: ignore[arg-type]


def edits(desk: Desk) -> tuple[LetterEdit, ...]:
    with desk.office.records.reading() as repository:
        return repository.correspondence.edits(desk.practice_id, REQUEST)

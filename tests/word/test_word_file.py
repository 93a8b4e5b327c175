"""The Word file that is given out: the whole letter, marks to be seen, the same bytes, nothing else in it."""

import io
import re
import zipfile
from pathlib import Path

from docx import Document
from word_letters import EVIDENCE, LETTER, WORD, part

from tools.packet.word.outline import END, letter_print, outline
from tools.packet.word.reading import read_blocks
from tools.packet.word.writing import write_word


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert write_word(LETTER, EVIDENCE) == WORD
    with zipfile.ZipFile(io.BytesIO(WORD)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_word_gives_another_name() -> None:
    assert letter_print(LETTER) != letter_print(LETTER.model_copy(update={"ask": f"{LETTER.ask} "}))


def test_every_block_of_the_letter_comes_back_in_its_role() -> None:
    found = [block for block in read_blocks(WORD) if block.role != "notice"]
    wanted = [block for block in outline(LETTER)]
    assert [block.text for block in found if block.role != "table"] == [
        " ".join(block.text.split()) for block in wanted if block.role not in ("table", "facts")
    ]
    assert [block.rows for block in found if block.role == "table"] == [block.rows for block in wanted if block.rows]
    assert [block.role for block in found] == ["table" if one.role == "facts" else one.role for one in wanted]


def test_marks_are_to_be_seen_and_the_evidence_is_listed_after_the_end() -> None:
    document = Document(io.BytesIO(WORD))
    marks = [
        run.text.strip() for p in document.paragraphs for run in p.runs if run.style.name == "Letter Evidence Mark"
    ]
    assert marks[1:] == ["[E1]", "[E1]", "[this paragraph: E4]"]
    assert END in [p.text for p in document.paragraphs]
    assert [row.cells[0].text for row in document.tables[-1].rows] == ["Mark", "[E1]", "[E4]", "[E6]"]


def test_it_has_no_macro_no_link_no_picture_and_names_nobody() -> None:
    with zipfile.ZipFile(io.BytesIO(WORD)) as archive:
        names = archive.namelist()
        whole = {name: archive.read(name).decode("utf-8", "replace") for name in names}
    assert not [name for name in names if re.search(r"vba|media/|embeddings|thumbnail|comments", name)]
    assert not [name for name, text in whole.items() if name.endswith(".rels") and "External" in text]
    properties = part("docProps/core.xml").decode()
    assert "<dc:creator>Overturn</dc:creator>" in properties
    assert str(Path.home()) not in "".join(whole.values())
    assert "den_0123456789abcdef0123" in properties
    assert "SA26260305" not in properties


def test_it_says_on_every_page_that_it_is_a_draft_for_editing() -> None:
    header = Document(io.BytesIO(WORD)).sections[0].header
    assert "DRAFT FOR EDITING" in header.paragraphs[0].text

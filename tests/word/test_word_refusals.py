"""What comes from outside and is no plain letter is refused, with what is in it and what to do."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_letters import LETTER, WORD, edited, in_body, part, put_before, replaced, taken_out, with_part

from tools.packet.word import archive
from tools.packet.word.archive import WordRefused
from tools.packet.word.editing import read_edit

_RUN = "<w:r><w:t>by phone</w:t></w:r>"
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}" {mode}/></Relationships>'
)


def external(kind: str, target: str, mode: str = 'TargetMode="External"') -> bytes:
    return with_part("word/_rels/extra.xml.rels", _RELS.format(kind=kind, target=target, mode=mode).encode())


@pytest.mark.parametrize(
    ("word", "says"),
    [
        (with_part("word/vbaProject.bin", b"\0"), "macros"),
        (
            with_part(
                "[Content_Types].xml", part("[Content_Types].xml").replace(b"document.main", b"macroEnabled.main")
            ),
            "macros",
        ),
        (with_part("word/embeddings/oleObject1.bin", b"\0"), "embedded objects"),
        (with_part("word/activeX/activeX1.xml", b"<a/>"), "embedded objects"),
        (external("hyperlink", "https://example.org/x"), "a link"),
        (external("attachedTemplate", "file:///C:/Users/Ann/evil.dotm"), "something kept elsewhere"),
        (external("image", "https://example.org/pixel.png"), "something kept elsewhere"),
        (external("oleObject", "embeddings/a.bin", ""), "embedded objects"),
        (in_body(f'<w:ins w:id="1" w:author="Ann">{_RUN}</w:ins>'), "tracked change that is not accepted .*by phone"),
        (
            in_body('<w:del w:id="1" w:author="Ann"><w:r><w:delText>never</w:delText></w:r></w:del>'),
            "tracked change that is not accepted .*never",
        ),
        (in_body(f'<w:moveTo w:id="1" w:author="Ann">{_RUN}</w:moveTo>'), "tracked change"),
        (in_body("<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>"), "hidden text"),
        (in_body("<w:r><w:drawing/></w:r>"), "a picture"),
        (in_body("<w:r><w:object/></w:r>"), "an embedded object"),
        (in_body('<w:r><w:footnoteReference w:id="2"/></w:r>'), "a footnote"),
        (in_body('<w:r><w:commentReference w:id="2"/></w:r>'), "a comment"),
        (in_body('<w:r><w:instrText>INCLUDETEXT "c:\\\\x.docx"</w:instrText></w:r>'), "a field"),
        (in_body('<w:fldSimple w:instr="DDEAUTO cmd"/>'), "a field"),
        (in_body('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'), "a symbol"),
        (in_body("<w:r><w:pict/></w:r>"), "a picture"),
        (in_body("<w:sdt><w:sdtContent>" * 3000 + "</w:sdtContent></w:sdt>" * 3000), "nothing has been changed"),
        (
            with_part(
                "word/document.xml",
                part("word/document.xml").replace(b"<w:body>", b"<w:body>" + b"<w:x>" * 3000 + b"</w:x>" * 3000),
            ),
            "too deep",
        ),
        (b"", "no Word file"),
        (b"PK\x03\x04 not really", "no Word file"),
        (b"%PDF-1.7", "no Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or encrypted"),
        (WORD[: len(WORD) // 2], "no Word file"),
        (b"x" * (archive.LARGEST_FILE + 1), "at most"),
        (with_part("word/document.xml", b"<w:document"), "no sound XML"),
        (with_part("word/document.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "declares entities"),
        (with_part("word/document.xml", '<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16")), "UTF-8"),
        (with_part("word/document.xml", b"<x/>"), "no body"),
    ],
)
def test_it_is_refused_by_name(word: bytes, says: str) -> None:
    with pytest.raises(WordRefused, match=says):
        read_edit(word, LETTER)


def test_a_bomb_is_refused_before_it_is_unpacked_whole() -> None:
    bomb = with_part("word/document.xml", b"\0" * (archive.LARGEST_PART + 1))
    assert len(bomb) < 200_000
    with pytest.raises(WordRefused, match="unpacks to more than"):
        read_edit(bomb, LETTER)


def test_many_parts_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(archive.MOST_PARTS + 1):
            made.writestr(f"word/{number}.xml", b"<a/>")
    with pytest.raises(WordRefused, match="parts"):
        read_edit(out.getvalue(), LETTER)


def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(WORD)
    with zipfile.ZipFile(out, "a") as made, pytest.warns(UserWarning, match="Duplicate name"):
        made.writestr("word/document.xml", b"<a/>")
    with pytest.raises(WordRefused, match="two parts of one name"):
        read_edit(out.getvalue(), LETTER)


@given(st.binary(max_size=40), st.integers(0, len(WORD) - 50))
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_refused_or_is_the_letter_and_never_breaks(noise: bytes, at: int) -> None:
    damaged = WORD[:at] + noise + WORD[at + len(noise) :]
    with pytest.raises(WordRefused):
        read_edit(damaged, LETTER)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (replaced("PO Box 7700", "PO Box 7701"), "not for editing was changed.*7701"),
        (replaced("May 1, 2026", "May 9, 2026"), "not for editing"),
        (replaced("Billing Office", "Dr. Nobody"), "not for editing"),
        (taken_out("By fax to"), "is gone"),
        (put_before("RE: ", "Your reviewer is wrong."), "stands before the letter's subject"),
        (put_before("the patient received", "Unseen by you.", "Letter Fixed"), "was put in"),
        (put_before("RE: ", "Noted.", "Letter Notice"), "stands before the letter's subject"),
        (put_before("Sincerely", "One more thing."), "stands after the closing"),
        (taken_out("End of the letter"), "is missing: leave it"),
        (taken_out("for editing"), "nobody knows which letter"),
        (taken_out("RE: "), "no subject"),
        (taken_out("We ask"), "no request"),
        (replaced("den_0123456789abcdef0123", "den_9999"), "letter of denial den_9999"),
        (replaced("The dose of", "The dose after"), "title of a table"),
        (lambda document: None, "nothing has been changed"),
    ],
)
def test_what_comes_from_the_records_is_not_edited(change, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(WordRefused, match=says):
        read_edit(edited(change), LETTER)


@pytest.mark.parametrize(
    ("table", "cell", "text", "says"),
    [
        (0, (0, 1), "SA00000000", "claim's numbers come from the records"),
        (1, (1, 1), "3000 mg", "tables are made from the evidence"),
    ],
)
def test_a_changed_cell_is_refused(table: int, cell: tuple[int, int], text: str, says: str) -> None:
    def change(document) -> None:  # type: ignore[no-untyped-def]
        document.tables[table].cell(*cell).paragraphs[0].runs[0].text = text

    with pytest.raises(WordRefused, match=says):
        read_edit(edited(change), LETTER)


def test_a_table_of_ones_own_is_refused() -> None:
    def change(document) -> None:  # type: ignore[no-untyped-def]
        added = document.add_table(rows=1, cols=1)
        added.cell(0, 0).text = "Ours is best"
        next(p for p in document.paragraphs if "Please reprocess" in p.text)._p.addnext(added._tbl)

    with pytest.raises(WordRefused, match="table of your own"):
        read_edit(edited(change), LETTER)


def test_a_letter_made_anew_since_is_refused() -> None:
    now = LETTER.model_copy(update={"ask": "We ask again."})
    with pytest.raises(WordRefused, match="made or edited anew since"):
        read_edit(edited(replaced("Please reprocess", "Kindly reprocess")), now)


def test_text_in_head_or_foot_is_refused() -> None:
    def change(document) -> None:  # type: ignore[no-untyped-def]
        document.sections[0].footer.paragraphs[0].text = "The payer admitted it."

    with pytest.raises(WordRefused, match=r"head or foot .*admitted"):
        read_edit(edited(change), LETTER)


def test_a_letter_without_end_is_refused() -> None:
    long = put_before("the patient received", "The dose was given. " * 4000)
    with pytest.raises(WordRefused, match="more than 60,000 characters"):
        read_edit(edited(long), LETTER)

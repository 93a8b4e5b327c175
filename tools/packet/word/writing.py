"""Write a letter as a Word file for editing: its blocks, each in its style, every mark of evidence to be seen."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime, time

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent
from tools.packet.citations import MARKER
from tools.packet.word.outline import END, HEADER, WHOLE, Block, Role, guide, legend, outline, reference
from tools.packet.word.styles import MARK, STYLES

_INK = RGBColor(0x1F, 0x3A, 0x5F)
_FAINT = RGBColor(0x6B, 0x6B, 0x6B)
_MARKS = re.compile(rf"{MARKER.pattern}|\s?\[{WHOLE}[^\]]*\]")
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_FONT = "Calibri"
_LOOK: dict[Role, tuple[float, bool, bool, float, float]] = {
    # points, bold, ink, space before, space after
    "notice": (8.5, False, False, 0, 3),
    "fixed": (10, False, False, 0, 0),
    "subject": (12, True, True, 12, 6),
    "request": (10.5, True, False, 8, 8),
    "heading": (11.5, True, True, 12, 3),
    "text": (10.5, False, False, 0, 6),
    "caption": (9.5, True, False, 6, 2),
    "closing": (10.5, False, False, 8, 8),
}


def write_word(content: LetterContent, evidence: Sequence[Evidence]) -> bytes:
    """Return the letter as DOCX for editing, always the same bytes: no macro, no link, no name but the denial's id."""
    document = Document()
    _set_page(document)
    _set_styles(document)
    _add(document, "notice", reference(content))
    _add(document, "notice", guide())
    for block in outline(content):
        _block(document, block)
    _add(document, "notice", END)
    _table(document, (("Mark", "What it says", "Where it stands"), *legend(evidence)), widths=(0.8, 3.7, 2.0))
    _set_properties(document, content)
    buffer = io.BytesIO()
    document.save(buffer)
    return _settled(buffer.getvalue())


def _block(document: WordDocument, block: Block) -> None:
    if block.role == "facts":
        _table(document, block.rows, head=False, widths=(2.0, 4.5))
    elif block.role == "table":
        _table(document, block.rows)
        _add(document, "text", "")
    else:
        paragraph = _add(document, block.role, block.text)
        if block.gap:
            paragraph.paragraph_format.space_before = Pt(14)


def _add(document: WordDocument, role: Role, text: str) -> WordParagraph:
    paragraph = document.add_paragraph(style=STYLES[role])
    at = 0
    for found in _MARKS.finditer(text):
        paragraph.add_run(text[at : found.start()])
        paragraph.add_run(found[0], style=MARK)
        at = found.end()
    if text[at:]:
        paragraph.add_run(text[at:])
    return paragraph


def _table(
    document: WordDocument,
    rows: Sequence[Sequence[str]],
    *,
    head: bool = True,
    widths: Sequence[float] = (),
) -> WordTable:
    table: WordTable = document.add_table(
        rows=len(rows), cols=max(len(row) for row in rows) if rows else 1, style="Table Grid"
    )
    for place, width in enumerate(widths):
        table.autofit = False
        table.columns[place].width = Inches(width)
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            cell = table.cell(number, place)
            if widths:
                cell.width = Inches(widths[place])
            paragraph = cell.paragraphs[0]
            paragraph.style = STYLES["fixed"]
            run = paragraph.add_run(text)
            run.font.size = Pt(9)
            run.font.bold = (head and number == 0) or (not head and place == 1)
    if head and rows:
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:tblHeader"))
    return table


def _set_page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1)
    section.top_margin = section.bottom_margin = Inches(0.8)
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = header.add_run(HEADER)
    run.font.size, run.font.name, run.font.color.rgb = Pt(8), _FONT, _FAINT


def _set_styles(document: WordDocument) -> None:
    for role, name in STYLES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        points, bold, ink, before, after = _LOOK[role]
        style.base_style = document.styles["Normal"]
        style.font.name, style.font.size, style.font.bold = _FONT, Pt(points), bold
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = role in ("heading", "caption", "subject")
        if ink:
            style.font.color.rgb = _INK
        if role == "notice":
            style.font.color.rgb, style.font.italic = _FAINT, True
        style.quick_style = True
    after_heading = document.styles[STYLES["heading"]]
    assert isinstance(after_heading, ParagraphStyle)
    after_heading.next_paragraph_style = document.styles[STYLES["text"]]
    mark = document.styles.add_style(MARK, WD_STYLE_TYPE.CHARACTER)
    mark.font.color.rgb, mark.font.size = _INK, Pt(8.5)
    language = document.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "en-US")


def _set_properties(document: WordDocument, content: LetterContent) -> None:
    properties = document.core_properties
    made = datetime.combine(content.date, time())
    properties.created = properties.modified = properties.last_printed = made
    properties.author = properties.last_modified_by = "Overturn"
    properties.title = f"Letter of denial {content.denial_id}"
    properties.comments = properties.keywords = properties.subject = properties.category = ""
    properties.revision, properties.language = 1, "en-US"


def _settled(data: bytes) -> bytes:
    """Return the file with its parts in one order, of one day, and without the template's own picture."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            if name == "docProps/thumbnail.jpeg":
                continue
            part = source.read(name)
            if name == "_rels/.rels":
                part = re.sub(rb'<Relationship [^>]*thumbnail\.jpeg"[^>]*/>', b"", part)
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(entry, part, compresslevel=9)
    return out.getvalue()

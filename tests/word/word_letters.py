"""A letter with its evidence, and edits made to its Word file as a person would make them."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

from docx import Document
from docx.document import Document as WordDocument

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field, LetterContent, Paragraph, Party, Signature, Table
from tools.packet.verification import Unsupported, verify
from tools.packet.word.editing import Edited, read_edit
from tools.packet.word.writing import write_word

EVIDENCE = (
    Evidence(
        id="E1",
        kind="remit",
        source="remits/one.835 segment 20",
        says="SUMMIT denied J9173 of 2026-03-03 on 2026-03-27: CO-50 $14,250.00",
        quote="CAS*CO*50*14250",
    ),
    Evidence(
        id="E4",
        kind="chart",
        source="charts/a.json MedicationAdministration/1",
        says="durvalumab: 1500 mg given on 2026-03-03, 0 mg discarded",
    ),
    Evidence(
        id="E6",
        kind="chart",
        source="charts/a.json Observation/1",
        says="Weight of 2026-03-03: 58.9 kg, measured",
    ),
)

LETTER = LetterContent(
    kind="reconsideration",
    denial_id="den_0123456789abcdef0123",
    date=date(2026, 5, 1),
    sender=Party(name="Cedar Oncology Associates", lines=("12 Main St, Denver, CO 80202",)),
    addressee=Party(name="Summit Advantage", lines=("Provider Disputes", "PO Box 7700, Salt Lake City UT 84107")),
    channel="By fax to 801-555-0177",
    level="Reconsideration",
    subject="Request for reconsideration: J9173 of March 3, 2026",
    facts=(Field(label="Payer claim number", value="SA26260305"), Field(label="Date of service", value="2026-03-03")),
    ask="We ask that Summit Advantage correct the denial and pay J9173 of March 3, 2026.",
    paragraphs=(
        Paragraph(
            heading="What was denied",
            text="The remittance of March 27, 2026 denied J9173 with CO-50 [E1]. The amount is $14,250.00 [E1].",
            evidence=("E1",),
        ),
        Paragraph(
            heading="What the record shows",
            text="On March 3, 2026 the patient received 1500 mg of durvalumab.",
            evidence=("E4",),
        ),
        Paragraph(heading="Request", text="Please reprocess the line."),
    ),
    tables=(
        Table(
            title="The dose of 2026-03-03",
            columns=("", "Amount"),
            rows=(("Given", "1500 mg"), ("Discarded", "0 mg")),
            evidence=("E4",),
            section="What the record shows",
        ),
    ),
    closing="Please call if anything further is needed.",
    contact="Contact: Billing Office, 303-555-0100",
    signature=Signature(name="Billing Office", role="Billing office"),
)

WORD = write_word(LETTER, EVIDENCE)

Change = Callable[[WordDocument], None]


def edited(change: Change, word: bytes = WORD) -> bytes:
    document = Document(io.BytesIO(word))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def replaced(before: str, after: str) -> Change:
    def change(document: WordDocument) -> None:
        runs = [run for paragraph in document.paragraphs for run in paragraph.runs if before in run.text]
        assert runs, f"no run has {before!r}"
        runs[0].text = runs[0].text.replace(before, after)

    return change


def put_before(anchor: str, text: str, style: str = "Letter Text") -> Change:
    def change(document: WordDocument) -> None:
        next(one for one in document.paragraphs if anchor in one.text).insert_paragraph_before(text, style=style)

    return change


def taken_out(anchor: str) -> Change:
    def change(document: WordDocument) -> None:
        element = next(one for one in document.paragraphs if anchor in one.text)._p
        element.getparent().remove(element)

    return change


def back(change: Change) -> Edited:
    return read_edit(edited(change), LETTER)


def faults(change: Change) -> tuple[Unsupported, ...]:
    return verify(back(change).content, EVIDENCE)


def with_part(name: str, content: bytes, word: bytes = WORD) -> bytes:
    """Put a part into a Word file, in place of one of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            if entry != name:
                target.writestr(entry, source.read(entry))
        target.writestr(name, content)
    return out.getvalue()


def part(name: str, word: bytes = WORD) -> bytes:
    with zipfile.ZipFile(io.BytesIO(word)) as source:
        return source.read(name)


def in_body(xml: str) -> bytes:
    """Put raw WordprocessingML into the paragraph that tells the dose."""
    document = part("word/document.xml").decode()
    at = document.index("the patient received")
    at = document.index("</w:p>", at)
    return with_part("word/document.xml", (document[:at] + xml + document[at:]).encode())

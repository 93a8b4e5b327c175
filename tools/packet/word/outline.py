"""The letter as a row of blocks, each with its role: what its Word file shows, and is held against when back."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Literal

from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent, Paragraph, Table
from knowledge.types.practice import Frozen
from tools.packet.citations import cited_ids
from tools.packet.printing import dates_in_words, day

Role = Literal["notice", "fixed", "subject", "facts", "request", "heading", "text", "caption", "table", "closing"]
"""`fixed`, `facts`, `caption` and `table` come back as they were; `notice` is for the editor alone."""

EDITABLE: frozenset[str] = frozenset({"subject", "request", "heading", "text", "closing"})

HEADER = "DRAFT FOR EDITING: not reviewed, not signed, not to be sent"
"""Stands at the head of every page of the Word file."""

END = "End of the letter. What follows is for the editor and is not sent."
"""The line that ends the letter in the Word file; whatever stands after it is passed over when it comes back."""

WHOLE = "this paragraph:"
"""Opens the mark of evidence that a paragraph rests on as a whole: "[this paragraph: E1, E2]"."""

_GUIDE = (
    "Subject, request, headings, sentences and closing may be changed; sentences, paragraphs and whole tables may be "
    "taken out. Address, numbers of the claim, tables and signature come from the records. A sentence of your own "
    "names its evidence behind it, such as [E4]: the list is at the end. Give the file back with: overturn review "
    "DENIAL edit --letter FILE."
)


class Block(Frozen):
    """One paragraph or table of the letter; `rows` are those of a table, its column heads first; `gap`: set apart."""

    role: Role
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    gap: bool = False


def letter_print(content: LetterContent) -> str:
    """Return what names this very letter: another word in it, another name."""
    return hashlib.sha256(content.model_dump_json(exclude={"set_aside"}).encode()).hexdigest()[:16]


def reference(content: LetterContent) -> str:
    """Return the line that says which denial and which letter a Word file belongs to."""
    return f"Letter {letter_print(content)} of denial {content.denial_id}, for editing"


def outline(content: LetterContent) -> tuple[Block, ...]:
    """Return the letter's blocks from its first line to its last, in the order they are shown."""
    return tuple(_blocks(content))


def guide() -> str:
    """Return how the file is edited, in a few sentences."""
    return _GUIDE


def legend(evidence: Sequence[Evidence]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the list of evidence: its mark, what it says, where it stands."""
    return tuple((f"[{item.id}]", " ".join(item.says.split()), item.source) for item in evidence)


def shown(paragraph: Paragraph) -> str:
    """Return a paragraph's text with every mark it rests on."""
    inline = set(cited_ids(paragraph.text))
    rest = [id_ for id_ in dict.fromkeys(paragraph.evidence) if id_ not in inline]
    return f"{paragraph.text} [{WHOLE} {', '.join(rest)}]" if rest else paragraph.text


def table_rows(table: Table) -> tuple[tuple[str, ...], ...]:
    """Return a table's column heads and rows as printed."""
    width = len(table.columns)
    rows = [tuple(row[at] if at < len(row) else "" for at in range(width)) for row in table.rows]
    return tuple(tuple(dates_in_words(cell) for cell in row) for row in (table.columns, *rows))


def _blocks(content: LetterContent) -> Iterator[Block]:
    for text in (content.sender.name, *content.sender.lines):
        yield Block(role="fixed", text=text, gap=text == content.sender.name)
    for text in (content.addressee.name, *content.addressee.lines):
        yield Block(role="fixed", text=text, gap=text == content.addressee.name)
    for text in (day(content.date), content.level, content.channel):
        if text:
            yield Block(role="fixed", text=text, gap=text == day(content.date))
    yield Block(role="subject", text=f"RE: {content.subject}")
    yield Block(role="facts", rows=tuple((f.label, dates_in_words(f.value)) for f in content.facts))
    yield Block(role="request", text=content.ask)
    yield from _body(content)
    if content.closing:
        yield Block(role="closing", text=content.closing)
    signer = content.signature
    npi = f"NPI {signer.npi}" if signer.npi else ""
    blank = "Signature: ____________________   Date signed: ____________"
    for text in ("Sincerely,", blank, signer.name, signer.role, npi, content.contact):
        if text:
            yield Block(role="fixed", text=text, gap=text in (blank, content.contact))


def _body(content: LetterContent) -> Iterator[Block]:
    headings = [p.heading for p in content.paragraphs if p.heading]
    placed = {table.section if table.section in headings else None for table in content.tables}
    # Tables whose section is not in the letter close the section that shows the facts, as in print.
    fallback = list(dict.fromkeys(headings))[:2][-1:] if None in placed else []
    at = ""
    for number, paragraph in enumerate(content.paragraphs):
        if paragraph.heading and paragraph.heading != at:
            at = paragraph.heading
            yield Block(role="heading", text=at)
        yield Block(role="text", text=shown(paragraph))
        following = content.paragraphs[number + 1].heading if number + 1 < len(content.paragraphs) else None
        if following is None or (following and following != at):
            yield from _tables(content, at, at in fallback, headings)
    if not content.paragraphs:
        yield from _tables(content, "", True, headings)


def _tables(content: LetterContent, heading: str, takes_rest: bool, headings: Sequence[str]) -> Iterator[Block]:
    for table in content.tables:
        own = table.section if table.section in headings else None
        if own == heading or (own is None and takes_rest) or (own is None and not headings):
            if table.title:
                yield Block(role="caption", text=dates_in_words(table.title))
            yield Block(role="table", text=dates_in_words(table.title), rows=table_rows(table))

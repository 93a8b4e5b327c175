"""Read a Word file back as blocks of text: whatever is no plain text is refused with its name, never passed over."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tools.packet.word.archive import MOST_ELEMENTS, Archive, WordRefused
from tools.packet.word.outline import END, HEADER, Block
from tools.packet.word.styles import ROLE_OF

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TRACKED = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "numberingChange"})
_NOT_TEXT = {
    "drawing": "a picture or drawing",
    "pict": "a picture or drawing",
    "object": "an embedded object",
    "control": "an embedded control",
    "altChunk": "another document within it",
    "subDoc": "another document within it",
    "txbxContent": "a text box",
    "footnoteReference": "a footnote",
    "endnoteReference": "an endnote",
    "commentReference": "a comment",
    "vanish": "hidden text",
    "specVanish": "hidden text",
    "webHidden": "hidden text",
    "sym": "a symbol of a special font",
    "oMath": "a formula",
    "ruby": "text above text",
    "AlternateContent": "a picture or drawing",
    "contentPart": "ink",
}
_ADVICE = {"a comment": "answer and delete it", "hidden text": "show it or take it out"}
_MARGIN = re.compile(r"word/(?:header|footer)\d*\.xml")
_DEEPEST = 40
_HARMLESS_FIELDS = frozenset({"PAGE", "NUMPAGES"})
_OFF = frozenset({"0", "false", "off"})
_LINE = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-", "softHyphen": ""}


def read_blocks(data: bytes) -> tuple[Block, ...]:
    """Return the blocks of a Word file up to the letter's end; a block's role is that of its style, "text" for others.

    Raises:
        WordRefused: the file holds what is no plain text: macros, tracked changes, objects, pictures, links, notes.
    """
    archive = Archive(data)
    root = archive.xml("word/document.xml")
    body = root.find(f"{_W}body") if root is not None else None
    if body is None:
        raise WordRefused("the file has no text: word/document.xml has no body")
    _check(body)
    _check_margins(archive)
    styles = _style_names(archive.xml("word/styles.xml"))
    blocks: list[Block] = []
    for block in _blocks(body, styles):
        if block.text == END:
            return tuple(blocks)
        if block.text or any(cell for row in block.rows for cell in row):
            blocks.append(block)
    raise WordRefused(f"the line {END!r} is missing: leave it where it stood, or begin anew from a fresh file")


def _check(body: Element) -> None:
    for count, element in enumerate(body.iter()):
        if count > MOST_ELEMENTS:
            raise WordRefused("the file has too many elements: no letter has")
        name = _name(element)
        if name in _TRACKED:
            words = _cut(" ".join("".join(t.itertext()) for t in element.iter() if _name(t) in ("t", "delText")))
            shown = f" ({words!r})" if words else ""
            raise WordRefused(
                f"the file has a tracked change that is not accepted{shown}: accept or reject all changes"
            )
        if name in _NOT_TEXT and not _off(element):
            what = _NOT_TEXT[name]
            raise WordRefused(f"the letter holds {what}: {_ADVICE.get(what, 'take it out')}")
        instruction = element.get(f"{_W}instr") if name == "fldSimple" else element.text if name == "instrText" else ""
        if instruction and instruction.split() and instruction.split()[0].upper() not in _HARMLESS_FIELDS:
            raise WordRefused(f"the letter holds a field ({_cut(instruction)!r}): put its text in its place")


def _check_margins(archive: Archive) -> None:
    """Refuse what was written into heads and feet: the packet has its own, and nothing may be lost unsaid."""
    for name in archive.names():
        root = archive.xml(name) if _MARGIN.fullmatch(name) else None
        for paragraph in root.iter(f"{_W}p") if root is not None else ():
            text = _text(paragraph)
            if text and text != HEADER and not text.isdigit():
                raise WordRefused(f"the head or foot of the pages holds {_cut(text)!r}: put it into the letter itself")


def _off(element: Element) -> bool:
    return element.get(f"{_W}val", "").casefold() in _OFF


def _blocks(parent: Element, styles: dict[str, str], depth: int = 0) -> Iterator[Block]:
    if depth > _DEEPEST:
        raise WordRefused("the file's parts stand too deep within each other: no letter's do")
    for element in parent:
        name = _name(element)
        if name == "p":
            style = element.find(f"{_W}pPr/{_W}pStyle")
            named = styles.get(style.get(f"{_W}val", ""), "") if style is not None else ""
            yield Block(role=ROLE_OF.get(named.casefold(), "text"), text=_text(element))
        elif name == "tbl":
            yield Block(role="table", rows=tuple(_rows(element)))
        elif name not in ("sectPr", "bookmarkStart", "bookmarkEnd"):
            yield from _blocks(element, styles, depth + 1)  # a content control, or whatever else wraps paragraphs


def _rows(table: Element) -> Iterator[tuple[str, ...]]:
    for row in table.iter(f"{_W}tr"):
        if any(True for _ in row.iter(f"{_W}tbl")):
            raise WordRefused("the letter holds a table within a table: take it out")
        yield tuple(" ".join(filter(None, map(_text, cell.iter(f"{_W}p")))) for cell in row.iter(f"{_W}tc"))


def _text(paragraph: Element) -> str:
    out = []
    for element in paragraph.iter():
        name = _name(element)
        if name == "t":
            out.append(element.text or "")
        elif name in _LINE and element.tag.startswith(_W) and not _in_properties(element):
            out.append(_LINE[name])
    return re.sub(r"\s+", " ", "".join(out)).strip()


def _in_properties(element: Element) -> bool:
    """Tell a tab stop of the paragraph's own settings, which has a place, from a tab in its text."""
    return element.get(f"{_W}pos") is not None


def _style_names(root: Element | None) -> dict[str, str]:
    """Return style names by id: word processors keep the name and choose ids as they like."""
    found = {}
    for style in root.iter(f"{_W}style") if root is not None else ():
        name = style.find(f"{_W}name")
        if name is not None:
            found[style.get(f"{_W}styleId", "")] = name.get(f"{_W}val", "")
    return found


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else plain[:57] + "..."

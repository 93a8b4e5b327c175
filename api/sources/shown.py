"""A source as a page shows it: lines or text cut into pieces, those that carry the statement marked."""

import re
from collections.abc import Iterable, Sequence

from knowledge.types.letters import Table
from knowledge.types.practice import Frozen


class Marked(Frozen):
    """A piece of text; `on` = it carries the statement."""

    text: str
    on: bool = False


class Line(Frozen):
    """One line of a source: `label` is its number or name, `says` what it is in our words, `on` = look here."""

    label: str
    pieces: tuple[Marked, ...]
    says: str = ""
    on: bool = False


class Shown(Frozen):
    """A source opened at its passage.

    `where` names the place in words. `lines` are segments, cells of a row or fields of a resource; `text` is running
    text, cut for its marks. `found` False = the passage is not there any more, or the file is gone: `note` says so.
    `kin` are ids of evidence that a calculation was made from; `pdf` = the document can be opened as the file it is.
    """

    title: str
    where: str
    says: str
    lines: tuple[Line, ...] = ()
    text: tuple[Marked, ...] = ()
    table: Table | None = None
    code: bool = False
    found: bool = True
    note: str = ""
    kin: tuple[str, ...] = ()
    pdf: bool = False


def marked(text: str, wanted: Iterable[str]) -> tuple[Marked, ...]:
    """Cut a text at every place where one of `wanted` stands, whatever blanks and line ends are in between."""
    spans = sorted(span for words in wanted for span in _places(text, words))
    out: list[Marked] = []
    at = 0
    for start, end in spans:
        if start < at:
            continue
        if start > at:
            out.append(Marked(text=text[at:start]))
        out.append(Marked(text=text[start:end], on=True))
        at = end
    if at < len(text):
        out.append(Marked(text=text[at:]))
    return tuple(out)


def has_mark(pieces: Sequence[Marked]) -> bool:
    """Tell whether anything is marked."""
    return any(piece.on for piece in pieces)


def _places(text: str, words: str) -> list[tuple[int, int]]:
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return []
    edge = r"(?<!\w)" if words.strip()[0].isalnum() else ""
    end = r"(?!\w)" if words.strip()[-1].isalnum() else ""
    return [match.span() for match in re.finditer(edge + r"\s+".join(parts) + end, text)]

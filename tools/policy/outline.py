"""The outline of a policy section: paragraphs, and list items within one another, each in its own words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_MARKER = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<bullet>[-*+•▪○])|\(?(?P<ordinal>\d{1,2}|[A-Za-z]|[ivx]{2,4}|[IVX]{2,4})[.)])[ \t]+"
    r"(?P<text>\S.*)"
)
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_FULL_STOP = re.compile(r"(?<=[.!?])\s+(?=[\"“(]?[A-Z0-9])")
_SHORT_FORM = re.compile(r"(?:\b(?:e\.g|i\.e|vs|no|No|approx|Dr|St|ch|sec|max|min|incl)\.|\b[A-Z]\.)$")


@dataclass(slots=True)
class Block:
    """A paragraph (no `marker`) or a list item. `text` is verbatim but for its marker; `children` are items below."""

    text: str
    marker: str = ""
    children: list["Block"] = field(default_factory=list)


def outline(text: str) -> list[Block]:
    """Cut a section's text into blocks, in order. Items that follow a paragraph at once are its children.

    Depth follows indentation, and for lists that are not indented a change of marker (1. then a.). A table row or a
    line of fenced code is a paragraph of its own.
    """
    return _Outliner().read(text.split("\n"))


def sentences(text: str) -> Iterator[str]:
    """Cut a block's text into sentences, each verbatim."""
    start = 0
    for match in _FULL_STOP.finditer(text):
        if not _SHORT_FORM.search(text[start : match.start()]):
            yield text[start : match.start()].strip()
            start = match.end()
    yield text[start:].strip()


@dataclass(slots=True)
class _Open:
    """A list that may still get items: where its items stand, by which marker, and what holds them."""

    indent: int
    style: str
    ordinal: str
    items: list[Block]


class _Outliner:
    """Reads lines one by one, with the lists that are open."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._open: list[_Open] = []
        self._paragraph: Block | None = None  # of the line before: more text joins it, items go below it
        self._item: Block | None = None
        self._fenced = False

    def read(self, lines: list[str]) -> list[Block]:
        """Read all lines of a section."""
        blank = False
        for line in lines:
            if not line.strip():
                blank = True
                continue
            if _FENCE.match(line):
                self._fenced = not self._fenced
                self._end_all()
            elif self._fenced or line.lstrip().startswith("|"):
                self._end_all()
                self._blocks.append(Block(line.strip()))
            else:
                self._line(line, after_blank=blank)
            blank = False
        return self._blocks

    def _line(self, line: str, *, after_blank: bool) -> None:
        match = _MARKER.fullmatch(line)
        if match and self._is_item(match, after_blank=after_blank):
            self._add_item(match)
        elif self._item is not None and (not after_blank or line[:1] in (" ", "\t")):
            self._item.text += "\n" * (1 + after_blank) + line
        elif self._paragraph is not None and self._item is None and not after_blank:
            self._paragraph.text += "\n" + line
        else:
            self._end_all()
            self._paragraph = Block(line.strip())
            self._blocks.append(self._paragraph)

    def _is_item(self, match: re.Match[str], *, after_blank: bool) -> bool:
        """Tell a list item from a line of a paragraph that happens to begin like one ("A. fumigatus")."""
        if match["bullet"] or self._item is not None or after_blank or self._paragraph is None:
            return True
        return match["ordinal"].lower() in ("1", "a", "i") or self._paragraph.text.rstrip().endswith(":")

    def _add_item(self, match: re.Match[str]) -> None:
        indent = len(match["indent"].expandtabs(4))
        ordinal = match["ordinal"] or ""
        style = self._style(match["bullet"] or "", ordinal)
        marker = ordinal or match["bullet"]
        item = Block(match["text"].strip(), marker)
        self._list_for(indent, style).items.append(item)
        self._open[-1].ordinal = ordinal
        self._item = item

    def _style(self, bullet: str, ordinal: str) -> str:
        if bullet:
            return bullet
        if ordinal.isdigit():
            return "1"
        case = "upper" if ordinal.isupper() else "lower"
        if len(ordinal) > 1:
            return f"roman-{case}"
        before = next((list_.ordinal for list_ in reversed(self._open) if list_.style == f"letter-{case}"), "")
        follows = bool(before) and ord(ordinal) == ord(before[0]) + 1
        roman = any(list_.style == f"roman-{case}" for list_ in self._open)
        if ordinal.lower() in "ivx" and not follows and (roman or ordinal.lower() == "i"):
            return f"roman-{case}"
        return f"letter-{case}"

    def _list_for(self, indent: int, style: str) -> _Open:
        """Find the open list an item belongs to, ending those within it, or open a new one below the last item."""
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at].indent == indent and self._open[at].style == style:
                del self._open[at + 1 :]
                return self._open[at]
        while self._open and self._open[-1].indent > indent:
            self._open.pop()
        holder = self._open[-1].items[-1] if self._open else self._paragraph
        items = self._blocks if holder is None else holder.children
        self._open.append(_Open(indent, style, "", items))
        return self._open[-1]

    def _end_all(self) -> None:
        self._open, self._paragraph, self._item = [], None, None

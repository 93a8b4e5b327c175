"""Find cited passages in the text layer of a PDF from elsewhere, and mark them on its pages.

What is found is compared by letters and digits alone, so that line breaks, hyphens and blanks do not matter. Pages that
are turned, or have no text layer that can be read, are not marked.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pikepdf

from tools.chart.pdf_text import Piece, joined_lines, page_pieces

# Points by which a mark reaches beyond the text, and its colour and stroke.
_REACH = 1.5
_FILL = b"1 0.93 0.67 rg"
_STROKE = b"0.1 0.21 0.36 RG 0.8 w"
_SHORTEST = 8
"""Letters and digits a passage must have to be sought: shorter ones stand on any page."""


@dataclass(frozen=True)
class Words:
    """The letters and digits of a page in reading order; for each its piece, and where in it (0 to 1) it begins."""

    text: str
    squeezed: str
    pieces: tuple[Piece, ...]
    places: tuple[tuple[int, float, float], ...]
    turned: bool


@dataclass(frozen=True)
class Found:
    """A passage on a page (from 0): the boxes its text fills (left, bottom, right, top in points).

    `edge` is where the text of the page begins on the left.
    """

    evidence: str
    page: int
    boxes: tuple[tuple[float, float, float, float], ...]
    edge: float


def page_words(page: pikepdf.Page) -> Words:
    """Read a page's text layer with its places; nothing where it cannot be read."""
    pieces = tuple(sorted((one for one in page_pieces(page) if one.text), key=lambda one: (-round(one.y, 1), one.x)))
    squeezed: list[str] = []
    places: list[tuple[int, float, float]] = []
    for number, piece in enumerate(pieces):
        length = len(piece.text)
        for at, char in enumerate(piece.text):
            for plain in _squeezed(char):
                squeezed.append(plain)
                places.append((number, at / length, (at + 1) / length))
    turned = int(page.obj.get("/Rotate", 0)) % 360 != 0
    text = " ".join(joined_lines(pieces))
    return Words(text=text, squeezed="".join(squeezed), pieces=pieces, places=tuple(places), turned=turned)


def find_quotes(pages: Sequence[Words], quotes: Sequence[tuple[str, str]]) -> tuple[Found, ...]:
    """Return where each quotation (evidence id, words) first stands; one that stands nowhere is left out."""
    found = []
    for evidence, quote in dict.fromkeys(quotes):
        wanted = _squeezed(quote)
        if len(wanted) < _SHORTEST:
            continue
        for number, words in enumerate(pages):
            at = words.squeezed.find(wanted)
            if at >= 0:
                edge = min(piece.x for piece in words.pieces)
                found.append(Found(evidence, number, _boxes(words, at, at + len(wanted)), edge))
                break
    return tuple(found)


def draw_marks(page: pikepdf.Page, found: Sequence[Found]) -> None:
    """Colour passages beneath the text, underline them, set a bar beside them: a black and white fax shows it too."""
    found = [one for one in found if one.boxes]
    boxes = [box for one in found for box in one.boxes]
    if not boxes:
        return
    fills, strokes = [b"q", _FILL], [b"Q\nq", _STROKE]
    for left, bottom, right, top in boxes:
        fills.append(b"%.2f %.2f %.2f %.2f re f" % (left, bottom, right - left, top - bottom))
        strokes.append(b"%.2f %.2f m %.2f %.2f l S" % (left, bottom, right, bottom))
    for one in found:
        bottom, top = (pick(edge for box in one.boxes for edge in (box[1], box[3])) for pick in (min, max))
        strokes.append(b"2 w %.2f %.2f m %.2f %.2f l S" % (one.edge - 8, bottom, one.edge - 8, top))
    page.contents_add(b"\n".join([*fills, b"Q\nq\n"]), prepend=True)
    page.contents_add(b"\n".join([*strokes, b"Q\n"]))


def _boxes(words: Words, start: int, end: int) -> tuple[tuple[float, float, float, float], ...]:
    if words.turned:
        return ()
    spans: dict[int, tuple[float, float]] = {}
    for number, left, right in words.places[start:end]:
        known = spans.get(number, (left, right))
        spans[number] = (min(known[0], left), max(known[1], right))
    out = []
    for number, (left, right) in spans.items():
        piece = words.pieces[number]
        x = piece.x + left * piece.width
        wide = (right - left) * piece.width
        out.append((x - _REACH, piece.y - 0.25 * piece.size, x + wide + _REACH, piece.y + 0.85 * piece.size))
    return tuple(out)


@lru_cache(maxsize=4096)
def _squeezed(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char.isalnum())

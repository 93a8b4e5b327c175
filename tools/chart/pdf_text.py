"""The text layer of a PDF report, line by line as it stands on the page; "" when it has none that is sure.

Only text that the file itself maps to characters is read (PDF 32000-1, 9.10): simple fonts in a named encoding, and
fonts with a ToUnicode map. A scan, a locked or damaged file, or one glyph that maps to nothing gives "": half a
report is worse than none, for the half that is missing may say "not".
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from tools.chart.pdf_fonts import UNKNOWN, Font, font_of

MOST_BYTES = 10_000_000
MOST_PAGES = 60
MOST_PIECES = 60_000
_DEEPEST_FORM = 3
_SAME_LINE = 0.35
"""Share of the font size by which two pieces of one line may differ in height (a raised sign)."""
_WORD_GAP = 0.18
_COLUMN_GAP = 1.4
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError)
"""What a damaged file makes the parser say; nothing of it can be read then."""

Matrix = tuple[float, float, float, float, float, float]


class _TooMuch(ValueError):
    """More on the pages than a report holds."""


@dataclass(slots=True)
class Piece:
    """Text shown at one place of a page: its start and size in points, and how wide it runs."""

    x: float
    y: float
    size: float
    width: float
    text: str


@dataclass(slots=True)
class _State:
    ctm: Matrix = _IDENTITY
    line: Matrix = _IDENTITY
    at: Matrix = _IDENTITY
    font: Font | None = None
    size: float = 0.0
    leading: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stack: list[tuple[Matrix, Font | None, float, float, float, float]] = field(default_factory=list)


def pdf_text(data: bytes) -> str:
    """Return the text of a PDF with one line a line of the page, pages set apart by an empty line; never raises."""
    if len(data) > MOST_BYTES:
        return ""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if len(document.pages) > MOST_PAGES:
                return ""
            pages = [_page(page) for page in document.pages]
    except _BROKEN:
        return ""
    text = "\n\n".join(page for page in pages if page)
    return "" if UNKNOWN in text else text


def _page(page: pikepdf.Page) -> str:
    return "\n".join(joined_lines(_pieces(page)))


def page_pieces(page: pikepdf.Page) -> tuple[Piece, ...]:
    """Return the text of a page with its places, as read for `pdf_text`; empty when it cannot be read; never raises."""
    try:
        return tuple(_pieces(page))
    except _BROKEN:
        return ()


def _pieces(page: pikepdf.Page) -> list[Piece]:
    pieces: list[Piece] = []
    _read(page.obj, page.obj.get("/Resources", pikepdf.Dictionary()), _State(), pieces, 0)
    return pieces


def _read(holder: Any, resources: Any, state: _State, pieces: list[Piece], depth: int) -> None:
    fonts: dict[str, Font] = {}
    named = resources.get("/Font", pikepdf.Dictionary())
    for instruction in pikepdf.parse_content_stream(holder):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "Tf":
            name = str(operands[0])
            if name not in fonts:
                fonts[name] = font_of(named[name])
            state.font, state.size = fonts[name], float(operands[1])
        elif operator == "Do" and depth < _DEEPEST_FORM:
            _form(resources, str(operands[0]), state, pieces, depth)
        else:
            _apply(operator, operands, state, pieces)
        if len(pieces) > MOST_PIECES:
            raise _TooMuch


def _form(resources: Any, name: str, state: _State, pieces: list[Piece], depth: int) -> None:
    form = resources.get("/XObject", pikepdf.Dictionary()).get(name)
    if form is None or form.get("/Subtype") != "/Form":
        return
    matrix = tuple(float(number) for number in form.get("/Matrix", _IDENTITY))
    inner = _State(ctm=_times(matrix, state.ctm) if len(matrix) == 6 else state.ctm)
    _read(form, form.get("/Resources", resources), inner, pieces, depth + 1)


def _apply(operator: str, operands: list[Any], state: _State, pieces: list[Piece]) -> None:
    if operator in ("Tj", "TJ", "'", '"'):
        _show(operator, operands, state, pieces)
    elif operator in ("Td", "TD", "T*", "Tm", "BT"):
        _move(operator, operands, state)
    elif operator == "cm":
        state.ctm = _times(_matrix(operands), state.ctm)
    elif operator == "q":
        state.stack.append((state.ctm, state.font, state.size, state.leading, state.spacing, state.word_spacing))
    elif operator == "Q" and state.stack:
        state.ctm, state.font, state.size, state.leading, state.spacing, state.word_spacing = state.stack.pop()
    elif operator == "TL":
        state.leading = float(operands[0])
    elif operator == "Tc":
        state.spacing = float(operands[0])
    elif operator == "Tw":
        state.word_spacing = float(operands[0])


def _move(operator: str, operands: list[Any], state: _State) -> None:
    if operator == "BT":
        state.line = state.at = _IDENTITY
    elif operator == "Tm":
        state.line = state.at = _matrix(operands)
    else:
        across, down = (0.0, -state.leading) if operator == "T*" else (float(operands[0]), float(operands[1]))
        if operator == "TD":
            state.leading = -down
        state.line = state.at = _times((1.0, 0.0, 0.0, 1.0, across, down), state.line)


def _show(operator: str, operands: list[Any], state: _State, pieces: list[Piece]) -> None:
    if operator in ("'", '"'):
        _move("T*", [], state)
    shown = list(operands[0]) if operator == "TJ" else [operands[-1]]
    for part in shown:
        if isinstance(part, pikepdf.String):
            _put(bytes(part), state, pieces)
        else:
            state.at = _times((1.0, 0.0, 0.0, 1.0, -float(part) / 1000 * state.size, 0.0), state.at)


def _put(data: bytes, state: _State, pieces: list[Piece]) -> None:
    if state.font is None:
        raise _TooMuch
    text, width = state.font.decoded(data)
    blanks = text.count(" ")
    advance = width * state.size + len(text) * state.spacing + blanks * state.word_spacing
    placed = _times(state.at, state.ctm)
    scale = max(abs(placed[0]), abs(placed[1])) or 1.0
    pieces.append(Piece(placed[4], placed[5], max(abs(state.size) * scale, 1.0), advance * scale, text))
    state.at = _times((1.0, 0.0, 0.0, 1.0, advance, 0.0), state.at)


def joined_lines(pieces: Sequence[Piece]) -> Iterator[str]:
    """Join pieces into lines from the top of the page down, and within a line from left to right."""
    lines: list[list[Piece]] = []
    for piece in sorted((piece for piece in pieces if piece.text), key=lambda item: -item.y):
        if lines and abs(lines[-1][0].y - piece.y) <= _SAME_LINE * piece.size:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    for line in lines:
        said = ""
        end: float | None = None
        for piece in sorted(line, key=lambda item: item.x):
            gap = 0.0 if end is None else piece.x - end
            said += "   " if gap > _COLUMN_GAP * piece.size else " " if gap > _WORD_GAP * piece.size else ""
            said += piece.text
            end = piece.x + piece.width
        if said.strip():
            yield said.rstrip()


def _matrix(operands: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, two: Matrix) -> Matrix:
    return (
        one[0] * two[0] + one[1] * two[2],
        one[0] * two[1] + one[1] * two[3],
        one[2] * two[0] + one[3] * two[2],
        one[2] * two[1] + one[3] * two[3],
        one[4] * two[0] + one[5] * two[2] + two[4],
        one[4] * two[1] + one[5] * two[3] + two[5],
    )

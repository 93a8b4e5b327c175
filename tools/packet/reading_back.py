"""Read the text of a PDF that we typeset ourselves, so that the finished page can be verified, not its source.

It knows only what typst writes: composite fonts with a ToUnicode map, and text shown by Tj and TJ. It is no
reader for PDFs from elsewhere.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_HEX = r"<([0-9A-Fa-f\s]+)>"
_BLOCK = re.compile(r"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_CHAR = re.compile(rf"{_HEX}\s*{_HEX}")
_RANGE = re.compile(rf"{_HEX}\s*{_HEX}\s*(?:{_HEX}|\[(.*?)\])", re.DOTALL)
# A gap wider than this many thousandths of the font size is a blank between words.
_GAP = 180


def page_texts(pdf: bytes) -> tuple[str, ...]:
    """Return the text of each page of a PDF made by `typeset`, pieces set apart by one blank.

    Artifacts are left out: running heads, page numbers, the draft mark.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return tuple(_page(page) for page in document.pages)


@dataclass
class _State:
    maps: dict[str, dict[int, str]]
    current: dict[int, str] = field(default_factory=dict)
    marked: list[str] = field(default_factory=list)
    out: list[str] = field(default_factory=list)


def _page(page: pikepdf.Page) -> str:
    resources: Any = page.obj.get("/Resources", pikepdf.Dictionary())
    fonts = resources.get("/Font", pikepdf.Dictionary())
    state = _State(maps={str(name): _unicode_map(font) for name, font in fonts.items()})
    for instruction in pikepdf.parse_content_stream(page):
        _apply(state, str(instruction.operator), list(instruction.operands))
    return " ".join("".join(state.out).split())


def _apply(state: _State, operator: str, operands: list[Any]) -> None:
    if operator in ("BMC", "BDC"):
        state.marked.append(str(operands[0]))
    elif operator == "EMC":
        state.marked.pop()
    elif operator == "Tf":
        state.current = state.maps.get(str(operands[0]), {})
    elif operator == "Tm":
        state.out.append(" ")
    elif operator == "Tj":
        _show(state, [operands[0]])
    elif operator == "TJ":
        _show(state, list(operands[0]))


def _show(state: _State, pieces: list[Any]) -> None:
    if "/Artifact" in state.marked:
        return
    for piece in pieces:
        if isinstance(piece, pikepdf.String):
            state.out.append("".join(_decoded(bytes(piece), state.current)))
        elif -float(piece) > _GAP:
            state.out.append(" ")


def _decoded(data: bytes, mapping: dict[int, str]) -> Iterator[str]:
    for at in range(0, len(data) - 1, 2):
        yield mapping.get(int.from_bytes(data[at : at + 2], "big"), "\N{REPLACEMENT CHARACTER}")


def _unicode_map(font: Any) -> dict[int, str]:
    """Return character by code from a font's ToUnicode stream (PDF 32000-1, 9.10.3)."""
    if "/ToUnicode" not in font:
        return {}
    text = font["/ToUnicode"].read_bytes().decode("latin-1")
    found: dict[int, str] = {}
    for kind, body in _BLOCK.findall(text):
        if kind == "bfchar":
            found.update((int(code, 16), _utf16(value)) for code, value in _CHAR.findall(body))
            continue
        for first, last, start, listed in _RANGE.findall(body):
            codes = range(int(first, 16), int(last, 16) + 1)
            values = re.findall(_HEX, listed) if listed else []
            for offset, code in enumerate(codes):
                found[code] = _utf16(values[offset]) if values else chr(ord(_utf16(start)) + offset)
    return found


def _utf16(hexes: str) -> str:
    return bytes.fromhex(re.sub(r"\s", "", hexes)).decode("utf-16-be", "replace")

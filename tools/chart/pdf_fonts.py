"""Which characters the codes of a PDF font are, and how wide (PDF 32000-1, 9.6 to 9.10)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_HEX = r"<([0-9A-Fa-f\s]+)>"
_BLOCK = re.compile(r"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_CHAR = re.compile(rf"{_HEX}\s*{_HEX}")
_RANGE = re.compile(rf"{_HEX}\s*{_HEX}\s*(?:{_HEX}|\[(.*?)\])", re.DOTALL)
_CODECS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman", "/StandardEncoding": "cp1252"}
_FIXED = 0.6
"""Width of Courier in parts of the font size; what a proportional font without widths is taken for is half."""
_GLYPHS = {
    "space": " ", "period": ".", "comma": ",", "hyphen": "-", "plus": "+", "percent": "%", "slash": "/",
    "parenleft": "(", "parenright": ")", "colon": ":", "semicolon": ";", "equal": "=", "less": "<", "greater": ">",
    "quotesingle": "'", "quoteright": "'", "quoteleft": "'", "quotedblleft": '"', "quotedblright": '"',
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "endash": "–", "emdash": "—", "bullet": "•", "degree": "°", "mu": "µ",
    "lessequal": "≤", "greaterequal": "≥", "numbersign": "#", "ampersand": "&", "asterisk": "*", "at": "@",
    "fi": "fi", "fl": "fl", "ff": "ff", "ffi": "ffi", "ffl": "ffl", "nbspace": " ", "underscore": "_",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Font:
    """A font: its codes' bytes, characters and widths. `width` is of a code whose width is not given."""

    bytes_each: int
    characters: dict[int, str]
    codec: str
    widths: dict[int, float]
    width: float

    def decoded(self, data: bytes) -> tuple[str, float]:
        """Return the text of a string and its width in parts of the font size."""
        codes = [int.from_bytes(data[at : at + self.bytes_each], "big") for at in range(0, len(data), self.bytes_each)]
        text = "".join(self._character(code) for code in codes)
        return text, sum(self.widths.get(code, self.width) for code in codes)

    def _character(self, code: int) -> str:
        if code in self.characters:
            return self.characters[code]
        if not self.codec or code > 255:
            return UNKNOWN
        character = bytes((code,)).decode(self.codec, "replace")
        return " " if character in "\xa0\t" else "" if code < 32 else character


def font_of(font: Any) -> Font:
    """Read a font dictionary; codes it does not map decode to the replacement character."""
    composite = font.get("/Subtype") == "/Type0"
    characters = dict(_to_unicode(font))
    if composite:
        return Font(2, characters, "", _composite_widths(font), 1.0)
    base = str(font.get("/BaseFont", ""))
    codec, differences = _encoding(font, base)
    fixed = "Courier" in base or "Mono" in base
    return Font(1, {**differences, **characters}, codec, _simple_widths(font), _FIXED if fixed else 0.5)


def _encoding(font: Any, base: str) -> tuple[str, dict[int, str]]:
    """Return the codec of a simple font and the codes its encoding changes."""
    encoding = font.get("/Encoding")
    if encoding is None:
        # The fourteen standard fonts have Latin letters of their own; symbol fonts and embedded subsets do not.
        plain = re.match(r"/(?:Courier|Helvetica|Times|Arial)", base) is not None
        return ("cp1252" if plain else ""), {}
    if isinstance(encoding, pikepdf.Name):
        return _CODECS.get(str(encoding), ""), {}
    codec = _CODECS.get(str(encoding.get("/BaseEncoding", "/StandardEncoding")), "")
    return codec, dict(_differences(encoding.get("/Differences", [])))


def _differences(listed: Any) -> Iterator[tuple[int, str]]:
    code = 0
    for item in listed:
        if isinstance(item, pikepdf.Name):
            name = str(item).removeprefix("/")
            uni = re.fullmatch(r"uni([0-9A-Fa-f]{4})", name)
            yield code, name if len(name) == 1 else chr(int(uni[1], 16)) if uni else _GLYPHS.get(name, UNKNOWN)
            code += 1
        else:
            code = int(item)


def _simple_widths(font: Any) -> dict[int, float]:
    first = int(font.get("/FirstChar", 0))
    return {first + at: float(width) / 1000 for at, width in enumerate(font.get("/Widths", []))}


def _composite_widths(font: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    for inner in font.get("/DescendantFonts", []):
        listed = list(inner.get("/W", []))
        at = 0
        while at + 1 < len(listed):
            if isinstance(listed[at + 1], pikepdf.Array):
                for offset, width in enumerate(listed[at + 1]):
                    found[int(listed[at]) + offset] = float(width) / 1000
                at += 2
            else:
                for code in range(int(listed[at]), min(int(listed[at + 1]), 65535) + 1):
                    found[code] = float(listed[at + 2]) / 1000
                at += 3
    return found


def _to_unicode(font: Any) -> Iterator[tuple[int, str]]:
    if "/ToUnicode" not in font:
        return
    text = font["/ToUnicode"].read_bytes().decode("latin-1")
    for kind, body in _BLOCK.findall(text):
        if kind == "bfchar":
            for code, value in _CHAR.findall(body):
                yield int(code, 16), _utf16(value)
            continue
        for first, last, start, listed in _RANGE.findall(body):
            values = re.findall(_HEX, listed) if listed else []
            for offset, code in enumerate(range(int(first, 16), min(int(last, 16), 65535) + 1)):
                if values and offset < len(values):
                    yield code, _utf16(values[offset])
                elif start:
                    yield code, chr(ord(_utf16(start)[-1]) + offset)


def _utf16(hexes: str) -> str:
    return bytes.fromhex(re.sub(r"\s", "", hexes)).decode("utf-16-be", "replace")

"""A text as it reads: without accents, case, invisible signs or letters of other scripts, each place kept.

What a person (or a model) reads as "Okafor" can be written with a zero-width space inside, in full-width or Cyrillic
letters, with accents apart, as an escape of JSON or as `&#79;kafor` in HTML. A reading is such a text folded to plain
lower-case letters, and says for each of them where in the text it stands.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import unquote_to_bytes

import yaml


@dataclass(frozen=True, slots=True)
class Reading:
    """`folded[i]` is read from `source[starts[i]:ends[i]]`; `cased` is `folded` with the case as it stood."""

    folded: str
    cased: str
    starts: Sequence[int]
    ends: Sequence[int]


_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_ESCAPE = re.compile(
    r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[nrtbf\"'/\\]|(?:%[0-9a-fA-F]{2})+|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});"
)
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_DASHES = frozenset("‐‑‒–—―−﹘﹣-⁃")
_QUOTES = frozenset("’‘‛ʼʹ′`´＇ˈʻ")
_DROPPED = frozenset({"Cf", "Mn", "Me", "Cc", "Cs", "Co", "Cn"})


def readings(text: str) -> tuple[Reading, ...]:
    """Return the text as it stands, and, where it holds escapes, as it reads with them resolved."""
    plain = _as_it_stands(text)
    if not any(sign in text for sign in "\\%&"):
        return (plain,)
    resolved = list(_resolved(text))
    if all(len(char) == 1 and end - start == 1 for char, start, end in resolved):
        return (plain,)
    return plain, _fold_all(resolved)


def compact(text: str) -> str:
    """Return the folded letters and digits of a text, nothing between them."""
    return "".join(char for char in _as_it_stands(text).folded if char.isalnum())


def _as_it_stands(text: str) -> Reading:
    if text.isascii() and not _UNREADABLE.search(text):
        return Reading(text.lower(), text, range(len(text)), range(1, len(text) + 1))
    return _fold_all((char, place, place + 1) for place, char in enumerate(text))


def _fold_all(parts: Iterator[tuple[str, int, int]] | list[tuple[str, int, int]]) -> Reading:
    folded: list[str] = []
    cased: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for chars, start, end in parts:
        for char in chars:
            plain, shown = _fold(char)
            if not plain:
                if ends and ends[-1] == start and unicodedata.combining(char):
                    ends[-1] = end
                continue
            folded.append(plain)
            cased.append(shown)
            starts.extend([start] * len(plain))
            ends.extend([end] * len(plain))
    return Reading("".join(folded), "".join(cased), starts, ends)


@lru_cache(maxsize=8192)
def _fold(char: str) -> tuple[str, str]:
    """Return what a character reads as, in lower case and in its own; the two are of one length."""
    if char.isascii():
        return ("", "") if _UNREADABLE.match(char) else (char.lower(), char)
    if char in _DASHES:
        return "-", "-"
    if char in _QUOTES:
        return "'", "'"
    if "\U0001f1e6" <= char <= "\U0001f1ff":  # regional indicators, used as letters
        letter = chr(ord("a") + ord(char) - 0x1F1E6)
        return letter, letter.upper()
    read = ""
    for part in unicodedata.normalize("NFKD", char):
        if unicodedata.category(part) in _DROPPED:
            continue
        digit = unicodedata.digit(part, None)
        latin = _latin()
        lower = part.casefold()
        read += str(digit) if digit is not None else latin.get(part, latin.get(lower, lower))
    read = "".join(part for part in unicodedata.normalize("NFKD", read) if unicodedata.category(part) not in _DROPPED)
    read = "".join(" " if part.isspace() else part for part in read.lower())
    upper = read.upper()
    capital = (char.isupper() or char.istitle() or char != char.lower()) and len(upper) == len(read)
    return read, upper if capital else read


@cache
def _latin() -> dict[str, str]:
    stored = yaml.safe_load(files("agent.shield").joinpath("homoglyphs.yaml").read_text("utf-8"))
    return {sign: str(letter) for letter, signs in stored.items() for sign in signs}


def _resolved(text: str) -> Iterator[tuple[str, int, int]]:
    place = 0
    for match in _ESCAPE.finditer(text):
        for at in range(place, match.start()):
            yield text[at], at, at + 1
        yield _resolve(match.group()), match.start(), match.end()
        place = match.end()
    for at in range(place, len(text)):
        yield text[at], at, at + 1


def _resolve(escape: str) -> str:
    if escape[0] == "%":
        return unquote_to_bytes(escape).decode("utf-8", "replace")
    if escape[0] == "&":
        return html.unescape(escape)
    if escape[1] in "ux":
        return chr(int(escape[2:], 16))
    return _CONTROL.get(escape[1], escape[1])

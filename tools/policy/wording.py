"""The one form in which a policy sentence is read, and patterns made of the tables of terms."""

import re
from collections.abc import Iterable

from knowledge.types.criteria import Requirement

Found = tuple[tuple[int, int], Requirement]
"""Where in the normalised sentence a requirement stands, and what it is."""

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "twelve": 12}
COUNT = rf"(?:\d{{1,3}}|{'|'.join(COUNTS)})"

_SIGNS = {"≥": ">=", "≤": "<=", "–": "-", "—": "-", "‑": "-", "’": "'", "“": '"', "”": '"', "²": "2", "α": "α"} | {
    "**": "",
    "__": "",
}
_SHORT_NAME = re.compile(r"\s*[\[(](?:ps|ecog)[\])]")
_BRACKETED = re.compile(r"[\[(](tps|cps)[\])]")
_CONNECTED = re.compile(r"(?:[\s,;.]+(?:and|or))?[\s,;.]*$")


def normalise(text: str) -> str:
    """Write a sentence in lower case on one line, with plain signs, without the connector or full stop at its end.

    Abbreviations introduced in brackets after the name they shorten are dropped.
    """
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    text = " ".join(text.lower().split())
    return _CONNECTED.sub("", _BRACKETED.sub(r"\1", _SHORT_NAME.sub("", text)))


def one_of(names: Iterable[str], *, hyphen: bool = False) -> str:
    """Make a pattern of names as whole words, longest first; with `hyphen` one may follow them ("her2-positive")."""
    ordered = sorted({name.lower() for name in names}, key=lambda name: (-len(name), name))
    end = r"(?!\w)" if hyphen else r"(?![\w-])"
    return rf"(?<![\w-])(?:{'|'.join(re.escape(name) for name in ordered)}){end}"


def count(text: str) -> int:
    """Read a count written as a number or a word."""
    return COUNTS[text] if text in COUNTS else int(text)

"""Bring text to one form before it is compared, and name characters that have no business in it."""

import re
import unicodedata

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_DOUBLE_QUOTES = re.compile("[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02]")
_SINGLE_QUOTES = re.compile("[\u2018\u2019\u201a\u201b\u2032\uff07]")

# Blank-looking characters that Unicode does not class as formats.
_BLANK_LOOKING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_HIDDEN_CATEGORIES = frozenset({"Cf", "Co", "Cn", "Cs"})


def normalise(text: str) -> str:
    """Return `text` in NFKC with straight quotes, plain hyphens and single kinds of blank."""
    text = unicodedata.normalize("NFKC", text)
    text = _DASHES.sub("-", text)
    text = _DOUBLE_QUOTES.sub('"', text)
    return _SINGLE_QUOTES.sub("'", text)


def collapsed(text: str) -> str:
    """Return normalised text with every run of blanks and line breaks as one blank."""
    return " ".join(normalise(text).split())


def hidden_characters(text: str) -> tuple[str, ...]:
    """Return characters of `text` that a reader cannot see: zero-width, bidirectional, private, control."""
    return tuple(dict.fromkeys(char for char in text if _is_hidden(char)))


def _is_hidden(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cc":
        return char not in "\n\r\t"
    variation = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return category in _HIDDEN_CATEGORIES or char in _BLANK_LOOKING or variation


def foreign_characters(word: str) -> tuple[str, ...]:
    """Return letters of another script than Latin, and digits other than 0-9, in a normalised word."""
    return tuple(char for char in word if not char.isascii() and _is_foreign(char))


def _is_foreign(char: str) -> bool:
    category = unicodedata.category(char)
    if category in ("Nd", "Nl", "No"):
        return True
    return category[0] in "LM" and not unicodedata.name(char, "").startswith("LATIN ") and category != "Mn"


def describe(char: str) -> str:
    """Return a character's code point and name, for a message."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'unnamed').lower()}"

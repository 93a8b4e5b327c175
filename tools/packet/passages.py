"""Cut a piece of evidence into the sentences a statement must stand in, one of them as a whole."""

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.types.evidence import Evidence
from tools.packet.assertion_words import assertion_words
from tools.packet.normalising import collapsed
from tools.packet.segments import looks_like_segments
from tools.packet.sentences import sentences
from tools.packet.tokens import Token, content, tokens

_ROWS = frozenset({"authorization", "coverage"})
_HEADING = re.compile(r" section (.+)$")


@dataclass(frozen=True)
class Passage:
    """A sentence of a piece of evidence: its tokens that assert something, and those words' keys."""

    tokens: tuple[Token, ...]
    keys: frozenset[str]
    slot: bool = False


def heading(item: Evidence) -> str:
    """Return the heading of the policy section a piece of evidence stands in, or ""."""
    match = _HEADING.search(item.source) if item.kind == "policy" else None
    return match[1] if match else ""


@lru_cache(maxsize=4096)
def _passages(says: str, quote: str, values: tuple[tuple[str, str], ...], above: str) -> tuple[Passage, ...]:
    words = assertion_words()
    whole = [*sentences(collapsed(says)), *sentences(collapsed(quote)), *([above] if above else [])]
    # What a semicolon parts is said apart.
    texts = dict.fromkeys(part for text in whole for part in re.split(r";\s+", text))
    found = [_passage(content(tokens(text), words)) for text in texts]
    slots = [content(tokens(f"{slot.replace('_', ' ')} {value}"), words) for slot, value in values]
    return (*found, *(Passage(t, frozenset(one.key for one in t), slot=True) for t in slots))


def _passage(found: tuple[Token, ...]) -> Passage:
    return Passage(found, frozenset(one.key for one in found))


def passages(item: Evidence) -> tuple[Passage, ...]:
    """Return the sentences of what a piece of evidence says and quotes, and its values under their names.

    Segments and rows of files are no sentences: of those the statement made from them counts.
    """
    quote = item.quote or ""
    if item.kind in _ROWS or looks_like_segments(quote):
        quote = ""
    return _passages(item.says, quote, tuple(sorted(item.values.items())), heading(item))

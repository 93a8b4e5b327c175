"""Finding many names in a text at once: words are looked up, not searched for one by one."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Literal, NamedTuple

from knowledge.types.chart import Polarity

EntryKind = Literal["marker", "drug", "regimen", "histology", "measurement", "trigger"]

_WORD = re.compile(r"[^\W_]+")
_BLANK = re.compile(r"[ \t]+|[ \t]*\r?\n[ \t]*|[-‐‑]")
_HYPHENS = ("-", "‐", "‑", "–")


class Entry(NamedTuple):
    """What a name means. `family`, `result` and `polarity` are of markers, `drugs` of drugs and regimens."""

    kind: EntryKind
    name: str
    family: str = ""
    result: str = ""
    polarity: Polarity = "unstated"
    drugs: tuple[str, ...] = ()


class Mention(NamedTuple):
    """A name found in a text at `start:end`."""

    start: int
    end: int
    entry: Entry


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    gaps: tuple[str, ...]
    written: str
    entry: Entry


class Lexicon:
    """Names with their meanings; the longest name that stands at a place is the one found there."""

    def __init__(self, names: Iterable[tuple[str, bool, Entry]]) -> None:
        """Index (name, cased, entry) triples; of one name given twice the first meaning stays."""
        self._by_first: dict[str, list[_Phrase]] = {}
        known: set[tuple[tuple[str, ...], tuple[str, ...], str]] = set()
        for name, cased, entry in names:
            found = list(_WORD.finditer(name))
            words = tuple(match.group().casefold() for match in found)
            gaps = tuple(name[one.end() : two.start()] for one, two in pairwise(found))
            phrase = _Phrase(words, gaps, name if cased else "", entry)
            if words and phrase[:3] not in known:
                known.add(phrase[:3])
                self._by_first.setdefault(words[0], []).append(phrase)
        for phrases in self._by_first.values():
            phrases.sort(key=lambda phrase: -len(phrase.words))

    def find(self, text: str) -> list[Mention]:
        """Return the names in `text` from left to right, none overlapping another."""
        words = list(_WORD.finditer(text))
        folded = [match.group().casefold() for match in words]
        known = self._by_first
        mentions: list[Mention] = []
        index = 0
        while index < len(folded):
            candidates = known.get(folded[index])
            taken = _match(text, words, folded, index, candidates) if candidates else None
            if taken is None:
                index += 1
                continue
            last = index + len(taken.words) - 1
            mentions.append(Mention(words[index].start(), words[last].end(), taken.entry))
            index = last + 1
        return mentions


def _match(
    text: str, words: list[re.Match[str]], folded: list[str], index: int, candidates: list[_Phrase]
) -> _Phrase | None:
    for phrase in candidates:
        count = len(phrase.words)
        last = index + count
        if count > 1 and tuple(folded[index:last]) != phrase.words:
            continue
        if phrase.written and text[words[index].start() : words[last - 1].end()] != phrase.written:
            continue
        if all(
            _fits(written, text[words[index + k].end() : words[index + k + 1].start()])
            for k, written in enumerate(phrase.gaps)
        ):
            return phrase
    return None


def _fits(written: str, seen: str) -> bool:
    if written == seen:
        return True
    if written == " ":
        return _BLANK.fullmatch(seen) is not None
    if written in _HYPHENS:
        return seen in _HYPHENS
    return seen.strip() == written.strip() and len(seen) <= 4

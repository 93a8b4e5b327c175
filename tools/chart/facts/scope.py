"""Whether a passage asserts what stands in it: negation, plans, conditions, relatives, rules and history."""

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from tools.chart.facts.data import read_cues

Spoiler = Literal["family", "rule", "conditional", "planned", "historical", "negated"]

_KINDS: tuple[Spoiler, ...] = ("family", "rule", "conditional", "planned", "historical", "negated")
_WORD_START = re.compile(r"(?<![\w-])[A-Za-z]")
_BOUNDARY = re.compile(
    r"[;,()]|\s[-–—]\s|:(?=\s)|\b(?:but|however|although|though|given|because|since|therefore|so|then|now)\b",
    re.IGNORECASE,
)


class _Cue(NamedTuple):
    name: Spoiler
    scope: str
    pattern: re.Pattern[str]


@cache
def _cues() -> tuple[dict[str, tuple[_Cue, ...]], tuple[_Cue, ...]]:
    """Compile the cues by their first letter, in the order of the table, and those that are marks."""
    by_letter: dict[str, list[_Cue]] = {}
    marks: list[_Cue] = []
    for name, row in read_cues().items():
        letters: dict[str, list[str]] = {}
        for word in row.words:
            letters.setdefault(word[0].casefold(), []).append(word.replace(" ", r"\s+"))
        for letter, words in letters.items():
            pattern = re.compile(rf"(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
            by_letter.setdefault(letter, []).append(_Cue(_spoiler(name), row.scope, pattern))
        marks += [_Cue(_spoiler(name), row.scope, re.compile(mark, re.IGNORECASE)) for mark in row.marks]
    return {letter: tuple(found) for letter, found in by_letter.items()}, tuple(marks)


def _spoiler(name: str) -> Spoiler:
    return next(kind for kind in _KINDS if kind == name)


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the clause begins and ends in which `text[start:end]` stands."""
    first, last = 0, len(text)
    for boundary in _BOUNDARY.finditer(text):
        if boundary.end() <= start:
            first = boundary.end()
        elif boundary.start() >= end:
            last = boundary.start()
            break
    return first, last


def spoiler(text: str, start: int, end: int, *, allow: tuple[Spoiler, ...] = ()) -> Spoiler | None:
    """Name the first cue by which `text[start:end]` is not asserted of this patient now; None when it is.

    Kinds in `allow` are let pass: a reader that understands negation itself allows `negated`.
    """
    found = _found(text)
    if not found:
        return None
    first, last = clause(text, start, end)
    for name, scope, at, until in found:
        if name in allow:
            continue
        if (
            scope == "sentence"
            or (scope == "onward" and at < last)
            or (scope == "clause" and first <= at and until <= last)
        ):
            return name
    return None


@lru_cache(maxsize=64)
def _found(text: str) -> tuple[tuple[Spoiler, str, int, int], ...]:
    """Find every cue of a sentence, by kind; the readers of one sentence ask one after the other."""
    by_letter, marks = _cues()
    found: list[tuple[Spoiler, str, int, int]] = []
    for start in _WORD_START.finditer(text):
        for cue in by_letter.get(start.group().casefold(), ()):
            match = cue.pattern.match(text, start.start())
            if match is not None:
                found.append((cue.name, cue.scope, match.start(), match.end()))
    for cue in marks:
        found.extend((cue.name, cue.scope, match.start(), match.end()) for match in cue.pattern.finditer(text))
    return tuple(sorted(found, key=lambda item: (_KINDS.index(item[0]), item[2])))

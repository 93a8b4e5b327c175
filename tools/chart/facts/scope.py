"""Whether a passage asserts what stands in it: negation, plans, conditions, relatives, rules and history."""

import re
from functools import cache
from typing import Literal, NamedTuple

from tools.chart.facts.data import read_cues

Spoiler = Literal["family", "rule", "conditional", "planned", "historical", "negated"]

_BOUNDARY = re.compile(
    r"[;,()]|\s[-–—]\s|:(?=\s)|\b(?:but|however|although|though|given|because|since|therefore|so|then|now)\b",
    re.IGNORECASE,
)


class _Cue(NamedTuple):
    name: Spoiler
    scope: str
    pattern: re.Pattern[str]


@cache
def _cues() -> tuple[_Cue, ...]:
    found: list[_Cue] = []
    for name, row in read_cues().items():
        words = "|".join(word.replace(" ", r"\s+") for word in row.words)
        marks = "".join(f"|{mark}" for mark in row.marks)
        pattern = re.compile(rf"(?<![\w-])(?:{words})(?!\w){marks}", re.IGNORECASE)
        found.append(_Cue(_spoiler(name), row.scope, pattern))
    return tuple(found)


def _spoiler(name: str) -> Spoiler:
    known: tuple[Spoiler, ...] = ("family", "rule", "conditional", "planned", "historical", "negated")
    return next(spoiler for spoiler in known if spoiler == name)


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
    first, last = clause(text, start, end)
    for cue in _cues():
        if cue.name in allow:
            continue
        if cue.scope == "sentence" and cue.pattern.search(text):
            return cue.name
        if cue.scope == "clause" and cue.pattern.search(text, first, last):
            return cue.name
        if cue.scope == "onward":
            found = cue.pattern.search(text)
            if found is not None and found.start() < last:
                return cue.name
    return None

"""Cutting note text into sentences that keep their exact place, and telling which assert nothing."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_WRAP = re.compile(r"(?<![.!?:;\s])(?:[ \t]*\r?\n[ \t]*)(?=[a-z(]|\d[\d.,]*\s*(?:mg|mcg|g|ml|mL|units|minutes|min)\b)")
_BREAK = re.compile(r"(?<=[.!?])[ \t]+(?=[\"(A-Z0-9])|[ \t]*(?:\r?\n)+[ \t]*|;[ \t]*")
_SHORT_FORM = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|vs|approx|no|No|St|e\.g|i\.e|pt|Pt|hrs?|min|q|Rx|[A-Z])\.$")

_NEGATED = re.compile(
    r"\b(?:not|no|never|none|without|denies|denied|declined|refused|held|hold|cancel(?:l?ed)?|deferred|omitted"
    r"|withheld|n't|neither|nor|rather\s+than|instead\s+of|error|erroneous(?:ly)?)\b|n't\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:if|may|might|could|would|should|will|plan(?:s|ned|ning)?|consider(?:ed|ing)?|recommend(?:ed|s)?|pending"
    r"|possible|possibly|probable|probably|suspected|likely|intend(?:s|ed)?|propos(?:e|ed|es)|discuss(?:ed)?"
    r"|anticipate[sd]?|expected|request(?:ed|s)?|reportedly|unclear|unless|once|versus|vs)\b|\?",
    re.IGNORECASE,
)
_FUTURE = re.compile(r"\b(?:tomorrow|next|scheduled|upcoming|due)\b", re.IGNORECASE)
_HARMLESS = re.compile(
    r"\b(?:no|without)\s+(?:\w+\s+){0,2}?(?:reactions?|incidents?|complications?|issues?|complaints?|difficulty"
    r"|problems?|toxicity|adverse\s+events?)\b",
    re.IGNORECASE,
)
_OF_FAMILY = re.compile(
    r"\b(?:family\s+history|fhx?|mother|father|sister|brother|son|daughter|aunt|uncle|cousin|grand(?:mother|father)"
    r"|maternal|paternal|sibling|spouse|husband|wife)\b",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    """A sentence of a document: `text` is exactly what stands from `start` to `end`."""

    text: str
    start: int
    end: int


def sentences(text: str) -> Iterator[Sentence]:
    """Cut `text` at full stops, semicolons and line ends; a wrapped line is one sentence with the line before."""
    wraps = {match.start() for match in _WRAP.finditer(text)}
    start = 0
    for match in _BREAK.finditer(text):
        if match.start() in wraps or _SHORT_FORM.search(text[max(start, match.start() - 8) : match.start()]):
            continue
        yield from _trimmed(text, start, match.start())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def is_negated(sentence: str) -> bool:
    """Tell whether a sentence denies something; what it denies is not looked into, "no reaction" is let pass."""
    return _NEGATED.search(_HARMLESS.sub("", sentence)) is not None


def is_supposed(sentence: str) -> bool:
    """Tell whether a sentence plans, asks or supposes rather than reports."""
    return _SUPPOSED.search(sentence) is not None


def is_future(sentence: str) -> bool:
    """Tell whether a sentence speaks of what is still to come."""
    return _FUTURE.search(sentence) is not None


def is_of_family(sentence: str) -> bool:
    """Tell whether a sentence speaks of a relative."""
    return _OF_FAMILY.search(sentence) is not None


def is_plain_report(sentence: str) -> bool:
    """Tell whether a sentence reports something of the patient that happened."""
    return not any(says(sentence) for says in (is_negated, is_supposed, is_future, is_of_family))


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        offset = start + piece.index(inner)
        yield Sentence(inner, offset, offset + len(inner))

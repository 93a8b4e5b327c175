"""Whether a source says what a quote claims, word for word, and where."""

import re

from agent.shield.orders import orders_a_program

SHORTEST = 12
"""Fewest characters of a quote that is not a whole line: less stands in any text by chance."""

_NEGATION = re.compile(
    r"(?i)(?:(?<![\w'-])(?:no|not|non|never|without|denies|denied|denying|lacks?|lacked|lacking|cannot|nor|neither|none|"
    r"negative for|absence of|free of|unlikely|refused|declined|ruled out|rule out|r/o|[a-z]+n['’]t)|non-)"
    r"(?:\s+[\w/%+'’-]+){0,2}[\s:-]*$"
)
"""A denial of what follows, at most two words before it and in the same clause."""
_NEGATED = re.compile(r"(?i)^[\s:,-]*(?:not|never|was not|were not|is not|are not|ruled out|negative|absent)(?![\w-])")
_CLAUSE_END = re.compile(r"[.;!?](?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)")


def find_quote(quote: str, source: str) -> tuple[int, int] | None:
    """Find a quote in its source, verbatim but for white space, and return where: `source[start:end]` is what to keep.

    The first place counts. None when it does not stand there, is shorter than `SHORTEST` and no whole line, cuts a word
    or a number ("40 mg" of "240 mg"), or leaves out a denial just before or after it ("no evidence of ..."). None, too,
    when the source speaks to a program (`orders_a_program`): whoever wrote that may have written the rest for it.
    """
    words = quote.split()
    if not words or orders_a_program(source):
        return None
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    place = 0
    while (found := pattern.search(source, place)) is not None:
        start, end = found.span()
        if _whole(source, start, end) and not _denied(source, start, end):
            if sum(map(len, words)) + len(words) - 1 >= SHORTEST or _is_line(source, start, end):
                return start, end
        place = start + 1
    return None


def _is_line(source: str, start: int, end: int) -> bool:
    before = source[source.rfind("\n", 0, start) + 1 : start]
    last = source.find("\n", end)
    after = source[end : last if last >= 0 else len(source)]
    return not before.strip() and not after.strip()


def _whole(source: str, start: int, end: int) -> bool:
    """Tell whether neither end cuts a word or a number."""
    before, first, last, after = (
        source[max(start - 4, 0) : start],
        source[start],
        source[end - 1],
        source[end : end + 2],
    )
    if first.isalnum() and before[-1:] and _joins(before[-1]):
        return False
    if last.isalnum() and after[:1] and _joins(after[0]):
        return False
    if first.isdigit() and re.search(r"\d[.,/:–-]$|[.–-]$|[<>≤≥~±][\s=]*$", before):
        return False
    if first in ".,/:%" and before[-1:].isdigit():
        return False
    return not (last.isdigit() and re.match(r"[.,/:–-]\d|%", after))


def _joins(char: str) -> bool:
    """Tell whether a sign belongs to the word it stands beside: a letter, a digit, a mark, something invisible."""
    return char.isalnum() or char in "_\u200b\u200c\u200d\u2060\ufeff\u00ad" or "\u0300" <= char <= "\u036f"


def _denied(source: str, start: int, end: int) -> bool:
    before = source[max(start - 80, 0) : start]
    cuts = [found.end() for found in _CLAUSE_END.finditer(before)]
    if source[start].isalnum() and _NEGATION.search(before[cuts[-1] :] if cuts else before):
        return True
    return source[end - 1].isalnum() and _NEGATED.match(source[end : end + 24]) is not None

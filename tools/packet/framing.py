"""The words that subject, request, headings and closing are made of: those of the house's own letters, no others.

These parts ask and name; they cite nothing. Whatever a person writes into them may put such words together anew, with
words, names and figures that stand in the evidence. What tells a fact belongs into a sentence that cites.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache

from tools.packet.citations import without_markers
from tools.packet.normalising import normalise
from tools.packet.wording import SLOT, all_wordings

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def strange_words(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the words of `text` that neither the house's letters nor `known` (casefolded) have."""
    allowed = _words_of_letters() | {*known}
    found = (match[0] for match in _WORD.finditer(normalise(without_markers(text))))
    return tuple(dict.fromkeys(word for word in found if word.casefold() not in allowed))


@cache
def _words_of_letters() -> frozenset[str]:
    return frozenset(word.casefold() for text in _texts() for word in _WORD.findall(normalise(SLOT.sub(" ", text))))


def _texts() -> Iterator[str]:
    for wording in all_wordings().values():
        yield wording.subject
        yield wording.closing
        yield from (text for sentence in wording.ask for text in (sentence.text, sentence.alternative))
        for section in wording.sections:
            yield section.heading

"""Requirements of a policy sentence: read whole, or not at all."""

import re
from collections.abc import Iterator
from functools import cache

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import Requirement
from tools.policy.reading_markers import markers
from tools.policy.reading_patient import patients
from tools.policy.reading_service import services
from tools.policy.reading_therapy import therapies
from tools.policy.wording import Found, normalise, one_of

_WORD = re.compile(r"[^\s,;:()\[\]\"]+")
_CONDITIONAL = re.compile(
    r"(?:if|when|where|unless)\b|(?:for|in) (?:patients|members|adults|those|individuals|women|men)\b.*,"
)
_COVERS = re.compile(r"\b(?:covered|coverage|necessary|approved|accepted)\b")
_WHEN = re.compile(r"\b(?:when|only)\b")


def read_requirements(text: str, *, documents: bool = False) -> tuple[Requirement, ...] | None:
    """Read what a sentence requires, all of it to hold; None when any of its words is not understood.

    A sentence with an "or" between different things, an exception, a condition or a number that is not part of
    what was read is left to a person.

    Args:
        text: the sentence as written, without the words that say it is an exclusion.
        documents: it stands in a list of documents to send.
    """
    sentence = normalise(text)
    if _CONDITIONAL.match(sentence) or (_WHEN.search(sentence) and not _COVERS.search(sentence)):
        return None
    taken: list[Found] = []
    subject = _subject().match(sentence)
    rest = sentence if subject is None else "\0" * subject.end() + sentence[subject.end() :]
    for (start, end), rule in _found(sentence, documents=documents):
        same = any(span == (start, end) for span, _ in taken)
        if same or "\0" not in rest[start:end]:
            taken.append(((start, end), rule))
            rest = rest[:start] + "\0" * (end - start) + rest[end:]
    if not taken or not _plain(rest):
        return None
    return tuple(rule for _, rule in sorted(taken, key=lambda found: found[0]))


def _found(sentence: str, *, documents: bool) -> Iterator[Found]:
    """Find every requirement, those whose words could be taken for another's first."""
    yield from therapies(sentence)
    yield from services(sentence, documents=documents)
    yield from markers(sentence)
    yield from patients(sentence)


@cache
def _subject() -> re.Pattern[str]:
    """Match the drug a sentence begins with: the one the policy is about, not one that was tried before."""
    drug = one_of(load_terms().drug_names())
    return re.compile(rf"(?:coverage of )?{drug}(?: \({drug}\))?(?:(?= (?:is|are|requires?|must)\b)|:)")


def _plain(rest: str) -> bool:
    """Tell whether the words that are left add no condition of their own."""
    words = load_terms().plain_words
    return all(word.strip(".'") in words for word in _WORD.findall(rest.replace("\0", " ")))

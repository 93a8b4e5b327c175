"""Words of questions and passages in the form they are compared, and words that mean the same."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from knowledge.policies.terms import DrugRow, load_terms

_TOKEN = re.compile(r"[a-z0-9]+(?:[-/'.][a-z0-9]+)*")
_STOP = frozenset(
    "a an and are as at be been by can could did do does for from had has have how i if in into is it its may might"
    " must no not of on or our shall she should so such than that the their them then there these they this those to"
    " under"
    " was we were what when where which while who whom whose why will with would you your".split()
)
_ENDINGS = (
    ("ations", "ate"),
    ("ation", "ate"),
    ("ies", "y"),
    ("sses", "ss"),
    ("ing", ""),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
)
_SHORTEST = 3


def stem(word: str) -> str:
    """Cut the ending of an English word so that its forms meet ("dosing", "doses", "dose" -> "dos")."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + instead
            break
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST else word


def tokens(text: str) -> tuple[str, ...]:
    """Cut text into stems, in order, without words that only join; a compound gives its parts as well."""
    found: list[str] = []
    for word in _TOKEN.findall(text.lower()):
        parts = [part for part in re.split(r"[-/'.]", word) if part]
        forms = (word, *parts) if len(parts) > 1 else (word,)
        found += [stem(form) for form in forms if form not in _STOP and (len(form) > 1 or form.isdigit())]
    return tuple(found)


def spelled_out(question: str) -> str:
    """Write beside each drug of a question its generic name and classes: "Aloxi (palonosetron, 5-ht3 antagonist)"."""

    def beside(match: re.Match[str]) -> str:
        row = _drugs()[match[0].lower()]
        others = [name for name in (row.drug, *row.classes) if name.lower() != match[0].lower()]
        return f"{match[0]} ({', '.join(others)})" if others else match[0]

    return _drug_pattern().sub(beside, question)


def widened(question: str) -> dict[str, float]:
    """Weigh the stems of a question: 1 for its own, less for those of words that mean the same."""
    own = tokens(question)
    weights = dict.fromkeys(own, 1.0)
    for group, _ in _touched(own):
        for token in dict.fromkeys(token for _, phrase in group for token in phrase.split()):
            weights.setdefault(token, SYNONYM_WEIGHT)
    return weights


def with_synonyms(text: str, of_each: int, most: int = 40) -> str:
    """Add in brackets words that mean the same as words of a text: at most `of_each` of a group, `most` in all."""
    akin = [
        word
        for group, present in _touched(tokens(text))
        for word in [word for word, phrase in group if f" {phrase} " not in present][:of_each]
    ]
    added = list(dict.fromkeys(akin))[:most]
    return f"{text} ({', '.join(added)})" if added else text


SYNONYM_WEIGHT = 0.6
"""What a synonym counts beside the question's own words. Chosen on the tuning questions of evals/retrieval."""

_Group = tuple[tuple[str, str], ...]
"""Words that mean the same, each as written and as stems."""


def _touched(own: Iterable[str]) -> Iterator[tuple[_Group, str]]:
    """Yield each group that has a word among the stems `own`, with those stems as text."""
    present = f" {' '.join(own)} "
    for group in _groups():
        if any(f" {phrase} " in present for _, phrase in group):
            yield group, present


@cache
def _groups() -> tuple[_Group, ...]:
    return tuple(
        tuple((word, phrase) for word in row.words if (phrase := " ".join(tokens(word))))
        for row in load_terms().synonyms
    )


@cache
def _drugs() -> dict[str, DrugRow]:
    return {name.lower(): row for row in load_terms().drugs for name in (row.drug, *row.names)}


@cache
def _drug_pattern() -> re.Pattern[str]:
    names = sorted(_drugs(), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])", re.IGNORECASE)

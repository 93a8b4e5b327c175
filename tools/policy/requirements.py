"""Requirements of a policy sentence: read whole, or in part with what the rest may still say."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import AnyRule, BiomarkerRule, DiagnosisRule, OpenRule, Requirement
from tools.policy.reading_compendium import compendia
from tools.policy.reading_course import courses
from tools.policy.reading_markers import markers
from tools.policy.reading_patient import diseases_named, patients
from tools.policy.reading_service import services
from tools.policy.reading_therapy import therapies
from tools.policy.uses import are_apart, primary_diseases
from tools.policy.wording import Found, normalise, one_of

_WORD = re.compile(r"[^\s,;:()\[\]\"]+")
_CONDITIONAL = re.compile(
    r"(?:if|when|where|unless)\b|(?:for|in) (?:patients|members|adults|those|individuals|women|men)\b.*,"
)
_COVERS = re.compile(r"\b(?:covered|coverage|necessary|approved|accepted|paid|payable)\b")
_WHEN = re.compile(r"\b(?:when|only)\b")
_LEAD = re.compile(
    r"(?:[\w'/-]+(?: \([\w' -]+\))? ){0,9}?(?:(?:is|are|may be|will be) )?(?:considered )?(?:covered"
    r"|medically necessary"
    r"|approved|paid|payable|accepted|reimbursed)(?: only)?(?: for the treatment of| for use| for members"
    r"| for patients)?"
    r"(?: when| if| for| in| with| after| where| following)(?: (?:the )?(?:member|patient)s? (?:has|have"
    r"|with|who))?[\s:,]+"
)
_EXCEPTION = re.compile(r",? \(?(?:unless|except(?:ing)?(?: when| if| where| for| in| with)?|other than)\b")
_IF = re.compile(r"(?:if|when|where|for|in) (?P<condition>[^:]+?)(?:: |, )(?P<main>.+)")
_THEN = re.compile(r"(?P<main>.+?),? (?:if|when|where) (?P<condition>.+)")
_OR = re.compile(r";? ?,? ?\bor\b")
_BLOCKS = re.compile(
    r"\b(?:or|unless|except|if|when|where|not|no|without|only|alternatively|regardless|unknown|either|neither|nor|other|than"
    r"|may|can|should|prefer\w*|instead|versus|contraindicat\w*|avoid\w*)\b|/"
)
_SEMICOLON = re.compile(r";(?![^()]*\))")
_DEPTH = 3


class Reading(NamedTuple):
    """What a sentence requires; `requires` None = nothing of it is read. See `Criterion` for the rest."""

    requires: tuple[Requirement, ...] | None = None
    whole: bool = True
    excepted: bool = False
    condition: tuple[Requirement, ...] = ()


def read_requirements(text: str, *, documents: bool = False) -> tuple[Requirement, ...] | None:
    """Read what a sentence requires, all of it to hold; None when any of its words is not understood.

    A sentence with an "or" between different things, an exception, a condition or a number that is not part of
    what was read is left to `read_sentence`.

    Args:
        text: the sentence as written, without the words that say it is an exclusion.
        documents: it stands in a list of documents to send.
    """
    sentence = without_phrases(normalise(text))
    if _CONDITIONAL.match(sentence) or (_WHEN.search(sentence) and not _COVERS.search(sentence)):
        return None
    taken, rest = _taken(sentence, documents=documents)
    if not taken or not _plain(rest) or _of_several(rule for _, rule in taken):
        return None
    return tuple(rule for _, rule in taken)


def read_sentence(text: str, *, documents: bool = False, depth: int = 0) -> Reading:
    """Read a sentence whole; else its condition, exception or alternatives; else what of it is plain.

    What is left unread makes the reading weaker, never another: with words that were not read it can only be
    refuted, with an exception or an alternative that was not read it can only be met.
    """
    if depth == 0 and (marked := _for_a_marker(without_phrases(normalise(text)))) is not None:
        return marked
    if (clauses := _clauses(text, documents=documents, depth=depth)) is not None:
        return clauses
    whole = read_requirements(text, documents=documents)
    if whole is not None or depth >= _DEPTH:
        return Reading(whole)
    sentence = without_phrases(normalise(text))
    lead = _LEAD.match(sentence)
    if lead is not None and lead.end() < len(sentence):
        read = read_sentence(sentence[lead.end() :], documents=documents, depth=depth + 1)
        if read.requires is not None:
            return read
    exception = _EXCEPTION.search(sentence)
    if exception is not None and exception.start() > 0:
        read = read_sentence(sentence[: exception.start()], documents=documents, depth=depth + 1)
        return read._replace(excepted=True)
    return _conditional(sentence, depth) or _alternatives(sentence, depth) or _in_part(sentence)


def without_phrases(sentence: str) -> str:
    """Take out of a normalised sentence what the chart could not refute ("shown by the laboratory's report")."""
    for phrase in _phrases():
        sentence = phrase.sub(" ", sentence)
    return " ".join(sentence.split()).strip(" ,;")


def _of_several(rules: Iterable[Requirement]) -> bool:
    """Tell whether requirements name two diseases that no patient is treated for at once."""
    named = [tuple(primary_diseases((rule,))) for rule in rules]
    return any(are_apart(one, other) for one in named for other in named if one and one is not other)


def _clauses(text: str, *, documents: bool, depth: int) -> Reading | None:
    """Read clauses between semicolons that each name a disease of their own: each is a use, and one is enough."""
    parts = [part for part in _SEMICOLON.split(text) if part.strip(" .;")]
    if len(parts) < 2 or depth >= _DEPTH:
        return None
    named = [diseases_named(without_phrases(normalise(part))) for part in parts]
    if not all(named) or not all(are_apart(one, two) for one, two in pairwise(named)):
        return None
    return Reading((AnyRule(options=tuple(_option(part, documents=documents, depth=depth) for part in parts)),))


def _option(part: str, *, documents: bool, depth: int) -> tuple[Requirement, ...]:
    """Read one alternative; what of it was not read, or an exception, stays open with it."""
    read = read_sentence(part, documents=documents, depth=depth + 1)
    left = OpenRule(text=" ".join(part.split()))
    rules = (*read.condition, *(read.requires or ()))
    if read.requires is None or read.condition:
        return (*(rule for rule in rules if isinstance(rule, DiagnosisRule)), left)
    if read.excepted:
        return (AnyRule(options=(rules, (left,))),)
    return rules if read.whole else (*rules, left)


def _for_a_marker(sentence: str) -> Reading | None:
    """Read "for HER2-low disease, at least one line": what is asked only of tumors with a marker."""
    match = _IF.fullmatch(sentence)
    condition = read_requirements(match["condition"]) if match else None
    if match is None or not condition or not all(isinstance(rule, BiomarkerRule) for rule in condition):
        return None
    read = read_sentence(match["main"], depth=1)
    return read._replace(condition=condition) if read.requires is not None and not read.condition else None


def _conditional(sentence: str, depth: int) -> Reading | None:
    for pattern in (_IF, _THEN):
        match = pattern.fullmatch(sentence)
        condition = read_requirements(match["condition"]) if match else None
        if match is None or condition is None or _OR.search(_taken(match["main"], documents=False)[1]):
            continue  # which of alternatives the condition belongs to is not said
        read = read_sentence(match["main"], depth=depth + 1)
        if read.requires is not None and not read.condition:
            return read._replace(condition=condition)
    return None


def _alternatives(sentence: str, depth: int) -> Reading | None:
    """Read two things joined by "or"; which of several things before it the "or" belongs to is not guessed."""
    _, rest = _taken(sentence, documents=False)
    joints = list(_OR.finditer(rest))
    strong = [joint for joint in joints if ";" in joint.group()]
    if not joints or (len(joints) > 1 and len(strong) != 1):
        return None
    joint = strong[0] if strong else joints[0]
    left, right = sentence[: joint.start()], sentence[joint.end() :]
    one, two = (read_sentence(part, depth=depth + 1) for part in (left, right))
    if one.condition or two.condition or (one.requires is None and two.requires is None):
        return None
    if one.requires is None or two.requires is None or not (one.whole and two.whole):
        # "A in X or Y" is not "A in X, or Y": one side alone is enough only where a clause ends before the "or".
        ends = strong or ("," in joint.group() and "," not in left)
        known = next((read for read in (one, two) if read.requires is not None and read.whole), None)
        return known._replace(excepted=True) if known is not None and ends else None
    excepted = one.excepted or two.excepted
    if strong or (len(one.requires) == 1 and len(two.requires) == 1):
        return Reading((AnyRule(options=(one.requires, two.requires)),), excepted=excepted)
    # "A and B or C and D": what meets A, one of B and C, and D meets every way to read it.
    middle = AnyRule(options=((one.requires[-1],), (two.requires[0],)))
    return Reading((*one.requires[:-1], middle, *two.requires[1:]), excepted=True)


def _in_part(sentence: str) -> Reading:
    taken, rest = _taken(sentence, documents=False)
    if re.search(one_of(load_terms().organs), rest):
        # An organ left over may be one more disease: what was read of them is not all of it.
        taken = [found for found in taken if not isinstance(found[1], DiagnosisRule)]
    taken = [found for found in taken if not (isinstance(found[1], DiagnosisRule) and _beside_others(rest, *found[0]))]
    if not taken or _BLOCKS.search(rest.replace("\0", " ")):
        return Reading()
    rules = tuple(rule for _, rule in taken)
    if _of_several(rules):
        # Two uses in one sentence: whoever has neither disease has neither use; nothing else is sure.
        diseases = tuple(dict.fromkeys(disease for _, rule in taken for disease in primary_diseases((rule,))))
        return Reading((DiagnosisRule(diseases=diseases),), whole=False)
    return Reading(rules, whole=False)


def _beside_others(rest: str, start: int, end: int) -> bool:
    """Tell whether words that were not read stand in one list with a disease: they may be one more disease."""
    plain = load_terms().plain_words
    before = re.search(r"([a-z][\w'-]*)\s*(?:,|,? and/or|,? and|,? or|/)\s*$", rest[:start])
    after = re.match(
        r"\s*(?:(?:,? and/or|,? and|,? or|/)\s*(?:(?:the|in|for|of|an?)\s+)*([a-z][\w'-]*)"
        r"|,\s*([a-z][\w'-]*)(?:\s+[a-z][\w'-]*){0,2}\s*(?:,|\band\b|\bor\b))",
        rest[end:],
    )
    return any(
        word not in plain
        for match in (before, after)
        if match is not None
        for word in match.groups()
        if word is not None
    )


def _taken(sentence: str, *, documents: bool) -> tuple[list[Found], str]:
    """Find the requirements of a sentence in order, and give the sentence with their words blanked by zeros."""
    taken: list[Found] = []
    subject = _subject().match(sentence)
    rest = sentence if subject is None else "\0" * subject.end() + sentence[subject.end() :]
    for (start, end), rule in _found(sentence, documents=documents):
        if any(known == rule and span == (start, end) for span, known in taken):
            continue
        same = any(span == (start, end) for span, _ in taken)
        if same or "\0" not in rest[start:end]:
            taken.append(((start, end), rule))
            rest = rest[:start] + "\0" * (end - start) + rest[end:]
    return sorted(taken, key=lambda found: found[0]), rest


def _found(sentence: str, *, documents: bool) -> Iterator[Found]:
    """Find every requirement, those whose words could be taken for another's first."""
    yield from compendia(sentence)
    yield from courses(sentence)
    yield from therapies(sentence)
    yield from services(sentence, documents=documents)
    yield from markers(sentence)
    yield from patients(sentence)


@cache
def _subject() -> re.Pattern[str]:
    """Match the drug a sentence begins with: the one the policy is about, not one that was tried before."""
    drug = rf"(?:{one_of(load_terms().drug_names())}|\b[ajq]\d{{4}}\b)"
    return re.compile(rf"(?:coverage of )?{drug}(?: \({drug}\))?(?:(?= (?:is|are|requires?|must|first)\b)|:)")


@cache
def _phrases() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(phrase) for phrase in load_terms().plain_phrases)


def _plain(rest: str) -> bool:
    """Tell whether the words that are left add no condition of their own."""
    words = load_terms().plain_words
    return all(word.strip(".'-") in words for word in _WORD.findall(rest.replace("\0", " ")) if word.strip(".'-"))

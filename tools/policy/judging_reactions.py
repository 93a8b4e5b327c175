"""A reaction to a drug told over several sentences of one note: the drug, what happened, how bad it was."""

import re
from collections.abc import Iterator

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import Answer
from tools.chart.facts.passages import cut, rank_of
from tools.chart.facts.scope import spoiler
from tools.chart.matching import names_in
from tools.chart.sentences import Sentence, is_of_family
from tools.policy.facts import CaseFacts, generics

_NEAR = 4
"""Sentences after the one that names the drug in which what happened may still be told."""
_HAPPENED = re.compile(
    r"\b(?:hives|urticaria(?:l)?|angioedema|anaphyla(?:xis|ctic(?:\s+(?:reaction|shock))?|ctoid)|bronchospasm|rigors?|stridor"
    r"|(?:lips?|tongue|face|facial|throat|eyes?)\s+(?:were\s+|was\s+|became\s+)?(?:swollen|swelling|swelled)|swelling\s+of\s+(?:the\s+)?(?:lips?|face|tongue|throat)"
    r"|(?:generali[sz]ed|diffuse|itchy|maculopapular|pruritic)\s+rash|(?:infusion|allergic|hypersensitivity|systemic|infusion-related|adverse)\s+reactions?"
    r"|hypersensitivity|could\s+not\s+tolerate|not\s+tolerated|intoleran(?:t|ce)|splenic\s+rupture|serum\s+sickness)\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"\banaphyla\w+|\b(?:severe|life[- ]threatening)\b|\bepinephrine\b(?!\s+(?:at\s+(?:the\s+)?bedside"
    r"|available))|\bICU\b",
    re.IGNORECASE,
)
_GRADE = re.compile(r"\b(?:grade|gr\.?|G)\s*(?P<grade>[1-5])\b(?!\s*-?\s*(?:carcinoma|tumou?r))", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:no|without|denies|denied|never|not\s+had|free\s+of|absence\s+of|risk\s+of|watch(?:ed)?\s+for|monitor(?:ed)?\s+for|in\s+case\s+of|if|signs\s+of"
    r"|prevent|educated\s+(?:on|about))\b[^.;]{0,60}$",
    re.IGNORECASE,
)


def reaction_to(
    wanted: frozenset[str], written: frozenset[str], grade: int | None, facts: CaseFacts, asked: str
) -> Answer | None:
    """Find a note by the service that tells of a reaction to one of `wanted`; None when none does plainly.

    The sentence names the drug (or its code, of `written`), or stands up to four after one that does with no other
    drug in between. With `grade`, the note must state that grade, or anaphylaxis, or a severe reaction.
    """
    called = _called(wanted) | {code for code in written if re.fullmatch(r"[A-Z]\d{4}", code)}
    for document in facts.documents():
        if not rank_of(document.kind or document.title)[0]:
            continue
        listed = [sentence for sentence, of_family in cut(document.text) if not of_family]
        for first, about in _about(listed, called):
            hit = next((sentence for sentence in about if _tells(sentence.text)), None)
            if hit is None or not _is_bad_enough(listed[first : first + _NEAR + 1], grade):
                continue
            says = f'{asked}: "{" ".join(hit.text.split())}" ({document.day})'
            return Answer(outcome="met", says=says, quote=hit.text, source=document.resource, day=document.day)
    return None


def _called(wanted: frozenset[str]) -> set[str]:
    rows = load_terms().drugs
    return set(wanted) | {name for row in rows if row.drug in wanted for name in row.names}


def _about(listed: list[Sentence], called: set[str]) -> Iterator[tuple[int, list[Sentence]]]:
    """Give, for each sentence that names the drug, it and those after it until another drug is named."""
    for at, sentence in enumerate(listed):
        if not names_in(sentence.text, called) or is_of_family(sentence.text):
            continue
        about = [sentence]
        for later in listed[at + 1 : at + 1 + _NEAR]:
            if _names_another(later.text, called):
                break
            about.append(later)
        if not _names_another(sentence.text, called):
            yield at, about


def _names_another(text: str, called: set[str]) -> bool:
    return bool(generics(text)) and not names_in(text, called)


def _tells(text: str) -> bool:
    for match in _HAPPENED.finditer(text):
        if not _DENIED.search(text[: match.start()]) and not spoiler(
            text, match.start(), match.end(), allow=("historical",)
        ):
            return True
    return False


def _is_bad_enough(listed: list[Sentence], grade: int | None) -> bool:
    if grade is None:
        return True
    grades = [int(match["grade"]) for sentence in listed for match in _GRADE.finditer(sentence.text)]
    if grades:
        return max(grades) >= grade
    return grade <= 3 and any(_BAD.search(sentence.text) for sentence in listed)

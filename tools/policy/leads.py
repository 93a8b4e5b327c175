"""Words of a policy that lead to what it asks without asking anything themselves."""

import re
from typing import Literal

from knowledge.policies.terms import load_terms
from tools.policy.reading_therapy import drugs_named

_SAYS_NOTHING = re.compile(
    r"(?:[\w\s(),/-]*\b(?:covered|necessary|met|meets?|required|criteria|requires?|follows|including|includes?)\b[\w\s]*"
    r"|(?:please )?(?:submit|provide|include|send|attach)(?: a copy of)?|the request must include)"
)


def says_nothing(before: str) -> bool:
    """Tell whether the words before a list only introduce it."""
    plain = load_terms().plain_words
    before = re.sub(
        r"^(?:for )?(?:initial|new|first|continu\w+|renewal|reauthori[sz]ation)[\w ]{0,20}?(?::|,|$)", "", before
    ).strip()
    return (
        not before
        or _SAYS_NOTHING.fullmatch(before) is not None
        or all(word.strip(",.:") in plain for word in before.split())
    )


def before_denial(plain: str) -> str:
    """Return what a sentence denies that ends with its denial ("IHC 2+ without amplification is not covered")."""
    return re.sub(
        r",? (?:(?:is|are|will) not (?:be )?(?:considered )?\w+|(?:is|are) excluded|(?:do|does|will) not qualify)"
        r"(?: necessary)?(?: for coverage)?$",
        "",
        plain.rsplit(";", 1)[-1],
    ).strip()


def phase(heading: str) -> Literal["", "initial", "continuation"]:
    """Tell whether a heading speaks of a new course or of one that goes on."""
    if re.search(r"\b(?:continu\w+|renewals?|reauthori[sz]ation)\b", heading):
        return "continuation"
    return "initial" if re.search(r"\binitial\b", heading) else ""


def introduces(plain: str) -> bool:
    """Tell whether a sentence only leads to the sections below ("necessary for the indications below when met")."""
    known = load_terms().plain_words | {"when", "if", "where", *drugs_named(plain)}
    words = [word.strip(".,:;()'-") for word in plain.split()]
    return len(words) > 3 and all(word in known for word in words if word)


_PHASED = re.compile(
    r"(?:for )?(?P<phase>initial|new|continu\w+|renewals?|reauthori[sz]ation)(?: (?:\w+ ){0,2}?(?:requests?|therapy"
    r"|treatment|approval|authorization|criteria|starts?|courses?))?\s*:\s*(?P<rest>.*)",
    re.DOTALL,
)


def phased(plain: str) -> tuple[Literal["", "initial", "continuation"], str]:
    """Tell which part of a course the words before a colon name ("continuation requests: ..."), and what follows."""
    match = _PHASED.fullmatch(plain)
    if match is None:
        return "", plain
    return ("initial" if match["phase"] in ("initial", "new") else "continuation"), match["rest"]

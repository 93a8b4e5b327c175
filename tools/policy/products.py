"""The products a policy names: by HCPCS code or by name, in headings and as preferred ones."""

import re

from knowledge.types.practice import Policy
from tools.policy.outline import sentences
from tools.policy.reading_therapy import drugs_named
from tools.policy.wording import normalise

_CODE = re.compile(r"\b[ajq]\d{4}\b")
_NOT_THESE = re.compile(r"\bnon-?preferred\b|\bis covered\b|\bafter\b|\bnot preferred\b|\bexcept", re.IGNORECASE)


def products_named(text: str) -> tuple[str, ...]:
    """Return the drugs and, in upper case, the HCPCS codes that stand in a normalised text, in order of kind."""
    return tuple(dict.fromkeys((*(code.upper() for code in _CODE.findall(text)), *drugs_named(text))))


def without_products(text: str) -> str:
    """Return a normalised heading without the drugs and codes it names."""
    for name in sorted(drugs_named(text), key=len, reverse=True):
        text = text.replace(name, " ")
    return " ".join(_CODE.sub(" ", text).strip(" ,:").split())


def preferred_products(policy: Policy) -> tuple[str, ...]:
    """Return the products a policy prefers: those of a section headed so, or of a sentence that calls them so."""
    for section in policy.sections:
        heading = normalise(section.heading)
        for sentence in sentences(section.text):
            plain = normalise(sentence)
            if _NOT_THESE.search(plain):
                continue
            named = products_named(plain)
            if named and (re.search(r"\bpreferred\b", plain) or re.match(r"(?:[\d.]+ )?preferred\b", heading)):
                return named
    return ()

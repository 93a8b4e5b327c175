"""How a policy says its criteria join: all of them, one of them, none of them, or it does not say."""

import re
from collections.abc import Sequence
from typing import Literal

from knowledge.types.criteria import Logic
from tools.policy.outline import Block
from tools.policy.wording import normalise

Role = Literal["", "coverage", "exclusions", "limits", "documents", "administrative", "information"]
"""What a section is about, told by its heading; "" = the heading does not tell."""

_ROLES: tuple[tuple[Role, str], ...] = (
    ("exclusions", r"exclu|not covered|not paid|non-?covered|contraindicat|noncoverage"),
    (
        "information",
        r"background|definition|references?$|revision|history of (?:this|the)|description|purpose|summary of evidence"
        r"|appeal|contact|billing code|coding|glossary|about this",
    ),
    ("documents", r"document|records? to|records? required|records?$|what to (?:send|submit)|submission"),
    (
        "administrative",
        r"authori[sz]ation|precertification|determination|amendment|request|claim|national drug code|discarded|waste"
        r"|single-dose|billing|site of care|place of service|scope|physicians|renewal process|drugs$"
        r"|units?$|after the service"
        r"|on the claim|list$|disputes?",
    ),
    ("limits", r"dose|dosing|dosage|quantit|limit|frequency|duration|schedule|interval|maximum"),
    (
        "coverage",
        r"criteria|coverage|covered|indication|step|medical necessity|initial|continu|reauthori|diagnos[ie]s|preferred"
        r"|uses?$|primary prophylaxis|reference product|rules?$|o(?:n|ff)[- ]label|product$|requirements$",
    ),
)
_FOLLOWING = r"(?:the )?(?:following|these|below|criteria)"
_LEADS: tuple[tuple[Logic, re.Pattern[str]], ...] = (
    (
        "exclusion",
        re.compile(
            r"\bnone of (?:the )?(?:following|these)\b|\bnot (?:be )?(?:covered|approved)\b"
            r"|\bnot (?:be )?considered medically necessary\b|\bexclu(?:ded|sions?)\b|\bnot eligible\b"
        ),
    ),
    (
        "any",
        re.compile(
            rf"\b(?:(?:at least )?one|any(?: one)?|either)(?: or more)? of {_FOLLOWING}"
            r"|\b(?:one|either|any) of\s*$|\bany of these\b"
        ),
    ),
    (
        "all",
        re.compile(
            rf"\b(?:all(?: of)?|each of|both of|every one of)(?: the)? {_FOLLOWING}|\b(?:all|both|each) of\s*$"
            r"|\ball (?:criteria|conditions)\b"
        ),
    ),
)
_COUNTED = re.compile(r"\b(?:at least )?(?:two|three|four|[2-9]) (?:or more )?of (?:the )?(?:following|these)\b")


def says_how_many(text: str) -> bool:
    """Tell whether the words before a list ask for some of it by number ("two of the following")."""
    return _COUNTED.search(normalise(text)) is not None


def heading_role(heading: str) -> Role:
    """Tell what a section is about by its heading."""
    plain = normalise(heading)
    return next((role for role, pattern in _ROLES if re.search(rf"\b(?:{pattern})", plain)), "")


def lead_logic(text: str) -> tuple[Logic, str]:
    """Read the words before a list: how its items join, and what else they say ("stage IV disease and")."""
    plain = normalise(text).rstrip(":").strip()
    if _COUNTED.search(plain):
        return "unstated", ""
    for logic, pattern in _LEADS:
        match = pattern.search(plain)
        if match:
            return logic, normalise(re.sub(r"\b(?:meets?|when|if|with|has)\s*$", "", plain[: match.start()].rstrip()))
    return "unstated", plain


def joined(said: Logic, items: Sequence[Block]) -> Logic:
    """Add what the items' own ends say ("...; or"); where that contradicts the lead-in nothing is certain."""
    ends = {
        match[1]
        for item in items[:-1]
        for match in [re.search(r"[\s,;](and|or)[\s.,;:]*$", " ".join(item.text.lower().split()))]
        if match
    }
    if not ends or said == "exclusion":
        return said
    told: Logic = "unstated" if len(ends) > 1 else "all" if ends == {"and"} else "any"
    return told if said in ("unstated", told) else "unstated"

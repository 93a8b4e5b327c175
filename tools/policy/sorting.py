"""Which kind a criterion is: by what was read from it, else by its words and the section it stands in."""

import re
from collections.abc import Iterator

from knowledge.types.criteria import AnyRule, CriterionKind, DoseRule, PriorTherapyRule, Requirement
from tools.policy.joining import Role

_BY_RULE: dict[str, CriterionKind] = {
    "biomarker": "biomarker",
    "prior_therapy": "prior_therapy",
    "stage": "stage",
    "performance": "performance",
    "diagnosis": "diagnosis",
    "dose": "dose",
    "age": "age",
    "documentation": "documentation",
    "authorization": "authorization",
    "site": "site",
    "measurement": "measurement",
    "regimen": "regimen",
    "intent": "intent",
    "combination": "combination",
    "histology": "diagnosis",
    "side": "diagnosis",
    "course": "frequency",
    "compendium": "other",
    "open": "other",
}
"""Kinds by rule; a sentence with several is of the first kind here that it has."""

_CLAIM = re.compile(r"\bmodifiers?\b|\bon (?:the|every|each) (?:claim|line)\b|\bref g1\b|\b(?:is|are) billed\b|\bndc\b")
"""What is asked of the claim form rather than of the patient."""
_STEP = re.compile(r"\b(?:preferred|step therapy|biosimilar|before a non-?preferred)\b")
_BY_WORDS: tuple[tuple[CriterionKind, str], ...] = (
    ("step", r"preferred|step therapy|biosimilar"),
    ("authorization", r"authori[sz]ation|precertif|determination|approval"),
    ("documentation", r"document|records?\b|report|submit|chart notes"),
    ("frequency", r"every \d+ (?:day|week|month)s|interval|frequen|no more often|duration|continu|months"),
    ("dose", r"\bmg\b|\bmcg\b|\bdoses?\b|\bunits\b|dosing"),
    ("site", r"site of care|place of service|outpatient|inpatient|infusion center|setting"),
    ("biomarker", r"pd-?l1|her-?2|mutation|wild[ -]type|rearrangement|microsatellite|mismatch|expression|biomarker"),
    ("performance", r"ecog|karnofsky|performance status"),
    ("prior_therapy", r"prior|previous|progress|refractory|relapse|line of|failure|intoleran|naive"),
    ("stage", r"stage\b|metasta|locally advanced|unresectable|recurrent"),
    ("age", r"years of age|\baged?\b"),
    ("diagnosis", r"cancer|carcinoma|lymphoma|leukemia|myeloma|melanoma|sarcoma|diagnosis|tumou?r"),
)


def kind_of(text: str, requires: tuple[Requirement, ...] | None, role: Role, heading: str = "") -> CriterionKind:
    """Sort a criterion by its normalised text, what was read from it, and its section's role and heading."""
    requires = tuple(_flat(requires)) if requires else None
    if requires:
        first = min(requires, key=lambda rule: list(_BY_RULE).index(rule.rule))
        if isinstance(first, PriorTherapyRule) and _STEP.search(f"{heading.lower()} {text}"):
            return "step"
        if isinstance(first, DoseRule) and all(option.amount is None for option in first.options):
            return "frequency"
        return _BY_RULE[first.rule]
    if role == "documents" or _CLAIM.search(text):
        return "documentation"
    return next((kind for kind, pattern in _BY_WORDS if re.search(pattern, text)), "other")


def _flat(requires: tuple[Requirement, ...]) -> Iterator[Requirement]:
    """Give requirements with those of alternatives in their place."""
    for rule in requires:
        if isinstance(rule, AnyRule):
            for option in rule.options:
                yield from _flat(option)
        else:
            yield rule

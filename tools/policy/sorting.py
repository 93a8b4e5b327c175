"""Which kind a criterion is: by what was read from it, else by its words and the section it stands in."""

import re

from knowledge.types.criteria import CriterionKind, DoseRule, PriorTherapyRule, Requirement
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
}
"""Kinds by rule; a sentence with several is of the first kind here that it has."""

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
    if requires:
        first = min(requires, key=lambda rule: list(_BY_RULE).index(rule.rule))
        if isinstance(first, PriorTherapyRule) and _STEP.search(f"{heading.lower()} {text}"):
            return "step"
        if isinstance(first, DoseRule) and all(option.amount is None for option in first.options):
            return "frequency"
        return _BY_RULE[first.rule]
    if role == "documents":
        return "documentation"
    return next((kind for kind, pattern in _BY_WORDS if re.search(pattern, text)), "other")

"""A payer policy cut into criteria, and what the chart answers to each."""

from datetime import date
from typing import Literal

from knowledge.types.practice import Frozen
from knowledge.types.requirements import (
    AgeRule,
    AnyRule,
    AuthorizationRule,
    BiomarkerRule,
    CombinationRule,
    CompendiumRule,
    CourseRule,
    DiagnosisRule,
    Disease,
    DocumentRule,
    DoseOption,
    DoseRule,
    HistologyRule,
    IntentRule,
    MeasurementRule,
    OpenRule,
    PerformanceRule,
    PriorTherapyRule,
    RegimenRule,
    Requirement,
    SideRule,
    SiteRule,
    StageRule,
)

__all__ = [
    "AgeRule",
    "Answer",
    "AnyRule",
    "AuthorizationRule",
    "BiomarkerRule",
    "CombinationRule",
    "CompendiumRule",
    "CourseRule",
    "Criterion",
    "CriterionGroup",
    "CriterionKind",
    "CriterionRow",
    "CriterionTable",
    "DiagnosisRule",
    "Disease",
    "DocumentRule",
    "DoseOption",
    "DoseRule",
    "GroupOutcome",
    "HistologyRule",
    "IntentRule",
    "Logic",
    "MeasurementRule",
    "OpenRule",
    "Outcome",
    "PerformanceRule",
    "PolicyCriteria",
    "PriorTherapyRule",
    "RegimenRule",
    "Requirement",
    "SideRule",
    "SiteRule",
    "StageRule",
]

CriterionKind = Literal[
    "diagnosis",
    "biomarker",
    "prior_therapy",
    "stage",
    "performance",
    "dose",
    "frequency",
    "age",
    "site",
    "documentation",
    "authorization",
    "step",
    "measurement",
    "intent",
    "combination",
    "regimen",
    "other",
]
Logic = Literal["all", "any", "exclusion", "unstated"]
"""How the members of a group join. `exclusion`: none may hold. `unstated`: the policy does not say."""

Outcome = Literal["met", "not_met", "not_determinable"]


class Criterion(Frozen):
    """One thing a policy asks, in its own words.

    `id` is the section and the place in it ("coverage-criteria.2.1"). `text` stands verbatim in the section's text
    from `start`, or is its heading (`start` None); `line` is the section's line in the file. `requires` are the
    requirements read from it, all of which must hold; None = it takes a person to read it. `whole` False = some of its
    words were not read: it can be refuted, never met. `excepted` True = it names an exception that was not read: it
    can be met, never refuted. It applies only where all of `condition` hold. `drugs` are those it speaks of, by name or
    HCPCS code; empty = every drug of the policy.
    """

    id: str
    policy_id: str
    heading: str
    text: str
    line: int
    start: int | None = None
    kind: CriterionKind
    group: str
    requires: tuple[Requirement, ...] | None = None
    drugs: tuple[str, ...] = ()
    whole: bool = True
    excepted: bool = False
    condition: tuple[Requirement, ...] = ()


class CriterionGroup(Frozen):
    """Criteria and groups that belong together. `text` are the words that say how; `parent` None = the policy.

    `clinical` False = about claims, documents or requests rather than about the patient and the treatment. `binding`
    False = the heading does not tell whether the section is for every patient: it can be met, but refutes nothing.
    `drugs` are those the heading speaks of; empty = every drug of the policy. `general` True = what holds where no
    section is about the drug itself (on label, off label). `phase` is the course it is for: a new one or one going on.
    """

    id: str
    parent: str | None
    logic: Logic
    heading: str
    text: str = ""
    clinical: bool = True
    binding: bool = True
    drugs: tuple[str, ...] = ()
    general: bool = False
    phase: Literal["", "initial", "continuation"] = ""


class PolicyCriteria(Frozen):
    """A policy's criteria in the order of the document, and the groups that join them."""

    policy_id: str
    criteria: tuple[Criterion, ...]
    groups: tuple[CriterionGroup, ...]


class Answer(Frozen):
    """What the chart says to one requirement. `source` is a resource or file; `quote` stands verbatim in it."""

    outcome: Outcome
    says: str
    quote: str | None = None
    source: str = ""
    day: date | None = None


class CriterionRow(Frozen):
    """A criterion with its answer. In a group of exclusions `met` means that the exclusion does not apply.

    `answers` are those to each requirement; `chart_fact`, `quote` and `source` are of the one that decides.
    """

    criterion: Criterion
    outcome: Outcome
    chart_fact: str
    quote: str | None = None
    source: str = ""
    answers: tuple[Answer, ...] = ()


class GroupOutcome(Frozen):
    """How a group came out."""

    group: CriterionGroup
    outcome: Outcome


class CriterionTable(Frozen):
    """The criteria of one policy against one chart on a date of service.

    `outcome` is of all that is clinical: diagnosis, marker, stage, line of treatment, dose. `administrative` is of
    the rest. A policy without any criterion of a sort is `not_determinable` there.
    """

    policy_id: str
    on: date
    rows: tuple[CriterionRow, ...]
    groups: tuple[GroupOutcome, ...]
    outcome: Outcome
    administrative: Outcome

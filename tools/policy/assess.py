"""The criteria table: each criterion of a policy, met, not met or not determinable, with the chart's own words."""

from collections.abc import Iterable

from knowledge.types.criteria import (
    AgeRule,
    Answer,
    AuthorizationRule,
    BiomarkerRule,
    Criterion,
    CriterionGroup,
    CriterionKind,
    CriterionRow,
    CriterionTable,
    DiagnosisRule,
    DocumentRule,
    DoseRule,
    GroupOutcome,
    Logic,
    Outcome,
    PerformanceRule,
    PolicyCriteria,
    PriorTherapyRule,
    Requirement,
    SiteRule,
    StageRule,
)
from tools.policy.facts import CaseFacts
from tools.policy.judging_markers import judge_marker
from tools.policy.judging_patient import judge_age, judge_diagnosis, judge_performance, judge_stage
from tools.policy.judging_service import judge_authorization, judge_documents, judge_dose, judge_site
from tools.policy.judging_therapy import judge_therapy

_ADMINISTRATIVE: tuple[CriterionKind, ...] = ("documentation", "authorization", "site")
_READ = "the criterion takes a person to read"


def assess(criteria: PolicyCriteria, facts: CaseFacts) -> CriterionTable:
    """Answer every criterion of a policy from what is known of the service.

    Nothing dated after the service counts. What is not found is not determinable; not met is only what the best
    source plainly refutes. A criterion about another drug of the policy has no row.
    """
    rows = tuple(_row(criterion, criteria, facts) for criterion in criteria.criteria if _applies(criterion, facts))
    groups = tuple(
        GroupOutcome(group=group, outcome=_group(group, criteria, rows, clinical=group.clinical))
        for group in criteria.groups
    )
    return CriterionTable(
        policy_id=criteria.policy_id,
        on=facts.on,
        rows=rows,
        groups=groups,
        outcome=_whole(criteria, rows, clinical=True),
        administrative=_whole(criteria, rows, clinical=False),
    )


def _applies(criterion: Criterion, facts: CaseFacts) -> bool:
    """Tell whether a criterion speaks of this drug; when either is not known by name it is kept."""
    names = facts.drug_names()
    return not criterion.drugs or not names or bool(names & set(criterion.drugs))


def _row(criterion: Criterion, criteria: PolicyCriteria, facts: CaseFacts) -> CriterionRow:
    if criterion.requires is None:
        return CriterionRow(criterion=criterion, outcome="not_determinable", chart_fact=_READ)
    answers = tuple(_answer(rule, facts) for rule in criterion.requires)
    outcome = _joined("all", [answer.outcome for answer in answers])
    if criterion.kind in ("dose", "frequency") and _is_for_others(criterion.requires, answers):
        outcome = "not_determinable"
    deciding = next(answer for answer in answers if answer.outcome == outcome or outcome == "not_determinable")
    if outcome == "not_determinable":
        deciding = next((answer for answer in answers if answer.outcome == "not_determinable"), deciding)
    if _logic(criterion.group, criteria) == "exclusion":
        outcome = _inverted(outcome)
    return CriterionRow(
        criterion=criterion,
        outcome=outcome,
        chart_fact=deciding.says,
        quote=deciding.quote,
        source=deciding.source,
        answers=answers,
    )


def _is_for_others(requires: tuple[Requirement, ...], answers: tuple[Answer, ...]) -> bool:
    """Tell whether a dose is stated for an age the patient does not have: it says nothing of this dose."""
    pairs = zip(requires, answers, strict=True)
    return any(isinstance(rule, AgeRule) and answer.outcome == "not_met" for rule, answer in pairs)


def _answer(rule: Requirement, facts: CaseFacts) -> Answer:
    match rule:
        case BiomarkerRule():
            return judge_marker(rule, facts)
        case DiagnosisRule():
            return judge_diagnosis(rule, facts)
        case StageRule():
            return judge_stage(rule, facts)
        case PerformanceRule():
            return judge_performance(rule, facts)
        case AgeRule():
            return judge_age(rule, facts)
        case PriorTherapyRule():
            return judge_therapy(rule, facts)
        case DoseRule():
            return judge_dose(rule, facts)
        case SiteRule():
            return judge_site(rule, facts)
        case DocumentRule():
            return judge_documents(rule, facts)
        case AuthorizationRule():
            return judge_authorization(rule, facts)


def _whole(criteria: PolicyCriteria, rows: Iterable[CriterionRow], *, clinical: bool) -> Outcome:
    """Join the sections of a policy, those about the patient or those about papers."""
    rows = tuple(rows)
    tops = [group for group in criteria.groups if group.parent is None]
    outcomes = [
        _group(group, criteria, rows, clinical=clinical)
        for group in tops
        if _members(group, criteria, rows, clinical=clinical)
    ]
    return _joined("all", outcomes)


def _group(
    group: CriterionGroup, criteria: PolicyCriteria, rows: tuple[CriterionRow, ...], *, clinical: bool
) -> Outcome:
    # Rows of an exclusion are turned round already: all of them must be met.
    logic: Logic = "all" if group.logic == "exclusion" else group.logic
    outcome = _joined(logic, _members(group, criteria, rows, clinical=clinical))
    return outcome if group.binding or outcome == "met" else "not_determinable"


def _members(
    group: CriterionGroup, criteria: PolicyCriteria, rows: tuple[CriterionRow, ...], *, clinical: bool
) -> list[Outcome]:
    own = [row.outcome for row in rows if row.criterion.group == group.id and _is_clinical(row, group) == clinical]
    below = [
        _group(child, criteria, rows, clinical=clinical)
        for child in criteria.groups
        if child.parent == group.id and _members(child, criteria, rows, clinical=clinical)
    ]
    return own + below


def _is_clinical(row: CriterionRow, group: CriterionGroup) -> bool:
    return group.clinical and row.criterion.kind not in _ADMINISTRATIVE


def _joined(logic: Logic, outcomes: list[Outcome]) -> Outcome:
    """Join outcomes; where the policy does not say how, only what holds either way is certain."""
    if not outcomes:
        return "not_determinable"
    every, none = all(item == "met" for item in outcomes), all(item == "not_met" for item in outcomes)
    if logic == "any":
        return "met" if "met" in outcomes else "not_met" if none else "not_determinable"
    if logic == "unstated":
        return "met" if every else "not_met" if none else "not_determinable"
    return "not_met" if "not_met" in outcomes else "met" if every else "not_determinable"


def _inverted(outcome: Outcome) -> Outcome:
    flipped: dict[Outcome, Outcome] = {"met": "not_met", "not_met": "met"}
    return flipped.get(outcome, outcome)


def _logic(group_id: str, criteria: PolicyCriteria) -> Logic:
    """Return `exclusion` when the group or one above it is one, else the group's own logic."""
    groups = {group.id: group for group in criteria.groups}
    at: str | None = group_id
    while at is not None:
        if groups[at].logic == "exclusion":
            return "exclusion"
        at = groups[at].parent
    return groups[group_id].logic

"""The criteria table: each criterion of a policy, met, not met or not determinable, with the chart's own words."""

from collections.abc import Iterable, Mapping

from knowledge.types.criteria import (
    AgeRule,
    Answer,
    AnyRule,
    AuthorizationRule,
    BiomarkerRule,
    CombinationRule,
    CompendiumRule,
    CourseRule,
    Criterion,
    CriterionGroup,
    CriterionKind,
    CriterionRow,
    CriterionTable,
    DiagnosisRule,
    DocumentRule,
    DoseRule,
    GroupOutcome,
    HistologyRule,
    IntentRule,
    Logic,
    MeasurementRule,
    OpenRule,
    Outcome,
    PerformanceRule,
    PolicyCriteria,
    PriorTherapyRule,
    RegimenRule,
    Requirement,
    SideRule,
    SiteRule,
    StageRule,
)
from tools.policy.facts import CaseFacts
from tools.policy.judging_compendium import judge_compendium
from tools.policy.judging_course import (
    judge_combination,
    judge_course,
    judge_histology,
    judge_intent,
    judge_measurement,
    judge_side,
)
from tools.policy.judging_markers import judge_marker
from tools.policy.judging_patient import judge_age, judge_diagnosis, judge_performance, judge_stage
from tools.policy.judging_regimen import judge_regimen
from tools.policy.judging_service import judge_authorization, judge_documents, judge_dose, judge_site
from tools.policy.judging_therapy import judge_therapy

_ADMINISTRATIVE: tuple[CriterionKind, ...] = ("documentation", "authorization", "site")
_NOT_ASKED = "does not apply"
_READ = "the criterion takes a person to read"


def assess(criteria: PolicyCriteria, facts: CaseFacts, judged: Mapping[str, Answer] | None = None) -> CriterionTable:
    """Answer every criterion of a policy from what is known of the service.

    Nothing dated after the service counts. What is not found is not determinable; not met is only what the best
    source plainly refutes. A criterion about another drug of the policy has no row. `judged` are answers of a reader by
    criterion id, quotes checked: they count where nothing else answers, and nowhere else.
    """
    read = judged or {}
    rows = tuple(
        _judged(_row(criterion, criteria, facts), read.get(criterion.id))
        for criterion in criteria.criteria
        if _applies(criterion, criteria, facts)
    )
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


def _judged(row: CriterionRow, answer: Answer | None) -> CriterionRow:
    """Take a reader's answer where the row has none; in a group of exclusions it means what a row's outcome means."""
    if answer is None or row.outcome != "not_determinable" or answer.outcome == "not_determinable":
        return row
    return _made(row.criterion, answer.outcome, answer, (*row.answers, answer))


def _applies(criterion: Criterion, criteria: PolicyCriteria, facts: CaseFacts) -> bool:
    """Tell whether a criterion and the sections above it speak of this drug and this part of its course."""
    groups = {group.id: group for group in criteria.groups}
    at: str | None = criterion.group
    while at is not None:
        group = groups[at]
        if not _speaks_of(group.drugs, facts) or (group.phase == "continuation" and facts.course_began() >= facts.on):
            return False
        at = group.parent
    return _speaks_of(criterion.drugs, facts)


def _speaks_of(drugs: tuple[str, ...], facts: CaseFacts) -> bool:
    """Tell whether names or codes mean the drug of the service; where either is not known it is taken to."""
    if not drugs:
        return True
    codes = {drug for drug in drugs if drug.isupper() and drug[1:].isdigit()}
    if facts.drug.hcpcs and facts.drug.hcpcs.upper() in codes:
        return True
    names, listed = facts.drug_names(), facts.meant(set(drugs) - codes)
    if codes and not listed:
        return not facts.drug.hcpcs
    return not names or bool(names & listed)


def _row(criterion: Criterion, criteria: PolicyCriteria, facts: CaseFacts) -> CriterionRow:
    if criterion.requires is None:
        return CriterionRow(criterion=criterion, outcome="not_determinable", chart_fact=_READ)
    answers = tuple(answer_to(rule, facts) for rule in criterion.requires)
    outcome = _weakened(_joined("all", [answer.outcome for answer in answers]), criterion)
    if criterion.condition and outcome != "met":
        conditions = tuple(answer_to(rule, facts) for rule in criterion.condition)
        applies = _joined("all", [answer.outcome for answer in conditions])
        if applies == "not_met":
            deciding = next(answer for answer in conditions if answer.outcome == "not_met")
            says = f"{_NOT_ASKED}: {deciding.says}"
            return _made(criterion, "met", deciding.model_copy(update={"says": says}), answers)
        outcome = outcome if applies == "met" else "not_determinable"
    if criterion.kind in ("dose", "frequency") and _is_for_others(criterion.requires, answers):
        outcome = "not_determinable"
    deciding = next(answer for answer in answers if answer.outcome == outcome or outcome == "not_determinable")
    if outcome == "not_determinable":
        deciding = next((answer for answer in answers if answer.outcome == "not_determinable"), deciding)
    if _logic(criterion.group, criteria) == "exclusion":
        outcome = _inverted(outcome)
    return _made(criterion, outcome, deciding, answers)


def _weakened(outcome: Outcome, criterion: Criterion) -> Outcome:
    """Hold back what the unread words of a criterion could still turn."""
    if (outcome == "met" and not criterion.whole) or (outcome == "not_met" and criterion.excepted):
        return "not_determinable"
    return outcome


def _made(criterion: Criterion, outcome: Outcome, deciding: Answer, answers: tuple[Answer, ...]) -> CriterionRow:
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


def answer_to(rule: Requirement, facts: CaseFacts) -> Answer:
    """Answer one requirement from what is known of the service."""
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
        case AnyRule():
            return _any(rule, facts)
        case _:
            return _of_course(rule, facts)


def _of_course(rule: Requirement, facts: CaseFacts) -> Answer:
    match rule:
        case MeasurementRule():
            return judge_measurement(rule, facts)
        case IntentRule():
            return judge_intent(rule, facts)
        case CombinationRule():
            return judge_combination(rule, facts)
        case SideRule():
            return judge_side(rule, facts)
        case HistologyRule():
            return judge_histology(rule, facts)
        case RegimenRule():
            return judge_regimen(rule, facts)
        case CourseRule():
            return judge_course(rule, facts)
        case CompendiumRule():
            return judge_compendium(rule, facts)
        case OpenRule():
            return Answer(outcome="not_determinable", says=_READ)
    raise AssertionError(rule)


def _any(rule: AnyRule, facts: CaseFacts) -> Answer:
    """Answer alternatives: one that holds is enough, and all must be refuted to refute."""
    found: list[Answer] = []
    for option in rule.options:
        answers = [answer_to(part, facts) for part in option]
        outcome = _joined("all", [answer.outcome for answer in answers])
        deciding = next((answer for answer in answers if answer.outcome == outcome), answers[0])
        found.append(deciding.model_copy(update={"outcome": outcome}))
    outcome = _joined("any", [answer.outcome for answer in found])
    deciding = next(answer for answer in found if answer.outcome == outcome)
    if outcome != "met":
        deciding = deciding.model_copy(update={"says": "; ".join(answer.says for answer in found)})
    return deciding


def _whole(criteria: PolicyCriteria, rows: Iterable[CriterionRow], *, clinical: bool) -> Outcome:
    """Join the sections of a policy, those about the patient or those about papers."""
    rows = tuple(rows)
    tops = [group for group in criteria.groups if group.parent is None]
    if any(group.drugs and _members(group, criteria, rows, clinical=clinical) for group in tops):
        # What is said of the drug itself stands before what is said of every drug on or off its label.
        tops = [group for group in tops if not group.general]
    outcomes = [
        _group(group, criteria, rows, clinical=clinical)
        for group in tops
        if _members(group, criteria, rows, clinical=clinical)
    ]
    outcome = _joined("all", outcomes)
    asked = [row for row in rows if row.criterion.kind not in _ADMINISTRATIVE]
    if clinical and outcome == "met" and all(row.chart_fact.startswith(_NOT_ASKED) for row in asked):
        return "not_determinable"  # a policy that asks nothing of this patient is met by nothing
    return outcome


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

"""Apply the rules in force to one diagnosis: the answer moves, the record says by which rule, doubts go to a person."""

from collections.abc import Sequence

from agent.desk import Desk
from agent.diagnosis.diagnose import alternatives_of, values_of
from agent.diagnosis.hypotheses import UNSUGGESTED, examine
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.remedies import choose_remedy, other_remedies
from agent.diagnosis.tables import tables_for
from agent.diagnosis.wording import sentence
from agent.learning.guarding import held_back, never
from agent.learning.matching import barred, fits_cause, printed, rules_for
from agent.learning.moved import RULE_SOURCE, Moved
from agent.learning.rulebook import PROBATION, LearnedRule
from knowledge.causes import Cause
from knowledge.types.diagnosis import Diagnosis, Hypothesis, ReviewReason
from knowledge.types.learned import AppliedRule, HeldRule, RuleChange

MOST = 0.95
"""No case that a rule moved is held surer than this: corrections teach, they do not prove."""


def apply_rules(desk: Desk, denial_id: str, found: Diagnosis) -> tuple[Diagnosis, Moved]:
    """Return the diagnosis as the rules leave it, and what they did; without a fitting rule both say nothing new."""
    fitting = [rule for rule in rules_for(desk, denial_id) if fits_cause(rule, found.root_cause)]
    if not fitting:
        return found, Moved()
    with desk.records.reading() as repository:
        reviews = repository.casework.reviews(desk.practice_id, denial_id)
    q, held, standing = desk.inquiry(denial_id), list[HeldRule](), list[LearnedRule]()
    for rule in fitting:
        why = "a person corrected this very case otherwise" if barred(rule.content.change, reviews) else None
        why = why or _against(desk, q, rule.content.change, found)
        if why is None:
            standing.append(rule)
        else:
            held.append(HeldRule(rule_id=rule.rule_id, version=rule.version, because=why))
    reasons = [_said_of(one) for one in held]
    conflict = _conflict(standing)
    if conflict:
        reasons.append(ReviewReason(code="learned-rules-conflict", says=conflict))
        held += [HeldRule(rule_id=rule.rule_id, version=rule.version, because=conflict) for rule in standing]
        standing = []
    diagnosis, applied = found, list[AppliedRule]()
    wants: list[tuple[str, str, str]] = []
    for rule in standing:
        diagnosis, says = _moved(desk, q, rule, diagnosis, found)
        applied.append(AppliedRule(rule_id=rule.rule_id, version=rule.version, says=says))
        wants += [(name, value, _name(rule)) for name, value in rule.content.change.wants().items()]
        reasons += _why_seen(rule, found, diagnosis)
    moved = Moved(
        engine=found,
        applied=tuple(applied),
        held=tuple(held),
        wants=tuple(wants),
        reasons=tuple(reasons),
        printed=printed(fitting),
    )
    kept = [reason for reason in found.review_reasons if not (applied and reason.code == "cause-unknown")]
    if diagnosis.root_cause == "unknown":
        kept = list(found.review_reasons)
    return diagnosis.model_copy(update={"review_reasons": (*kept, *reasons), "evidence": q.ledger.all()}), moved


def _against(desk: Desk, q: Inquiry, change: RuleChange, found: Diagnosis) -> str | None:
    cause, hypothesis = _cause(desk, change, found), None
    if change.root_cause is not None and cause is not None:
        hypothesis = _hypothesis(q, cause, found)
    return never(change, found.root_cause, desk.catalogue) or held_back(q, change, cause, hypothesis)


def _cause(desk: Desk, change: RuleChange, found: Diagnosis) -> Cause | None:
    name = change.root_cause or found.root_cause
    return next((cause for cause in desk.catalogue.causes if cause.id == name), None)


def _hypothesis(q: Inquiry, cause: Cause, found: Diagnosis) -> Hypothesis:
    held = next((one for one in found.hypotheses if one.root_cause == cause.id), None)
    return held if held is not None else examine(q, cause, UNSUGGESTED)


def _conflict(rules: Sequence[LearnedRule]) -> str | None:
    """Say which rules want different things of one case; None when they agree."""
    said: dict[str, tuple[str | None, LearnedRule]] = {}
    for rule in rules:
        for name, value in {**rule.content.change.answers(), **rule.content.change.wants()}.items():
            before = said.setdefault(name, (value, rule))
            if before[0] != value:
                first = f"{_name(before[1])} wants {name} {before[0] or 'nothing'}"
                return f"{first}, {_name(rule)} wants {value or 'nothing'}: neither is applied, a person decides"
    return None


def _moved(desk: Desk, q: Inquiry, rule: LearnedRule, diagnosis: Diagnosis, engine: Diagnosis) -> tuple[Diagnosis, str]:
    change, updates = rule.content.change, dict[str, object]()
    says = f"{_name(rule)}, learned from {_times(rule)}: {_wanted(change)}; the records alone say {engine.root_cause}"
    q.ledger.add("calculation", f"{RULE_SOURCE}{rule.rule_id} version {rule.version}", says)
    if change.root_cause is not None and change.root_cause != diagnosis.root_cause:
        cause = desk.catalogue.get(change.root_cause)
        leading = _hypothesis(q, cause, engine)
        values = values_of(q, leading, cause)
        remedy, then = choose_remedy(q, cause)
        sure = _sure(rule)
        others = tuple(one for one in engine.hypotheses if one.root_cause != cause.id)
        stated = sentence(cause.says, values)
        updates |= {
            "root_cause": cause.id,
            "category": cause.category,
            "says": f"{stated or cause.name} ({says})",
            "confidence": sure,
            "remedy": remedy,
            "then": then,
            "other_remedies": other_remedies(q, cause, remedy),
            "alternatives": alternatives_of(others, sure),
            "hypotheses": (leading, *others),
            "missing": tuple(dict.fromkeys(item for fact in leading.facts for item in fact.missing)),
            "values": values,
            "tables": tables_for(q, cause.id),
        }
    else:
        updates["says"] = f"{diagnosis.says} ({says})"
    if change.remedy is not None:
        before = updates.get("then", diagnosis.then)
        updates["remedy"] = change.remedy
        updates["then"] = before if before != change.remedy else None
    if change.then is not None or change.drops_then:
        updates["then"] = change.then
    return diagnosis.model_copy(update=updates), says


def _why_seen(rule: LearnedRule, engine: Diagnosis, moved: Diagnosis) -> list[ReviewReason]:
    """Say why a person must look at a case the rule moved: its cause is not proven, or the rule is new."""
    change = rule.content.change
    leading = next((one for one in moved.hypotheses if one.root_cause == moved.root_cause), None)
    unproven = change.root_cause is not None and (leading is None or leading.standing != "confirmed")
    if unproven:
        says = f"{_name(rule)} names {moved.root_cause}, which the records do not prove (they say {engine.root_cause})"
        return [ReviewReason(code="learned-rule", says=says)]
    if rule.on_probation:
        says = f"{_name(rule)} moved this case; a person sees the first {PROBATION} ({rule.kept} approved so far)"
        return [ReviewReason(code="learned-rule", says=says)]
    return []


def _sure(rule: LearnedRule) -> float:
    """Estimate how often the rule is right, from corrections and uses, by the rule of succession: no hit, no faith."""
    right = len(rule.examples) + sum(use.standing == "kept" for use in rule.uses)
    wrong = sum(use.standing == "contradicted" for use in rule.uses)
    return min(MOST, round((right + 1) / (right + wrong + 2), 4))


def _said_of(held: HeldRule) -> ReviewReason:
    says = f"Rule {held.rule_id} version {held.version} fits and is not applied: {held.because}"
    return ReviewReason(code="learned-rule-held", says=says)


def _name(rule: LearnedRule) -> str:
    return f"rule {rule.rule_id} version {rule.version}"


def _times(rule: LearnedRule) -> str:
    count = len(rule.examples)
    if not count:
        return "what was entered by hand"
    return "1 correction" if count == 1 else f"{count} corrections"


def _wanted(change: RuleChange) -> str:
    said = [f"{name.replace('_', ' ')} {value or 'nothing'}" for name, value in change.answers().items()]
    said += [f"the payer wants {name} {value!r}" for name, value in change.wants().items()]
    return ", ".join(said)

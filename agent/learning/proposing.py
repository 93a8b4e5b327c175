"""Turn what a biller corrected into a proposed payer rule; equal corrections strengthen one proposal."""

import hashlib
import json
from datetime import datetime

from agent.desk import Desk
from agent.diagnosis.diagnose import diagnose
from agent.learning.guarding import never
from agent.learning.matching import scope_of
from agent.learning.moved import MOVED_STAGE, Moved
from agent.learning.rulebook import LearnedRule, rules_of
from knowledge.records import Repository, Review
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.learned import (
    ANSWERS,
    RuleChange,
    RuleContent,
    RuleEntry,
    RuleExample,
    RuleMatch,
    RuleStanding,
    RuleUse,
)

_STANDINGS: dict[str, RuleStanding] = {"approve": "kept", "edit": "contradicted"}


class RuleRefused(ValueError):
    """A rule that may not be, or a step that does not fit how it stands: what was wrong, and what may be done."""


def learn_from(desk: Desk, denial_id: str, review: Review) -> None:
    """Learn from a person's answer: a correction teaches, an approval or a correction of a moved case is counted.

    The same answer twice counts once. What a person corrected back to the house's own answer teaches nothing.
    """
    own = diagnose(desk.inquiry(denial_id), desk.catalogue) if review.decision == "edit" else None
    with desk.records.transaction() as repository:
        if own is not None:
            _learn_correction(repository, desk, denial_id, review, own)
            _withdraw_empty(repository, desk.practice_id, review.by, review.at)
        _count_use(repository, desk, denial_id, review)


def _learn_correction(repository: Repository, desk: Desk, denial_id: str, review: Review, own: Diagnosis) -> None:
    now = repository.casework.work(desk.practice_id, denial_id, "diagnose", Diagnosis)
    denial = desk.casebook.denials[denial_id]
    if now is None or not denial.remit.payer_id:
        return
    _forget(repository, desk, denial_id)
    before, after = _answer(own), _answer(now)
    different = {name: value for name, value in after.items() if before[name] != value}
    change = RuleChange.model_validate(
        {**{k: v for k, v in different.items() if v is not None}, "drops_then": different.get("then", "") is None}
    )
    # What follows a remedy falls away with it: that is no wish of the payer.
    if not change.answers() or never(change, own.root_cause, desk.catalogue) is not None:
        return
    example = RuleExample(
        rule_id="",
        denial_id=denial_id,
        said=before,
        corrected=different,
        hcpcs=(denial.line.hcpcs or "") if denial.line else "",
        by=review.by,
        why=review.reason,
        at=review.at,
    )
    _propose(repository, desk.practice_id, scope_of(denial, own.root_cause), change, example)


def propose(desk: Desk, denial_id: str, change: RuleChange, *, by: str, why: str, at: datetime) -> LearnedRule:
    """Propose by hand what a payer wants, with a denial as its example; it applies once it is accepted.

    Raises:
        RuleRefused: the change says nothing, or what no rule may say; or the denial has no payer or is not worked.
    """
    denial = desk.casebook.denials[denial_id]
    if not change.answers() and not change.wants():
        raise RuleRefused("a rule changes something: a cause, a remedy, or what the payer wants beside it")
    if not denial.remit.payer_id:
        raise RuleRefused("the payer of this denial is not known: a rule is of a payer")
    own = diagnose(desk.inquiry(denial_id), desk.catalogue)
    refused = never(change, own.root_cause, desk.catalogue)
    if refused is not None:
        raise RuleRefused(refused)
    corrected: dict[str, str | None] = {**change.answers(), **change.wants()}
    example = RuleExample(
        rule_id="",
        denial_id=denial_id,
        said=_answer(own),
        corrected=corrected,
        hcpcs=(denial.line.hcpcs or "") if denial.line else "",
        by=by,
        why=why,
        at=at,
    )
    with desk.records.transaction() as repository:
        rule_id = _propose(repository, desk.practice_id, scope_of(denial, own.root_cause), change, example)
        return next(rule for rule in rules_of(repository, desk.practice_id) if rule.rule_id == rule_id)


def rule_id_of(match: RuleMatch, change: RuleChange) -> str:
    """Name a rule by what it is about, codes aside, and what it changes: equal corrections have one rule."""
    about = match.model_copy(update={"hcpcs": ()}).model_dump(mode="json")
    text = json.dumps([about, change.model_dump(mode="json")], sort_keys=True)
    return f"R-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _propose(
    repository: Repository, practice_id: str, match: RuleMatch, change: RuleChange, example: RuleExample
) -> str:
    """Store the example; propose the rule, or a wider scope of it, unless what stands covers it already."""
    rule_id = rule_id_of(match, change)
    repository.learned.put_example(practice_id, example.model_copy(update={"rule_id": rule_id}))
    rule = next((one for one in rules_of(repository, practice_id) if one.rule_id == rule_id), None)
    last = rule.entries[-1] if rule is not None else None
    held = last.content.match.hcpcs if last is not None and last.action != "withdrawn" else None
    covered = held is not None and (not held or set(match.hcpcs) <= set(held))
    if covered:
        return rule_id
    codes = tuple(sorted({*(held or ()), *match.hcpcs}))
    entry = RuleEntry(
        rule_id=rule_id,
        number=last.number + 1 if last else 1,
        action="changed" if held is not None else "proposed",
        version=last.version + 1 if last else 1,
        content=RuleContent(match=match.model_copy(update={"hcpcs": codes}), change=change),
        by=example.by,
        why=example.why,
        at=example.at,
    )
    repository.learned.add_entry(practice_id, entry)
    return rule_id


def _forget(repository: Repository, desk: Desk, denial_id: str) -> None:
    """Take back what an earlier correction of the denial taught; what was entered by hand beside it stays."""
    practice_id = desk.practice_id
    for example in repository.learned.examples(practice_id):
        if example.denial_id != denial_id or not set(example.corrected) <= set(ANSWERS):
            continue
        repository.learned.drop_example(practice_id, example)


def _withdraw_empty(repository: Repository, practice_id: str, by: str, at: datetime) -> None:
    """Withdraw what is only proposed and has no example left."""
    for rule in rules_of(repository, practice_id):
        if rule.state == "proposed" and not rule.examples:
            last = rule.entries[-1]
            why = "its only correction was corrected again"
            entry = last.model_copy(
                update={"number": last.number + 1, "action": "withdrawn", "by": by, "role": None, "why": why, "at": at}
            )
            repository.learned.add_entry(practice_id, entry)


def _count_use(repository: Repository, desk: Desk, denial_id: str, review: Review) -> None:
    standing = _STANDINGS.get(review.decision)
    moved = repository.casework.work(desk.practice_id, denial_id, MOVED_STAGE, Moved)
    if standing is None or moved is None:
        return
    changes = {rule.rule_id: rule.content.change for rule in rules_of(repository, desk.practice_id)}
    for applied in moved.applied:
        if review.decision == "edit" and not _says_otherwise(changes.get(applied.rule_id), review):
            continue
        use = RuleUse(
            rule_id=applied.rule_id, version=applied.version, denial_id=denial_id, standing=standing, at=review.at
        )
        repository.learned.put_use(desk.practice_id, use)


def _says_otherwise(change: RuleChange | None, review: Review) -> bool:
    said = change.answers() if change is not None else {}
    return any(name in review.changes and review.changes[name] != value for name, value in said.items())


def _answer(diagnosis: Diagnosis) -> dict[str, str | None]:
    return {"root_cause": diagnosis.root_cause, "remedy": diagnosis.remedy, "then": diagnosis.then}

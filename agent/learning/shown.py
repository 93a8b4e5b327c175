"""A learned rule as people and programs see it."""

from collections.abc import Sequence

from agent.learning.deciding import conflicts_of, may_accept
from agent.learning.rulebook import PROBATION, LearnedRule
from knowledge.records import Role
from knowledge.types.learned import RuleChange, RuleContent, RuleEntry, RuleExample, RuleMatch, RuleState
from knowledge.types.practice import Frozen


class RuleShown(Frozen):
    """One rule: what it matches and changes, how it stands, by which corrections, what became of it.

    `pending` is a version that waits for a yes, where another is in force or none is yet. `decided_by` are the roles
    that may accept it. `conflicts` are rules in force that may want otherwise of one case. `first_reviews` is how many
    moved cases a person must approve before one may go straight through, `kept` how many were, `contradicted` how many
    were corrected again.
    """

    rule_id: str
    state: RuleState
    version: int
    says: str
    match: RuleMatch
    change: RuleChange
    pending: RuleContent | None
    decided_by: tuple[Role, ...]
    conflicts: tuple[str, ...]
    first_reviews: int = PROBATION
    kept: int
    contradicted: int
    examples: tuple[RuleExample, ...]
    history: tuple[RuleEntry, ...]


def shown(rule: LearnedRule, rules: Sequence[LearnedRule]) -> RuleShown:
    """Write a rule out; `rules` are all of the practice."""
    content = rule.content
    pending = rule.pending
    return RuleShown(
        rule_id=rule.rule_id,
        state=rule.state,
        version=rule.version,
        says=in_words(content),
        match=content.match,
        change=content.change,
        pending=pending.content if pending is not None else None,
        decided_by=may_accept(content.change),
        conflicts=conflicts_of(rule, rules),
        kept=rule.kept,
        contradicted=rule.contradicted,
        examples=rule.examples,
        history=rule.entries,
    )


def in_words(content: RuleContent) -> str:
    """Say a rule in one sentence."""
    match, change = content.match, content.change
    codes = f"{', '.join(match.hcpcs)} of " if match.hcpcs else ""
    reasons = " ".join((*(match.carcs or ()), *(match.remarks or ()))) or "any reason"
    cause = f", which the house calls {match.root_cause}" if match.root_cause else ""
    wants = [f"{name.replace('_', ' ')} {value or 'nothing'}" for name, value in change.answers().items()]
    wants += [f"{name} {value!r} wanted" for name, value in change.wants().items()]
    return f"When {codes}{match.payer_id} is denied with {reasons}{cause}: {', '.join(wants)}"

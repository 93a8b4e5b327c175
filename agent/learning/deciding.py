"""Accept, widen and withdraw learned rules: by whom it may be done, and every step kept."""

import csv
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from agent.desk import Desk
from agent.learning.guarding import never
from agent.learning.proposing import RuleRefused
from agent.learning.rulebook import LearnedRule, rules_of
from knowledge.records import Repository, Role
from knowledge.types.learned import ANSWERS, WANTS, RuleChange, RuleEntry

Scope = Literal["as-proven", "any-code"]
"""What a rule is accepted for: the codes its examples prove, or every code with the same answer of the payer."""


@cache
def _roles() -> dict[str, tuple[Role, ...]]:
    text = files(__package__).joinpath("roles.csv").read_text(encoding="utf-8")
    known, found = set(get_args(Role)), dict[str, tuple[Role, ...]]()
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        names = tuple(role for role in get_args(Role) if role in row["roles"].split())
        if set(row["roles"].split()) - known or row["subject"] not in (*ANSWERS, *WANTS):
            raise ValueError(f"roles.csv row {number}: {row['subject']} {row['roles']}")
        found[row["subject"]] = names
    return found


def may_accept(change: RuleChange) -> tuple[Role, ...]:
    """Return the roles that may put a change in force: those that every part of it allows."""
    allowed = [_roles()[name] for name in (*change.answers(), *change.wants())]
    return tuple(role for role in get_args(Role) if all(role in one for one in allowed))


def find_rule(rules: Sequence[LearnedRule], named: str) -> LearnedRule:
    """Return the one rule whose id is `named` or begins with it, with or without `R-`.

    Raises:
        RuleRefused: none has, or several have.
    """
    wanted = named.removeprefix("R-")
    found = [rule for rule in rules if wanted and rule.rule_id.removeprefix("R-").startswith(wanted)]
    if len(found) != 1:
        ids = ", ".join(rule.rule_id for rule in (found or rules)) or "none yet"
        raise RuleRefused(f"{named} is {'no rule' if not found else 'more than one rule'}; there are: {ids}")
    return found[0]


def accept(
    desk: Desk, named: str, *, by: str, role: Role | None, why: str, at: datetime, scope: Scope = "as-proven"
) -> LearnedRule:
    """Put what is proposed in force; from then on it applies to open and later cases.

    Accepting what is in force already, in the same scope, changes nothing.

    Raises:
        RuleRefused: there is no such rule, nothing waits to be accepted, the role may not, or no rule may say this.
    """
    with desk.records.transaction() as repository:
        rule = find_rule(rules_of(repository, desk.practice_id), named)
        last = rule.entries[-1]
        content = last.content
        if scope == "any-code":
            content = content.model_copy(update={"match": content.match.model_copy(update={"hcpcs": ()})})
        if rule.pending is None and rule.in_force is not None and content == last.content:
            return rule
        if rule.state == "withdrawn" and rule.pending is None and not rule.examples:
            raise RuleRefused(f"{rule.rule_id} was withdrawn and no correction stands for it: propose it anew")
        _check_role(rule, role)
        refused = never(content.change, content.match.root_cause, desk.catalogue)
        if refused is not None:
            raise RuleRefused(f"{rule.rule_id} cannot be accepted: {refused}")
        step = {"by": by, "role": role, "why": why, "at": at, "content": content}
        number, version = last.number, last.version
        if content != last.content:
            number, version = number + 1, version + 1
            wider = last.model_copy(update={**step, "number": number, "version": version, "action": "changed"})
            _add(repository, desk.practice_id, wider)
        accepted = last.model_copy(update={**step, "number": number + 1, "version": version, "action": "accepted"})
        _add(repository, desk.practice_id, accepted)
        return find_rule(rules_of(repository, desk.practice_id), rule.rule_id)


def withdraw(desk: Desk, named: str, *, by: str, role: Role | None, why: str, at: datetime) -> LearnedRule:
    """Take a rule out of force, or a proposal off the list; the cases it moved go back to the house's own answer.

    Raises:
        RuleRefused: there is no such rule, or the role may not.
    """
    with desk.records.transaction() as repository:
        rule = find_rule(rules_of(repository, desk.practice_id), named)
        if rule.state == "withdrawn":
            return rule
        if rule.in_force is not None:
            _check_role(rule, role)
        last = rule.entries[-1]
        step = {"by": by, "role": role, "why": why, "at": at}
        _add(
            repository,
            desk.practice_id,
            last.model_copy(update={**step, "number": last.number + 1, "action": "withdrawn"}),
        )
        return find_rule(rules_of(repository, desk.practice_id), rule.rule_id)


def conflicts_of(rule: LearnedRule, rules: Sequence[LearnedRule]) -> tuple[str, ...]:
    """Return the rules in force that may meet this one in a case and want otherwise: such cases go to a person."""
    found, mine = [], rule.content
    own = {**mine.change.answers(), **mine.change.wants()}
    for other in rules:
        if other.rule_id == rule.rule_id or other.in_force is None:
            continue
        theirs = {**other.content.change.answers(), **other.content.change.wants()}
        differ = any(name in theirs and theirs[name] != value for name, value in own.items())
        if differ and _may_meet(rule, other):
            found.append(other.rule_id)
    return tuple(found)


def _may_meet(one: LearnedRule, other: LearnedRule) -> bool:
    a, b = one.content.match, other.content.match
    codes = not a.hcpcs or not b.hcpcs or bool(set(a.hcpcs) & set(b.hcpcs))
    pairs = ((a.root_cause, b.root_cause), (a.carcs, b.carcs), (a.remarks, b.remarks))
    return a.payer_id == b.payer_id and codes and all(x is None or y is None or x == y for x, y in pairs)


def _check_role(rule: LearnedRule, role: Role | None) -> None:
    change = (rule.pending or rule.entries[-1]).content.change
    allowed = may_accept(change)
    if role not in allowed:
        given = f"{role} may not" if role else "no role was given"
        names = " or ".join(allowed) or "nobody alone: propose its parts one by one"
        raise RuleRefused(f"{rule.rule_id} is decided by a {names}: {given}")


def _add(repository: Repository, practice_id: str, entry: RuleEntry) -> None:
    if not repository.learned.add_entry(practice_id, entry):
        raise RuleRefused(f"{entry.rule_id} was decided by somebody else at the same time: look again")

"""Which rules are about a denial; and the print by which a case is worked anew when those change."""

from collections.abc import Iterable

from agent.decision import Decision
from agent.desk import Desk
from agent.diagnosis.diagnose import diagnose
from agent.learning.moved import MOVED_STAGE, Moved
from agent.learning.rulebook import LearnedRule, rules_of
from knowledge.records import Review
from knowledge.types.denial import Denial
from knowledge.types.learned import RuleChange, RuleMatch


def scope_of(denial: Denial, root_cause: str) -> RuleMatch:
    """Return the narrowest scope a correction of this denial proves: its payer, reasons, remarks, code and cause."""
    code = denial.line.hcpcs if denial.line else None
    return RuleMatch(
        payer_id=denial.remit.payer_id or "",
        root_cause=root_cause,
        carcs=_carcs(denial),
        remarks=_remarks(denial),
        hcpcs=(code,) if code else (),
    )


def fits_denial(match: RuleMatch, denial: Denial) -> bool:
    """Tell whether a rule is about the denial as far as the payer's answer goes, whatever its cause."""
    code = denial.line.hcpcs if denial.line else None
    return (
        match.payer_id == denial.remit.payer_id
        and match.carcs in (None, _carcs(denial))
        and match.remarks in (None, _remarks(denial))
        and (not match.hcpcs or code in match.hcpcs)
    )


def rules_for(desk: Desk, denial_id: str) -> tuple[LearnedRule, ...]:
    """Return the rules in force that the payer's answer to this denial fits.

    A denial that a later remit has settled keeps the answer it had.
    """
    denial = desk.casebook.denials[denial_id]
    if denial.outcome in ("won", "lost"):
        return ()
    with desk.records.reading() as repository:
        held = rules_of(repository, desk.practice_id)
    return tuple(rule for rule in held if rule.in_force is not None and fits_denial(rule.content.match, denial))


def fits_cause(rule: LearnedRule, root_cause: str) -> bool:
    """Tell whether a rule is about what the house itself says of a case."""
    return rule.content.match.root_cause in (None, root_cause)


def barred(change: RuleChange, reviews: tuple[Review, ...]) -> bool:
    """Tell whether the last review of a case is a correction that says otherwise than the rule: that word stands."""
    if not reviews or reviews[-1].decision != "edit":
        return False
    own = reviews[-1].changes
    return any(name in own and own[name] != value for name, value in change.answers().items())


def rules_print(desk: Desk, denial_id: str) -> str:
    """Name the rules and versions a case rests on; empty where none is about it, so that it is left as it is.

    The house's own cause is found first, which costs little: only cases that a rule is truly about are worked anew.
    A case that stands as a person has corrected it is left so, whatever rules come and go.
    """
    fitting = rules_for(desk, denial_id)
    with desk.records.reading() as repository:
        stages = repository.casework.stages(desk.practice_id, denial_id)
        if not fitting and MOVED_STAGE not in stages:
            return ""
        before = repository.casework.work(desk.practice_id, denial_id, MOVED_STAGE, Moved)
        decision = repository.casework.work(desk.practice_id, denial_id, "decide", Decision)
    if decision is not None and any(reason.code == "edited" for reason in decision.review_reasons):
        return before.printed if before is not None else ""
    if not fitting:
        return ""
    found = diagnose(desk.inquiry(denial_id), desk.catalogue)
    desk.put_away()
    return printed(rule for rule in fitting if fits_cause(rule, found.root_cause))


def printed(rules: Iterable[LearnedRule]) -> str:
    """Write rules and versions as a part of a case's print; empty for none."""
    names = [f"{rule.rule_id}.{rule.version}" for rule in rules]
    return f"|rules {','.join(names)}" if names else ""


def _carcs(denial: Denial) -> tuple[str, ...]:
    return tuple(sorted({adjustment.carc for adjustment in denial.adjustments}))


def _remarks(denial: Denial) -> tuple[str, ...]:
    return tuple(sorted(set(denial.remarks)))

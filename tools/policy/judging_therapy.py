"""Earlier treatment against what a policy asks: what was given before, and how it ended."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from knowledge.types.criteria import Answer, Outcome, PriorTherapyRule
from tools.policy.facts import CaseFacts, Statement, generics
from tools.policy.judging_lines import judge_interval, judge_lines
from tools.policy.judging_progression import progression_after
from tools.policy.judging_reactions import reaction_to
from tools.policy.settling import Weighed, settle, unless_unread

_ENDS = {
    "progression": "progression",
    "intolerance": "intolerance",
    "toxicity": "intolerance",
    "contraindication": "contraindication",
}
"""What the chart's readers call an end, to what policies ask for."""
_NOT_BEFORE = ("never", "ongoing", "given")
"""Statuses of treatments that do not tell of one before; doses given are looked at themselves."""
_NOT_TAKEN = ("entered-in-error", "not-taken", "intended", "unknown")
_STATEMENT = 4
"""A medication list can show that a treatment was given before and how it ended."""


class _Given(NamedTuple):
    """A drug given before the service, by a structured resource."""

    drugs: frozenset[str]
    resource: str
    day: date | None
    quote: str


def judge_therapy(rule: PriorTherapyRule, facts: CaseFacts) -> Answer:
    """Find the treatment among earlier doses, medication statements and plain sentences.

    What is not found is not determinable: an absence cannot be shown by a chart. A sentence that says a drug was
    never given refutes.
    """
    asked = _asked(rule)
    if rule.lines is not None:
        return judge_lines(rule, facts, asked)
    if rule.within_months is not None:
        return judge_interval(rule, facts, asked)
    own = facts.drug_names()  # earlier cycles of the drug itself are this course, not one before
    wanted = facts.meant(rule.drugs) - own
    if rule.drugs and not wanted:
        return Answer(outcome="not_determinable", says=f"{asked}: asked of the drug itself")
    said = [item for item in facts.about("treatment") if _counts(_drugs(item), rule, wanted, own)]
    given = [item for item in _structured(facts) if _counts(item.drugs, rule, wanted, own)]
    # "Never had cisplatin" does not refute a platinum: never counts only when it covers all that was asked for.
    never = [item for item in said if item.values.get("status") == "never"]
    covered = frozenset(drug for item in never for drug in _drugs(item))
    if not wanted or not wanted <= covered:
        never = []
    answer = _absence(said, given, never, asked) if rule.absent else _presence(rule, said, given, never, asked)
    if "progression" in rule.outcomes and answer.outcome == "not_determinable" and given:
        answer = _by_imaging(given[-1], wanted, own, facts, asked) or answer
    if "intolerance" in rule.outcomes and answer.outcome != "met" and wanted:
        answer = reaction_to(wanted, frozenset(rule.drugs), rule.grade_at_least, facts, asked) or answer
    return unless_unread(answer, facts.left_unread("treatment", wanted))


def _presence(
    rule: PriorTherapyRule, said: list[Statement], given: list[_Given], never: list[Statement], asked: str
) -> Answer:
    if not rule.outcomes and given:
        return _shown("met", given[-1], asked)
    told = [Weighed(_ended(rule, item), item) for item in said if item.values.get("status") not in _NOT_BEFORE]
    ends = [item for item in told if item.outcome == "met"]
    if ends:
        return settle(ends, asked, enough_to_meet=_STATEMENT)
    if never and not told and not given:
        return settle([Weighed("not_met", item) for item in never], asked)
    if given:
        return _shown("not_determinable", given[-1], f"{asked}: given, how it ended is not plainly said")
    return settle(told, asked)


def _by_imaging(
    last: _Given, wanted: frozenset[str], own: frozenset[str], facts: CaseFacts, asked: str
) -> Answer | None:
    """Read how the treatment ended from the imaging after it, where no other treatment lies between."""
    between = [
        item
        for item in _structured(facts)
        if item.day and last.day and item.day > last.day and item.drugs - own - wanted
    ]
    return progression_after(last.day, facts, asked) if last.day is not None and not between else None


def _counts(drugs: frozenset[str], rule: PriorTherapyRule, wanted: frozenset[str], own: frozenset[str]) -> bool:
    """Tell whether a treatment with `drugs` is one the rule speaks of."""
    return bool(drugs & wanted) if rule.drugs else bool(drugs - own)


def _ended(rule: PriorTherapyRule, item: Statement) -> Outcome | None:
    """Tell whether a statement meets the rule; what it leaves open is never a refusal."""
    if item.values.get("status") == "contraindicated":
        return "met" if "contraindication" in rule.outcomes else None
    if not rule.outcomes:
        return "met"
    if rule.grade_at_least is not None and _ENDS.get(item.values.get("outcome", "")) == "intolerance":
        return None  # the grade is looked for where the reaction is told
    return "met" if _ENDS.get(item.values.get("outcome", "")) in rule.outcomes else None


def _absence(said: list[Statement], given: list[_Given], never: list[Statement], asked: str) -> Answer:
    if given:
        return _shown("not_met", given[-1], asked)
    received = [item for item in said if item.values.get("status") == "prior"]
    if received:
        return settle([Weighed("not_met", item) for item in received], asked)
    return settle([Weighed("met", item) for item in never], asked)


def _structured(facts: CaseFacts) -> Iterator[_Given]:
    """Yield what FHIR resources say was given before this course began, earliest first.

    What is given along with the drug, in the same course, is not a treatment before it.
    """
    if facts.chart is None:
        return
    began = facts.course_began()
    found = [
        _Given(generics(dose.drug), dose.resource, dose.day, dose.drug)
        for dose in facts.chart.doses
        if dose.status in ("completed", "") and dose.day is not None and dose.day < began
    ]
    for treatment in facts.chart.prior_treatments:
        day = treatment.end or treatment.start
        going_on = treatment.end is None and treatment.status not in ("completed", "stopped")
        if day is not None and day < began and not going_on and treatment.status not in _NOT_TAKEN:
            found.append(_Given(generics(treatment.drug), treatment.resource, day, treatment.drug))
    yield from sorted(found, key=lambda item: (item.day or date.min, item.resource))


def _drugs(item: Statement) -> frozenset[str]:
    written = ", ".join((item.name, item.values.get("drugs", "").replace(";", ", "), item.values.get("drug", "")))
    return generics(written)


def _shown(outcome: Outcome, given: _Given, asked: str) -> Answer:
    says = f"{asked}: {given.quote} charted{f' on {given.day}' if given.day else ''}"
    return Answer(outcome=outcome, says=says, quote=given.quote or None, source=given.resource, day=given.day)


def _asked(rule: PriorTherapyRule) -> str:
    if rule.lines is not None:
        most = f" and at most {rule.most_lines}" if rule.most_lines is not None else ""
        among = f", {rule.metastatic_lines} for metastatic disease" if rule.metastatic_lines else ""
        return f"at least {rule.lines}{most} earlier lines of treatment{among}"
    if rule.within_months is not None:
        return f"progression within {rule.within_months} months of the last {' or '.join(rule.drugs)}"
    names = " or ".join(rule.drugs) or "any systemic treatment"
    if rule.absent:
        return f"no earlier {names}"
    return f"{' or '.join(rule.outcomes)} with {names}" if rule.outcomes else f"earlier {names}"

"""Earlier treatment against what a policy asks: what was given before, and how it ended."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from knowledge.types.criteria import Answer, Outcome, PriorTherapyRule
from tools.policy.facts import CaseFacts, Statement, generics
from tools.policy.settling import Weighed, settle

_ENDS = {
    "progression": "progression",
    "intolerance": "intolerance",
    "toxicity": "intolerance",
    "contraindication": "contraindication",
    "contraindicated": "contraindication",
}
"""What the chart's readers call an end, to what policies ask for."""


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
        return _lines(rule.lines, facts, asked)
    own = facts.drug_names()  # earlier cycles of the drug itself are this course, not one before
    wanted = frozenset(rule.drugs) - own
    said = [item for item in facts.about("treatment") if _counts(_drugs(item), rule, wanted, own)]
    given = [item for item in _structured(facts) if _counts(item.drugs, rule, wanted, own)]
    if rule.absent:
        return _absence(said, given, asked)
    if not rule.outcomes and given:
        return _shown("met", given[-1], asked)
    answer = settle([Weighed(_ended(rule, item), item) for item in said], asked)
    if answer.outcome == "not_determinable" and given:
        return _shown("not_determinable", given[-1], f"{asked}: given, how it ended is not plainly said")
    return answer


def _counts(drugs: frozenset[str], rule: PriorTherapyRule, wanted: frozenset[str], own: frozenset[str]) -> bool:
    """Tell whether a treatment with `drugs` is one the rule speaks of."""
    return bool(drugs & wanted) if rule.drugs else bool(drugs - own)


def _ended(rule: PriorTherapyRule, item: Statement) -> Outcome | None:
    if item.polarity == "negative":
        return "not_met"
    end = _ENDS.get(item.values.get("outcome", ""))
    if not rule.outcomes:
        return "met"
    return "met" if end in rule.outcomes else None


def _absence(said: list[Statement], given: list[_Given], asked: str) -> Answer:
    received = [
        item for item in said if item.polarity != "negative" and item.values.get("outcome") != "contraindicated"
    ]
    if given:
        return _shown("not_met", given[-1], asked)
    if received:
        return settle([Weighed("not_met", item) for item in received], asked)
    never = [item for item in said if item.polarity == "negative"]
    return settle([Weighed("met", item) for item in never], asked)


def _lines(least: int, facts: CaseFacts, asked: str) -> Answer:
    """Count lines of treatment by the highest line number a sentence gives to a treatment that has ended."""
    ended = [
        item
        for item in facts.about("treatment")
        if item.values.get("outcome") and item.values.get("line", "").isdigit()
    ]
    enough = [item for item in ended if int(item.values["line"]) >= least]
    return settle([Weighed("met" if enough else None, item) for item in enough or ended], asked)


def _structured(facts: CaseFacts) -> Iterator[_Given]:
    """Yield what FHIR resources say was given before the date of service, earliest first."""
    if facts.chart is None:
        return
    found = [
        _Given(generics(dose.drug), dose.resource, dose.day, dose.drug)
        for dose in facts.chart.doses
        if dose.status in ("completed", "")
        and dose.day is not None
        and dose.day < facts.on
        and not _is_own(dose.hcpcs, dose.drug, facts)
    ]
    for treatment in facts.chart.prior_treatments:
        begun = treatment.start or treatment.end
        if (
            begun is not None
            and begun < facts.on
            and treatment.status not in ("entered-in-error", "not-taken", "intended")
        ):
            found.append(_Given(generics(treatment.drug), treatment.resource, begun, treatment.drug))
    yield from sorted(found, key=lambda item: (item.day or date.min, item.resource))


def _is_own(hcpcs: str, drug: str, facts: CaseFacts) -> bool:
    """Tell whether a dose is of the drug under review itself: its earlier cycles are no prior treatment."""
    return facts.drug.matches(hcpcs, drug)


def _drugs(item: Statement) -> frozenset[str]:
    written = ", ".join((item.name, item.values.get("drugs", "").replace(";", ", "), item.values.get("drug", "")))
    return generics(written)


def _shown(outcome: Outcome, given: _Given, asked: str) -> Answer:
    says = f"{asked}: {given.quote} charted{f' on {given.day}' if given.day else ''}"
    return Answer(outcome=outcome, says=says, quote=given.quote or None, source=given.resource, day=given.day)


def _asked(rule: PriorTherapyRule) -> str:
    if rule.lines is not None:
        return f"at least {rule.lines} earlier lines of treatment"
    names = " or ".join(rule.drugs) or "any systemic treatment"
    if rule.absent:
        return f"no earlier {names}"
    return f"{' or '.join(rule.outcomes)} with {names}" if rule.outcomes else f"earlier {names}"

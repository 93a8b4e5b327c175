"""Dose, interval, place, documents and authorization against what a policy asks."""

from decimal import Decimal

from knowledge.policies.terms import load_terms
from knowledge.types.chart import Amount
from knowledge.types.criteria import Answer, AuthorizationRule, DocumentRule, DoseOption, DoseRule, Outcome, SiteRule
from tools.chart.find import WEIGHT
from tools.chart.matching import names_in
from tools.chart.quantity import PER_BODY
from tools.dosing.units import in_mg
from tools.policy.facts import CaseFacts


def judge_dose(rule: DoseRule, facts: CaseFacts) -> Answer:
    """Compare the dose given and the days since the dose before with the schedules allowed; one that fits is enough."""
    if rule.steps and facts.course_began() >= facts.on:
        # Whether a first charted dose is the first of all is not sure: it can fit the first step, not break it.
        first = _option(rule.options[0].model_copy(update={"interval_days": None}), facts)
        return first if first.outcome == "met" else first.model_copy(update={"outcome": "not_determinable"})
    answers = [_option(option, facts) for option in rule.options]
    for outcome in ("met", "not_determinable"):
        for answer in answers:
            if answer.outcome == outcome:
                return answer
    return answers[-1]


def _option(option: DoseOption, facts: CaseFacts) -> Answer:
    parts = []
    if option.amount is not None:
        parts.append(_amount(option.amount, option.unit, facts))
    if option.interval_days is not None:
        parts.append(_interval(option.interval_days, facts))
    for outcome in ("not_met", "not_determinable"):
        for part in parts:
            if part.outcome == outcome:
                return part
    return parts[0]


def _amount(most: Decimal, unit: str, facts: CaseFacts) -> Answer:
    asked = f"at most {most} {unit}"
    if unit == "units":
        if facts.units is None:
            return Answer(outcome="not_determinable", says=f"{asked}: the units billed are not known")
        return Answer(outcome=_fits(facts.units <= most), says=f"{asked}: {facts.units} units billed")
    if unit in PER_BODY:
        return _per_body(most, unit, facts, asked)
    given = facts.given()
    if given is None:
        return Answer(outcome="not_determinable", says=f"{asked}: the dose given on {facts.on} is not certain")
    amount, limit = in_mg(given), in_mg(Amount(value=most, unit=unit))
    source = facts.given_in()[0]
    if amount is None or limit is None:
        return Answer(
            outcome="not_determinable", says=f"{asked}: {given.value} {given.unit} given, another unit", source=source
        )
    says = f"{asked}: {given.value} {given.unit} given on {facts.on}"
    return Answer(outcome=_fits(amount <= limit), says=says, source=source, day=facts.on)


def _per_body(most: Decimal, unit: str, facts: CaseFacts, asked: str) -> Answer:
    """Compare a dose per kg or m2 with the order's own; the amount given is for a dose table to check."""
    order = facts.order()
    ordered = (
        next((dose for dose in (order.basis, order.dose) if dose is not None and dose.unit == unit), None)
        if order
        else None
    )
    if order is None or ordered is None:
        return Answer(outcome="not_determinable", says=f"{asked}: no order in force states a dose in {unit}")
    says = f"{asked}: {ordered.value} {ordered.unit} ordered"
    return Answer(outcome=_fits(ordered.value <= most), says=says, source=order.resource, day=order.ordered_on)


def _interval(least: int, facts: CaseFacts) -> Answer:
    """Compare the days since the dose before; a dose a day early is not judged here."""
    asked = f"at least {least} days between doses"
    since = facts.days_since_last()
    order = facts.order()
    if since is None:
        if order is not None and order.interval_days is not None and order.interval_days >= least:
            says = f"{asked}: ordered every {order.interval_days} days, no dose before is charted"
            return Answer(outcome="met", says=says, source=order.resource, day=order.ordered_on)
        return Answer(outcome="not_determinable", says=f"{asked}: no dose before is charted")
    days, source = since
    if days < least and least - days <= 3:
        return Answer(outcome="not_determinable", says=f"{asked}: {days} days, within a visit window", source=source)
    return Answer(outcome=_fits(days >= least), says=f"{asked}: {days} days since the dose before", source=source)


def judge_site(rule: SiteRule, facts: CaseFacts) -> Answer:
    """Compare the place of service of the claim."""
    asked = f"place of service {' or '.join(rule.places)}"
    if not facts.place_of_service:
        return Answer(outcome="not_determinable", says=f"{asked}: the claim's place of service is not known")
    return Answer(
        outcome=_fits(facts.place_of_service in rule.places), says=f"{asked}: {facts.place_of_service} billed"
    )


def judge_authorization(rule: AuthorizationRule, facts: CaseFacts) -> Answer:
    """Tell whether an approved authorization was in force."""
    if facts.authorized is None:
        return Answer(
            outcome="not_determinable", says=f"{rule.rule}: whether one was in force on {facts.on} is not known"
        )
    says = f"{rule.rule}: {'one' if facts.authorized else 'none'} was in force on {facts.on}"
    return Answer(outcome=_fits(facts.authorized), says=says)


def judge_documents(rule: DocumentRule, facts: CaseFacts) -> Answer:
    """Find every document asked for, dated on or before the service; one that is not found may be elsewhere."""
    found = {name: _document(name, facts) for name in rule.documents}
    missing = [name for name, source in found.items() if not source]
    asked = ", ".join(rule.documents)
    if missing:
        return Answer(outcome="not_determinable", says=f"{asked}: not found in the chart: {', '.join(missing)}")
    return Answer(outcome="met", says=f"{asked}: in the chart", source=found[rule.documents[0]])


def _document(name: str, facts: CaseFacts) -> str:
    """Return the resource that is the document, "" when there is none."""
    chart = facts.chart
    if chart is None:
        return ""
    structured = {
        "physician order": order.resource if (order := facts.order()) else "",
        "administration record": next(iter(facts.given_in()), ""),
        "weight record": next(
            (
                item.resource
                for item in chart.observations
                if item.loinc == WEIGHT and item.day and item.day <= facts.on
            ),
            "",
        ),
    }
    if structured.get(name):
        return structured[name]
    called = next((row.document, *row.names) for row in load_terms().documents if row.document == name)
    for document in chart.documents:
        if (
            document.day is not None
            and document.day <= facts.on
            and names_in(f"{document.kind} {document.title}", called)
        ):
            return document.resource
    return next(
        (
            report.resource
            for report in chart.reports
            if report.day and report.day <= facts.on and names_in(report.kind, called)
        ),
        "",
    )


def _fits(holds: bool) -> Outcome:
    return "met" if holds else "not_met"

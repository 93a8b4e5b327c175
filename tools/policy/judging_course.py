"""Aim, company, side of the bowel, histology and measurements against what a policy asks."""

import re
from datetime import date, timedelta
from decimal import Decimal

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import (
    Answer,
    CombinationRule,
    CourseRule,
    HistologyRule,
    IntentRule,
    MeasurementRule,
    Outcome,
    SideRule,
)
from tools.policy.facts import CaseFacts, Statement, generics
from tools.policy.reading_course import CHEMOTHERAPY
from tools.policy.settling import Weighed, settle, unless_unread

_TOGETHER_DAYS = 3
"""Days around the service within which another drug belongs to the same cycle."""
_LEFT, _RIGHT = ("C185", "C186", "C187", "C19", "C20", "C218"), ("C180", "C181", "C182", "C183")
_SUPPORTIVE = (
    "long-acting g-csf", "short-acting g-csf", "erythropoiesis-stimulating agent", "intravenous iron",
    "5-ht3 antagonist", "nk1 antagonist", "somatostatin analog", "bisphosphonate", "denosumab biosimilar",
)  # fmt: skip
_CYTOTOXIC = ("platinum", "taxane", "anthracycline", "fluoropyrimidine")
_CYTOTOXIC_DRUGS = (
    "irinotecan", "gemcitabine", "pemetrexed", "etoposide", "topotecan", "vinorelbine", "eribulin", "cyclophosphamide",
    "ifosfamide", "methotrexate", "bendamustine", "cytarabine", "dacarbazine", "temozolomide", "ixabepilone",
)  # fmt: skip
_SUPPORTIVE_DRUGS = ("dexamethasone", "denosumab", "leucovorin", "luspatercept")


def judge_intent(rule: IntentRule, facts: CaseFacts) -> Answer:
    """Compare the aim of treatment by the service; the newest word of the best source counts."""
    asked = f"treatment {'with' if rule.curative else 'without'} curative intent"
    found = list(facts.about("intent", undated=True))
    weighed = [Weighed(_aim(rule, item), item) for item in found if item.name in ("curative", "palliative")]
    return settle(_newest(weighed), asked, enough_to_meet=4)


def _aim(rule: IntentRule, item: Statement) -> Outcome | None:
    if item.polarity == "negative":
        return ("not_met" if rule.curative else "met") if item.name == "curative" else None
    curative = item.name == "curative"
    return "met" if curative == rule.curative else "not_met"


def judge_course(rule: CourseRule, facts: CaseFacts) -> Answer:
    """Compare how long the drug has been given; a first dose has neither lasted nor been followed by progression."""
    began = facts.course_began()
    asked = f"a course of at most {rule.months} months" if rule.months is not None else "no progression on the drug"
    given = facts.given_in()
    if began >= facts.on and given:
        says = f"{asked}: the first charted dose is that of the service"
        return Answer(outcome="not_met" if rule.progressed else "met", says=says, source=given[0])
    if rule.months is None or began >= facts.on:
        return Answer(outcome="not_determinable", says=f"{asked}: the course so far is not plainly charted")
    months = (facts.on.year - began.year) * 12 + facts.on.month - began.month - (facts.on.day < began.day)
    outcome: Outcome = "met" if months < rule.months else "not_met"
    return Answer(outcome=outcome, says=f"{asked}: {months} full months since the first charted dose ({began})")


def judge_measurement(rule: MeasurementRule, facts: CaseFacts) -> Answer:
    """Compare the latest value by the service; two of one day on both sides of the bound settle nothing."""
    unit = f" {rule.unit}" if rule.unit else ""
    within = f" within {rule.within_days} days before the service" if rule.within_days is not None else ""
    asked = f"{rule.name} {rule.op} {rule.value}{unit}{within}"
    found = [item for item in facts.about("measurement") if item.name == rule.name and _same_unit(rule, item)]
    if rule.within_days is not None:
        first = facts.on - timedelta(days=rule.within_days)
        found = [item for item in found if item.day is not None and item.day >= first]
    last = max((item.day for item in found if item.day is not None), default=None)
    weighed = [Weighed(_compared(rule, item), item) for item in found if item.day == last]
    return unless_unread(settle(weighed, asked), facts.left_unread("measurement", (rule.name,)))


def _compared(rule: MeasurementRule, item: Statement) -> Outcome | None:
    if item.values.get("bound") or not re.fullmatch(r"\d+(?:\.\d+)?", item.values.get("value", "")):
        return None
    value = Decimal(item.values["value"])
    holds = {
        ">=": value >= rule.value,
        ">": value > rule.value,
        "<=": value <= rule.value,
        "<": value < rule.value,
    }[rule.op]
    return "met" if holds else "not_met"


def _same_unit(rule: MeasurementRule, item: Statement) -> bool:
    unit = item.values.get("unit", "")
    return not rule.unit or not unit or unit.lower() == rule.unit.lower()


def judge_combination(rule: CombinationRule, facts: CaseFacts) -> Answer:
    """Find what was given with the drug, around the day of service; the record tells that nothing else was given."""
    asked = " or ".join("alone" if not option else f"with {' and '.join(option)}" for option in rule.options)
    beside = _beside(facts)
    for option in rule.options:
        wanted = [_meant(name) for name in option]
        shown = [next((item for item in beside if item[0] & drugs), None) for drugs in wanted]
        if option and all(shown):
            first = next(item for item in shown if item is not None)
            return Answer(outcome="met", says=f"{asked}: given with it", quote=first[2], source=first[1], day=first[3])
    if () in rule.options and facts.given_in():
        others = [item for item in beside if not _is_supportive(item[0])]
        if not others:
            source = facts.given_in()[0]
            return Answer(outcome="met", says=f"{asked}: no other anticancer drug is charted with it", source=source)
    return Answer(outcome="not_determinable", says=f"{asked}: what was given with it is not plainly charted")


def _meant(name: str) -> frozenset[str]:
    """Return the drugs a name or class means; chemotherapy is every cytotoxic drug of the terms."""
    if name == CHEMOTHERAPY:
        rows = load_terms().drugs
        return frozenset(row.drug for row in rows if set(row.classes) & set(_CYTOTOXIC)) | set(_CYTOTOXIC_DRUGS)
    return frozenset(load_terms().drug_names().get(name, (name,)))


def _beside(facts: CaseFacts) -> list[tuple[frozenset[str], str, str, date | None]]:
    """Return other drugs given within the same cycle: names, resource, words, day."""
    own = facts.drug_names()
    found = []
    for dose in facts.chart.doses if facts.chart else ():
        near = dose.day is not None and abs((dose.day - facts.on).days) <= _TOGETHER_DAYS
        drugs = generics(dose.drug)
        if near and dose.status in ("completed", "") and dose.drug and not facts.drug.matches(dose.hcpcs, dose.drug):
            if not drugs or drugs - own:
                found.append((drugs - own or frozenset((dose.drug.lower(),)), dose.resource, dose.drug, dose.day))
    return found


def _is_supportive(drugs: frozenset[str]) -> bool:
    return bool(drugs) and drugs <= supportive_drugs()


def supportive_drugs() -> frozenset[str]:
    """Return the drugs that treat no cancer: they are no line of treatment and no partner."""
    rows = load_terms().drugs
    return frozenset(row.drug for row in rows if set(row.classes) & set(_SUPPORTIVE)) | set(_SUPPORTIVE_DRUGS)


def judge_side(rule: SideRule, facts: CaseFacts) -> Answer:
    """Tell the side of the bowel from the code of the primary tumor; the transverse colon tells neither."""
    asked = f"{rule.side}-sided primary"
    for condition in facts.conditions():
        side = "left" if condition.icd10.startswith(_LEFT) else "right" if condition.icd10.startswith(_RIGHT) else ""
        if side:
            outcome: Outcome = "met" if side == rule.side else "not_met"
            says = f"{asked}: {condition.icd10} {condition.text}".strip()
            return Answer(outcome=outcome, says=says, quote=condition.text or None, source=condition.resource)
    return Answer(outcome="not_determinable", says=f"{asked}: the side of the primary tumor is not coded")


def judge_histology(rule: HistologyRule, facts: CaseFacts) -> Answer:
    """Find the histology in pathology, notes or the problem list; only one that is ruled out refutes."""
    asked = " or ".join((*rule.names, *(f"not {name}" for name in rule.against)))
    found = [item for item in facts.about("histology", undated=True) if item.polarity == "positive"]
    if rule.against:
        weighed = [Weighed("not_met" if item.name in rule.against else "met", item) for item in found]
        return settle(weighed, asked, enough_to_meet=4)
    hits = [item for item in found if item.name in rule.names or any(name in item.name for name in rule.names)]
    return settle([Weighed("met", item) for item in hits], asked, enough_to_meet=4)


def _newest(weighed: list[Weighed]) -> list[Weighed]:
    """Keep the newest of each rank: an aim may change."""
    kept = []
    for rank in {item.statement.rank for item in weighed}:
        of_rank = [item for item in weighed if item.statement.rank == rank]
        last = max((item.statement.day or date.min) for item in of_rank)
        kept += [item for item in of_rank if (item.statement.day or date.min) == last]
    return kept

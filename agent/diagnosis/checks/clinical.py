"""Facts about medical necessity: the policy's criteria, biomarkers, earlier treatment, support for the use."""

import re
from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.clinical import clinical, policy_values
from agent.diagnosis.given import drug_of
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed
from knowledge.types.chart import ClinicalFact
from knowledge.types.criteria import BiomarkerRule, CriterionRow, MeasurementRule
from knowledge.types.evidence import Fact
from tools.chart.facts import biomarker

MARKER_PARTS = {"RAS": ("RAS", "KRAS", "NRAS"), "HR": ("HR", "ER", "PR"), "MSI/MMR": ("MSI", "MMR")}
"""Markers that policies name together, and those a report gives."""
ESA_CEILING = Decimal(10)
"""Hemoglobin in g/dL below which an ESA may be given (NCD 110.21)."""
GET_POLICY = ("the payer's policy in force on the date of service",)


def _row_evidence(q: Inquiry, row: CriterionRow) -> tuple[str, ...]:
    """Keep a criterion's words and the chart's answer to it."""
    policy = q.case.policy
    kept = []
    if policy is not None:
        file = policy.source.partition(":")[0] or policy.policy_id
        kept.append(
            q.ledger.add(
                "policy",
                f"{file} section {row.criterion.heading}",
                f"{policy.policy_id} asks: {row.criterion.text}",
                quote=row.criterion.text,
                exhibit=f"policy:{policy.policy_id}",
            )
        )
    if row.source and q.case.chart is not None and "/" in row.source:
        # A source is cited in its own words: what the policy asks for does not stand in it.
        kept.append(sources.chart(q, row.source, row.quote or row.chart_fact, quote=row.quote))
    return tuple(kept)


@check
def policy_criteria_met(q: Inquiry) -> Fact:
    """Whether the chart meets every clinical criterion of the policy in force on the date of service."""
    table = clinical(q).table
    if table is None:
        return unknown("No policy of the payer in force that day is at hand", missing=GET_POLICY)
    evidence = [item for row in table.rows for item in _row_evidence(q, row)]
    values = {**policy_values(q), "criteria_count": str(len(table.rows))}
    if table.outcome == "met":
        return yes(f"The chart meets the criteria of {table.policy_id}", *evidence, **values)
    failed = [row for row in table.rows if row.outcome == "not_met"]
    if table.outcome == "not_met":
        says = f"{failed[0].criterion.text}: {failed[0].chart_fact}" if failed else "A criterion is not met"
        return no(says, *evidence, **values)
    openly = [row.criterion.text for row in table.rows if row.outcome == "not_determinable"]
    missing = tuple(f"criterion: {text}" for text in openly[:3])
    return unknown("Not every criterion can be answered from the chart", *evidence, missing=missing)


@check
def policy_criterion_refuted(q: Inquiry) -> Fact:
    """Whether the best source of the chart plainly refutes a clinical criterion of the policy in force."""
    table = clinical(q).table
    if table is None:
        return unknown("No policy of the payer in force that day is at hand", missing=GET_POLICY)
    if table.outcome == "met":
        return no(f"The chart meets the criteria of {table.policy_id}")
    failed = [row for row in table.rows if row.outcome == "not_met"]
    if table.outcome == "not_met" and failed:
        row = failed[0]
        return yes(
            f"{row.criterion.text}: {row.chart_fact}",
            *_row_evidence(q, row),
            criterion=row.criterion.text.rstrip(".;"),
            chart_fact=row.chart_fact,
            **policy_values(q),
        )
    return unknown("No criterion is plainly refuted", missing=tuple(r.criterion.text for r in table.rows[:2]))


@check
def biomarker_report_qualifies(q: Inquiry) -> Fact:
    """Whether a report from before the service answers every biomarker criterion of the policy, and qualifies."""
    found = clinical(q)
    rows = found.rows("biomarker")
    if found.table is None or not rows:
        return _any_report(q)
    evidence = [item for row in rows for item in _row_evidence(q, row)]
    if all(row.outcome == "met" for row in rows):
        shown = listed([row.chart_fact for row in rows])
        return yes(shown, *evidence, biomarker_fact=shown, **policy_values(q))
    failed = [row for row in rows if row.outcome == "not_met"]
    if failed:
        return no(f"{failed[0].criterion.text}: {failed[0].chart_fact}", *evidence)
    return unknown("The biomarker result is not surely read", missing=("the laboratory report of the biomarker",))


def _any_report(q: Inquiry) -> Fact:
    """Without a criterion to hold it against: is there a laboratory result of a biomarker from before the service."""
    served = q.service_date
    results = [
        fact
        for fact in clinical(q).facts
        if fact.topic == "biomarker" and fact.rank == 1 and fact.day is not None and served and fact.day <= served
    ]
    if not results:
        return unknown(
            "No laboratory report of a biomarker is read", missing=("the laboratory report of the biomarker",)
        )
    said = listed([f"{fact.name} ({fact.polarity}) of {day(fact.day)}" for fact in results[:3]])
    evidence = [sources.chart(q, fact.resource, f"{fact.name}: {fact.quote}", quote=fact.quote) for fact in results[:3]]
    return yes(f"The chart holds {said}", *evidence, biomarker_fact=said, **policy_values(q))


@check
def prior_treatment_charted(q: Inquiry) -> Fact:
    """Whether the chart states the earlier treatment: each criterion of it met, or, without one, lines with outcome."""
    found, served = clinical(q), q.service_date
    rows = found.rows("prior_therapy", "step")
    if rows:
        evidence = [item for row in rows for item in _row_evidence(q, row)]
        if all(row.outcome == "met" for row in rows):
            shown = listed([row.chart_fact for row in rows])
            quotes = listed(list(dict.fromkeys(f'"{row.quote}"' for row in rows if row.quote)))
            return yes(shown, *evidence, prior_treatment=shown, prior_quotes=quotes, **policy_values(q))
        failed = [row for row in rows if row.outcome == "not_met"]
        if failed:
            return no(f"{failed[0].criterion.text}: {failed[0].chart_fact}", *evidence)
    lines = [
        fact
        for fact in found.facts
        if fact.topic == "treatment"
        and fact.polarity == "positive"
        and fact.values.get("outcome")
        and fact.day is not None
        and served is not None
        and fact.day <= served
    ]
    if not lines:
        return unknown("Earlier lines of treatment are not surely read", missing=("the treatment history with dates",))
    said = listed([f"{fact.name}: {fact.values['outcome']}" for fact in lines[:4]])
    evidence = [sources.chart(q, fact.resource, f"{fact.name}: {fact.quote}", quote=fact.quote) for fact in lines[:4]]
    quotes = listed(list(dict.fromkeys(f'"{fact.quote}"' for fact in lines[:4])))
    return yes(f"The chart states {said}", *evidence, prior_treatment=said, prior_quotes=quotes, **policy_values(q))


@check
def policy_asks_for_prior_treatment(q: Inquiry) -> Fact:
    """Whether the policy in force makes earlier treatment a criterion."""
    table = clinical(q).table
    if table is None:
        return unknown("No policy of the payer in force that day is at hand", missing=GET_POLICY)
    rows = clinical(q).rows("prior_therapy", "step")
    if rows:
        return yes(f"{table.policy_id} asks for earlier treatment", *_row_evidence(q, rows[0]))
    return no(f"{table.policy_id} asks for no earlier treatment")


@check
def lines_decide(q: Inquiry) -> Fact:
    """Whether earlier treatment is what is left to dispute: a remark names it, or nothing else asked for is open."""
    named = _remit_names(q, HISTORY_WORDS)
    if named:
        return yes(f"Remark {named} names the treatment history", sources.remit_line(q))
    table = clinical(q).table
    if table is None:
        return unknown("No policy of the payer in force that day is at hand", missing=GET_POLICY)
    lines = ("prior_therapy", "step")
    openly = [row for row in table.rows if row.outcome != "met" and row.criterion.kind not in (*lines, *NOT_CLINICAL)]
    openly += [row for row in table.rows if row.outcome != "met" and row.criterion.kind in lines and _is_unread(row)]
    asked = [row for row in table.rows if row.criterion.kind in lines and not _is_unread(row)]
    if asked and not [row for row in openly if not _of_other_use(q, row)]:
        return yes(f"{table.policy_id} leaves only the earlier treatment to dispute", *_row_evidence(q, asked[0]))
    missing = tuple(f"criterion: {row.criterion.text}" for row in openly[:2])
    return unknown("More than the earlier treatment is still asked", missing=missing)


NOT_CLINICAL = ("documentation", "authorization", "site", "dose", "frequency", "performance")
"""Kinds of criteria that a denial of a line of therapy is not about; a performance status is often not written down."""


def _is_unread(row: CriterionRow) -> bool:
    return row.criterion.requires is None


def _of_other_use(q: Inquiry, row: CriterionRow) -> bool:
    """Tell whether a row is one of alternatives of which another holds, or asks for earlier treatment."""
    table = clinical(q).table
    at: str | None = row.criterion.group
    beside = {item.criterion.group for item in clinical(q).rows("prior_therapy", "step") if not _is_unread(item)}
    groups = {item.group.id: item for item in table.groups} if table else {}
    while at is not None:
        either = groups[at].group.logic in ("any", "unstated")
        if either and (groups[at].outcome == "met" or at in beside):
            return True
        at = groups[at].group.parent
    return False


REPORT_WORDS = ("lab report", "diagnostic report", "pathology", "test result", "biomarker")
HISTORY_WORDS = ("prior-treatment", "treatment history", "prior step")


def _remit_names(q: Inquiry, words: tuple[str, ...]) -> str:
    """Return the remark whose meaning (in our own words) names one of `words`; empty when none does.

    A remark that can mean the report as well as the history of treatment (N674) names neither.
    """
    for code in sorted(q.remarks):
        row = q.codes.rarc.lookup(code)
        meaning = f"{row.meaning} {row.resolves}".casefold() if row is not None else ""
        either = all(any(word in meaning for word in kind) for kind in (REPORT_WORDS, HISTORY_WORDS))
        if not either and any(word in meaning for word in words):
            return code
    return ""


def _question(q: Inquiry, words: tuple[str, ...], kinds: tuple[str, ...], what: str) -> Fact:
    """Tell whether `what` is what the payer asks: its remark names it, or it denies and the policy turns on it."""
    named = _remit_names(q, words)
    if named:
        return yes(f"Remark {named} asks for {what}", sources.remit_line(q))
    if q.fact("records-asked-for").truth == "confirmed":
        return no(f"The payer asks for records and does not name {what}", sources.remit_line(q))
    rows = clinical(q).rows(*kinds)
    if rows and all(row.outcome != "not_determinable" for row in rows):
        return yes(f"The policy turns on {what}", *_row_evidence(q, rows[0]))
    return unknown(f"Whether {what} is the question is not known", missing=("what the payer missed, by a call",))


@check
def biomarker_is_the_question(q: Inquiry) -> Fact:
    """Whether the payer missed a laboratory or pathology report, by its remark or by its policy's criteria."""
    return _question(q, REPORT_WORDS, ("biomarker",), "a biomarker report")


@check
def treatment_history_is_the_question(q: Inquiry) -> Fact:
    """Whether the payer missed the history of treatment, by its remark or by its policy's criteria."""
    return _question(q, HISTORY_WORDS, ("prior_therapy", "step"), "the treatment history")


@check
def chart_contradicts_itself(q: Inquiry) -> Fact:
    """Whether equally good sources of the chart disagree on a biomarker the policy decides by (facts 7.2)."""
    found, served = clinical(q), q.service_date
    if served is None or found.reading is None:
        return unknown("The chart is not at hand", missing=("the patient's chart",))
    rules = [
        rule
        for row in found.rows("biomarker")
        for rule in row.criterion.requires or ()
        if isinstance(rule, BiomarkerRule)
    ]
    if (measured := _measured_twice(q)) is not None:
        return measured
    markers = {part for rule in rules for part in MARKER_PARTS.get(rule.marker, (rule.marker,))} or {
        f.name for f in found.facts if f.topic == "biomarker"
    }
    for marker in sorted(markers):
        answer = biomarker(found.facts, marker, served)
        if answer.state == "contradictory":
            one, other = answer.contradicting[0], answer.contradicting[-1]
            evidence = [
                sources.chart(q, fact.resource, f"{marker}: {fact.quote}", quote=fact.quote)
                for fact in answer.contradicting[:4]
            ]
            says = f"{marker}: {one.source or 'one source'} of {day(one.day)} and of {day(other.day)} disagree"
            return yes(
                says, *evidence, marker=marker, first_source=one.quote, second_source=other.quote, **policy_values(q)
            )
    return no("No two sources of equal rank disagree on what decides")


def _measured_twice(q: Inquiry) -> Fact | None:
    """Find two values of one day on both sides of a bound of the policy (hemoglobin 9.8 and 10.3 where it wants 10)."""
    found, served = clinical(q), q.service_date
    if found.reading is None or served is None:
        return None
    bounds = {
        (rule.name, rule.value): rule
        for row in (found.table.rows if found.table else ())
        for rule in row.criterion.requires or ()
        if isinstance(rule, MeasurementRule)
    }
    if "poetin" in (drug.generic if (drug := drug_of(q)) else ""):
        bounds.setdefault(("hemoglobin", ESA_CEILING), MeasurementRule(name="hemoglobin", op="<", value=ESA_CEILING))
    for (name, bound), rule in sorted(bounds.items(), key=lambda item: item[0]):
        facts = [fact for fact in found.facts if fact.topic == "measurement" and fact.name == name and fact.day]
        days = [fact.day for fact in facts if fact.day is not None and fact.day <= served]
        latest = [fact for fact in facts if days and fact.day == max(days) and _number(fact) is not None]
        best = [fact for fact in latest if fact.rank == min(item.rank for item in latest)]
        low = [fact for fact in best if (_number(fact) or bound) < bound]
        high = [fact for fact in best if (_number(fact) or bound) >= bound]
        if low and high and rule.op in ("<", ">="):
            one, other = low[0], high[0]
            evidence = [sources.chart(q, fact.resource, fact.quote, quote=fact.quote) for fact in (one, other)]
            says = (
                f"{name} of {day(one.day)} is {_number(one)} in one source, {_number(other)} in another of equal rank"
            )
            return yes(
                says, *evidence, marker=name, first_source=one.quote, second_source=other.quote, **policy_values(q)
            )
    return None


def _number(fact: ClinicalFact) -> Decimal | None:
    written = fact.values.get("value", "")
    return Decimal(written) if re.fullmatch(r"\d+(?:\.\d+)?", written) and "bound" not in fact.values else None

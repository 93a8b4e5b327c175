"""Whether a treatment has ended though its order still stands: hospice, or a note or statement that it was stopped."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from agent.watching.treatment import Treatment, drug_key
from knowledge.codes import HcpcsTable
from knowledge.types.chart import Chart, ClinicalFact
from knowledge.types.practice import CoverageSpan
from tools.chart.facts import read_clinical, vocabulary
from tools.chart.facts.partial_dates import earliest
from tools.chart.facts.vocabulary import Vocabulary

_ENDINGS = ("progression", "stopped", "toxicity", "intolerance", "completed")
"""Outcomes that end a treatment; a response does not."""
_OVER = ("completed", "stopped", "not-taken")


def facts_of(chart: Chart, table: HcpcsTable, as_of: date) -> tuple[ClinicalFact, ...]:
    """Read what the chart says of treatments and hospice by `as_of`."""
    facts = read_clinical(chart, _words(table, as_of.year)).facts
    return tuple(fact for fact in facts if fact.topic in ("treatment", "event") and (fact.day or as_of) <= as_of)


def hospice(facts: Iterable[ClinicalFact], coverage: Iterable[CoverageSpan], as_of: date) -> tuple[str, str]:
    """Say, with its source, that the patient is in hospice on `as_of`; two empty strings when nothing says so.

    Of the chart's sentences the newest counts; a hospice left is one no more.
    """
    for row in coverage:
        begun = row.start_date is None or row.start_date <= as_of
        if row.plan_type == "hospice" and begun and (row.end_date is None or row.end_date >= as_of):
            return f"hospice since {row.start_date or 'an unknown day'} by verified coverage", row.source
    told = [fact for fact in facts if fact.topic == "event" and fact.name == "hospice" and fact.day is not None]
    newest = max(told, key=lambda fact: (str(fact.day), fact.polarity == "positive"), default=None)
    if newest is None or newest.polarity != "positive":
        return "", ""
    return f'hospice by the {newest.source or "note"} of {newest.day} ("{_flat(newest.quote)}")', newest.resource


def discontinued(
    treatment: Treatment, facts: Sequence[ClinicalFact], table: HcpcsTable, as_of: date
) -> tuple[str, str]:
    """Say, with its source, that the drug was stopped on or after its last dose; empty when ordered again since."""
    last = treatment.last.day if treatment.last else None
    ordered = treatment.order.ordered_on if treatment.order else None
    if last is None:
        return "", ""
    for fact in facts:
        if (
            fact.topic != "treatment"
            or fact.values.get("status") != "prior"
            or fact.values.get("outcome") not in _ENDINGS
        ):
            continue
        if all(drug_key("", name.strip(), as_of, table) != treatment.drug for name in fact.values["drugs"].split(";")):
            continue
        ended = earliest(fact.values["stop"]) if fact.values.get("stop") else fact.day
        # A note of the very day of the dose may look back on what was done before it.
        after = ended is not None and (last < ended or (last == ended and bool(fact.values.get("stop"))))
        if ended is not None and after and ended <= as_of and (ordered is None or ordered <= ended):
            outcome = fact.values["outcome"]
            return f'ended by {ended} ({outcome}: "{_flat(fact.quote)}")', fact.resource
    for held in treatment.chart.prior_treatments:
        same = drug_key(held.hcpcs, held.drug, as_of, table) == treatment.drug
        over = held.end is not None and last <= held.end < as_of and held.status in _OVER
        if same and over and (ordered is None or held.end is None or ordered <= held.end):
            return f"{held.status} on {held.end}", held.resource
    return "", ""


@lru_cache(maxsize=4)
def _words(table: HcpcsTable, year: int) -> Vocabulary:
    return vocabulary(table, date(year, 1, 1))


def _flat(text: str) -> str:
    return " ".join(text.split())

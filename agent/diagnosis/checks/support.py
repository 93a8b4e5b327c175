"""Facts about support for a use outside or within its label: compendium entries and label pages in the chart."""

import re

from agent.diagnosis import sources
from agent.diagnosis.clinical import case_facts, policy_values
from agent.diagnosis.given import names_drug
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.chart import Document
from knowledge.types.evidence import Fact
from tools.policy.assess import answer_to
from tools.policy.facts import CaseFacts, generics
from tools.policy.judging_compendium import SUPPORTS, listings, speaks_of_disease
from tools.policy.judging_course import supportive_drugs
from tools.policy.requirements import read_sentence


@check
def compendium_support_documented(q: Inquiry) -> Fact:
    """Whether the chart names a compendium entry of a qualifying level (MBPM ch. 15, 50.4.5) for the use."""
    facts = case_facts(q)
    found = listings(facts) if facts is not None else []
    holds = [item for item in found if item.level in SUPPORTS]
    if holds:
        item = holds[-1]
        says = f"{item.where}: {item.quote}"
        return yes(
            says, sources.chart(q, item.resource, says, quote=item.quote), support=item.quote, **policy_values(q)
        )
    against = [item for item in found if item.level not in ("none",)]
    if against:
        says = f"{against[-1].where}: {against[-1].quote}"
        return no(says, sources.chart(q, against[-1].resource, says, quote=against[-1].quote))
    return unknown("No compendium entry is on file", missing=("the compendium entry with its level and date",))


INDICATED = re.compile(r"[^.\n]*\bindicat(?:ed|ions?)\b[^.]*", re.IGNORECASE)
LABEL = re.compile(r"\blabel(?:ing|led)?\b|prescribing information|package insert|full prescribing", re.IGNORECASE)
NEAR = 60
"""Days between an order and a label page that was printed for it."""
PAYER_PAPER = re.compile(r"policy|denial|determination|remit|appeal|off-label", re.IGNORECASE)


def _labelled(q: Inquiry) -> tuple[str, str, str] | None:
    """Find an extract of the drug's label in the chart and the sentence that states its indication.

    It must name the drug and no other, or no drug at all where one is being given, and the patient's disease; what it
    asks beside must not be refuted by the chart.
    """
    facts = case_facts(q)
    if facts is None:
        return None
    for document in facts.documents():
        kind = f"{document.kind} {document.title}"
        if not LABEL.search(kind) or PAYER_PAPER.search(kind) or not _is_of_drug(q, document, facts):
            continue
        for match in INDICATED.finditer(document.text):
            start = max(document.text.rfind("\n", 0, match.start()), 0)
            before = document.text[:start][-400:]
            about = speaks_of_disease(match.group(), facts)
            if about is None:
                about = speaks_of_disease(before, facts)
            heading = document.text[max(0, match.start() - 120) : match.end()]
            if (about or speaks_of_disease(heading, facts)) and not _is_refuted(match.group(), facts):
                return document.resource, match.group(0).strip(), f"{document.kind} of {day(document.day)}"
    return None


def _is_of_drug(q: Inquiry, document: Document, facts: CaseFacts) -> bool:
    if names_drug(q, document.text) or names_drug(q, document.title):
        return True
    if (
        generics(f"{document.text} {document.title}") - facts.drug_names()
        or facts.chart is None
        or document.day is None
    ):
        return False
    # A page that names no drug was filed for the one drug that is being ordered then.
    near = [
        item for item in facts.chart.orders if item.ordered_on and abs((item.ordered_on - document.day).days) <= NEAR
    ]
    others = [item for item in near if not facts.drug.matches(item.hcpcs, item.drug)]
    return bool(near) and all(generics(item.drug) and generics(item.drug) <= supportive_drugs() for item in others)


def _is_refuted(sentence: str, facts: CaseFacts) -> bool:
    read = read_sentence(sentence)
    return any(answer_to(rule, facts).outcome == "not_met" for rule in read.requires or ())


@check
def use_is_supported(q: Inquiry) -> Fact:
    """Whether the policy's criteria are met or a compendium supports the use: then it is no experiment."""
    met = q.fact("policy-criteria-met")
    if met.truth == "confirmed":
        return met.model_copy(update={"values": {**met.values, "support": met.says}})
    listed_use = q.fact("compendium-support-documented")
    if listed_use.truth == "confirmed":
        return listed_use
    label = _labelled(q)
    if label is not None:
        resource, quote, where = label
        shown = sources.chart(q, resource, f"{where}: {quote}", quote=quote)
        return yes(f"{where}: {quote}", shown, support=quote, **policy_values(q))
    return unknown("Neither criteria nor a compendium entry settle it", missing=(*met.missing, *listed_use.missing))

"""Facts about step therapy: whether the chart answers the payer's wish for another product first."""

import re

from agent.diagnosis import sources
from agent.diagnosis.clinical import case_facts
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.criteria import Answer, PriorTherapyRule
from knowledge.types.evidence import Fact
from tools.chart.facts.passages import cut, rank_of
from tools.chart.facts.scope import spoiler
from tools.chart.matching import names_in
from tools.policy.facts import CaseFacts
from tools.policy.judging_therapy import judge_therapy

TOLERATED = re.compile(
    r"\b(?:did|does|doing|done) (?:fine|well|okay|ok) (?:with|on|after)\b"
    r"|\b(?:well )?tolerated\b(?! poorly)|\btolerat(?:es|ing)\b"
    r"|\bno (?:problems?|reactions?|issues?|side effects?|trouble) (?:with|to|on|after)\b"
    r"|\bwithout (?:a |any )?(?:problems?|reactions?|issues?|side effects?)\b",
    re.IGNORECASE,
)
NOT_TOLERATED = re.compile(
    r"\b(?:not|poorly|never|cannot|could not|un|in)\W?(?:\w+\W+){0,2}toler"
    r"|\btolerated poorly|\bbut\b|\buntil\b|\bexcept\b"
    r"|\b(?:hives|rash|anaphyla|intoleran|fail|progress|stopped|discontinued|switch)\w*",
    re.IGNORECASE,
)


@check
def preferred_product_tolerated(q: Inquiry) -> Fact:
    """Whether a note by the service says plainly that a preferred product was given and tolerated.

    Then nothing excuses the step: a product that works and is tolerated is what the payer asks to be used.
    """
    payer, facts = q.case.payer, case_facts(q)
    rule = next((rule for rule in (payer.step_therapy if payer else ()) if rule.drug == q.hcpcs), None)
    if rule is None or facts is None:
        return unknown("No step rule applies")
    if (ended := _how_it_ended(tuple(rule.prefer), facts)).outcome == "met":
        return no(ended.says)
    names = _names(q, tuple(rule.prefer))
    for document in facts.documents():
        if not rank_of(document.kind or document.title)[0]:
            continue
        for sentence, of_family in cut(document.text):
            match = TOLERATED.search(sentence.text)
            if match is None or of_family or not names_in(sentence.text, names):
                continue
            if NOT_TOLERATED.search(sentence.text) or spoiler(
                sentence.text, match.start(), match.end(), allow=("negated", "historical")
            ):
                continue
            says = f'{document.kind} of {day(document.day)}: "{" ".join(sentence.text.split())}"'
            return yes(says, sources.chart(q, document.resource, says, quote=sentence.text))
    return no("No note says that a preferred product was tolerated")


def _how_it_ended(products: tuple[str, ...], facts: CaseFacts) -> Answer:
    """Ask the chart whether a preferred product failed, was not tolerated or is contraindicated."""
    asked = PriorTherapyRule(drugs=products, outcomes=("progression", "intolerance", "contraindication"))
    return judge_therapy(asked, facts)


def _names(q: Inquiry, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes with their generic and brand names, as the table has them on the day of service."""
    rows = [q.codes.hcpcs.lookup(code, q.service_date) for code in codes] if q.service_date else []
    named = [name for row in rows if row is not None for name in (row.generic, row.brand)]
    return (*codes, *(name for name in named if len(name) > 3))


@check
def step_question_settled(q: Inquiry) -> Fact:
    """Whether the preferred product was plainly not tried, or tried and failed, not tolerated or contraindicated.

    A product that was given and of which nothing else is told settles nothing (42 CFR 422.136 and plan policies ask how
    it ended).
    """
    wants = q.fact("payer-wants-preferred-product")
    if wants.truth != "confirmed":
        return wants
    tried = q.fact("preferred-product-tried")
    if tried.truth == "refuted":
        none = f"the chart shows none of them before {day(q.service_date)}"
        return yes(tried.says, *tried.evidence, step_answer=none)
    payer, facts = q.case.payer, case_facts(q)
    rule = next((rule for rule in (payer.step_therapy if payer else ()) if rule.drug == q.hcpcs), None)
    if rule is None or facts is None:
        return tried
    answer = _how_it_ended(tuple(rule.prefer), facts)
    if answer.outcome != "met" or not answer.quote:
        kept = q.fact("preferred-product-tolerated")
        if kept.truth == "confirmed":
            return yes(kept.says, *kept.evidence, *tried.evidence, step_answer=kept.says)
        return unknown(
            "How the preferred product ended is not plainly charted",
            *tried.evidence,
            missing=("how the preferred product was tolerated and whether it worked",),
        )
    words = " ".join(answer.quote.split())
    evidence = sources.chart(q, answer.source, answer.quote, quote=answer.quote)
    return yes(answer.says, evidence, *tried.evidence, step_answer=f'the chart tells how it ended: "{words}"')

"""Facts about step therapy: whether the chart answers the payer's wish for another product first."""

from agent.diagnosis import sources
from agent.diagnosis.clinical import case_facts
from agent.diagnosis.inquiry import Inquiry, check, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.criteria import PriorTherapyRule
from knowledge.types.evidence import Fact
from tools.policy.judging_therapy import judge_therapy


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
    asked = PriorTherapyRule(drugs=tuple(rule.prefer), outcomes=("progression", "intolerance", "contraindication"))
    answer = judge_therapy(asked, facts)
    if answer.outcome != "met" or not answer.quote:
        return unknown(
            "How the preferred product ended is not plainly charted",
            *tried.evidence,
            missing=("how the preferred product was tolerated and whether it worked",),
        )
    words = " ".join(answer.quote.split())
    evidence = sources.chart(q, answer.source, answer.quote, quote=answer.quote)
    return yes(answer.says, evidence, *tried.evidence, step_answer=f'the chart tells how it ended: "{words}"')

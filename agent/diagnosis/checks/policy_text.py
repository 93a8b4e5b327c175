"""Facts a payer's own policy in force states in plain words: benefit, self-administration, exclusion."""

import re

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from agent.diagnosis.sources import policy_place
from knowledge.types.evidence import Fact

GET_POLICY = ("the payer's policy in force on the date of service",)

SELF = re.compile(r"\bself[- ]administ\w+", re.IGNORECASE)
EXCLUDED = re.compile(r"\b(exclu(?:ded|sion)s?|not a covered benefit|not covered)\b", re.IGNORECASE)


def stated(q: Inquiry, pattern: re.Pattern[str], what: str) -> Fact:
    """Find a sentence of the policy in force that says it; without a policy the question stays open."""
    policy = q.case.policy
    if policy is None:
        return unknown("No policy of the payer in force that day is at hand", missing=GET_POLICY)
    for section in policy.sections:
        for sentence in re.split(r"(?<=[.;])\s+|\n+", f"{section.text}"):
            if pattern.search(sentence) or (pattern.search(section.heading) and sentence.strip()):
                quote = sentence.strip(" -*")
                evidence = q.ledger.add(
                    "policy",
                    policy_place(policy, section),
                    f"{policy.policy_id} speaks of {what}",
                    quote=quote,
                    exhibit=f"policy:{policy.policy_id}",
                )
                return yes(
                    f"{policy.policy_id}: {quote}",
                    evidence,
                    policy_id=policy.policy_id,
                    policy_words=quote,
                    hcpcs=q.hcpcs,
                    service_date=day(q.service_date),
                )
    return no(f"{policy.policy_id} says nothing of {what}")


@check
def drug_called_self_administered(q: Inquiry) -> Fact:
    """Whether policy or remit calls the drug one that patients usually give themselves (MBPM 15, 50.2)."""
    named = q.remarks & {"N426"}
    found = stated(q, SELF, "self-administration") if not named else None
    if found is not None and found.truth != "confirmed":
        return found
    evidence = (*(found.evidence if found else ()), sources.remit_line(q), sources.claim_line(q))
    return yes(
        "The payer counts the drug as self-administered", *evidence, hcpcs=q.hcpcs, service_date=day(q.service_date)
    )


@check
def plan_excludes_service(q: Inquiry) -> Fact:
    """Whether the plan's own words, or a remark about the benefit contract, exclude the service."""
    remarks = sorted(q.remarks & {"N130", "N216", "N425"})
    if remarks:
        says = f"The remit points to the plan's benefit terms ({', '.join(remarks)})"
        return yes(says, sources.remit_line(q), hcpcs=q.hcpcs, service_date=day(q.service_date))
    return stated(q, EXCLUDED, "an exclusion")

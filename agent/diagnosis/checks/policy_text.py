"""Facts a payer's own policy in force states in plain words: site, benefit, self-administration, exclusion."""

import re

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from agent.diagnosis.sources import policy_place
from knowledge.types.evidence import Fact

GET_POLICY = ("the payer's policy in force on the date of service",)

SITE = re.compile(
    r"\b(site of care|hospital outpatient|outpatient hospital|home infusion|freestanding)\b", re.IGNORECASE
)
PHARMACY = re.compile(r"\b(pharmacy benefit|specialty pharmacy|white[- ]bag\w*|PBM)\b", re.IGNORECASE)
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
def policy_prefers_other_site(q: Inquiry) -> Fact:
    """Whether the service was in a hospital outpatient place and the policy speaks of where it is to be given."""
    claim = q.case.claim
    place = (q.subject.place_of_service if q.subject else "") or (claim.place_of_service if claim else "")
    if claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    if place not in ("19", "22"):
        return no(f"Place of service {place or 'blank'} is no hospital outpatient place", sources.claim_parties(q))
    found = stated(q, SITE, "the site of care")
    if found.truth != "confirmed":
        return found
    evidence = (*found.evidence, sources.claim_parties(q))
    return found.model_copy(update={"evidence": evidence, "values": {**found.values, "place": place}})


@check
def policy_moves_drug_to_pharmacy(q: Inquiry) -> Fact:
    """Whether the policy puts the drug under the pharmacy benefit or a named vendor."""
    return stated(q, PHARMACY, "the pharmacy benefit")


@check
def drug_called_self_administered(q: Inquiry) -> Fact:
    """Whether policy or remit calls the drug self-administered, and the chart shows a route a patient could use."""
    named = q.remarks & {"N426"}
    found = stated(q, SELF, "self-administration") if not named else None
    if found is not None and found.truth != "confirmed":
        return found
    chart, served = q.case.chart, q.service_date
    routes = {d.route.casefold() for d in (chart.doses if chart else ()) if d.day == served and d.hcpcs == q.hcpcs}
    if any("intraven" in route or route == "iv" for route in routes):
        return no("The drug was given into a vein, which no patient does alone")
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


OFFICE = re.compile(r"[^.\n]*\b(?:in|at) (?:the|our) (?:\w+ ){0,3}(?:office|physician office)\b[^.\n]*", re.IGNORECASE)
HOSPITAL = re.compile(r"[^.\n]*\b(?:hospital outpatient|outpatient department|on campus)\b[^.\n]*", re.IGNORECASE)


@check
def place_was_keyed_wrong(q: Inquiry) -> Fact:
    """Whether a document of the day says another place than the claim: the office against hospital outpatient."""
    claim, chart, served = q.case.claim, q.case.chart, q.service_date
    if claim is None or chart is None:
        return unknown("Claim or chart is not at hand", missing=("where the drug was given",))
    place = (q.case.line.place_of_service if q.case.line else "") or claim.place_of_service
    pattern = OFFICE if place in ("19", "22") else HOSPITAL if place == "11" else None
    for document in chart.documents if pattern else ():
        match = pattern.search(document.text) if pattern and document.day == served else None
        if match:
            quote = match.group(0).strip()
            evidence = sources.chart(q, document.resource, f"{document.kind}: {quote}", quote=quote)
            values = {"place": place, "place_words": quote, "hcpcs": q.hcpcs, "service_date": day(served)}
            return yes(f"Billed at {place}; {document.kind}: {quote}", evidence, sources.claim_parties(q), **values)
    return no("No document of the day says another place")


@check
def site_is_the_question(q: Inquiry) -> Fact:
    """Whether the place was keyed wrongly, or the payer's policy speaks of another site."""
    keyed = q.fact("place-was-keyed-wrong")
    return keyed if keyed.truth == "confirmed" else q.fact("policy-prefers-other-site")

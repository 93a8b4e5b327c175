"""What the payer's policies in force ask of a claim in plain words: authorization, ordering provider, place."""

import re
from collections.abc import Iterator

from agent.diagnosis import sources
from agent.diagnosis.checks.policy_text import stated
from agent.diagnosis.checks.site import HOSPITAL, PLACES, SHUT_OUT, place_billed
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from agent.prevention.case import rules_of
from knowledge.types.evidence import Fact
from knowledge.types.practice import Policy, PolicySection

AUTHORIZATION = r"(?:prior[- ]|pre-?)?(?:authori[sz]ations?|determinations?|approvals?|certifications?)"
ASKS = re.compile(
    rf"\b{AUTHORIZATION}\b[^.;]{{0,40}}\b(?:is|are) (?:required|needed|mandatory)"
    rf"|\b(?:requires?|needs?|must have)\b[^.;]{{0,30}}\b{AUTHORIZATION}\b"
    rf"|\b{AUTHORIZATION}\s+(?:list|required)\b|\beach with an {AUTHORIZATION}\b",
    re.IGNORECASE,
)
"""How a policy says that it wants to be asked first."""
WAIVES = re.compile(
    rf"\bno(?:t)?\b[^.;]{{0,25}}\b{AUTHORIZATION}\b|\b(?:not|never) (?:required|needed)\b|\bwithout {AUTHORIZATION}\b",
    re.IGNORECASE,
)
CHANGES = re.compile(
    rf"\b(?:updated|amended|revised|renewed|extended|changed)\b[^.;]{{0,12}}{AUTHORIZATION}", re.IGNORECASE
)
"""How a policy speaks of an approval that is there already: it asks for none where there was none."""
OTHERS_FREE = re.compile(
    r"\b(?:all )?other (?:uses|indications|diagnoses|cancers|patients|drugs)\b[^.;]{0,30}"
    r"\b(?:reviewed (?:with|on|after)|not|no|without|exempt)\b",
    re.IGNORECASE,
)
"""How a section that asks for an approval of some uses leaves the others to the claim: which it is, a person reads."""
CODE = re.compile(r"\b[A-Z]\d{4}\b")
ORDERING = re.compile(
    r"\b(?:orders?|ordering|referring)\b[^.;]{0,60}\b(?:required|must|needed|named|denied|returned|rejected)\b"
    r"|\b(?:requires?|wants?|needs?|must (?:name|carry|state))\b[^.;]{0,60}\b(?:ordering|referring)\b"
    r"|\b(?:every|each|all)\b[^.;]{0,40}\b(?:names?|carr(?:y|ies)|states?)\b[^.;]{0,30}\b(?:ordering|referring)\b",
    re.IGNORECASE,
)


@check
def policy_asks_for_authorization(q: Inquiry) -> Fact:
    """Whether a policy of the payer in force that day lists the code and says that it needs an authorization."""
    rules = [rule for rule in rules_of(q) if q.hcpcs in rule.drugs]
    if not rules:
        says = f"No policy of the payer in force that day lists {q.hcpcs}"
        return unknown(says, missing=(f"whether {q.hcpcs} needs an authorization with this payer",))
    for rule in rules:
        for section, sentence in _sentences(rule):
            others = set(CODE.findall(sentence)) - {q.hcpcs}
            if others and q.hcpcs not in sentence:
                continue  # it speaks of the codes it names
            if CHANGES.search(sentence) or OTHERS_FREE.search(section.text):
                continue
            if ASKS.search(sentence) and not WAIVES.search(sentence):
                return _found(q, rule, section, sentence, f"{rule.policy_id} asks for an authorization of {q.hcpcs}")
        if ASKS.search(rule.title) and not WAIVES.search(rule.title):
            says = f"{rule.policy_id} ({rule.title}) lists {q.hcpcs}"
            evidence = q.ledger.add("policy", rule.source, says, exhibit=f"policy:{rule.policy_id}")
            return yes(says, evidence, policy_id=rule.policy_id)
    return unknown(
        f"The payer's policies in force that list {q.hcpcs} do not say that it needs an authorization",
        missing=(f"whether {q.hcpcs} needs an authorization with this payer",),
    )


@check
def ordering_provider_will_be_missed(q: Inquiry) -> Fact:
    """Whether the ordering provider named is not enrolled with the payer, or none is named and a policy wants one."""
    found = q.fact("ordering-provider-on-claim")
    if found.truth != "refuted":
        return found.model_copy(update={"truth": "refuted"}) if found.truth == "confirmed" else found
    claim = q.case.claim
    named = {**dict(claim.providers if claim else ()), **dict(q.subject.providers if q.subject else ())}
    if named.get("DK") or named.get("DN"):
        return yes(found.says, *found.evidence, **found.values)
    for rule in rules_of(q):
        for section, sentence in _sentences(rule):
            if OF_DRUGS.search(sentence) and q.fact("line-bills-a-drug").truth == "refuted":
                continue
            if ORDERING.search(sentence):
                shown = _found(q, rule, section, sentence, f"{rule.policy_id} wants the ordering provider named")
                return yes(found.says, *found.evidence, *shown.evidence, **{**found.values, **shown.values})
    return unknown(found.says, missing=("whether this payer wants the ordering provider named",))


def _sentences(rule: Policy) -> Iterator[tuple[PolicySection, str]]:
    for section in rule.sections:
        text = " ".join(section.text.split())
        for sentence in re.split(r"(?<=[.;])\s+", text):
            yield section, sentence


def _found(q: Inquiry, rule: Policy, section: PolicySection, sentence: str, says: str) -> Fact:
    place = sources.policy_place(rule, section)
    quote = next((line.strip(" -*") for line in section.text.splitlines() if line.strip()[:30] == sentence[:30]), None)
    evidence = q.ledger.add("policy", place, says, quote=quote, exhibit=f"policy:{rule.policy_id}")
    values = {"policy_id": rule.policy_id, "policy_words": sentence, "service_date": day(q.service_date)}
    return yes(f"{says}: {sentence}", evidence, **values)


OF_DRUGS = re.compile(r"\b(?:drugs?|medications?|biologicals?)\b", re.IGNORECASE)
"""How a policy says that it speaks of drugs: other services are not meant."""
NOT_THERE = re.compile(
    rf"{SHUT_OUT.pattern}|\bnot\b[^.;]{{0,40}}\b(?:in|at) (?:an? |the )?(?:hospital outpatient|outpatient hospital)\b",
    re.IGNORECASE,
)
"""How a policy shuts a hospital's outpatient department out."""


@check
def site_will_be_denied(q: Inquiry) -> Fact:
    """Whether the place was keyed wrongly, or a hospital's is billed that the policy in force shuts out."""
    keyed = q.fact("place-was-keyed-wrong")
    if keyed.truth == "confirmed":
        return keyed
    place = place_billed(q)
    if PLACES.get(place) != HOSPITAL:
        return no(f"Place of service {place} is no hospital's, and no record says another") if place else keyed
    shut = stated(q, NOT_THERE, "a place it does not cover")
    if shut.truth != "confirmed":
        return shut
    return yes(shut.says, *shut.evidence, sources.claim_parties(q), **{**shut.values, "place": place})

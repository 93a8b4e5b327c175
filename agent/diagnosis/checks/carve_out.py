"""Facts about a drug that a payer's policy takes out of the medical benefit (RC53: pharmacy benefit, named vendor)."""

import re
from collections.abc import Iterator

from agent.diagnosis import sources
from agent.diagnosis.given import names_drug
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.evidence import Fact
from knowledge.types.practice import Policy, PolicySection

GET_POLICY = ("the payer's policy in force on the date of service",)

PHARMACY = re.compile(
    r"\b(?:pharmacy[- ]benefit|(?:specialty|contracted|network) pharmac(?:y|ies)|white[- ]?bag\w*|PBM"
    r"|specialty (?:rx|vendor|drug vendor))\b",
    re.IGNORECASE,
)
"""Words of the other benefit."""

BOUND = re.compile(
    r"\b(?:only|exclusively|solely|must|required|mandatory|no longer|instead of|moves?|moved|is (?:now )?a(?: \w+)? ?"
    r"(?:pharmacy[- ])?benefit|carved[- ]?out|excluded from the medical"
    r"|not (?:paid|covered|reimbursed|payable|eligible)|billed by it|bills the plan"
    r"|are dispensed by|is dispensed by|are supplied by|is supplied by|covered under the"
    r"|denied)\b",
    re.IGNORECASE,
)
"""Words that leave no choice."""

OWN_STOCK = re.compile(
    r"\b(?:office|own|clinic|physician\S*|practice\S*|provider\S*)(?: own)? (?:stock|supply)\b[^.]{0,60}?\bnot\b"
    r"|\bstock (?:bought|purchased) by the (?:practice|office|provider)[^.]{0,40}\bnot\b"
    r"|\bbuy[- ]and[- ]bill\b[^.]{0,40}\b(?:not|no longer)\b|\b(?:not|no longer)\b[^.]{0,40}\bbuy[- ]and[- ]bill\b"
    r"|\b(?:not|no longer)\b[^.]{0,40}\b(?:under|from|through|by|of) the medical(?: benefit)?\b"
    r"|\bmedical benefit\b[^.]{0,40}\b(?:no longer|does not|not cover)",
    re.IGNORECASE,
)
"""Words by which what the practice bought and billed is not paid."""

CHOICE = re.compile(
    r"\b(?:may|can|optional(?:ly)?|voluntar(?:y|ily)|either|or (?:buy[- ]and[- ]bill|the medical)|both benefits"
    r"|medical (?:benefit )?(?:or|and) (?:the )?pharmacy|pharmacy (?:benefit )?or|also|as well|in addition"
    r"|not required|need not|not (?:yet )?subject to|encouraged|available (?:through|from))\b",
    re.IGNORECASE,
)
"""Words that leave one: buy and bill stays open."""


def _sentences(policy: Policy) -> Iterator[tuple[PolicySection, str]]:
    for section in policy.sections:
        text = re.sub(r"(?<=[\w,;])\n(?=\w)", " ", section.text)
        for sentence in re.split(r"(?<=[.;])\s+|\n+", text):
            if sentence.strip(" -*"):
                yield section, sentence


def _of_this_drug(q: Inquiry, policy: Policy, sentence: str) -> bool:
    """Tell whether a sentence speaks of the drug: it names it, or the policy lists it and the sentence no other."""
    if names_drug(q, sentence):
        return True
    others = [code for code in re.findall(r"\b[A-Z]\d{4}\b", sentence) if code != q.hcpcs]
    return not others and q.hcpcs in policy.drugs


@check
def policy_moves_drug_to_pharmacy(q: Inquiry) -> Fact:
    """Whether the policy in force puts the drug under the pharmacy benefit or a named vendor, and leaves no choice.

    A policy that only offers that way, or says it of another drug, settles nothing.
    """
    policy = q.case.policy
    if policy is None:
        return unknown("No policy of the payer in force that day is at hand", missing=GET_POLICY)
    spoken = [
        (section, text) for section, text in _sentences(policy) if PHARMACY.search(text) or OWN_STOCK.search(text)
    ]
    about = [(section, text) for section, text in spoken if _of_this_drug(q, policy, text)]
    if not spoken:
        return no(f"{policy.policy_id} says nothing of the pharmacy benefit")
    bound = [
        (section, text)
        for section, text in about
        if (OWN_STOCK.search(text) or BOUND.search(text)) and not CHOICE.search(text)
    ]
    chosen = next(((a, b) for a, b in bound if PHARMACY.search(b)), bound[0] if bound else None)
    if chosen is None:
        says = f"{policy.policy_id} speaks of the pharmacy benefit and does not plainly put {q.hcpcs} under it"
        return unknown(says, missing=("the plan's benefit page for the drug",))
    section, text = chosen
    quote = text.strip(" -*")
    printed = re.search(r"\s+".join(re.escape(word) for word in quote.split()), section.text)
    evidence = q.ledger.add(
        "policy",
        sources.policy_place(policy, section),
        f"{policy.policy_id} speaks of the pharmacy benefit",
        quote=printed.group(0) if printed else None,
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

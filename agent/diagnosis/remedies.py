"""The remedy of a proven cause: the first circumstance whose facts hold, in the payer's own terms."""

from agent.closing.bars import patient_bars
from agent.diagnosis.inquiry import Inquiry
from knowledge.causes import Cause
from knowledge.causes.catalogue import Circumstance, RemedyWord
from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import Payer

NO_APPEAL = frozenset({"N211", "N704", "MA44"})
"""Remarks by which a payer grants no appeal (domain facts 1.1, rule 6: they change the allowed route)."""


def standing_circumstance(q: Inquiry, cause: Cause) -> Circumstance | None:
    """Return the first circumstance of the cause whose facts hold; None when none does.

    One that would bill a patient who may not be billed does not hold, whatever the facts (domain facts 1.5).
    """
    open_ways = (c for c in cause.remedies if all(q.truth(name) == "confirmed" for name in c.when))
    return next((c for c in open_ways if not _bills_a_protected_patient(q, c)), None)


def _bills_a_protected_patient(q: Inquiry, circumstance: Circumstance) -> bool:
    return "bill_patient" in (circumstance.remedy, circumstance.then) and bool(patient_bars(q.case))


def choose_remedy(q: Inquiry, cause: Cause) -> tuple[Remedy, Remedy | None]:
    """Return the remedy and what follows when it succeeds; contact_payer when no circumstance is described."""
    chosen = standing_circumstance(q, cause)
    if chosen is None:
        return "contact_payer", None
    return settled(q, chosen.remedy), settled(q, chosen.then) if chosen.then else None


def depends_on(q: Inquiry, cause: Cause) -> tuple[str, ...]:
    """Name the facts of the case that are unknown and would have chosen another remedy, had they stood.

    The payer's own settings are left out: what they leave open is asked beside the clocks.
    """
    open_facts: list[str] = []
    for circumstance in cause.remedies:
        truths = {name: q.truth(name) for name in circumstance.when}
        if all(truth == "confirmed" for truth in truths.values()):
            break
        if "refuted" not in truths.values():
            open_facts += [name for name, truth in truths.items() if truth == "unknown"]
    return tuple(name for name in open_facts if not name.removeprefix("not ").startswith(("payer-", "retro-")))


def other_remedies(q: Inquiry, cause: Cause, chosen: Remedy) -> tuple[Remedy, ...]:
    """Return the remedies the cause takes in other circumstances, in their order, the chosen one left out."""
    ways = [c for c in cause.remedies if not _bills_a_protected_patient(q, c)]
    words = [word for c in ways for word in (c.remedy, c.then) if word is not None]
    return tuple(remedy for remedy in dict.fromkeys(settled(q, word) for word in words) if remedy != chosen)


def settled(q: Inquiry, word: RemedyWord) -> Remedy:
    """Turn a catalogue word into a remedy by the payer's rules."""
    if word == "first_appeal":
        barred = set(q.case.denial.remarks) & NO_APPEAL
        return "contact_payer" if barred else first_appeal(q.case.payer)
    if word == "claim_fix":
        return claim_fix(q)
    return word


def first_appeal(payer: Payer | None) -> Remedy:
    """Return what the payer's first appeal level is: an appeal, or a reconsideration before it.

    Original Medicare's first level is the redetermination, recorded as an appeal (contract, conventions).
    """
    if payer is None:
        return "reconsideration"
    if payer.line_of_business == "medicare_ffs":
        return "appeal"
    if not payer.appeals:
        return "reconsideration"
    return "appeal" if "appeal" in payer.appeals[0].level.casefold() else "reconsideration"


def claim_fix(q: Inquiry) -> Remedy:
    """Return how a claim is put right with this payer.

    Remark MA130 means unprocessable: a new claim, no appeal and no reopening (domain facts 1.1). Original Medicare
    and payers that take no replacement claims: a reopening at Medicare Part B, else a new claim (facts 5).
    """
    payer = q.case.payer
    if "MA130" in q.case.denial.remarks:
        return "new_claim"
    if payer is not None and payer.line_of_business == "medicare_ffs":
        return "reopening"
    if payer is not None and payer.replacement_claims is False:
        return "new_claim"
    return "corrected_claim"

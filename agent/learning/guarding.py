"""What a learned rule may never do, whoever accepts it: said when it is proposed, and again when it would apply."""

from agent.decision import CLAIM_SENT, appealable
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.remedies import NO_APPEAL, standing_circumstance
from knowledge.causes import Catalogue, Cause
from knowledge.types.diagnosis import Hypothesis, Remedy
from knowledge.types.learned import RuleChange

ARGUED: frozenset[Remedy] = frozenset({"appeal", "reconsideration"})
"""Remedies that some answers of a payer shut out."""


def never(change: RuleChange, engine_cause: str | None, catalogue: Catalogue) -> str | None:
    """Return why no rule may say this; None when it may."""
    if "bill_patient" in (change.remedy, change.then):
        return "a rule never bills a patient: that is decided case by case"
    cause_id = change.root_cause or engine_cause
    if change.root_cause is not None and change.root_cause not in {cause.id for cause in catalogue.causes}:
        return f"{change.root_cause} is no cause of the catalogue"
    if cause_id is None or cause_id == "unknown":
        return None
    cause = catalogue.get(cause_id)
    if {change.remedy, change.then} & CLAIM_SENT and cause.category == "authorization" and not _fixes_claim(cause):
        return f"a claim is never changed to fit an authorization ({cause_id})"
    return None


def held_back(q: Inquiry, change: RuleChange, cause: Cause | None, hypothesis: Hypothesis | None) -> str | None:
    """Return why a rule is not applied to this case; None when nothing stands against it.

    `cause` is the cause the case would have, `hypothesis` how it stands by the facts where the rule names it.
    """
    if change.root_cause is not None and hypothesis is not None and hypothesis.standing == "refuted":
        against = next((fact.says for fact in hypothesis.facts if fact.truth != "unknown"), "")
        refuting = [fact.says for fact in hypothesis.facts if fact.truth == "refuted"]
        return f"the records refute {change.root_cause}: {(refuting or [against])[0]}"
    if cause is not None and cause.category == "authorization" and {change.remedy, change.then} & CLAIM_SENT:
        standing = standing_circumstance(q, cause)
        if standing is None or standing.remedy != "claim_fix":
            return f"the claim would be changed to fit an authorization ({cause.id})"
    if change.remedy in ARGUED and (not appealable(q.case) or set(q.case.denial.remarks) & NO_APPEAL):
        return f"the payer's answer grants no appeal ({', '.join(q.case.denial.remarks)})"
    return None


def _fixes_claim(cause: Cause) -> bool:
    return any(circumstance.remedy == "claim_fix" for circumstance in cause.remedies)

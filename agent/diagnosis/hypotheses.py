"""Which causes a denial's codes suggest, how each stands by the facts, and which leads."""

from typing import Literal

from agent.diagnosis.inquiry import Inquiry
from knowledge.causes import Catalogue, Cause
from knowledge.types.diagnosis import Hypothesis
from knowledge.types.evidence import Fact, Truth

SPECIFIC, GENERIC, REMARK, MISUSED = 2.0, 1.0, 2.0, 0.5
"""What a matching reason code, a reason code that says nothing without its remark, a matching remark, and a reason
code that payers are known to use for this cause by mistake weigh when confirmed causes are ranked."""

UNSUGGESTED = 0.25
"""What a cause weighs that proves itself though no code of the payer names it."""


FAMILIES = {
    "authorization": "authorization",
    "eligibility": "eligibility",
    "cob": "eligibility",
    "duplicate": "duplicate",
    "units_mue": "units",
}
"""Reason families (of the code table) that payers use loosely: each suggests every cause of the category beside it."""


REMARK_FAMILIES = {
    "authorization": "authorization",
    "cob": "eligibility",
    "eligibility": "eligibility",
    "duplicate": "duplicate",
    "units_mue": "units",
    "frequency": "units",
    "provider_credentialing": "provider",
    "place_of_service": "place_of_service",
    "bundling": "bundling",
    "documentation": "documentation",
}
"""The same for remark families."""


def signal(q: Inquiry, cause: Cause, telling: frozenset[str] = frozenset()) -> float:
    """Weigh how far the payer's codes suggest a cause: 0 = not at all. Retired reasons count as their successors.

    A reason that must come with a remark and has none suggests nothing: it is not guessed at (facts 1.1, rule 5).
    `telling` are the remarks by which some cause is known: where one of them explains such a reason, the reason means
    no cause but those.
    """
    listed_remarks = set(cause.signals.remarks)
    named = bool(q.remarks & listed_remarks)
    explained = any(q.codes.rarc.lookup(code) for code in q.remarks)
    weight = 0.0
    for carc in q.carcs:
        rows = q.codes.carc.classify_as(carc)
        meant = {carc, *(row.code for row in rows)}
        generic = any(row.remark_required for row in rows)
        if generic and not q.remarks:
            continue
        if meant & set(cause.signals.carcs):
            weight = max(weight, _by_reason(generic, named, bool(listed_remarks), explained))
        elif meant & set(cause.signals.also_seen):
            weight = max(weight, MISUSED)
        if any(FAMILIES.get(row.category) == cause.category for row in rows):
            weight = max(weight, GENERIC)
    if named:
        return weight + REMARK
    families = {REMARK_FAMILIES.get(row.category) for code in q.remarks if (row := q.codes.rarc.lookup(code))}
    return max(weight, GENERIC) if cause.category in families else weight


def _by_reason(generic: bool, named: bool, has_remarks: bool, explained: bool) -> float:
    """Weigh a reason the cause lists; one that says nothing by itself counts as far as its remark goes.

    Where the remark is known and names something else, the reason says nothing for this cause.
    """
    if not generic:
        return SPECIFIC
    if named or not has_remarks:
        return GENERIC
    return 0.0 if explained else MISUSED


def suggested(q: Inquiry, catalogue: Catalogue) -> tuple[tuple[Cause, float], ...]:
    """Return the causes the codes suggest, the strongest first, then in the order they are to be fixed."""
    telling = q.remarks & {remark for cause in catalogue.causes for remark in cause.signals.remarks}
    weighed = [(cause, signal(q, cause, telling)) for cause in catalogue.causes]
    kept = [(cause, weight) for cause, weight in weighed if weight > 0]
    return tuple(sorted(kept, key=lambda item: (-item[1], item[0].rank, item[0].id)))


def examine(q: Inquiry, cause: Cause, weight: float) -> Hypothesis:
    """Establish a cause's facts and say how it stands.

    Confirmed: every fact of `confirm` stands and none of `refute`. Refuted: one of `confirm` is refuted or one of
    `refute` confirmed. Open: anything else, and every cause that has no check yet.
    """
    wanted = [(name, q.truth(name)) for name in cause.confirm]
    against = [(name, q.truth(name)) for name in cause.refute]
    facts = tuple(_fact(q, name) for name, _ in (*wanted, *against))
    return Hypothesis(
        root_cause=cause.id,
        standing=_standing([truth for _, truth in wanted], [truth for _, truth in against]),
        score=weight,
        facts=facts,
        settled_by=_settled_by(cause, facts),
    )


def _fact(q: Inquiry, name: str) -> Fact:
    return q.fact(name.removeprefix("not "))


def _standing(wanted: list[Truth], against: list[Truth]) -> Literal["confirmed", "refuted", "open"]:
    if "refuted" in wanted or "confirmed" in against:
        return "refuted"
    if wanted and all(truth == "confirmed" for truth in wanted):
        return "confirmed"
    return "open"


def _settled_by(cause: Cause, facts: tuple[Fact, ...]) -> tuple[str, ...]:
    missing = [item for fact in facts if fact.truth == "unknown" for item in fact.missing]
    return tuple(dict.fromkeys(missing)) or (cause.settled_by,)


def ranked(hypotheses: tuple[Hypothesis, ...], catalogue: Catalogue) -> tuple[Hypothesis, ...]:
    """Order hypotheses: confirmed before open before refuted, then by the payer's signal, then what to fix first."""
    order = {"confirmed": 0, "open": 1, "refuted": 2}
    return tuple(
        sorted(hypotheses, key=lambda h: (order[h.standing], -h.score, catalogue.get(h.root_cause).rank, h.root_cause))
    )

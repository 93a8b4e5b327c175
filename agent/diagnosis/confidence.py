"""How sure a diagnosis is. Not yet fitted on labelled cases: fixed, cautious steps, said to be so in the README."""

from collections.abc import Sequence

from knowledge.types.diagnosis import Hypothesis

SURE, LIKELY, PAYER_SAYS_OTHER, UNKNOWN = 0.95, 0.85, 0.7, 0.2
"""Confirmed and named by the payer; confirmed beside a second confirmed cause or on a general reason code; confirmed
although the payer's codes point to causes still open; no cause confirmed."""


def confidence(leading: Hypothesis | None, others: Sequence[Hypothesis]) -> float:
    """Return the chance, 0 to 1, that cause and remedy are right."""
    if leading is None or leading.standing != "confirmed":
        return UNKNOWN
    if leading.score < 1 or any(h.standing == "open" and h.score > leading.score for h in others):
        return PAYER_SAYS_OTHER
    if any(h.standing == "confirmed" and h.score >= leading.score for h in others):
        return LIKELY
    return SURE


def shared(others: Sequence[Hypothesis], taken: float) -> dict[str, float]:
    """Spread what is left of certainty over the causes still standing, confirmed ones twice as heavy as open ones."""
    standing = [h for h in others if h.standing != "refuted"]
    weights = {h.root_cause: (2.0 if h.standing == "confirmed" else 1.0) * max(h.score, 0.5) for h in standing}
    total = sum(weights.values())
    left = max(0.0, 0.99 - taken)
    return {cause: round(left * weight / total, 3) for cause, weight in weights.items()} if total else {}

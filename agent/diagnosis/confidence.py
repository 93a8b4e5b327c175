"""How sure a diagnosis is: by how it stands it belongs to a stratum, and labelled cases say how often that is right.

Strata and their fitted confidences are data (knowledge/calibration); nothing here is a number of its own, but how
plainly a signal must name a cause.
"""

from collections.abc import Iterable, Sequence

from agent.diagnosis.hypotheses import GENERIC, REMARK, SPECIFIC
from knowledge.calibration import Confidences
from knowledge.causes import load_catalogue
from knowledge.types.diagnosis import Diagnosis, Hypothesis, ReviewReason

_UNSETTLED = frozenset({"remedy-depends", "evidence-contradicts", "read-by-model"})
"""Reasons for review that put cause or remedy in doubt; the others say whose decision it is.

What a model read is among them: no labelled cases say how often such an answer is right.
"""

_FOR_OPEN = 0.9
"""What share of the doubt the causes still standing get; the rest is for causes nobody thought of."""


def stratum(
    leading: Hypothesis | None,
    others: Sequence[Hypothesis],
    reasons: Iterable[ReviewReason] = (),
    *,
    links_ambiguous: bool = False,
) -> str:
    """Return the stratum of a diagnosis: the least sure one that fits.

    `leading` is the cause named, None = unknown; `others` every other hypothesis; `reasons` why a person must decide.
    A cause that the codes suggest by a known mistake alone is not named by the payer: leading, it is less sure for
    that, and beside a cause the payer does name it is no rival.
    """
    if leading is None or leading.standing != "confirmed":
        return "unknown"
    if links_ambiguous or any(reason.code in _UNSETTLED for reason in reasons):
        return "unsettled"
    proven = max((h.score for h in others if h.standing == "confirmed" and h.score >= GENERIC), default=None)
    still_open = max((h.score for h in others if h.standing == "open"), default=0.0)
    if leading.score < GENERIC or still_open > leading.score:
        return "payer-says-other"
    if proven is not None:
        return "two-proven" if proven >= leading.score else "beside-proven"
    if leading.score < SPECIFIC or still_open >= leading.score:
        return "named-loosely"
    return "named-twice" if leading.score >= GENERIC + REMARK else "named"


def stratum_of(diagnosis: Diagnosis, *, links_ambiguous: bool = False) -> str:
    """Return the stratum of a finished diagnosis."""
    known = diagnosis.root_cause != "unknown"
    leading, others = (diagnosis.hypotheses[0], diagnosis.hypotheses[1:]) if known else (None, ())
    if leading is not None and load_catalogue().get(leading.root_cause).settles:
        others = ()
    return stratum(leading, others, diagnosis.review_reasons, links_ambiguous=links_ambiguous)


def shared(others: Sequence[Hypothesis], taken: float) -> dict[str, float]:
    """Spread what is left of certainty over the causes still standing, confirmed ones twice as heavy as open ones."""
    standing = [h for h in others if h.standing != "refuted"]
    weights = {h.root_cause: (2.0 if h.standing == "confirmed" else 1.0) * max(h.score, 0.5) for h in standing}
    total = sum(weights.values())
    left = _FOR_OPEN * (1 - taken)
    return {cause: round(left * weight / total, 3) for cause, weight in weights.items()} if total else {}


def straight_from(min_confidence: float, confidences: Confidences) -> float:
    """Return the confidence from which on work may go out without a person.

    It is the practice's own limit, or the threshold shown on labelled cases where that is stricter: a practice may
    ask for more than was shown, not for less. Where no threshold is shown there is nothing to hold against the
    practice's limit, and that limit, strict unless the practice lowers it, decides alone: raising it to what no
    answer reaches would send every case to a person, whatever the practice has set.
    """
    return min_confidence if confidences.threshold is None else max(min_confidence, confidences.threshold)


def too_unsure(confidence: float, min_confidence: float, confidences: Confidences) -> ReviewReason | None:
    """Return why an answer is too unsure to go out without a person; None when it is sure enough.

    That nothing is calibrated, or no threshold shown, is said here, where it bears on the route, and nowhere else.
    """
    needed = straight_from(min_confidence, confidences)
    if confidence >= needed:
        return None
    if needed > min_confidence:
        says = f"Confidence {confidence:g} is below {needed:g}, from which on labelled cases show enough answers right"
    else:
        says = f"Confidence {confidence:g} is below the practice's {min_confidence:g}"
    return ReviewReason(code="low-confidence", says=f"{says} ({confidences.doubt})" if confidences.doubt else says)

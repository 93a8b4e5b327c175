"""Reversals paired with the answers they take back, whatever file each stood in."""

from collections import Counter
from decimal import Decimal

from tools.denials.answers import Answer
from tools.denials.identity import service_day, squeeze

_ORIGINAL_REFERENCE = "F8"


def net(answers: list[Answer]) -> None:
    """Pair each reversal of one thread with its original, and put the thread in order of time.

    A reversal mirrors the original with opposite signs (X12 005010X221A1, 1.10.2.8). It takes back the
    answer of the same payer claim number (CLP07, or REF*F8) whose charge and payment it mirrors; mirrored
    adjustments decide between several. Failing that, the only answer with that number, or with the same
    days and the opposite charge; more than one such is left alone. Originals later than the reversal are
    none.
    """
    for reversal in [a for a in answers if a.reversal]:
        original = _original(reversal, answers)
        if original is not None:
            original.cancelled_by, reversal.cancels = reversal, original
    answers.sort(key=lambda a: a.order)


def _original(reversal: Answer, answers: list[Answer]) -> Answer | None:
    open_ = [a for a in answers if not a.reversal and a.cancelled_by is None and _before(a, reversal)]
    mirrored = [a for a in open_ if _mirrors(reversal, a)]
    if mirrored:
        # Among equals the earliest: a correction comes after the reversal of what it corrects.
        return min(mirrored, key=lambda a: (not _numbered(reversal, a), not _same_slots(reversal, a), a.order))
    named = [a for a in open_ if _numbered(reversal, a)]
    candidates = named or [a for a in open_ if _days(a) == _days(reversal) and a.claim.charge == -reversal.claim.charge]
    if len(candidates) != 1:
        return None
    says = "The reversal does not mirror the amounts of the answer it takes back: compare both remits."
    candidates[0].doubts = (("reversal-amounts-differ", says),)
    return candidates[0]


def _before(original: Answer, reversal: Answer) -> bool:
    if original.mark == reversal.mark:
        return original.claim.place.segment < reversal.claim.place.segment
    return original.day <= reversal.day


def _mirrors(reversal: Answer, original: Answer) -> bool:
    taken, given = reversal.claim, original.claim
    amounts = abs(taken.charge) == abs(given.charge) and abs(taken.paid) == abs(given.paid)
    return amounts and (_days(reversal) == _days(original) or not _days(reversal) or not _days(original))


def _numbered(reversal: Answer, original: Answer) -> bool:
    """Tell whether the reversal names the original by CLP07 or REF*F8."""
    number = squeeze(original.claim.payer_claim_number)
    if not number:
        return False
    references = (r.value for r in reversal.claim.references if r.qualifier == _ORIGINAL_REFERENCE)
    return number in {squeeze(n) for n in (reversal.claim.payer_claim_number, *references)}


def _same_slots(reversal: Answer, original: Answer) -> bool:
    return _slots(reversal, Decimal(-1)) == _slots(original, Decimal(1))


def _slots(answer: Answer, sign: Decimal) -> Counter[tuple[str, Decimal]]:
    """Count the reasons with their amounts. The group is left out: 4010 reversals put all under CR."""
    claim = answer.claim
    slots = (*claim.adjustments, *(a for line in claim.lines for a in line.adjustments))
    return Counter((a.carc, a.amount * sign) for a in slots)


def _days(answer: Answer) -> frozenset[object]:
    found = {service_day(line, answer.claim) for line in answer.claim.lines} - {None}
    found |= {d.day for d in answer.claim.dates if d.qualifier == "232" and d.day is not None} if not found else set()
    return frozenset(found)

"""One line over all its answers: is it open, won, taken back, or was it never denied?"""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from knowledge.types.denial import Outcome
from knowledge.types.remit import Adjustment, ServicePayment
from tools.denials.answers import Answer
from tools.denials.identity import squeeze
from tools.denials.verdict import Verdict

Doubts = tuple[tuple[str, str], ...]


class Judged(Struct, frozen=True, eq=False):
    """A line (None: the whole claim) of one answer with its verdict.

    `duplicate` when all that denies it says "we have this already". `position` counts lines from 1.
    """

    answer: Answer
    line: ServicePayment | None
    verdict: Verdict
    duplicate: bool = False
    position: int = 0

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: the answer's, and between two answers of one day and rank the settling one last."""
        day, phase, mark, segment = self.answer.order
        return (day, phase, self.verdict.settles, mark, segment)

    @property
    def cancelled(self) -> bool:
        """Whether a reversal took the answer back."""
        return self.answer.cancelled_by is not None


class DenialState(Struct, frozen=True, eq=False):
    """A denial that a line has. `by` is the answer that states it, or the payment that was taken back.

    `reversal` is the answer that took it back, `returned` the reversal's adjustments of this line, as
    received. `settled_by` is the later answer that paid. `duplicate` states stand beside the line's own.
    """

    by: Judged
    outcome: Outcome = "open"
    reversal: Answer | None = None
    returned: tuple[Adjustment, ...] = ()
    settled_by: Judged | None = None
    doubts: Doubts = ()
    duplicate: bool = False


def stand(judged: list[Judged]) -> list[DenialState]:
    """Fold the answers about one line into the denials it has: none, one, or one more per refused duplicate.

    The last answer that is not taken back counts. A denial that a later remit paid is won, partly won when
    part stays refused; a payment taken back with no answer after it is open again. Denied and paid within
    one remit by reversal and correction is none. A refused duplicate replaces nothing: the first answer
    stands beside it.
    """
    ordered = sorted(judged, key=lambda j: j.order)
    answers = [j for j in ordered if j.verdict.standing != "reversal"]
    reversals = [j for j in ordered if j.verdict.standing == "reversal"]
    own = [j for j in answers if not j.duplicate]
    found = _own(own, reversals)
    standings = [found] if found is not None else []
    return standings + _duplicates([j for j in answers if j.duplicate], own)


def _own(own: list[Judged], reversals: list[Judged]) -> DenialState | None:
    if not own:
        return None
    if own[-1].cancelled:
        back = _taken_back(own, reversals)
        if back is not None:
            return back
    live = [j for j in own if not j.cancelled]
    deciding = [j for j in live if j.verdict.kind is not None or j.verdict.settles]
    denied = [j for j in own if j.verdict.kind is not None]
    if not denied:
        return None
    if not deciding:
        return _withdrawn(denied[-1], live)
    last = deciding[-1]
    if last.verdict.kind is not None:
        state = _still_denied(last, own)
        return state if live[-1] is last else replace(state, doubts=(*state.doubts, _undecided(live[-1])))
    earlier = [j for j in denied if j.order < last.order and not _corrected_within(j, last)]
    if not earlier:
        return None
    if any(j.answer.conflict for j in (earlier[-1], last)):
        says = "Two deliveries of one remittance disagree: whether this was paid is for a person to find out."
        return DenialState(earlier[-1], settled_by=last, doubts=(("remit-conflict-payment", says),))
    return DenialState(earlier[-1], outcome="won", settled_by=last)


def _taken_back(own: list[Judged], reversals: list[Judged]) -> DenialState | None:
    """Return the payment taken back with nothing after it; None when the last answer paid nothing."""
    last = own[-1]
    if paid_of(last) <= 0:
        return None
    by = last.answer.cancelled_by
    mirrored = next((r for r in reversals if r.answer is by), None)
    if mirrored is None:
        return DenialState(last, reversal=by)
    line = mirrored.line
    return DenialState(last, reversal=by, returned=line.adjustments if line else mirrored.answer.claim.adjustments)


def _withdrawn(last: Judged, live: list[Judged]) -> DenialState:
    """Keep a denial that no later answer decided: withdrawn without a correction, or followed by a pend."""
    if live:
        return DenialState(last, doubts=(_undecided(live[-1]),))
    says = "The payer took this denial back and no corrected answer is in the folder yet."
    return DenialState(last, doubts=(("reversed-without-correction", says),))


def _undecided(later: Judged) -> tuple[str, str]:
    says = f"A later answer pays nothing and refuses nothing: {later.verdict.why}."
    return ("later-answer-decides-nothing", says)


def _still_denied(last: Judged, own: list[Judged]) -> DenialState:
    before = [j for j in own if j is not last and not _corrected_within(j, last)]
    denied = [j for j in before if j.verdict.kind is not None]
    if denied and paid_of(last) > paid_of(denied[-1]):
        says = f"A later answer paid {paid_of(last):,.2f}, but {last.verdict.amount:,.2f} is still refused."
        return DenialState(last, outcome="partly_won", settled_by=last, doubts=(("part-still-denied", says),))
    live_paid = [j for j in before if j.verdict.settles and not j.cancelled]
    if live_paid:
        says = "An earlier answer allowed this line and was never reversed: is the later one about it?"
        return DenialState(last, doubts=(("allowed-before", says),))
    return DenialState(_first_statement(last, denied))


def _first_statement(last: Judged, denied: list[Judged]) -> Judged:
    """Return the first of the equal statements that end in `last`: a repeat starts no new clock."""
    first = last
    for earlier in reversed(denied):
        if earlier.cancelled or not _same_statement(earlier, last):
            break
        first = earlier
    return first


def _same_statement(one: Judged, other: Judged) -> bool:
    numbers = {squeeze(j.answer.claim.payer_claim_number) for j in (one, other)}
    return len(numbers) == 1 and _reasons(one) == _reasons(other)


def _reasons(judged: Judged) -> tuple[object, ...]:
    slots = sorted((a.group, a.carc, a.amount) for a in judged.verdict.adjustments)
    line = judged.line
    remarks = sorted(r.code for r in (*(line.remarks if line else ()), *judged.answer.claim.remarks))
    return (tuple(slots), tuple(remarks))


def _duplicates(refused: list[Judged], own: list[Judged]) -> list[DenialState]:
    """Return one denial per claim number under which the payer called the line a duplicate."""
    by_number = {squeeze(j.answer.claim.payer_claim_number): j for j in refused}
    return [found for last in by_number.values() if (found := _duplicate(last, own)) is not None]


def _duplicate(last: Judged, own: list[Judged]) -> DenialState | None:
    settled = [j for j in own if j.verdict.settles and not j.cancelled]
    reversal = last.answer.cancelled_by
    if reversal is not None:
        later = [j for j in settled if j.answer.day >= reversal.day]
        if any(_corrected_within(last, j) for j in later):
            return None
    else:
        # Paid before it was called a duplicate: then it is one, and no later payment answers it.
        later = [j for j in settled if j.answer.day > last.answer.day]
        later = later if len(later) == len(settled) else []
    if later:
        return DenialState(last, outcome="won", settled_by=later[0], duplicate=True)
    return DenialState(last, duplicate=True)


def _corrected_within(judged: Judged, by: Judged) -> bool:
    """Tell whether an answer was reversed and corrected within one remit: then it never stood."""
    return judged.cancelled and judged.answer.mark == by.answer.mark


def paid_of(judged: Judged) -> Decimal:
    """Return what the answer paid, in dollars: for the line, or for the whole claim."""
    line = judged.line
    return line.paid if line is not None else judged.answer.claim.paid

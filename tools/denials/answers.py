"""Every answer of a payer about a claim, in threads: one thread is one claim with one payer."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from knowledge.payers import PayerDirectory
from knowledge.types.claim import SubmittedClaim
from knowledge.types.practice import Payer
from knowledge.types.remit import ClaimPayment, RemitHeader
from tools.denials.adjudication import is_reversal
from tools.denials.fingerprint import Received
from tools.denials.identity import PayerIdentity, claim_payer, identify_payer, squeeze

_REPLACEMENT = "7"

ThreadKey = tuple[str, str]


class Answer(Struct, eq=False):
    """One CLP in its context. `cancelled_by` and `doubts` are set while netting; the rest never changes.

    `replaces` tells that the claim replaced an earlier one, so its lines may be numbered anew.
    """

    header: RemitHeader
    claim: ClaimPayment
    payer: PayerIdentity
    mark: str
    conflict: bool
    replaces: bool = False
    cancelled_by: "Answer | None" = None
    cancels: "Answer | None" = None
    doubts: tuple[tuple[str, str], ...] = ()

    @property
    def day(self) -> date:
        """The day of the answer: payment date, else production date, else before all others."""
        return self.header.paid_on or self.header.produced_on or date.min

    @property
    def reversal(self) -> bool:
        """Whether it takes an earlier answer back."""
        return is_reversal(self.claim)

    @property
    def order(self) -> tuple[date, int, str, int]:
        """Sort key: by day; on one day what is taken back, then its reversals, then the rest."""
        phase = 1 if self.reversal else 2
        if self.cancelled_by is not None and self.cancelled_by.day == self.day:
            phase = 0
        return (self.day, phase, self.mark, self.claim.place.segment)


def claim_threads(
    received: Iterable[Received], directory: PayerDirectory, claims: Iterable[SubmittedClaim] = ()
) -> dict[ThreadKey, list[Answer]]:
    """Gather all answers by payer and CLP01, each thread in order of time.

    A replacement claim (frequency 7) with a number of its own joins the thread of the claim whose CLP07 its
    REF*F8 names; without a submitted claim that says so, another CLP01 is another claim.
    """
    threads: dict[ThreadKey, list[Answer]] = {}
    for one in received:
        payer = identify_payer(one.delivery.header, directory)
        for claim in one.delivery.claims:
            replaces = claim.frequency == _REPLACEMENT
            answer = Answer(one.delivery.header, claim, payer, one.mark, one.conflict, replaces)
            threads.setdefault(_key(payer.key, claim), []).append(answer)
    _join_replacements(threads, directory, claims)
    for answers in threads.values():
        answers.sort(key=lambda a: a.order)
    return dict(sorted(threads.items()))


def _key(payer: str, claim: ClaimPayment) -> ThreadKey:
    # A payer that never got our number says "0" (or nothing): then only its own number tells claims apart.
    ours = claim.claim_id.strip()
    return (payer, ours if ours.strip("0") else f"payer number {claim.payer_claim_number}")


def takes_replacements(payer: Payer) -> bool:
    """Tell whether a payer takes a frequency-7 claim in another's place: original Medicare does not (domain 5)."""
    return payer.line_of_business != "medicare_ffs" and payer.replacement_claims is not False


def _join_replacements(
    threads: dict[ThreadKey, list[Answer]], directory: PayerDirectory, claims: Iterable[SubmittedClaim]
) -> None:
    replacements = [c for c in claims if c.frequency == _REPLACEMENT and c.original_reference]
    if not replacements:
        return
    numbered = {
        (key[0], squeeze(answer.claim.payer_claim_number)): key
        for key, answers in threads.items()
        for answer in answers
        if answer.claim.payer_claim_number
    }
    for claim in sorted(replacements, key=lambda c: (c.submitted_on or date.min, c.claim_id)):
        payer = claim_payer(claim, directory)
        if payer is None or not takes_replacements(payer):
            continue
        own = (payer.id, claim.claim_id.strip())
        original = numbered.get((payer.id, squeeze(claim.original_reference)))
        if original is None or original == own or own not in threads:
            continue
        joined = threads.pop(own)
        for answer in joined:
            answer.replaces = True
            if answer.claim.payer_claim_number:
                numbered[(payer.id, squeeze(answer.claim.payer_claim_number))] = original
        threads[original].extend(joined)

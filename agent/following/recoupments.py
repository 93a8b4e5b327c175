"""Which claim a slot at the foot of a remit (PLB) is about, and which of its lines: found by number, never guessed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from agent.following.plb_reasons import PlbReason, plb_reason
from knowledge.payers import PayerDirectory
from knowledge.types.remit import ProviderAdjustment
from tools.denials.answers import Answer, ThreadKey
from tools.denials.finding import Found
from tools.denials.fingerprint import Received
from tools.denials.identity import identify_payer, squeeze
from tools.denials.lines import line_threads

_SHORTEST_PREFIX = 6
"""Shorter prefixes of a reference would name claims by chance."""

LineId = tuple[int, int]
"""A line of one answer: `id()` of its claim, its position from 1; 0 = what the claim pays beyond its lines."""


class Slot(Struct, frozen=True, eq=False):
    """One PLB slot of a remit that counts. `amount` in dollars, positive when it takes money from the payment."""

    key: str
    file: str
    segment: int
    day: date
    reason: PlbReason
    reference: str
    amount: Decimal
    standing: Literal["claim", "several", "none", "provider"]
    thread: ThreadKey | None = None

    @property
    def source(self) -> str:
        """Where it stands."""
        return f"{self.file}, segment {self.segment}"


def slots(found: Found, directory: PayerDirectory) -> tuple[Slot, ...]:
    """Return the slots of all remits that count, each with the claim its reference names."""
    numbers = _numbers(found)
    out = []
    for one in found.received:
        if not one.conflict:
            payer = identify_payer(one.delivery.header, directory).key
            out += [
                _slot(one, number, slot, payer, numbers)
                for number, slot in enumerate(one.delivery.provider_adjustments, start=1)
            ]
    return tuple(sorted(out, key=lambda slot: (slot.day, slot.key)))


def _slot(
    one: Received, number: int, slot: ProviderAdjustment, payer: str, numbers: dict[tuple[str, str], set[ThreadKey]]
) -> Slot:
    header, reason = one.delivery.header, plb_reason(slot.reason)
    named = _named(slot.reference, payer, numbers)
    standing: Literal["claim", "several", "none", "provider"]
    standing = "claim" if len(named) == 1 else "several" if named else "none"
    if reason.kind == "provider":
        standing, named = "provider", set()
    return Slot(
        key=f"plb:{one.mark[:16]}:{number}",
        file=header.file,
        segment=slot.place.segment,
        day=header.paid_on or header.produced_on or date.min,
        reason=reason,
        reference=slot.reference.strip(),
        amount=slot.amount,
        standing=standing,
        thread=next(iter(named)) if standing == "claim" else None,
    )


def _numbers(found: Found) -> dict[tuple[str, str], set[ThreadKey]]:
    """Index the claims by payer and number: the payer's own (CLP07) and ours (CLP01)."""
    index: dict[tuple[str, str], set[ThreadKey]] = defaultdict(set)
    for key, answers in found.threads.items():
        for answer in answers:
            for number in (answer.claim.payer_claim_number, answer.claim.claim_id):
                if number.strip("0 "):
                    index[answer.payer.key, squeeze(number)].add(key)
    return index


def _named(reference: str, payer: str, numbers: dict[tuple[str, str], set[ThreadKey]]) -> set[ThreadKey]:
    """Return the claims a reference names: as a whole, else by one of its words, else by how a word begins."""
    whole = squeeze(reference)
    words = [squeeze(word) for word in reference.split()]
    for names in ([whole], words):
        named = {thread for name in names if name for thread in numbers.get((payer, name), ())}
        if named:
            return named
    for length in range(max(map(len, (whole, *words)), default=0) - 1, _SHORTEST_PREFIX - 1, -1):
        begun = {word[:length] for word in (whole, *words) if len(word) > length}
        named = {thread for name in begun for thread in numbers.get((payer, name), ())}
        if named:
            return named
    return set()


def shares(amount: Decimal, answers: list[Answer], reference: str = "") -> dict[frozenset[LineId], Decimal] | None:
    """Return how an amount falls on a claim's lines, each line by its ids over all answers; None when it is not clear.

    It is clear where the claim, or the answer whose number the reference names, has one line; where the amount is just
    what one line was paid, or has left; or where it is what the claim as a whole was paid, or has left.
    """
    lines = [
        (frozenset((id(e.answer.claim), e.position) for e in thread.entries), [e.line.paid for e in thread.entries])
        for thread in line_threads(answers)
    ]
    size = abs(amount)
    if len(lines) == 1:
        return {lines[0][0]: amount}
    named = {id(a.claim) for a in answers if a.claim.payer_claim_number and _begins(reference, a)}
    own = [ids for ids, _ in lines if named & {claim for claim, _ in ids}]
    if len(own) == 1:
        return {own[0]: amount}
    fitting = [ids for ids, paid in lines if size in {abs(value) for value in (sum(paid), *paid)}]
    if len(fitting) == 1 and size:
        return {fitting[0]: amount}
    sign = 1 if amount > 0 else -1
    for whole in _wholes(lines, answers):
        if size and sum(whole.values()) == size:
            return {ids: sign * part for ids, part in whole.items() if part}
    return None


def _begins(reference: str, answer: Answer) -> bool:
    number = squeeze(answer.claim.payer_claim_number)
    return any(squeeze(word) == number for word in (reference, *reference.split()))


def _wholes(
    lines: list[tuple[frozenset[LineId], list[Decimal]]], answers: list[Answer]
) -> Iterator[dict[frozenset[LineId], Decimal]]:
    left = {ids: sum(paid, Decimal(0)) for ids, paid in lines}
    if all(part >= 0 for part in left.values()):
        yield left
    for answer in answers:
        yield {
            ids: abs(line.paid)
            for position, line in enumerate(answer.claim.lines, start=1)
            for ids in _holding(lines, (id(answer.claim), position))
        }


def _holding(lines: Iterable[tuple[frozenset[LineId], list[Decimal]]], wanted: LineId) -> Iterator[frozenset[LineId]]:
    return (ids for ids, _ in lines if wanted in ids)

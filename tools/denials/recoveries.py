"""Provider adjustments that name a claim: money moved at the foot of a remit (PLB)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from knowledge.types.denial import Adjudication
from tools.denials.answers import Answer
from tools.denials.fingerprint import Received
from tools.denials.identity import squeeze

# Shorter prefixes of a reference would name claims by chance.
_SHORTEST_PREFIX = 6


class Recovery(Struct, frozen=True):
    """One PLB slot: `amount` in dollars, positive when it takes money from the payment."""

    file: str
    day: date | None
    trace: str
    reason: str
    reference: str
    amount: Decimal

    @property
    def note(self) -> Adjudication:
        """The slot as a line of a denial's history."""
        moved = "taken from" if self.amount > 0 else "added to"
        payment = self.trace or "without trace"
        says = f"{abs(self.amount):,.2f} {moved} payment {payment} (PLB {self.reason} {self.reference})"
        return Adjudication(
            file=self.file,
            paid_on=self.day,
            claim_status="",
            payer_claim_number=None,
            paid=-self.amount,
            says=says,
        )


class Recoveries:
    """PLB slots found by the claim numbers in their references."""

    def __init__(self, received: Iterable[Received]) -> None:
        self._slots: dict[str, list[Recovery]] = {}
        for one in received:
            header = one.delivery.header
            day = header.paid_on or header.produced_on
            for slot in one.delivery.provider_adjustments:
                found = Recovery(header.file, day, header.trace_number, slot.reason, slot.reference, slot.amount)
                for name in _names(slot.reference):
                    self._slots.setdefault(name, []).append(found)

    def about(self, answers: Iterable[Answer]) -> tuple[Recovery, ...]:
        """Return the slots whose reference is, holds or begins with a CLP07 or CLP01 of these answers."""
        numbers = {squeeze(n) for a in answers for n in (a.claim.payer_claim_number, a.claim.claim_id) if n.strip("0 ")}
        found = {slot for number in numbers for slot in self._slots.get(number, ())}
        return tuple(sorted(found, key=lambda r: (r.day or date.min, r.file, r.reason, r.reference, r.amount)))


def _names(reference: str) -> set[str]:
    words = {squeeze(word) for word in (reference, *reference.split())}
    prefixes = {word[:n] for word in words for n in range(_SHORTEST_PREFIX, len(word))}
    return {name for name in words | prefixes if name}

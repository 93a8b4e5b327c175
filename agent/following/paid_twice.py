"""Services a payer has paid twice, denied or not: what it may take back, told before it does. Nothing is done about it.

Counted as twice are two standing payments of one payer for the same member, code, day and units, in two answers. A
payment that was reversed, one of a replacement claim (frequency 7) or its void, and one of a claim that the payer took
money back for at the foot of a remit are none; nor are services that their modifiers call distinct.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from agent.closing.due_back import RULE
from agent.diagnosis.checks.duplicates import DISTINCT
from agent.following.recoupments import slots
from knowledge.payers import PayerDirectory
from knowledge.types.cash import CashFinding
from knowledge.types.claim import SubmittedClaim
from knowledge.types.remit import ServicePayment
from tools.denials.answers import Answer
from tools.denials.finding import Found
from tools.denials.identity import billed_code, member_id, service_day, squeeze

PAID_TWICE = "paid-twice"
_REPLACES = frozenset({"7", "8"})
_WASTE = "JW"


class _Paid(Struct, frozen=True, eq=False):
    answer: Answer
    line: ServicePayment

    @property
    def told(self) -> str:
        """Say what was paid, under which numbers, when."""
        claim = self.answer.claim
        number = f" (payer number {claim.payer_claim_number})" if claim.payer_claim_number else ""
        return f"{self.line.paid:,.2f} on {self.answer.day.isoformat()} under claim {claim.claim_id}{number}"

    @property
    def source(self) -> str:
        """Where it stands."""
        return f"{self.answer.header.file}, segment {self.line.place.segment}"


def paid_twice(found: Found, claims: Iterable[SubmittedClaim], directory: PayerDirectory) -> Iterator[CashFinding]:
    """Give each payment beyond the first, by day of the later one, with both places: a person decides."""
    pairs = [pair for held in _alike(found, claims, directory).values() for pair in _pairs(held)]
    for first, again in sorted(pairs, key=lambda pair: (pair[1].answer.day, pair[1].source)):
        line, claim = again.line, again.answer.claim
        units = f", {_units(line).normalize():f} units" if _units(line) else ""
        day = service_day(line, claim)
        what = f"{billed_code(line)} of {day.isoformat() if day else 'one day'}{units}"
        says = (
            f"{again.answer.payer.name} paid {what} twice: {first.told}, and {again.told}. Look at both; where one "
            f"service was given, void claim {claim.claim_id} or refund {line.paid:,.2f}: {RULE}"
        )
        yield CashFinding(
            code=PAID_TWICE, says=says, source=f"{first.source}; {again.source}", amount=line.paid, at=again.answer.day
        )


_Key = tuple[str, str, str, str, str, bool]


def _alike(found: Found, claims: Iterable[SubmittedClaim], directory: PayerDirectory) -> dict[_Key, list[_Paid]]:
    """Group standing payments by payer, member, code, day, units and waste; what is not known in full is left out."""
    sent = list(claims)
    replaced = {squeeze(claim.claim_id) for claim in sent if claim.frequency in _REPLACES}
    members = {squeeze(claim.claim_id): squeeze(claim.member_id) for claim in sent}
    taken = {slot.thread for slot in slots(found, directory) if slot.thread is not None and slot.amount > 0}
    refused = {id(j.answer) for trail in found.trails if trail.duplicate for j in trail.judged}
    groups: dict[_Key, list[_Paid]] = defaultdict(list)
    for thread, answers in found.threads.items():
        for answer in answers:
            claim = answer.claim
            stands = not (answer.reversal or answer.cancelled_by or answer.conflict or claim.frequency in _REPLACES)
            number = squeeze(claim.claim_id)
            if not stands or thread in taken or number in replaced or id(answer) in refused:
                continue
            member = squeeze(member_id(claim)) or members.get(number, "")
            for line in claim.lines:
                day, code = service_day(line, claim), billed_code(line)
                if line.paid > 0 and member and day and code:
                    waste = _WASTE in line.modifiers
                    key = (answer.payer.key, member, code, day.isoformat(), str(_units(line).normalize()), waste)
                    groups[key].append(_Paid(answer, line))
    return groups


def _pairs(held: Sequence[_Paid]) -> Iterator[tuple[_Paid, _Paid]]:
    """Give the first payment with each later one of another answer that pays for the same again."""
    ordered = sorted(held, key=lambda paid: (paid.answer.order, paid.line.place.segment))
    used: set[int] = set()
    for again in ordered:
        for first in ordered:
            if first is again:
                break
            if id(first) not in used and first.answer is not again.answer and _again(first, again):
                used |= {id(again)}
                yield first, again
                break


def _again(first: _Paid, again: _Paid) -> bool:
    """Tell whether a later payment is for the same, not a rest: alike to the cent, or together above the charge."""
    one, other = first.line, again.line
    if (set(one.modifiers) ^ set(other.modifiers)) & DISTINCT:
        return False
    same_claim = squeeze(first.answer.claim.claim_id) == squeeze(again.answer.claim.claim_id)
    if same_claim and one.line_control and other.line_control and one.line_control != other.line_control:
        return False  # two lines of one claim, answered apart
    return one.paid == other.paid or one.paid + other.paid > max(one.charge, other.charge)


def _units(line: ServicePayment) -> Decimal:
    return line.units_paid if line.units_paid is not None else line.units_submitted or Decimal(0)

"""What remits tell of a denied line, entry by entry: denied, paid, taken back, recouped."""

from collections.abc import Iterator
from decimal import Decimal

from agent.following.recoupments import Slot
from knowledge.types.denial import Denial
from knowledge.types.outcomes import LifeEntry, LifeKind
from tools.denials.answers import Answer
from tools.denials.finding import Trail
from tools.denials.timeline import Judged, paid_of


def remit_entries(trail: Trail, denial: Denial) -> Iterator[LifeEntry]:
    """Give an entry for each answer about the line. The same remits in any order give the same entries."""
    for judged, told in zip(trail.judged, denial.history, strict=False):
        answer = judged.answer
        paid = paid_of(judged)
        place = judged.line.place if judged.line is not None else answer.claim.place
        conflict = "; another remit of this trace says something else" if answer.conflict else ""
        yield LifeEntry(
            key=answer_key(judged),
            at=answer.day,
            kind=_kind(judged),
            says=f"{told.says}{conflict}",
            source=f"{answer.header.file}, segment {place.segment}",
            amount=paid if paid else None,
        )


def answer_key(judged: Judged) -> str:
    """Name an answer about a line by the remit's content, its claim and line: a second delivery has the same name."""
    answer = judged.answer
    return f"remit:{answer.mark[:16]}:{answer.claim.place.segment}:{judged.position}"


def other_payer_entry(answer: Answer, position: int) -> LifeEntry:
    """Return the entry of what another plan paid on the line, or took back, after it was billed for it."""
    line = answer.claim.lines[position - 1]
    did = "paid" if line.paid > 0 else "took back"
    return LifeEntry(
        key=f"other:{answer.mark[:16]}:{answer.claim.place.segment}:{position}",
        at=answer.day,
        kind="paid" if line.paid > 0 else "taken_back",
        says=f"{answer.payer.name}, billed in this payer's place, {did} {abs(line.paid):,.2f}",
        source=f"{answer.header.file}, segment {line.place.segment}",
        amount=line.paid,
    )


def slot_entry(slot: Slot, part: Decimal, about: str = "") -> LifeEntry:
    """Return the entry of money moved at the foot of a remit; `part` is what of it falls on the line, in dollars."""
    moved = "taken from" if slot.amount > 0 else "added to"
    whole = f"{abs(slot.amount):,.2f} {moved} the payment: {slot.reason.meaning}, PLB {slot.reason.reason}"
    share = f", {abs(part):,.2f} of it on this line" if part and abs(part) != abs(slot.amount) else ""
    return LifeEntry(
        key=slot.key,
        at=slot.day,
        kind="recouped",
        says=f"{whole} {slot.reference}{share}{f', {about}' if about else ''}",
        source=slot.source,
        amount=-part if part else None,
    )


def _kind(judged: Judged) -> LifeKind:
    if judged.verdict.standing == "reversal":
        return "taken_back"
    if judged.verdict.kind is not None:
        return "denied"
    return "paid" if judged.verdict.settles or paid_of(judged) > 0 else "payer_status"

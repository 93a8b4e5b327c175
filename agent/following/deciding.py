"""What a payer decided on one thing sent, where several say it: remits, people who entered it, statuses."""

from collections.abc import Iterator, Sequence
from datetime import date

from agent.following.ours import strangers
from agent.following.story import answer_key
from knowledge.records import OutcomeEntry
from knowledge.types.outcomes import PayerDecision
from tools.denials.finding import Trail
from tools.denials.timeline import Judged


def of_entry(entry: OutcomeEntry) -> PayerDecision:
    """Return an entered decision."""
    return PayerDecision(
        key=f"entered:{entry.key}",
        result=entry.result,
        on=entry.decided_on,
        says=entry.reason,
        codes=entry.codes,
        reference=entry.reference,
        source=f"entered by {entry.by} on {entry.at.date().isoformat()}",
        entered_by=entry.by,
        letter_sha256=entry.letter_sha256,
        letter_name=entry.letter_name,
    )


def of_remits(trail: Trail, sent_on: date, until: date | None) -> Iterator[PayerDecision]:
    """Give what remits after a send decided: denied again, or paid; what was taken back since decided nothing."""
    strange = strangers(trail)
    for judged in trail.judged:
        answer = judged.answer
        if judged.cancelled or id(answer) in strange or answer.conflict or judged.duplicate != trail.duplicate:
            continue
        if answer.day <= sent_on or (until is not None and answer.day >= until):
            continue
        refused = judged.verdict.kind is not None
        if not refused and not judged.verdict.settles:
            continue
        paid = judged.line.paid if judged.line is not None else answer.claim.paid
        yield PayerDecision(
            key=answer_key(judged),
            result=("partly_overturned" if paid > 0 else "upheld") if refused else "overturned",
            on=answer.day,
            codes=_codes(judged),
            reference=answer.claim.payer_claim_number,
            source=f"{answer.header.file}, segment {(judged.line or answer.claim).place.segment}",
        )


def _codes(judged: Judged) -> tuple[str, ...]:
    line = judged.line
    remarks = (*(line.remarks if line is not None else ()), *judged.answer.claim.remarks)
    slots = [f"{a.group}-{a.carc}" for a in judged.verdict.adjustments]
    return tuple(dict.fromkeys((*slots, *(remark.code for remark in remarks))))


def agree(
    entered: Sequence[PayerDecision], remits: Sequence[PayerDecision]
) -> tuple[PayerDecision | None, tuple[str, ...]]:
    """Return the one decision several statements make, or why they contradict each other.

    Where all say the same, the first counts, so that no clock is counted too long; one that gives the payer's words is
    preferred on one day. A later remit outweighs what was entered: it is the payer's own. People who contradict each
    other are not outvoted: one of them must be withdrawn.
    """
    last = max(remits, key=lambda d: (d.on, d.key), default=None)
    standing = [d for d in entered if last is None or d.on > last.on or d.result == last.result]
    results = {d.result for d in standing}
    if len(results) > 1:
        told = "; ".join(f"{d.result.replace('_', ' ')} on {d.on.isoformat()} ({d.source})" for d in standing)
        return None, (f"Entered decisions contradict each other: {told}. Withdraw the one that is wrong",)
    # What was entered and is left standing is later than the last remit, or says the same.
    result = results.pop() if results else last.result if last is not None else None
    same = [d for d in (*standing, *remits) if d.result == result]
    return min(same, key=lambda d: (d.on, not d.says, d.key), default=None), ()

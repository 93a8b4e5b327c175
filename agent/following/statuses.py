"""What payers said of a claim when asked (277, X212): matched to denials by payer, number and line."""

from collections.abc import Iterable, Iterator
from datetime import date

from agent.following.ours import strangers
from knowledge.payers import PayerDirectory
from knowledge.types.claim_status import ClaimStatus, StatusCode
from knowledge.types.outcomes import LifeEntry, PayerDecision
from tools.denials.finding import Trail
from tools.denials.identity import billed_code, squeeze

_FINAL_DENIED = frozenset({"F2"})
_FAMILIES = {
    "A": "received",
    "P": "pending",
    "F0": "finalized",
    "F1": "finalized, the payer says it pays",
    "F2": "finalized, denied",
    "F3": "finalized, revised",
    "F4": "finalized, nothing more is paid",
    "R": "the payer asks for something",
    "D": "the payer finds no such claim",
    "E": "the payer could not answer",
}
"""What a category says, by its code or first letter, in our own words (X12 code source 507)."""


def statuses_about(
    trail: Trail, statuses: Iterable[ClaimStatus], directory: PayerDirectory
) -> Iterator[tuple[ClaimStatus, StatusCode]]:
    """Give the statuses of a denial's line: of the claim, or of just this line where the payer says it by line.

    A status is about the claim when payer and our number are the same, or the payer's own number is. Where a payer's
    own number is given and none of the claim's, the number of ours alone does not do.
    """
    if not trail.answers:
        return
    strange = strangers(trail)
    answers = [answer for answer in trail.answers if id(answer) not in strange]
    payer = trail.answers[0].payer
    ours = {squeeze(a.claim.claim_id) for a in answers if a.claim.claim_id.strip("0 ")}
    theirs = {squeeze(a.claim.payer_claim_number) for a in answers if a.claim.payer_claim_number.strip("0 ")}
    for status in statuses:
        number = squeeze(status.payer_claim_number)
        asked = directory.find_any([name for name in (status.source_id, status.source_name) if name]).payer
        same_payer = asked is not None and payer.payer is not None and asked.id == payer.payer.id
        by_own = same_payer and squeeze(status.claim_id) in ours and (not number or number in theirs)
        if by_own or (number and number in theirs and (asked is None or same_payer)):
            yield from ((status, code) for code in _codes(status, trail))


def _codes(status: ClaimStatus, trail: Trail) -> tuple[StatusCode, ...]:
    lines = [j.line for j in trail.judged if j.line is not None]
    controls = {line.line_control for line in lines if line.line_control}
    codes = {billed_code(line) for line in lines}
    own = [
        code
        for line in status.lines
        if (line.line_control in controls if line.line_control and controls else line.hcpcs in codes)
        for code in line.statuses
    ]
    return tuple(own) or status.statuses


def status_entry(status: ClaimStatus, code: StatusCode, number: int) -> LifeEntry:
    """Return the timeline's entry of a status; what it says of a payment is no cash."""
    if status.request is not None:
        return _request_entry(status)
    at = code.on or code.decided_on or status.produced_on or date.min
    meaning = _FAMILIES.get(code.category) or _FAMILIES.get(code.category[:1]) or "status"
    parts = [f"{meaning} ({':'.join(part for part in (code.category, code.status, code.entity) if part)})"]
    if code.decided_on is not None:
        parts.append(f"decided on {code.decided_on.isoformat()}")
    if code.paid is not None and code.paid > 0:
        check = f", check {code.check}" if code.check else ""
        parts.append(f"says it paid {code.paid:,.2f}{check}: counted when the remit is here")
    return LifeEntry(
        key=f"277:{status.file}:{status.place.segment}:{number}",
        at=at,
        kind="payer_status",
        says="; ".join(parts),
        source=f"{status.file}, segment {status.place.segment}",
    )


def _request_entry(status: ClaimStatus) -> LifeEntry:
    """Return the timeline's entry of a request for records: one for the request, whatever it asks for."""
    due = status.request.due_on if status.request else None
    by = f"by {due.isoformat()}" if due else "and does not say by when"
    return LifeEntry(
        key=f"277:{status.file}:{status.place.segment}",
        at=status.produced_on or next((code.on for code in status.statuses if code.on), None) or date.min,
        kind="payer_status",
        says=f"the payer asks for records {by} (its number {status.trace})",
        source=f"{status.file}, segment {status.place.segment}",
    )


def status_decision(status: ClaimStatus, code: StatusCode, number: int) -> PayerDecision | None:
    """Return the decision a status tells: a denial finalized on a stated day; None for anything less."""
    if code.category not in _FINAL_DENIED or code.decided_on is None:
        return None
    entry = status_entry(status, code, number)
    return PayerDecision(key=entry.key, result="upheld", on=code.decided_on, source=entry.source)

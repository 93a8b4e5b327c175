"""Who else may pay a denied line: the plan it was billed to after this one refused it, told by verified coverage."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from agent.intake.book import BookInputs
from knowledge.codes import Codes
from knowledge.types.claim import SubmittedClaim
from knowledge.types.denial import Denial
from knowledge.types.outcomes import Round
from knowledge.types.practice import CoverageSpan
from tools.denials.answers import Answer
from tools.denials.finding import Found
from tools.denials.identity import billed_code, claim_payer, member_id, service_day, squeeze

_ELSEWHERE = frozenset({"rebill_other_payer", "verify_eligibility"})
"""What a reason code asks for where another plan owes the service (table of reason codes, column action)."""


class Billed(Struct, frozen=True, eq=False):
    """A denial that another plan may pay: `members` are (payer id, squeezed member id) verified for the day.

    `since` is the day from which a payment of theirs can be one for it: when it was sent to them, else when this
    payer refused it.
    """

    denial: Denial
    members: frozenset[tuple[str, str]]
    since: date


class Placed(Struct, frozen=True, eq=False):
    """A line that another plan answered, and the denials it may be for; none or several = a person must say."""

    answer: Answer
    position: int
    denial_ids: tuple[str, ...]
    why_not: str = ""


def billed_elsewhere(
    found: Found, inputs: BookInputs, codes: Codes, rounds: Callable[[str], Sequence[Round]]
) -> dict[str, Billed]:
    """Return the denials that went, or must go, to another plan: by what was sent, else by the payer's own reason."""
    out = {}
    for denial in found.examination.denials:
        claim = _claim(denial, inputs)
        # A claim sent as second already waits on the first plan's answer: its payment is not for this denial.
        if claim is None or claim.sequence != "P":
            continue
        sent = [r.sent_on for r in rounds(denial.denial_id) if r.remedy == "bill_other_payer" and r.sent_on is not None]
        rows = (codes.carc.lookup(a.carc) for a in denial.adjustments)
        named = any(row is not None and row.action in _ELSEWHERE for row in rows)
        since = min(sent) if sent else denial.remit.paid_on if named else None
        members = _members(denial, claim, inputs) if since is not None else frozenset()
        if since is not None and members:
            out[denial.denial_id] = Billed(denial, members, since)
    return out


def _claim(denial: Denial, inputs: BookInputs) -> SubmittedClaim | None:
    fits = [c for c in inputs.claims if squeeze(c.claim_id) == squeeze(denial.remit.claim_id)]
    own = [c for c in fits if (p := claim_payer(c, inputs.directory)) is not None and p.id == denial.remit.payer_id]
    return own[0] if own else None


def _members(denial: Denial, claim: SubmittedClaim, inputs: BookInputs) -> frozenset[tuple[str, str]]:
    served = denial.line.service_date if denial.line else None
    served = served or min((line.start_date for line in claim.lines if line.start_date), default=None)
    return frozenset(
        (row.payer_id, squeeze(row.member_id))
        for row in inputs.coverage
        if row.payer_id != denial.remit.payer_id
        and row.plan_type not in ("hospice", "snf")
        and _is_person(row, claim)
        and served is not None
        and (row.start_date is None or row.start_date <= served)
        and (row.end_date is None or served <= row.end_date)
    )


def _is_person(row: CoverageSpan, claim: SubmittedClaim) -> bool:
    verified = (squeeze(row.patient_last), squeeze(row.patient_first), row.birth_date)
    return verified == (squeeze(claim.patient_last), squeeze(claim.patient_first), claim.birth_date)


def paid_by_others(found: Found, billed: Mapping[str, Billed]) -> Iterator[Placed]:
    """Give each paid line of another plan that is for a denial, or may be: by claim number, member, code and day.

    Where the claim number is another, or the member, nothing is guessed: the line comes without a denial, and says why.
    """
    if not billed:
        return
    payers = {payer for one in billed.values() for payer, _ in one.members}
    for (payer, _), answers in found.threads.items():
        if payer in payers:
            for answer in answers:
                if not answer.conflict:
                    yield from _placed(answer, payer, billed)


def _placed(answer: Answer, payer: str, billed: Mapping[str, Billed]) -> Iterator[Placed]:
    number, member = squeeze(answer.claim.claim_id), squeeze(member_id(answer.claim))
    for position, line in enumerate(answer.claim.lines, start=1):
        if not line.paid:
            continue
        code, on = billed_code(line), service_day(line, answer.claim)
        fits = [
            (name, one)
            for name, one in billed.items()
            if answer.day >= one.since
            and any(payer == other for other, _ in one.members)
            and (one.denial.line is None or (one.denial.line.hcpcs, one.denial.line.service_date) == (code, on))
        ]
        same = [(name, one) for name, one in fits if squeeze(one.denial.remit.claim_id) == number]
        sure = [name for name, one in same if (payer, member) in one.members]
        if len(sure) > 1:
            sure = _exact(sure, billed, line.line_control, line.modifiers) or sure
        if len(sure) == 1:
            yield Placed(answer, position, tuple(sure))
        elif sure:
            yield Placed(answer, position, tuple(sure), "it fits several denied lines of the claim")
        elif same:
            yield Placed(answer, position, (), f"it names member {member_id(answer.claim)}, who is not verified there")
        elif likely := sorted(name for name, one in fits if one.denial.line and (payer, member) in one.members):
            yield Placed(answer, position, (), f"another claim number than that of the denied line ({likely[0]})")


def _exact(names: Iterable[str], billed: Mapping[str, Billed], control: str, modifiers: tuple[str, ...]) -> list[str]:
    """Tell equal services of a claim apart: by the line's own control number, else by its modifiers."""
    lines = {name: line for name in names if (line := billed[name].denial.line) is not None}
    by_control = [name for name, line in lines.items() if control and line.line_control == control]
    by_modifiers = [name for name, line in lines.items() if set(line.modifiers) == set(modifiers)]
    return next((found for found in (by_control, by_modifiers) if len(found) == 1), [])

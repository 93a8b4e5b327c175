"""After a decision against us: which level is open, until when, and what a person must know of it."""

from dataclasses import dataclass
from datetime import date

from agent.diagnosis.case import Case
from agent.diagnosis.printed import day
from agent.following.dealings import LOST
from knowledge.types.deadlines import Deadline
from knowledge.types.diagnosis import Diagnosis, Remedy, ReviewReason
from knowledge.types.outcomes import Round
from knowledge.types.practice import AppealLevel
from tools.timeliness import Events, level_action, level_deadline, level_question, peer_to_peer_deadline

ARGUABLE: frozenset[Remedy] = frozenset(
    {"reconsideration", "appeal", "payment_dispute", "authorization_fix", "send_records", "reopening"}
)
"""Remedies of which the next appeal level takes the place, once an appeal was decided against us."""

_OUTSIDE = ("external", "alj", "administrative law", "council", "court", "hearing", "arbitration", "independent")
"""What the name of a level outside the payer holds: it is for a person, with counsel or the member's consent."""


@dataclass(frozen=True)
class NextStep:
    """What the rounds so far change about a decision: None in a field = nothing."""

    reasons: tuple[ReviewReason, ...]
    remedy: Remedy | None = None
    deadlines: tuple[Deadline, ...] | None = None
    missing: tuple[str, ...] = ()


def lost_rounds(case: Case) -> tuple[Round, ...]:
    """Return the appeals decided against us, wholly or in part."""
    return tuple(r for r in case.rounds if r.level_index is not None and r.decision and r.decision.result in LOST)


def open_level(case: Case) -> tuple[int, AppealLevel] | None:
    """Return the payer's level an appeal goes to now, with its place in payers.yaml; None when none is left."""
    levels = case.payer.appeals if case.payer else ()
    index = max((r.level_index + 1 for r in lost_rounds(case) if r.level_index is not None), default=0)
    return (index, levels[index]) if index < len(levels) else None


def next_step(case: Case, diagnosis: Diagnosis, as_of: date) -> NextStep | None:
    """Return what becomes of a case after what was sent and decided so far; None where nothing was decided yet."""
    if not case.rounds:
        return None
    conflicts = tuple(ReviewReason(code="outcome-conflict", says=says) for r in case.rounds for says in r.conflict)
    if conflicts:
        return NextStep(conflicts)
    last = case.rounds[-1].decision
    granted = last is not None and last.result == "overturned"
    if case.rounds[-1].remedy == diagnosis.remedy == "authorization_fix" and diagnosis.then and last is not None:
        what = "granted" if granted else "refused"
        says = f"The authorization request was {what} on {day(last.on)} ({last.source}): what follows it is due now"
        return NextStep((ReviewReason(code=f"authorization-{what}", says=says),), remedy=diagnosis.then)
    if last is not None and granted:
        says = f"The payer decided for us on {day(last.on)} ({last.source}); no remit has paid it yet: ask for payment"
        return NextStep((ReviewReason(code="payment-awaited", says=says),), remedy="hold", deadlines=())
    lost = lost_rounds(case)
    tried = tuple(r for r in case.rounds if r.level_index is None and r.decision and r.remedy == diagnosis.remedy)
    reasons = tuple(ReviewReason(code="tried-before", says=_tried(r)) for r in tried)
    return _after_appeal(case, diagnosis, as_of, lost, reasons) if lost else NextStep(reasons)


def _after_appeal(
    case: Case, diagnosis: Diagnosis, as_of: date, lost: tuple[Round, ...], reasons: tuple[ReviewReason, ...]
) -> NextStep:
    decided = lost[-1].decision
    assert decided is not None
    reasons = (ReviewReason(code="earlier-decision", says=_told(lost[-1])), *reasons)
    opened = open_level(case)
    arguable = diagnosis.remedy in ARGUABLE
    if opened is None or case.payer is None:
        listed = len(case.payer.appeals) if case.payer else 0
        says = (
            f"No appeal level is left: payers.yaml lists {listed}, and all are decided. External review and the "
            "member's own rights are a person's to use; else it is given up"
        )
        reasons = (*reasons, ReviewReason(code="no-level-left", says=says))
        return NextStep(reasons, remedy="hold" if arguable else None, deadlines=() if arguable else None)
    index, level = opened
    events = Events(
        remit_date=case.denial.remit.paid_on,
        service_date=case.denial.line.service_date if case.denial.line else None,
        decision_date=decided.on,
    )
    clocks = tuple(
        clock
        for clock in (level_deadline(case.payer, index, events, as_of), _call(case, events, as_of))
        if clock is not None
    )
    question = level_question(case.payer, index, events)
    if any(word in level.level.casefold() for word in _OUTSIDE):
        says = f"{level.level} is outside the payer: counsel, or the member's written consent, is a person's to get"
        reasons = (*reasons, ReviewReason(code="outside-the-payer", says=says))
    if clocks and clocks[0].action != "peer_to_peer" and clocks[0].expired:
        says = f"The clock for {level.level} ran out on {clocks[0].date.isoformat()}"
        reasons = (*reasons, ReviewReason(code="deadline-passed", says=says))
    if decided.says and not _answered(case, lost[-1]):
        says = f"Check that the letter answers the decision's own reason: {decided.says}"
        reasons = (*reasons, ReviewReason(code="decision-reason-open", says=says))
    remedy: Remedy | None = level_action(level) if arguable else None
    return NextStep(
        reasons,
        remedy=remedy,
        deadlines=clocks if arguable else None,
        missing=tuple(item for item in (question, _letter_lacking(lost[-1])) if item),
    )


def _letter_lacking(lost: Round) -> str:
    """Name the decision letter where a person entered the decision without it."""
    decided = lost.decision
    if decided is None or not decided.entered_by or decided.letter_sha256 is not None:
        return ""
    return f"the payer's decision letter of {day(decided.on)}: enter the decision again with it"


def _call(case: Case, events: Events, as_of: date) -> Deadline | None:
    """Return the peer-to-peer clock while it runs; after a decision it counts from that where the payer has one."""
    clock = peer_to_peer_deadline(case.payer, events, as_of) if case.payer else None
    return None if clock is None or clock.expired else clock


def _answered(case: Case, lost: Round) -> bool:
    """Tell whether the decision names a reason the denial named: then the letter's argument is about it."""
    named = {code.rpartition("-")[2].upper() for code in (lost.decision.codes if lost.decision else ())}
    own = {a.carc.upper() for a in case.denial.adjustments} | {code.upper() for code in case.denial.remarks}
    return bool(named & own)


def _told(lost: Round) -> str:
    decided = lost.decision
    assert decided is not None
    what = {
        "upheld": "upheld the denial",
        "partly_overturned": "overturned part of the denial",
        "dismissed": "dismissed it without a decision on the merits",
        "overturned": "overturned the denial",
    }[decided.result]
    sent = f"{lost.level or lost.remedy.replace('_', ' ')}"
    sent += f" of {day(lost.sent_on)}" if lost.sent_on else ""
    return f"The payer {what} on {day(decided.on)} ({sent}; {decided.source})"


def _tried(tried: Round) -> str:
    decided = tried.decision
    assert decided is not None
    sent = f"sent on {day(tried.sent_on)}" if tried.sent_on else "sent"
    codes = f" with {', '.join(decided.codes)}" if decided.codes else ""
    what = tried.remedy.replace("_", " ")
    return f"The {what} was {sent} and answered on {day(decided.on)}{codes}: sent again it is answered the same"

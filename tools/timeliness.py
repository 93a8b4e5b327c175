"""Deadlines from the payer's own settings, and nothing else: what is not set gives a question, never a date.

Days are calendar days and never shifted for weekends: a practice that files on the Friday is in time
everywhere.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from knowledge.types.deadlines import Deadline, DeadlineAction, Filing
from knowledge.types.diagnosis import Remedy
from knowledge.types.practice import AppealLevel, Frozen, Payer

_SAFETY_DAYS = 10
_SAFETY_SHARE = 5  # a fifth of the window
_LONGEST_WINDOW = 36_500

_NOTHING_TO_FILE: tuple[Remedy, ...] = ("bill_patient", "refund", "write_off", "close")
_BY_APPEAL: tuple[Remedy, ...] = ("reconsideration", "appeal", "payment_dispute")


class Events(Frozen):
    """The days clocks start from; None = not known."""

    remit_date: date | None = None
    service_date: date | None = None
    decision_date: date | None = None


class _Clock(NamedTuple):
    """One setting: its action, its name in payers.yaml, its days, and the day it counts from."""

    action: DeadlineAction
    setting: str
    days: int | None
    start: str


def deadlines(
    payer: Payer,
    events: Events,
    as_of: date,
    remedy: Remedy,
    then: Remedy | None = None,
    *,
    peer_to_peer: bool = False,
) -> tuple[Deadline, ...]:
    """List the clocks that run, the binding one first.

    First those the remedy and what follows it need, earliest first; then, for as long as something is to be
    filed, the payer's appeal clock, which a corrected claim or a phone call does not stop; then
    peer-to-peer when asked for. A clock that has run out keeps its date. Settings that are missing give no
    entry: see `open_questions`.
    """
    needed = [_dated(payer, clock, events, as_of) for clock in _needed(payer, events, remedy, then)]
    others = [_dated(payer, clock, events, as_of) for clock in _others(payer, events, remedy, peer_to_peer)]
    first = sorted({d for d in needed if d is not None}, key=_by_date)
    rest = sorted({d for d in others if d is not None} - set(first), key=_by_date)
    return (*first, *rest)


def open_questions(payer: Payer, events: Events, remedy: Remedy, then: Remedy | None = None) -> tuple[str, ...]:
    """Name what must be asked before every clock the remedy needs has a date ("payer CASC1: ... is not set")."""
    asked = [
        question
        for clock in _needed(payer, events, remedy, then)
        if (question := _question(payer, clock, events)) is not None
    ]
    steps = (remedy, then)
    if not payer.appeals and any(step in _BY_APPEAL for step in steps):
        asked.append(f"payer {payer.id}: appeals is not set")
    return tuple(dict.fromkeys(asked))


def level_deadline(payer: Payer, index: int, events: Events, as_of: date) -> Deadline | None:
    """Return the clock of one appeal level (from 0) of a payer; None when its setting or its first day is not known."""
    return _dated(payer, _level_clock(index, payer.appeals[index]), events, as_of)


def level_question(payer: Payer, index: int, events: Events) -> str | None:
    """Name what must be asked before one appeal level (from 0) has a clock; None when it has one."""
    return _question(payer, _level_clock(index, payer.appeals[index]), events)


def peer_to_peer_deadline(payer: Payer, events: Events, as_of: date) -> Deadline | None:
    """Return until when the payer's physician can be called; None when payers.yaml does not say."""
    return _dated(
        payer, _Clock("peer_to_peer", "peer_to_peer_days", payer.peer_to_peer_days, "remit_date"), events, as_of
    )


def filed_in_time(service_date: date | None, limit_days: int | None, accepted_on: date | None) -> Filing:
    """Judge whether a claim was accepted by the payer within `limit_days` of the date of service.

    The last day still counts. Acceptance is the payer's own (277CA), not the clearinghouse's.
    """
    if service_date is None or limit_days is None or not 0 <= limit_days <= _LONGEST_WINDOW:
        return Filing(standing="unknown", says="the filing limit or the date of service is not known")
    last_day = _after(service_date, limit_days)
    if last_day is None:
        return Filing(standing="unknown", says="the filing limit runs past the calendar")
    limit = f"{limit_days} days from the date of service {service_date} end on {last_day}"
    if accepted_on is None:
        says = f"{limit}; no acceptance by the payer is on file"
        return Filing(standing="unknown", last_day=last_day, says=says)
    late = max(0, (accepted_on - last_day).days)
    says = f"{limit}; the payer accepted the claim on {accepted_on}" + (f", {late} days late" if late else "")
    return Filing(standing="late" if late else "in_time", last_day=last_day, days_late=late, says=says)


def _needed(payer: Payer, events: Events, remedy: Remedy, then: Remedy | None) -> Iterator[_Clock]:
    for step in (remedy, then):
        if step == "corrected_claim":
            yield _Clock("corrected_claim", "corrected_claim_days", payer.corrected_claim_days, "remit_date")
        elif step == "reopening":
            # A payer that takes no replacement claims corrects by reopening: its correction window bounds it.
            yield _Clock("reopening", "corrected_claim_days", payer.corrected_claim_days, "remit_date")
        elif step == "new_claim":
            yield _Clock("new_claim", "timely_filing_days", payer.timely_filing_days, "service_date")
        elif step == "authorization_fix":
            days = payer.retro_authorization_days
            yield _Clock("authorization_fix", "retro_authorization_days", days, "service_date")
        elif step in _BY_APPEAL:
            yield from _levels_for(payer, events, step)


def _others(payer: Payer, events: Events, remedy: Remedy, peer_to_peer: bool) -> Iterator[_Clock]:
    if remedy not in _NOTHING_TO_FILE:
        for index, level in enumerate(payer.appeals):
            if index == 0 or (level.start == "decision_date" and events.decision_date is not None):
                yield _level_clock(index, level)
    if peer_to_peer:
        yield _Clock("peer_to_peer", "peer_to_peer_days", payer.peer_to_peer_days, "remit_date")


def _levels_for(payer: Payer, events: Events, step: Remedy) -> Iterator[_Clock]:
    """The level a step goes to, and while no decision has been made, the levels that must come before it.

    A payer without a level of that name takes it at its first level: that is where its process begins.
    """
    levels = list(enumerate(payer.appeals))
    wanted = next((index for index, level in levels if _goes_to(level, step)), 0)
    for index, level in levels[: wanted + 1]:
        if index == wanted or events.decision_date is None:
            yield _level_clock(index, level)


def _goes_to(level: AppealLevel, step: Remedy) -> bool:
    name = level.level.lower()
    if step == "payment_dispute":
        return "dispute" in name or "payment" in name
    return (level_action(level) == "reconsideration") == (step == "reconsideration")


def _level_clock(index: int, level: AppealLevel) -> _Clock:
    return _Clock(level_action(level), f"appeals[{index}] {level.level}", level.days, level.start)


def level_action(level: AppealLevel) -> Literal["reconsideration", "appeal"]:
    """Name what goes to a level: one called a reconsideration is one; redetermination and every other is an appeal."""
    return "reconsideration" if "reconsideration" in level.level.lower() else "appeal"


def _dated(payer: Payer, clock: _Clock, events: Events, as_of: date) -> Deadline | None:
    start = _start(clock, events)
    if clock.days is None or start is None or _question(payer, clock, events) is not None:
        return None
    last_day = _after(start, clock.days)
    if last_day is None:
        return None
    left = (last_day - as_of).days
    what = clock.action.replace("_", " ")
    standing = f"{left} days left" if left >= 0 else f"ran out {-left} days before {as_of}"
    margin = max(_SAFETY_DAYS, -(-clock.days // _SAFETY_SHARE))
    return Deadline(
        action=clock.action,
        date=last_day,
        rule=f"payers.yaml {payer.id} {clock.setting}: {clock.days} days from {clock.start} {start}",
        days_left=left,
        expired=left < 0,
        safe_by=max(start, last_day - timedelta(days=min(margin, clock.days))),
        says=f"{what} by {last_day}: {standing}",
    )


def _question(payer: Payer, clock: _Clock, events: Events) -> str | None:
    """Return why a clock has no date, None when it has one."""
    if clock.days is None:
        return f"payer {payer.id}: {clock.setting} is not set"
    if clock.action == "authorization_fix" and clock.days == 0:
        return f"payer {payer.id}: retro_authorization_days is 0, it never authorizes after the service"
    if not 0 <= clock.days <= _LONGEST_WINDOW:
        return f"payer {payer.id}: {clock.setting} is {clock.days}, which is no number of days"
    start = _start(clock, events)
    if start is None:
        return f"payer {payer.id}: {clock.setting} runs from {clock.start}, which is not known"
    return None if _after(start, clock.days) else f"payer {payer.id}: {clock.setting} runs past the calendar"


def _start(clock: _Clock, events: Events) -> date | None:
    starts = {
        "remit_date": events.remit_date,
        "service_date": events.service_date,
        "decision_date": events.decision_date,
    }
    return starts[clock.start]


def _after(start: date, days: int) -> date | None:
    return None if (date.max - start).days < days else start + timedelta(days=days)


def _by_date(deadline: Deadline) -> tuple[date, str, str]:
    return (deadline.date, deadline.action, deadline.rule)

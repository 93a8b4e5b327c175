"""When a call between physicians is worth making: the clock for it, for a clinical denial that is to be appealed."""

from collections.abc import Iterable
from datetime import date

from agent.diagnosis.case import Case
from knowledge.types.deadlines import Deadline
from knowledge.types.diagnosis import Diagnosis, Remedy
from tools.peer_to_peer.brief import questions
from tools.timeliness import Events, deadlines

ARGUED: frozenset[Remedy] = frozenset({"reconsideration", "appeal"})
"""Remedies that a reviewer's mind must be changed for: only before them is a call of any use."""


def peer_to_peer_clock(case: Case, diagnosis: Diagnosis, as_of: date) -> tuple[Deadline, ...]:
    """Return until when the payer takes a peer-to-peer call about this denial, run out or not; () where none is due.

    A clock runs for a clinical cause that is to be argued (one with a reviewer's question in tools/peer_to_peer), by
    the payer's own `peer_to_peer_days` from the remit. A cause that stayed unknown has nothing to say on the phone,
    and a payer that is right is not called.
    """
    payer = case.payer
    if payer is None or payer.peer_to_peer_days is None or diagnosis.root_cause == "unknown":
        return ()
    if not {diagnosis.remedy, diagnosis.then} & ARGUED:
        return ()
    if diagnosis.root_cause not in questions():
        return ()
    served = case.denial.line.service_date if case.denial.line else None
    events = Events(remit_date=case.denial.remit.paid_on, service_date=served)
    clocks = deadlines(payer, events, as_of, diagnosis.remedy, diagnosis.then, peer_to_peer=True)
    return tuple(clock for clock in clocks if clock.action == "peer_to_peer")


def open_clock(clocks: Iterable[Deadline]) -> Deadline | None:
    """Return the peer-to-peer clock that still runs, if one does."""
    return next((clock for clock in clocks if clock.action == "peer_to_peer" and not clock.expired), None)

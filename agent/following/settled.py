"""The denials whose fight is over, each with what it brought in cash: what the worth of others is learned from."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from agent.worth.outline import Outline, read_outline
from agent.worth.value import payer_key
from knowledge.records import DenialStatus, OutcomeEntry, Records, Repository
from knowledge.types.outcomes import Account, Ending, Settled

ENDED: tuple[DenialStatus, ...] = ("won", "partly_won", "lost", "closed")
"""Statuses of denials whose fight may be over."""


def settled(records: Records, practice_id: str) -> tuple[Settled, ...]:
    """Return every denial of the practice whose fight ended, in order of the day it ended and its id.

    It ended when a remit paid it (in part: and nothing is out or open any more), or when it was closed after something
    had been sent or a decision entered. Given up without a fight it teaches nothing of chances, and is left out. Reads
    stored rows alone (no casebook is built); before the practice was worked for the first time there is none.
    """
    with records.reading() as repository:
        ended = [read_outline(text) for text in repository.denials.texts(practice_id, statuses=ENDED)]
        return in_order(settled_among(repository, practice_id, ended))


def settled_among(repository: Repository, practice_id: str, outlines: Sequence[Outline]) -> tuple[Settled, ...]:
    """Return those of some denials whose fight ended, as they come."""
    ended = [one for one in outlines if one.status in ENDED]
    names = [one.denial_id for one in ended]
    accounts = repository.outcomes.accounts(practice_id, names)
    entries = repository.outcomes.entries(practice_id, names)
    found = []
    for one in ended:
        live = tuple(entry for entry in entries.get(one.denial_id, ()) if entry.withdrawn_at is None)
        account = accounts.get(one.denial_id)
        if account is not None and (made := _settled(one, account, live)) is not None:
            found.append(made)
    return tuple(found)


def in_order(held: Sequence[Settled]) -> tuple[Settled, ...]:
    """Order by the day a fight ended, then by id."""
    return tuple(sorted(held, key=lambda one: (one.ended_on, one.denial_id)))


def _settled(record: Outline, account: Account, entries: tuple[OutcomeEntry, ...]) -> Settled | None:
    fought = bool(entries or any(r.sent_on is not None for r in account.rounds))
    ending = _ending(record.status, account.recovered, fought)
    ended_on = _ended_on(record, account, entries)
    if ending is None or ended_on is None:
        return None
    last = account.rounds[-1] if account.rounds else None
    return Settled(
        denial_id=record.denial_id,
        payer_key=payer_key(record),
        payer_name=record.remit.payer_name or "",
        root_cause=record.root_cause,
        remedy=last.remedy if last is not None and last.remedy else record.remedy,
        at_stake=Decimal(record.amount_at_stake),
        recovered=account.recovered,
        ending=ending,
        ended_on=ended_on,
        fought=fought,
    )


def _ending(status: str, recovered: Decimal, fought: bool) -> Ending | None:
    if status == "won":
        return "won"
    if status == "partly_won":
        return "partly_won"
    if status == "lost":
        return "lost"
    if status == "closed" and fought:
        return "partly_won" if recovered > 0 else "lost"
    return None


def _ended_on(record: Outline, account: Account, entries: tuple[OutcomeEntry, ...]) -> date | None:
    days = [account.settled_on] if account.settled_on else []
    days += [entry.decided_on for entry in entries]
    days += [r.decision.on for r in account.rounds if r.decision is not None]
    days += [entry.at for entry in account.entries]
    return max(days, default=date.fromisoformat(record.remit.paid_on) if record.remit.paid_on else None)

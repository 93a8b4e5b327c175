"""The denials whose fight is over, each with what it brought in cash: what the worth of others is learned from."""

from datetime import date
from decimal import Decimal

from knowledge.records import OutcomeEntry, Records, StoredDenial
from knowledge.types.outcomes import Account, Ending, Settled
from knowledge.types.record import DenialRecord


def settled(records: Records, practice_id: str) -> tuple[Settled, ...]:
    """Return every denial of the practice whose fight ended, in order of the day it ended and its id.

    It ended when a remit paid it (in part: and nothing is out or open any more), or when it was closed after something
    had been sent or a decision entered. Given up without a fight it teaches nothing of chances, and is left out. Reads
    stored rows alone (no casebook is built), so that it may be called at every ranking; before the practice was worked
    for the first time there is none.
    """
    with records.reading() as repository:
        accounts = repository.outcomes.accounts(practice_id)
        entries = repository.outcomes.entries(practice_id)
        stored = tuple(repository.denials.all(practice_id))
    found = []
    for one in stored:
        live = tuple(entry for entry in entries.get(one.denial_id, ()) if entry.withdrawn_at is None)
        account = accounts.get(one.denial_id)
        if one.record is not None and account is not None and (made := _settled(one, account, live)) is not None:
            found.append(made)
    return tuple(sorted(found, key=lambda one: (one.ended_on, one.denial_id)))


def _settled(stored: StoredDenial, account: Account, entries: tuple[OutcomeEntry, ...]) -> Settled | None:
    record = DenialRecord.model_validate(stored.record)
    fought = bool(entries or any(r.sent_on is not None for r in account.rounds))
    ending = _ending(stored.status, account.recovered, fought)
    ended_on = _ended_on(stored, account, entries)
    if ending is None or ended_on is None:
        return None
    last = account.rounds[-1] if account.rounds else None
    return Settled(
        denial_id=stored.denial_id,
        payer_key=record.remit.payer_id or record.remit.payer_name or "",
        payer_name=record.remit.payer_name or "",
        root_cause=record.root_cause,
        remedy=last.remedy if last is not None and last.remedy else record.remedy,
        at_stake=stored.denial.amount_at_stake,
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


def _ended_on(stored: StoredDenial, account: Account, entries: tuple[OutcomeEntry, ...]) -> date | None:
    days = [account.settled_on] if account.settled_on else []
    days += [entry.decided_on for entry in entries]
    days += [r.decision.on for r in account.rounds if r.decision is not None]
    days += [entry.at for entry in account.entries]
    return max(days, default=stored.denial.remit.paid_on)

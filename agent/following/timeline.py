"""Every line's life, readable: built from the records, each thing once, the same whatever the order it came in."""

from collections.abc import Iterator
from datetime import date

from agent.diagnosis.printed import day
from agent.following.dealings import LOST
from knowledge.records import Approval, Event, OutcomeEntry, Outgoing, Records, Repository, UnknownDenial
from knowledge.types.outcomes import Account, LifeEntry, LifeKind, Round
from knowledge.types.practice import Payer

_EVENTS: dict[str, LifeKind] = {
    "worked": "worked",
    "edit": "decided",
    "reject": "decided",
    "closed": "note",
    "taken_back": "decided",
    "asked": "note",
    "answered": "note",
}
"""Events of the records that no other row tells, by what they are in a timeline."""

_RESULTS = {
    "upheld": "The payer upheld the denial",
    "partly_overturned": "The payer overturned part of the denial",
    "overturned": "The payer overturned the denial: counted when a remit pays it",
    "dismissed": "The payer dismissed what was sent, without a decision on the merits",
}


def timeline(records: Records, practice_id: str, denial_id: str) -> tuple[LifeEntry, ...]:
    """Return what happened to a denial, oldest first; of one day in the order of the steps it goes through.

    Raises:
        UnknownDenial: the practice has no such denial.
    """
    with records.reading() as repository:
        found = repository.denials.get(practice_id, denial_id)
        if found is None:
            raise UnknownDenial(f"practice {practice_id} has no denial {denial_id}")
        account = repository.outcomes.account(practice_id, denial_id) or Account(denial_id=denial_id)
        entered = repository.outcomes.entries(practice_id).get(denial_id, ())
        payers = {payer.id: payer for payer in repository.facts.payers(practice_id)}
        payer = payers.get(found.denial.remit.payer_id or "")
        entries = (
            *_remits(account),
            *_work(repository, practice_id, denial_id),
            *_entered(entered),
            *_opened(account.rounds, payer),
        )
    once = {entry.key: entry for entry in entries}
    return tuple(sorted(once.values(), key=lambda entry: entry.at))


def _remits(account: Account) -> Iterator[LifeEntry]:
    """Give what remits and statuses tell; a denial said again after something was sent is a decision on it."""
    decisions = {r.decision.key: r for r in account.rounds if r.decision is not None}
    sent = min((r.sent_on for r in account.rounds if r.sent_on is not None), default=date.max)
    for entry in account.entries:
        upheld = entry.kind == "denied" and entry.at > sent
        told = decisions.get(entry.key)
        if told is not None and told.decision is not None and told.decision.result in LOST:
            upheld = True
        yield entry.model_copy(update={"kind": "upheld"}) if upheld else entry


def _work(repository: Repository, practice_id: str, denial_id: str) -> Iterator[LifeEntry]:
    for event in repository.casework.timeline(practice_id, denial_id):
        if event.kind in _EVENTS:
            yield _event(event)
    for approval in repository.approvals.all(practice_id, denial_id):
        yield from _approval(approval)
    for outgoing in repository.outbox.of(practice_id, denial_id):
        yield from _send(outgoing)


def _event(event: Event) -> LifeEntry:
    return LifeEntry(
        key=f"event:{event.key}", at=event.at.date(), kind=_EVENTS[event.kind], says=event.says, source="records"
    )


def _approval(approval: Approval) -> Iterator[LifeEntry]:
    key, source = f"approval:{approval.sha256[:16]}", f"approval {approval.sha256[:16]}"
    by = f"{approval.by} ({approval.role})" if approval.role else approval.by
    signed = f", signed by {approval.signed_by}" if approval.signed_by else ""
    says = f"{approval.remedy.replace('_', ' ').capitalize()} approved by {by}{signed}"
    yield LifeEntry(key=key, at=approval.at.date(), kind="approved", says=says, source=source)
    if approval.voided_at is not None and approval.void_code not in ("answered", "worked-again"):
        says = f"Approval voided: {approval.void_reason or approval.void_code}"
        yield LifeEntry(key=f"{key}:voided", at=approval.voided_at.date(), kind="note", says=says, source=source)


def _send(one: Outgoing) -> Iterator[LifeEntry]:
    what = f"{one.kind.replace('_', ' ').capitalize()} by {one.channel}"
    if one.handed_over_at is not None:
        says = f"{what} to {one.target}: {one.says}" if one.says else f"{what} to {one.target}"
        yield LifeEntry(key=one.key, at=one.handed_over_at.date(), kind="sent", says=says, source=f"send {one.key}")
    elif one.state == "failed":
        says = f"{what} failed: {one.says}"
        yield LifeEntry(key=one.key, at=one.queued_at.date(), kind="note", says=says, source=f"send {one.key}")
    if one.receipted_at is not None:
        says, source = f"Receipt for {one.kind.replace('_', ' ')} by {one.channel}", f"send {one.key}"
        key = f"{one.key}:receipt"
        yield LifeEntry(key=key, at=one.receipted_at.date(), kind="receipt", says=says, source=source)


def _entered(entries: tuple[OutcomeEntry, ...]) -> Iterator[LifeEntry]:
    for entry in entries:
        told = [_RESULTS[entry.result]]
        told += [f"at level {entry.level.replace('_', ' ')}"] if entry.level else []
        told += [f"reference {entry.reference}"] if entry.reference else []
        told += [f"naming {', '.join(entry.codes)}"] if entry.codes else []
        says = ", ".join(told) + (f": {entry.reason}" if entry.reason else "")
        source = f"entered by {entry.by} on {entry.at.date().isoformat()}"
        source += f", {entry.letter_name}" if entry.letter_name else ""
        kind: LifeKind = "upheld" if entry.result in LOST else "payer_status"
        if entry.withdrawn_at is not None:
            kind, says = "note", f"Withdrawn: {says}"
            why = f"Entry of {day(entry.decided_on)} withdrawn by {entry.withdrawn_by}: {entry.withdrawn_reason}"
            at = entry.withdrawn_at.date()
            yield LifeEntry(key=f"entered:{entry.key}:withdrawn", at=at, kind="note", says=why, source="records")
        yield LifeEntry(key=f"entered:{entry.key}", at=entry.decided_on, kind=kind, says=says, source=source)


def _opened(rounds: tuple[Round, ...], payer: Payer | None) -> Iterator[LifeEntry]:
    """Give the level that each decision against us opened, or that none was left."""
    for one in rounds:
        if one.level_index is None or one.decision is None or one.decision.result not in LOST:
            continue
        levels, following = (payer.appeals if payer else ()), one.level_index + 1
        if following < len(levels):
            level = levels[following]
            counted = f", {level.days} days from {level.start.replace('_', ' ')}" if level.days is not None else ""
            says = f"Next level open: {level.level}{counted}"
        else:
            says = "No appeal level is left at this payer"
        source = f"payers.yaml {payer.id}" if payer else "payers.yaml has no entry for the payer"
        key = f"level:{following}:{one.decision.key}"
        yield LifeEntry(key=key, at=one.decision.on, kind="level_opened", says=says, source=source)

"""Move denials that were settled for the machine: what the payer decided, or paid, has them worked anew."""

import hashlib

from agent.approving.records_print import records_print
from agent.desk import Desk
from agent.following.dealings import LOST
from agent.following.moved import OTHER_AMOUNT
from agent.sending.kept import Kept
from agent.vault import Changed
from knowledge.records import Approval, Event, Repository, StoredDenial
from knowledge.types.denial import Denial
from knowledge.types.outcomes import Round

_ENDED = ("won", "partly_won", "lost")


def follow(desk: Desk) -> tuple[str, ...]:
    """Hand back to the machine every denial that what came back has moved.

    A denial that is sent moves when the payer decided against it, or a remit settled it; one that a person closed when
    it is paid after all. One decided in our favor stays as sent until a remit pays it. What was sent stays as it went.
    May be cut off anywhere and done again. Gives the ids of what has moved.
    """
    casebook = desk.casebook
    with desk.records.reading() as repository:
        stored = [one for one in repository.denials.all(desk.practice_id) if one.denial_id in casebook.denials]
    moved = [one.denial_id for one in stored if _move(desk, one)]
    if moved:
        casebook.look_again()
    return tuple(sorted(moved))


def save_cash(repository: Repository, desk: Desk) -> None:
    """Store every denial's account and the practice's cash, as the remits make them now."""
    cash, history = desk.casebook.cash, desk.casebook.history
    accounts = []
    for name in sorted(cash.accounts):
        held = cash.accounts[name]
        entries = sorted((*held.entries, *history.status_entries(name)), key=lambda entry: entry.at)
        accounts.append(held.model_copy(update={"entries": tuple(entries), "rounds": history.rounds(name)}))
    repository.outcomes.save_accounts(desk.practice_id, accounts, cash.whole)
    repository.worklist.set_recovered(desk.practice_id, {one.denial_id: one.recovered for one in accounts})


def _move(desk: Desk, stored: StoredDenial) -> bool:
    if stored.status not in ("sent", "closed", "approved"):
        return False
    denial = desk.casebook.denials[stored.denial_id]
    why = _paid(stored, denial)
    if not why and stored.status != "closed":
        why = _decided(desk, stored)
    if not why:
        return False
    _set_aside(desk, stored.denial_id, why)
    return True


def _paid(stored: StoredDenial, denial: Denial) -> str:
    """Say that a remit has settled it; what is merely approved is looked at by the approval's own check."""
    if denial.outcome == "lost" or denial.outcome not in _ENDED or stored.status == "approved":
        return ""
    after = ", after it was closed" if stored.status == "closed" else ""
    if any(code == OTHER_AMOUNT for code, _ in denial.doubts):
        return f"Another plan has paid on this{after}; whether all it owes is for a person ({denial.outcome_file})"
    what = "paid in full" if denial.outcome == "won" else "paid in part"
    return f"A later remit has {what} this{after} ({denial.outcome_file})"


def _decided(desk: Desk, stored: StoredDenial) -> str:
    """Say that the payer decided against what was sent last, or that people disagree on what it decided."""
    rounds = desk.casebook.history.rounds(stored.denial_id)
    if not rounds:
        return ""
    last = rounds[-1]
    if last.conflict:
        return "" if stored.status == "approved" else last.conflict[0]
    if last.decision is None:
        return ""
    # One decided for us waits for its payment as it is; an authorization that was granted has a letter follow it.
    if last.decision.result not in LOST and last.remedy != "authorization_fix":
        return ""
    on = last.decision.on
    if stored.status == "approved" and not _sent_by_hand(desk, stored.denial_id, last):
        return ""
    return f"The payer decided on what was sent: {last.decision.result.replace('_', ' ')} on {on.isoformat()}"


def _sent_by_hand(desk: Desk, denial_id: str, last: Round) -> bool:
    """Tell whether what is approved must have gone by hand: a decision entered since is none that it rests on."""
    with desk.records.reading() as repository:
        held = repository.approvals.live(desk.practice_id, denial_id)
    if held is None or last.decision is None or not last.decision.entered_by:
        return False
    return held.at.date() <= last.decision.on and records_print(desk.casebook.case(denial_id)) != held.case_print


def _set_aside(desk: Desk, denial_id: str, why: str) -> None:
    """Keep what was sent byte for byte, mark its approval as answered, and have the denial worked anew."""
    with desk.records.reading() as repository:
        held = repository.approvals.live(desk.practice_id, denial_id)
    if held is not None:
        _keep(desk, held)
    now = desk.clock()
    with desk.records.transaction() as repository:
        repository.approvals.void(desk.practice_id, denial_id, "answered", why, now)
        repository.outbox.void_queued(desk.practice_id, denial_id, why, now)
        repository.denials.set_status(desk.practice_id, denial_id, "new")
        name = hashlib.sha256(f"{held.sha256 if held else ''}|{why}".encode()).hexdigest()[:16]
        event = Event(key=f"{denial_id}:answered:{name}", kind="answered", says=why, at=now)
        repository.casework.add_event(desk.practice_id, denial_id, event)


def _keep(desk: Desk, approval: Approval) -> None:
    """Keep every approved file that is still as it was approved: the next level encloses the letter."""
    kept = Kept(desk.home, desk.key)
    for file in approval.files:
        try:
            content = desk.files.read_as(file.path, file.sha256)
        except (FileNotFoundError, Changed):
            continue
        kept.put(content)

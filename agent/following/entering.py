"""A payer's decision entered by a person: checked, kept with its letter, counted once, and withdrawn when wrong."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from agent.desk import Desk
from agent.following.dealings import PEER_TO_PEER
from agent.following.decision_letter import UnreadableLetter, letter_text
from agent.office import Office
from agent.sending.kept import Kept
from knowledge.records import Event, OutcomeEntry, StoredDenial, UnknownDenial
from knowledge.types.outcomes import Result

LARGEST_LETTER = 25 * 2**20
"""Bytes a decision letter may have."""


class BadOutcome(ValueError):
    """A decision that cannot be entered as it is given; the message says what is wrong with it."""


class OutcomeKeyReused(ValueError):
    """The same key was sent before with another decision."""


@dataclass(frozen=True)
class Given:
    """A decision as a person gives it. `reason` are the payer's own words, `codes` the CARC and RARC it names."""

    result: Result
    on: date
    by: str
    reference: str = ""
    level: str = ""
    reason: str = ""
    codes: tuple[str, ...] = ()
    letter: bytes | None = None
    letter_name: str = ""


def enter_outcome(
    office: Office, practice_id: str, denial_id: str, given: Given, key: str | None = None
) -> OutcomeEntry:
    """Record what the payer decided and have the denial worked on; the same decision again counts once.

    Raises:
        UnknownDenial: the practice has no such denial.
        BadOutcome: the decision does not fit the denial, or its letter cannot be used.
        OutcomeKeyReused: `key` came before with another decision.
    """
    with office.at_desk(practice_id) as desk:
        stored = _stored(desk, denial_id)
        _check(desk, stored, given)
        sha256 = Kept(desk.home, desk.key).put(given.letter) if given.letter is not None else None
        with desk.records.reading() as repository:
            before = repository.outcomes.entries(practice_id).get(denial_id, ())
        entry = _entry(denial_id, given, sha256, key, desk, before)
        with desk.records.transaction() as repository:
            if not repository.outcomes.enter(practice_id, denial_id, entry):
                earlier = repository.outcomes.get(practice_id, denial_id, entry.key)
                if earlier is None or _said(earlier) != _said(entry):
                    raise OutcomeKeyReused(f"key {entry.key} was sent before with another decision on {denial_id}")
                entry = earlier
    office.work(practice_id)
    return entry


def withdraw_outcome(
    office: Office, practice_id: str, denial_id: str, key: str, *, by: str, reason: str
) -> OutcomeEntry:
    """Have an entered decision, named by its key or the start of it, no longer count; it stays on record.

    What it had moved goes back: a denial that then waits for the payer's answer is sent again as before.

    Raises:
        UnknownDenial: the practice has no such denial.
        BadOutcome: no entry has this key, several do, or it was withdrawn by somebody before.
    """
    with office.at_desk(practice_id) as desk:
        _stored(desk, denial_id)
        now = desk.clock()
        with desk.records.transaction() as repository:
            held = repository.outcomes.entries(practice_id).get(denial_id, ())
            fitting = [one for one in held if one.key == key] or [
                one for one in held if key and one.key.startswith(key)
            ]
            if len(fitting) != 1:
                raise BadOutcome(
                    f"{'several entries have' if fitting else 'no entry of this denial has'} the key {key}"
                )
            entry = fitting[0]
            if not repository.outcomes.withdraw(practice_id, denial_id, entry.key, by=by, reason=reason, now=now):
                raise BadOutcome(f"entry {entry.key} was withdrawn by {entry.withdrawn_by} before")
        desk.casebook.look_again()
        _wait_again(desk, denial_id, f"{by} withdrew the decision of {entry.decided_on.isoformat()}: {reason}")
    office.work(practice_id)
    with office.records.reading() as repository:
        return repository.outcomes.get(practice_id, denial_id, entry.key) or entry


def _wait_again(desk: Desk, denial_id: str, says: str) -> None:
    """Put a denial whose last send is out, or decided for us and unpaid, back to sent with the approval it went by."""
    rounds = desk.casebook.history.rounds(denial_id) if denial_id in desk.casebook.denials else ()
    last = rounds[-1] if rounds else None
    if last is None or last.sent_on is None or last.conflict:
        return
    won = last.decision is not None and last.decision.result == "overturned" and last.remedy != "authorization_fix"
    if last.decision is not None and not won:
        return
    if desk.casebook.denials[denial_id].outcome != "open" or last.approval_sha256 is None:
        return
    now = desk.clock()
    with desk.records.transaction() as repository:
        held = repository.approvals.get(desk.practice_id, denial_id, last.approval_sha256)
        if held is None or held.void_code != "answered" or repository.approvals.live(desk.practice_id, denial_id):
            return
        again = held.model_copy(update={"voided_at": None, "void_code": None, "void_reason": None})
        repository.approvals.save(desk.practice_id, denial_id, again)
        repository.denials.set_status(desk.practice_id, denial_id, "sent")
        event = Event(key=f"{denial_id}:waits:{now.isoformat()}", kind="waits", says=says, at=now)
        repository.casework.add_event(desk.practice_id, denial_id, event)


def _stored(desk: Desk, denial_id: str) -> StoredDenial:
    with desk.records.reading() as repository:
        stored = repository.denials.get(desk.practice_id, denial_id)
    if stored is None:
        raise UnknownDenial(f"practice {desk.practice_id} has no denial {denial_id}")
    return stored


def _check(desk: Desk, stored: StoredDenial, given: Given) -> None:
    denied_on = stored.denial.remit.paid_on
    today = max(desk.as_of, desk.clock().date())
    if given.on > today:
        raise BadOutcome(f"{given.on.isoformat()} is in the future: give the day the payer decided")
    if denied_on is not None and given.on < denied_on:
        raise BadOutcome(
            f"{given.on.isoformat()} is before the denial of {denied_on.isoformat()}: give the day it was decided on"
        )
    if not given.by.strip():
        raise BadOutcome("who enters the decision is not said")
    with desk.records.reading() as repository:
        payers = {payer.id: payer for payer in repository.facts.payers(desk.practice_id)}
    payer = payers.get(stored.denial.remit.payer_id or "")
    levels = [level.level for level in payer.appeals] if payer else []
    if given.level and _folded(given.level) not in {_folded(level) for level in (*levels, PEER_TO_PEER)}:
        may = ", ".join((*levels, "peer-to-peer"))
        raise BadOutcome(f"{given.level} is no level of the payer; payers.yaml has {may}")
    if given.letter is not None:
        _check_letter(given)


def _folded(level: str) -> str:
    return level.strip().casefold().replace("-", "_").replace(" ", "_")


def _check_letter(given: Given) -> None:
    """Refuse what is no PDF, and words that are not in the letter they are said to be from."""
    letter = given.letter or b""
    name = given.letter_name or "the letter"
    if len(letter) > LARGEST_LETTER:
        raise BadOutcome(f"{name} is larger than {LARGEST_LETTER // 2**20} MB")
    try:
        text = letter_text(letter)
    except UnreadableLetter as fault:
        raise BadOutcome(f"{name} is no PDF that can be enclosed: {fault}") from fault
    if given.reason and text and " ".join(given.reason.split()).casefold() not in text.casefold():
        raise BadOutcome(f"the reason does not stand so in {name}: copy the payer's words as they are, or leave it out")


def _entry(
    denial_id: str,
    given: Given,
    sha256: str | None,
    key: str | None,
    desk: Desk,
    before: Sequence[OutcomeEntry],
) -> OutcomeEntry:
    """Write the entry; without a key of its own it has one made of what it says, another once that was withdrawn."""
    entry = OutcomeEntry(
        key=key or "",
        result=given.result,
        decided_on=given.on,
        level=given.level.strip(),
        reference=given.reference.strip(),
        reason=" ".join(given.reason.split()),
        codes=tuple(code.strip().upper() for code in given.codes if code.strip()),
        by=given.by.strip(),
        at=desk.clock(),
        letter_name=given.letter_name,
        letter_sha256=sha256,
    )
    if key:
        return entry
    withdrawn = sum(one.withdrawn_at is not None and _said(one) == _said(entry) for one in before)
    says = [denial_id, *_said(entry), *([withdrawn] if withdrawn else [])]
    derived = hashlib.sha256(msgspec.json.encode(says)).hexdigest()[:24]
    return entry.model_copy(update={"key": f"out_{derived}"})


def _said(entry: OutcomeEntry) -> tuple[object, ...]:
    return (
        entry.result,
        entry.decided_on.isoformat(),
        _folded(entry.level),
        entry.reference,
        entry.reason,
        list(entry.codes),
        entry.by,
        entry.letter_sha256,
    )

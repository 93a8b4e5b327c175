"""What was sent for a denial and what the payer decided on it, round by round, from the records alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from agent.following.deciding import agree, of_entry, of_remits
from agent.following.statuses import status_decision
from agent.series.sent import sends_by_denial, sends_of, sent_at_all
from knowledge.records import Approval, OutcomeEntry, Outgoing, Records
from knowledge.types.claim_status import ClaimStatus, StatusCode
from knowledge.types.outcomes import PayerDecision, Round
from knowledge.types.practice import AppealLevel, Payer
from tools.denials.finding import Trail

ARGUED = frozenset({"reconsideration", "appeal", "payment_dispute"})
"""Remedies that use up one of the payer's appeal levels."""

PEER_TO_PEER = "peer_to_peer"
LOST = ("upheld", "partly_overturned", "dismissed")
"""Decisions after which the next level opens: all or part of the denial stands."""

_FEW = 200
"""So many denials are looked up one by one; for more, all are read."""
_GONE = ("handed_over", "receipted")
_LETTERS = ("letter", "authorization_request", "corrected_claim")


@dataclass
class _Open:
    """A round while it is put together."""

    remedy: str
    sent_on: date | None
    level: str = ""
    channel: str = ""
    approval: Approval | None = None
    entries: list[OutcomeEntry] = field(default_factory=list)


@dataclass(frozen=True)
class Dealings:
    """What was sent and entered for every denial of a practice, by denial."""

    sends: Mapping[str, tuple[Outgoing, ...]] = field(default_factory=dict)
    approvals: Mapping[str, tuple[Approval, ...]] = field(default_factory=dict)
    entries: Mapping[str, tuple[OutcomeEntry, ...]] = field(default_factory=dict)

    def rounds(
        self, denial_id: str, payer: Payer | None, trail: Trail, statuses: Sequence[tuple[ClaimStatus, StatusCode]]
    ) -> tuple[Round, ...]:
        """Return the rounds of a denial in order, the one that is out last."""
        opened = list(self._sent(denial_id))
        for entry in self.entries.get(denial_id, ()):
            if entry.withdrawn_at is None:
                _join(opened, entry)
        opened.sort(key=lambda one: (_begun(one), bool(one.entries)))
        return tuple(_numbered(opened, payer, trail, statuses))

    def _sent(self, denial_id: str) -> Iterator[_Open]:
        known = {one.sha256: one for one in self.approvals.get(denial_id, ())}
        gone = [one for one in self.sends.get(denial_id, ()) if one.state in _GONE and one.handed_over_at]
        gone.sort(key=lambda one: one.approval_sha256)
        for sha256, group in groupby(gone, key=lambda one: one.approval_sha256):
            sends = sorted(group, key=lambda one: (str(one.handed_over_at), one.key))
            approval, first = known.pop(sha256, None), sends[0].handed_over_at
            if first is not None:
                remedy = approval.remedy if approval else ""
                yield _Open(remedy, first.date(), channel=sends[0].channel, approval=approval)
        for approval in known.values():
            if approval.void_code == "answered":  # sent by hand: the payer has answered what was approved
                yield _Open(approval.remedy, approval.at.date(), channel="by hand", approval=approval)


def load_dealings(records: Records, practice_id: str) -> Dealings:
    """Load what was sent and entered for a practice's denials, as of now."""
    with records.reading() as repository:
        sends = sends_by_denial(repository, practice_id)
        entries = repository.outcomes.entries(practice_id)
        approvals = repository.approvals.of_many(practice_id, sorted({*sends, *entries}))
    return Dealings(sends, approvals, entries)


class DealingsByDenial:
    """The dealings of a practice, loaded for the denials that are asked about; for many, all at once."""

    def __init__(self, records: Records, practice_id: str) -> None:
        """Load nothing but which denials have any, as of now."""
        self._records, self._practice_id = records, practice_id
        with records.reading() as repository:
            self._joints = repository.joint.all(practice_id)
            self._entries = repository.outcomes.entries(practice_id)
            self._dealt_with = sent_at_all(repository, practice_id, self._joints) | self._entries.keys()
        self._few: dict[str, Dealings] = {}
        self._every: Dealings | None = None

    def of(self, denial_id: str) -> Dealings:
        """Return what holds a denial's dealings."""
        if denial_id not in self._dealt_with:
            return Dealings()
        if self._every is None and denial_id not in self._few and len(self._few) >= _FEW:
            self._every = load_dealings(self._records, self._practice_id)
        if self._every is not None:
            return self._every
        if denial_id not in self._few:
            self._few[denial_id] = self._load(denial_id)
        return self._few[denial_id]

    def _load(self, denial_id: str) -> Dealings:
        with self._records.reading() as repository:
            sends = sends_of(repository, self._practice_id, denial_id, self._joints)
            approvals = repository.approvals.all(self._practice_id, denial_id)
        return Dealings({denial_id: sends}, {denial_id: approvals}, self._entries)


def _begun(one: _Open) -> date:
    return one.sent_on or min((entry.decided_on for entry in one.entries), default=date.max)


def _join(opened: list[_Open], entry: OutcomeEntry) -> None:
    """Put an entered decision to the last round begun by its day; one of another level opens a round of its own."""
    begun = [one for one in opened if _begun(one) <= entry.decided_on and one.remedy != PEER_TO_PEER]
    last = max(begun, key=_begun, default=None)
    named = _spoken(entry.level)
    if named == PEER_TO_PEER:
        opened.append(_Open(PEER_TO_PEER, None, level=named, entries=[entry]))
    elif last is None or (named and last.level and named != last.level):
        opened.append(_Open("", None, level=named, entries=[entry]))
    else:
        last.entries.append(entry)
        last.level = last.level or named


def _spoken(level: str) -> str:
    return level.strip().casefold().replace("-", "_").replace(" ", "_")


def _numbered(
    opened: list[_Open], payer: Payer | None, trail: Trail, statuses: Iterable[tuple[ClaimStatus, StatusCode]]
) -> Iterator[Round]:
    told = [d for n, (s, code) in enumerate(statuses) if (d := status_decision(s, code, n)) is not None]
    levels: tuple[AppealLevel, ...] = payer.appeals if payer else ()
    lost = 0
    for number, one in enumerate(opened, start=1):
        until = _begun(opened[number]) if number < len(opened) else None
        argued = one.remedy in ARGUED or not one.remedy
        named = next((i for i, level in enumerate(levels) if one.level and _spoken(level.level) == one.level), None)
        index = (named if named is not None else _goes_to(levels, one.remedy, lost, payer)) if argued else None
        level = levels[index] if index is not None and index < len(levels) else None
        decision, conflict = _decided(one, until, trail, told)
        yield Round(
            number=number,
            remedy=one.remedy or _action(level),
            level=level.level if level else one.level,
            level_index=index,
            sent_on=one.sent_on,
            channel=one.channel,
            approval_sha256=one.approval.sha256 if one.approval else None,
            letter_sha256=_letter(one.approval),
            letter_kind=_kind(one.approval),
            answer_due=_due(one.sent_on, level),
            decision=decision,
            conflict=conflict,
        )
        if index is not None and decision is not None and decision.result in LOST:
            lost = index + 1


def _decided(
    one: _Open, until: date | None, trail: Trail, told: Sequence[PayerDecision]
) -> tuple[PayerDecision | None, tuple[str, ...]]:
    """Return what was decided in a round: by the remits and people, else by a status of the payer's system."""
    entered = [of_entry(entry) for entry in one.entries]
    if one.sent_on is None:
        return agree(entered, [])
    decision, conflict = agree(entered, list(of_remits(trail, one.sent_on, until)))
    if decision is None and not conflict:
        within = [d for d in told if one.sent_on < d.on and (until is None or d.on < until)]
        decision = min(within, key=lambda d: (d.on, d.key), default=None)
    return decision, conflict


def _goes_to(levels: Sequence[AppealLevel], remedy: str, lost: int, payer: Payer | None) -> int:
    """Return the level (from 0) something sent went to: the one called like it, none that was decided before."""
    if payer is not None and payer.line_of_business == "medicare_ffs":
        return lost  # its levels have names of their own, and are gone through in order
    words = {"payment_dispute": ("dispute", "payment")}.get(remedy, (remedy,))
    for index, level in enumerate(levels):
        if index >= lost and any(word in level.level.casefold() for word in words if word):
            return index
    return lost


def _action(level: AppealLevel | None) -> str:
    return "reconsideration" if level is not None and "reconsideration" in level.level.lower() else "appeal"


def _due(sent_on: date | None, level: AppealLevel | None) -> date | None:
    if sent_on is None or level is None or level.decision_days is None or not 0 <= level.decision_days <= 3650:
        return None
    return sent_on + timedelta(days=level.decision_days)


def _letter(approval: Approval | None) -> str | None:
    for kind in _LETTERS if approval else ():
        for file in approval.files if approval else ():
            if file.kind == kind:
                return file.sha256
    return None


def _kind(approval: Approval | None) -> str:
    held = {file.kind for file in approval.files} if approval else set()
    return next((kind for kind in _LETTERS if kind in held), "")

"""One run of the outbox: finish what was cut off, queue what is approved, hand each over once, keep the receipt."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from agent.desk import Desk
from agent.sending.along import read_data, stays
from agent.sending.channels.driver import Driver, Handed, Unsendable
from agent.sending.cover import CoverFault
from agent.sending.direction import directed
from agent.sending.eligible import Held, approval_to_send
from agent.sending.held_series import HeldSeries
from agent.sending.kept import Altered, Kept
from agent.sending.letterbox import envelope_of, payload
from agent.series.sent import members_sent
from agent.vault import Changed
from agent.work import Draft
from knowledge.records import Approval, Attempt, Event, Outgoing, StoredDenial

ATTEMPTS = 8
"""Hand-overs tried before a send is given up as failed."""

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)

Step = Callable[[str, str], None]


def send_key(practice_id: str, denial_id: str, approval_sha256: str, channel: str) -> str:
    """Return the key of a send: the same denial, approval and channel have the same."""
    parts = msgspec.json.encode([practice_id, denial_id, approval_sha256, channel])
    return "snd_" + hashlib.sha256(parts).hexdigest()[:24]


@dataclass
class Sent:
    """What a run came to: sends as they stand after it, and denials held back."""

    sends: list[Outgoing] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


class Dispatcher:
    """Sends one practice's approved packets by one channel. Every step may be the last: the next run goes on there."""

    def __init__(self, desk: Desk, driver: Driver) -> None:
        """Send from `desk` by `driver`; the desk's step hook is told of every boundary, with the send's key."""
        self._desk, self._driver = desk, driver
        self._kept = Kept(desk.home, desk.key)
        self._series = HeldSeries(desk)

    def run(self, only: frozenset[str] = frozenset()) -> Sent:
        """Send all that may go, or `only` these denials; those named that are sent go by this channel too."""
        done = Sent()
        with self._desk.records.reading() as repository:
            denials = {stored.denial_id: stored for stored in repository.denials.all(self._desk.practice_id)}
        for outgoing in self._open_sends():
            if not only or outgoing.denial_id in only:
                self._go_on(outgoing, denials[outgoing.denial_id], done)
        for denial_id in sorted(denials):
            if not only or denial_id in only:
                self._send(self._stored(denial_id), bool(only), done)
        return done

    def _open_sends(self) -> tuple[Outgoing, ...]:
        with self._desk.records.reading() as repository:
            waiting = repository.outbox.all(self._desk.practice_id, ("queued",))
        return tuple(one for one in waiting if one.channel == self._driver.channel)

    def _stored(self, denial_id: str) -> StoredDenial:
        with self._desk.records.reading() as repository:
            found = repository.denials.get(self._desk.practice_id, denial_id)
        assert found is not None  # it was listed, and denials are never taken out
        return found

    def _go_on(self, outgoing: Outgoing, stored: StoredDenial, done: Sent) -> None:
        """Go on with a send of an earlier run. One whose approval holds no more is taken back, unless it has gone."""
        if outgoing.retry_at is not None and outgoing.retry_at > self._desk.clock():
            done.sends.append(outgoing)
            return
        found = approval_to_send(self._desk, stored, again=True)
        if isinstance(found, Approval) and found.sha256 == outgoing.approval_sha256:
            done.sends.append(self._hand_over(outgoing))
            return
        says = found.says if isinstance(found, Held) else "What was approved then is not what holds now"
        try:
            gone = self._driver.abandon(outgoing) if outgoing.prepared_at is not None else None
        except OSError as fault:
            done.sends.append(outgoing.model_copy(update={"says": f"cannot be taken back yet: {_reason(fault)}"}))
            return
        if gone is not None:
            done.sends.append(self._record(outgoing, gone))
            return
        voided = outgoing.model_copy(update={"state": "voided", "says": says, "retry_at": None})
        with self._desk.records.transaction() as repository:
            repository.outbox.save(voided)
        done.sends.append(voided)

    def _send(self, stored: StoredDenial, named: bool, done: Sent) -> None:
        alone = named or stored.status != "worked"
        waiting = None if alone else self._series.holding(stored.denial_id)
        found = approval_to_send(self._desk, stored, again=named)
        if isinstance(found, Held):
            done.held.append(found)
        if not isinstance(found, Approval):
            return
        key = send_key(self._desk.practice_id, stored.denial_id, found.sha256, self._driver.channel)
        with self._desk.records.reading() as repository:
            known = repository.outbox.get(key)
        if known is not None and (known.state not in ("failed", "voided") or known in done.sends):
            return
        if waiting is not None and known is None:
            done.held.append(waiting)
            return
        try:
            outgoing = self._queue(stored, found, key)
        except (Unsendable, CoverFault) as fault:
            done.held.append(Held(stored.denial_id, str(fault)))
            return
        except OSError as fault:
            done.held.append(Held(stored.denial_id, f"it cannot be kept in the home: {_reason(fault)}"))
            return
        done.sends.append(self._hand_over(outgoing))

    def _queue(self, stored: StoredDenial, approval: Approval, key: str) -> Outgoing:
        """Keep the bytes for good, then enter the send in the ledger; a failed one is queued again."""
        desk, file = self._desk, payload(approval)
        with desk.records.reading() as repository:
            made = repository.casework.work(desk.practice_id, stored.denial_id, "draft", Draft)
            given = repository.correspondence.direction(desk.practice_id, stored.denial_id)
        now = desk.clock()
        case = desk.casebook.case(stored.denial_id)
        try:
            document = desk.files.read_as(file.path, file.sha256)
            data = read_data(desk, approval, key)
        except Changed as fault:
            raise Unsendable(f"what is to go is not the file that was approved: {fault}") from fault
        named = tuple(one for one, _ in data)
        envelope = envelope_of(case, made or Draft(), desk.practice_id, approval, key, desk.as_of, now, named)
        envelope = directed(envelope, given)
        handed, name, media_type = self._driver.compose(envelope, document)
        along = self._driver.taken_along(envelope, name, data)
        desk.step("keep", key)
        file_sha256, handed_sha256 = self._kept.put(document), self._kept.put(handed)
        for _, content in along:
            self._kept.put(content)
        outgoing = Outgoing(
            key=key,
            practice_id=desk.practice_id,
            denial_id=stored.denial_id,
            approval_sha256=approval.sha256,
            channel=self._driver.channel,
            target=self._driver.target,
            kind=file.kind,
            file_name=name,
            media_type=media_type,
            file_sha256=file_sha256,
            handed_sha256=handed_sha256,
            state="queued",
            queued_at=now,
            along=tuple(one for one, _ in along),
        )
        desk.step("queue", key)
        with desk.records.transaction() as repository:
            if not repository.outbox.add(outgoing):
                repository.outbox.save(outgoing)
        return outgoing

    def _hand_over(self, outgoing: Outgoing) -> Outgoing:
        """Cross the line that cannot be crossed back, noted before and after.

        What the disk or the folder refuses is tried again later; kept bytes that are not what they were are not sent.
        """
        desk, driver = self._desk, self._driver
        try:
            content = self._kept.get(outgoing.handed_sha256)
            along = tuple(self._kept.get(one.sha256) for one in outgoing.along)
        except (Altered, FileNotFoundError) as fault:
            return self._not_kept(outgoing, fault)
        try:
            if outgoing.prepared_at is None:
                desk.step("prepare", outgoing.key)
                driver.prepare(outgoing, content, along)
                outgoing = outgoing.model_copy(update={"prepared_at": desk.clock()})
            desk.step("note", outgoing.key)
            self._begin(outgoing)
            desk.step("hand-over", outgoing.key)
            handed = driver.hand_over(outgoing, content)
        except OSError as fault:
            handed = Handed("retry", f"it cannot be put into {outgoing.target}: {_reason(fault)}")
        desk.step("record", outgoing.key)
        return self._record(outgoing, handed)

    def _not_kept(self, outgoing: Outgoing, fault: Exception) -> Outgoing:
        """End a send whose kept bytes are not there; if it had gone out before it was cut off, that is its end."""
        gone = self._driver.abandon(outgoing) if outgoing.prepared_at is not None else None
        says = str(fault) if isinstance(fault, Altered) else "what was kept to be sent is gone from the home"
        return self._record(outgoing, gone or Handed("refused", f"{says}: send it again"))

    def _begin(self, outgoing: Outgoing) -> None:
        """Note that a hand-over may have happened from here on, as an attempt of its own."""
        with self._desk.records.transaction() as repository:
            repository.outbox.save(outgoing)
            number = len(repository.correspondence.attempts(outgoing.key)) + 1
            attempt = Attempt(send=outgoing.key, number=number, began_at=self._desk.clock())
            repository.correspondence.save_attempt(self._desk.practice_id, attempt)

    def _record(self, outgoing: Outgoing, handed: Handed) -> Outgoing:
        """Write down how a hand-over ended, with its receipt; the denial is sent from then on."""
        desk, now = self._desk, self._desk.clock()
        update: dict[str, object] = {"attempts": outgoing.attempts + 1, "says": handed.says, "retry_at": None}
        if handed.outcome in ("handed_over", "receipted"):
            says = f"{handed.says}{stays(outgoing.along)}"
            update |= {"state": handed.outcome, "handed_over_at": now, "says": says}
            if handed.receipt:
                update["receipt_sha256"] = self._kept.put(handed.receipt)
            if handed.outcome == "receipted":
                update["receipted_at"] = now
        elif handed.outcome == "retry" and outgoing.attempts + 1 < ATTEMPTS:
            update |= {"retry_at": now + min(_FIRST_WAIT * 4**outgoing.attempts, _LONGEST_WAIT)}
        else:
            update |= {"state": "failed", "prepared_at": None}
            self._clean_up(outgoing)
        ended = outgoing.model_copy(update=update)
        with desk.records.transaction() as repository:
            repository.outbox.save(ended)
            tried = repository.correspondence.attempts(ended.key)
            last = tried[-1] if tried and tried[-1].ended_at is None else None
            last = last or Attempt(send=ended.key, number=len(tried) + 1, began_at=now)
            end = {"ended_at": now, "outcome": handed.outcome, "says": handed.says}
            repository.correspondence.save_attempt(desk.practice_id, last.model_copy(update=end))
            if ended.state in ("handed_over", "receipted"):
                says = f"{ended.kind.replace('_', ' ')} by {ended.channel}: {ended.says}"
                event = Event(key=f"{ended.key}:{ended.state}", kind="sent", says=says, at=now)
                for name, sha256 in members_sent(repository, desk.practice_id, ended.denial_id, ended.approval_sha256):
                    stored = repository.denials.get(desk.practice_id, name)
                    live = repository.approvals.live(desk.practice_id, name)
                    if stored and stored.status in ("approved", "worked") and live and live.sha256 == sha256:
                        repository.denials.set_status(desk.practice_id, name, "sent")
                    repository.casework.add_event(desk.practice_id, name, event)
        desk.step("recorded", outgoing.key)
        return ended

    def _clean_up(self, outgoing: Outgoing) -> None:
        """Take away what was prepared for a send that is given up; where it cannot be reached, it stays hidden."""
        if outgoing.prepared_at is not None:
            with suppress(OSError):
                self._driver.abandon(outgoing)


def _reason(fault: OSError) -> str:
    return fault.strerror or type(fault).__name__

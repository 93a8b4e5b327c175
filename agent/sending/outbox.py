"""The outbox as an office has it: send, look up what was sent, take a receipt in."""

from dataclasses import dataclass
from typing import Literal

from agent.office import Office
from agent.queue import rank_touched
from agent.sending.channels.driver import Driver
from agent.sending.direction import direct
from agent.sending.dispatch import Dispatcher, Sent
from agent.sending.kept import Kept
from knowledge.records import Event, Outgoing, SentFile

Part = Literal["handed", "file", "receipt"]
"""What of a send: the bytes handed over, the approved file they carry or name, or what came back."""


class UnknownSend(LookupError):
    """The ledger has no send of this key, or it has not what was asked for."""


@dataclass(frozen=True)
class Given:
    """Where a person says that what is sent goes, and who says so."""

    by: str
    address: str = ""
    fax: str = ""


def send(
    office: Office,
    practice_id: str,
    driver: Driver,
    only: frozenset[str] = frozenset(),
    given: Given | None = None,
) -> Sent:
    """Send what is approved, by one channel; what was cut off in an earlier run is finished first.

    `given` is recorded for each denial of `only`, and used where nothing else tells where it goes.

    Raises:
        BadDirection: `given` is no address and no fax number.
    """
    with office.at_desk(practice_id) as desk:
        if given is not None:
            for denial_id in sorted(only):
                direct(desk, denial_id, address=given.address, fax=given.fax, by=given.by)
        sent = Dispatcher(desk, driver).run(only)
        rank_touched(office.records, practice_id)
    return sent


def sends(office: Office, practice_id: str | None = None) -> tuple[Outgoing, ...]:
    """Give the ledger, oldest send first."""
    with office.records.reading() as repository:
        return repository.outbox.all(practice_id)


def find_send(office: Office, key: str) -> Outgoing:
    """Give one send, by its key or the start of it.

    Raises:
        UnknownSend: there is none, or several begin so.
    """
    found = [one for one in sends(office) if one.key == key] or [
        one for one in sends(office) if key and one.key.removeprefix("snd_").startswith(key.removeprefix("snd_"))
    ]
    if len(found) != 1:
        raise UnknownSend(f"{'several sends begin with' if found else 'the ledger has no send'} {key}")
    return found[0]


def part_of(office: Office, outgoing: Outgoing, part: Part = "handed") -> bytes:
    """Return what was sent, or came back, byte for byte.

    Raises:
        UnknownSend: no receipt has come.
        Altered: the kept file is not what was kept.
        FileNotFoundError: it is gone from the home's folder.
    """
    sha256 = {"handed": outgoing.handed_sha256, "file": outgoing.file_sha256, "receipt": outgoing.receipt_sha256}[part]
    if sha256 is None:
        raise UnknownSend(f"send {outgoing.key} has no receipt: it is {outgoing.state.replace('_', ' ')}")
    return Kept(office.home, office.key).get(sha256)


def along_of(office: Office, outgoing: Outgoing, named: str) -> tuple[SentFile, bytes]:
    """Return a file of data that belongs to a send, by its sha256, its name or, where there is one of it, its kind.

    Raises:
        UnknownSend: none is named so, or several are.
        Altered: the kept file is not what was kept.
        FileNotFoundError: it is gone from the home's folder.
    """
    found = [one for one in outgoing.along if named in (one.sha256, one.file_name)]
    found = found[:1] or [one for one in outgoing.along if one.kind == named]
    if len(found) != 1:
        there = ", ".join(f"{one.file_name} ({one.kind})" for one in outgoing.along) or "nothing"
        what = "several files" if found else "no file"
        raise UnknownSend(f"send {outgoing.key} has {what} {named} beside it; there is: {there}")
    return found[0], Kept(office.home, office.key).get(found[0].sha256)


def take_receipt(office: Office, outgoing: Outgoing, receipt: bytes) -> Outgoing:
    """Keep what the other side gave for a send (fax confirmation, return receipt, 999): it is receipted from then on.

    Raises:
        UnknownSend: it was never handed over.
    """
    if outgoing.state not in ("handed_over", "receipted"):
        raise UnknownSend(f"send {outgoing.key} is {outgoing.state}: it was never handed over")
    with office.at_desk(outgoing.practice_id) as desk:
        now = desk.clock()
        kept = Kept(office.home, office.key).put(receipt)
        update = {"state": "receipted", "receipted_at": now, "receipt_sha256": kept}
        ended = outgoing.model_copy(update=update)
        with desk.records.transaction() as repository:
            repository.outbox.save(ended)
            says = f"Receipt for {ended.kind.replace('_', ' ')} by {ended.channel}"
            key = f"{ended.key}:receipt:{str(ended.receipt_sha256)[:16]}"
            event = Event(key=key, kind="receipted", says=says, at=now)
            repository.casework.add_event(ended.practice_id, ended.denial_id, event)
    return ended

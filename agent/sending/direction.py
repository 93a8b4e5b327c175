"""Where a person says that a packet goes, for payers whose address nothing else tells."""

import re

from agent.desk import Desk
from agent.sending.letterbox import Envelope
from knowledge.records import Direction, Event
from knowledge.types.letters import Party

_LONGEST_ADDRESS = 300


class BadDirection(ValueError):
    """What was given is no address and no fax number."""


def directed(envelope: Envelope, given: Direction | None) -> Envelope:
    """Return the envelope with what a person gave, where it has neither a fax number nor an address of its own."""
    if given is None or envelope.fax or len(envelope.addressee.lines) > 1:
        return envelope
    lines = tuple(part.strip() for part in re.split(r"[;\n]", given.address) if part.strip())
    addressee = Party(name=envelope.addressee.name, lines=(*envelope.addressee.lines, *lines))
    return envelope.model_copy(update={"addressee": addressee, "fax": given.fax})


def direct(desk: Desk, denial_id: str, *, address: str, fax: str, by: str) -> Direction:
    """Record where a denial's packet goes, and who said so; it stands in the timeline.

    Raises:
        BadDirection: neither was given, or what was given is none.
    """
    digits = re.sub(r"\D", "", fax)
    if not address.strip() and not fax.strip():
        raise BadDirection("say where it goes: an address, a fax number, or both")
    if fax.strip() and not (10 <= len(digits) <= 15 and re.fullmatch(r"[\d\s().+-]+", fax.strip())):
        raise BadDirection(f"{fax!r} is no fax number: ten to fifteen digits, with the area code")
    if len(address) > _LONGEST_ADDRESS or (address.strip() and not re.search(r"\w", address)):
        raise BadDirection(f"the address is no address, or longer than {_LONGEST_ADDRESS} characters")
    if not by.strip():
        raise BadDirection("say who gives it")
    given = Direction(address=address.strip(), fax=digits, by=by.strip(), at=desk.clock())
    where = ", ".join(part for part in (given.address, f"fax {given.fax}" if given.fax else "") if part)
    event = Event(
        key=f"{denial_id}:direction:{given.at.isoformat()}",
        kind="directed",
        says=f"{given.by} says that it goes to {where}",
        at=given.at,
    )
    with desk.records.transaction() as repository:
        repository.correspondence.direct(desk.practice_id, denial_id, given)
        repository.casework.add_event(desk.practice_id, denial_id, event)
    return given

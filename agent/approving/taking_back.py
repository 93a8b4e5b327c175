"""Take a person's decision back while nothing of it has left the house: the denial waits for a person again."""

from agent.approving.voiding import void
from agent.desk import Desk
from agent.office import Office
from knowledge.records import Event, Outgoing, UnknownDenial
from knowledge.types.record import DenialRecord


class CannotTakeBack(RuntimeError):
    """What was decided has gone out, or there is no decision of a person to take back."""


def take_back(office: Office, practice_id: str, denial_id: str, *, by: str, reason: str) -> DenialRecord:
    """Take the last decision on a denial back; approved files go off the disk, queued sends are voided.

    A denial that waits already is left as it is, so that taking back twice is taking back once.

    Raises:
        UnknownDenial: the practice has no such denial, or it has not been worked yet.
        CannotTakeBack: it was sent, is being handed over, or nobody has decided on it.
    """
    with office.at_desk(practice_id) as desk:
        with desk.records.reading() as repository:
            found = repository.denials.get(practice_id, denial_id)
            reviews = repository.casework.reviews(practice_id, denial_id)
            going = [one for one in repository.outbox.of(practice_id, denial_id) if one.state in _GONE or _begun(one)]
        if found is None or found.record is None:
            raise UnknownDenial(f"denial {denial_id} is unknown or has not been worked yet")
        record = DenialRecord.model_validate(found.record)
        if found.status == "in_review":
            return record
        last = reviews[-1].decision if reviews else None
        if found.status == "sent" or (found.status == "approved" and going):
            raise CannotTakeBack("it has been handed over: what follows now is the payer's answer, or another letter")
        if found.status in ("approved", "worked"):
            void(desk, denial_id, "taken-back", f"{by} took the decision back: {reason}")
        elif found.status == "closed" and last == "reject":
            with desk.records.transaction() as repository:
                repository.denials.set_status(practice_id, denial_id, "in_review")
        else:
            raise CannotTakeBack(f"it is {found.status.replace('_', ' ')}: there is no decision to take back")
        _note(desk, denial_id, f"{by} took the decision back: {reason}", len(reviews))
        with desk.records.reading() as repository:
            after = repository.denials.get(practice_id, denial_id)
        return DenialRecord.model_validate(after.record) if after is not None else record


_GONE = frozenset({"handed_over", "receipted"})


def _begun(one: Outgoing) -> bool:
    """Tell whether a send was cut off after the step that cannot be taken back."""
    return one.state == "queued" and one.prepared_at is not None


def _note(desk: Desk, denial_id: str, says: str, reviews: int) -> None:
    event = Event(key=f"{denial_id}:taken-back:{reviews}", kind="taken_back", says=says, at=desk.clock())
    with desk.records.transaction() as repository:
        repository.casework.add_event(desk.practice_id, denial_id, event)

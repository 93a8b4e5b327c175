"""What a person corrected on one denial, offered to the others of the same record."""

from collections.abc import Sequence
from typing import Any

from agent.desk import Desk
from agent.office import Office
from agent.series.members import find_group
from knowledge.records import Review
from knowledge.types.practice import Frozen
from knowledge.types.record import DenialRecord

OFFERED = ("root_cause", "remedy", "then")
"""Corrections of the shared diagnosis; a note or a letter's words are one denial's own."""


class Offer(Frozen):
    """A correction a person made on `denial_id`, and the open denials of the same record it could be made on too."""

    denial_id: str
    changes: dict[str, Any]
    by: str
    reason: str
    to: tuple[str, ...]


def offers(desk: Desk, records: Sequence[DenialRecord], named: str) -> tuple[Offer, ...]:
    """Return what was corrected on members of a group, or on denials that left it by that, and is open for others.

    Only what stands: the last correction of each denial. It is offered to those that wait for a person and do not
    say so already; nobody's decision is changed by it.

    Raises:
        UnknownGroup: no such group of open denials.
    """
    group = find_group(records, named)
    by_id = {record.denial_id: record for record in records}
    kin = dict.fromkeys((*group.members, *(left.denial_id for left in group.left_out)))
    found = []
    for denial_id in kin:
        review = _last_edit(desk, denial_id)
        changes = {name: review.changes[name] for name in OFFERED if name in review.changes} if review else {}
        if review is None or not changes:
            continue
        to = tuple(
            name
            for name in group.members
            if name != denial_id
            and by_id[name].status == "in_review"
            and any(getattr(by_id[name], field) != value for field, value in changes.items())
        )
        if to:
            found.append(Offer(denial_id=denial_id, changes=changes, by=review.by, reason=review.reason, to=to))
    return tuple(found)


def take_over(office: Office, practice_id: str, offer: Offer, *, by: str, reason: str) -> tuple[DenialRecord, ...]:
    """Make one denial's correction on the others: each is edited by the person who takes it over, and drafted anew.

    Raises:
        BadChange: a denial cannot be changed so.
        NotWaiting: one of them waits for nobody any more.
    """
    changed = []
    for denial_id in offer.to:
        key = f"offer:{offer.denial_id}:{sorted(offer.changes.items())}:{by}:{denial_id}"
        changes = {**offer.changes, "note": f"As on {offer.denial_id}: {reason}"}
        changed.append(
            office.review(practice_id, denial_id, key=key, decision="edit", reason=reason, by=by, changes=changes)
        )
    return tuple(changed)


def _last_edit(desk: Desk, denial_id: str) -> Review | None:
    with desk.records.reading() as repository:
        reviews = repository.casework.reviews(desk.practice_id, denial_id)
    return next((review for review in reversed(reviews) if review.decision == "edit"), None)

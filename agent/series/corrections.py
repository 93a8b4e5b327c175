"""What a person corrected on one denial, offered to the others of the same record."""

from collections.abc import Sequence
from typing import Any

from agent.desk import Desk
from agent.office import Office
from agent.series.shared import Facts
from agent.worth.value import payer_key
from knowledge.records import Review
from knowledge.types.practice import Frozen
from knowledge.types.record import DenialRecord

OFFERED = ("root_cause", "remedy", "then")
"""Corrections of the shared diagnosis; a note or a letter's words are one denial's own."""

_EDITED = "edited"


class Offer(Frozen):
    """A correction a person made on `denial_id`, and the denials of the same record it could be made on too."""

    denial_id: str
    changes: dict[str, Any]
    by: str
    reason: str
    to: tuple[str, ...]


def offers(desk: Desk, records: Sequence[DenialRecord]) -> tuple[Offer, ...]:
    """Return the corrections that are open for others: the last of each denial, while it stands.

    One is offered to denials of the same payer that wait for a person, have the cause the corrected one had before, and
    share the record that this cause is about. Nobody's decision is changed by an offer.
    """
    facts, found = Facts(records), []
    for record in sorted(records, key=lambda one: one.denial_id):
        if not any(reason.code == _EDITED for reason in record.review_reasons):
            continue
        review, before = _last_edit(desk, record.denial_id)
        changes = {name: review.changes[name] for name in OFFERED if name in review.changes} if review else {}
        if review is None or not changes:
            continue
        to = [other for other in records if other.denial_id != record.denial_id and other.root_cause in before]
        open_to = tuple(sorted(one.denial_id for one in to if _is_open(one, changes) and _shares(facts, record, one)))
        if open_to:
            offer = Offer(denial_id=record.denial_id, changes=changes, by=review.by, reason=review.reason, to=open_to)
            found.append(offer)
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


def _is_open(record: DenialRecord, changes: dict[str, Any]) -> bool:
    """Tell whether a denial waits for a person, who has not corrected it, and does not say so already."""
    if record.status != "in_review" or any(reason.code == _EDITED for reason in record.review_reasons):
        return False
    return any(getattr(record, name) != value for name, value in changes.items())


def _shares(facts: Facts, corrected: DenialRecord, other: DenialRecord) -> bool:
    """Tell whether the corrected denial shares the record that the other's cause is about."""
    if payer_key(corrected) != payer_key(other):
        return False
    as_before = corrected.model_copy(update={"root_cause": other.root_cause, "category": other.category})
    fact = facts.of(other)
    return fact is not None and facts.of(as_before) == fact


def _last_edit(desk: Desk, denial_id: str) -> tuple[Review | None, frozenset[str]]:
    """Return the last edit of a denial, and every cause it was ever worked as."""
    with desk.records.reading() as repository:
        reviews = repository.casework.reviews(desk.practice_id, denial_id)
        events = repository.casework.timeline(desk.practice_id, denial_id)
    causes = frozenset(event.says.partition(":")[0] for event in events if event.kind == "worked")
    return next((review for review in reversed(reviews) if review.decision == "edit"), None), causes

"""What a person corrected on one denial, offered to the others of the same record."""

from collections.abc import Iterator
from typing import Any

import msgspec

from agent.desk import Desk
from agent.office import Office
from agent.series.groups import kin_key
from agent.series.kinship import Kinship, is_edited
from agent.worth.outline import Outline
from agent.worth.value import payer_key
from knowledge.records import Review
from knowledge.types.practice import Frozen
from knowledge.types.record import DenialRecord

OFFERED = ("root_cause", "remedy", "then")
"""Corrections of the shared diagnosis; a note or a letter's words are one denial's own."""


class Offer(Frozen):
    """A correction a person made on `denial_id`, and the denials of the same record it could be made on too."""

    denial_id: str
    changes: dict[str, Any]
    by: str
    reason: str
    to: tuple[str, ...]


def offers(desk: Desk, kinship: Kinship, payer: str | None = None) -> tuple[Offer, ...]:
    """Return the corrections that are open for others: the last of each denial, while it stands.

    One is offered to denials of the same payer that wait for a person, have the cause the corrected one had before, and
    share the record that this cause is about. Nobody's decision is changed by an offer. With `payer` (its key), those
    of one payer alone.
    """
    found = []
    for one in kinship.edited():
        if payer is not None and payer_key(one) != payer:
            continue
        review, before = _last_edit(desk, one.denial_id)
        changes = {name: review.changes[name] for name in OFFERED if name in review.changes} if review else {}
        if review is None or not changes:
            continue
        to = {other.denial_id for other in _alike(desk, kinship, one, before) if _is_open(other, changes)}
        open_to = tuple(sorted(to - {one.denial_id}))
        if open_to:
            offer = Offer(denial_id=one.denial_id, changes=changes, by=review.by, reason=review.reason, to=open_to)
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


def _is_open(one: Outline, changes: dict[str, Any]) -> bool:
    """Tell whether a denial waits for a person, who has not corrected it, and does not say so already."""
    if one.status != "in_review" or is_edited(one):
        return False
    return any(getattr(one, name) != value for name, value in changes.items())


def _alike(desk: Desk, kinship: Kinship, corrected: Outline, before: frozenset[str]) -> Iterator[Outline]:
    """Give the denials of a cause the corrected one had before that share with it the record this cause is about."""
    for cause in desk.catalogue.causes:
        if cause.id not in before:
            continue
        as_before = msgspec.structs.replace(corrected, root_cause=cause.id, category=cause.category)
        fact = kinship.facts((as_before,)).of(as_before)
        if fact is not None:
            shared = kinship.sharing(kin_key(as_before, fact))
            yield from (other for other in shared if other.root_cause == cause.id)


def _last_edit(desk: Desk, denial_id: str) -> tuple[Review | None, frozenset[str]]:
    """Return the last edit of a denial, and every cause it was ever worked as."""
    with desk.records.reading() as repository:
        reviews = repository.casework.reviews(desk.practice_id, denial_id)
        events = repository.casework.timeline(desk.practice_id, denial_id)
    causes = frozenset(event.says.partition(":")[0] for event in events if event.kind == "worked")
    return next((review for review in reversed(reviews) if review.decision == "edit"), None), causes

"""A person's decision, counted once: with the caller's key, or with one made from what was decided."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from agent.office import Office
from knowledge.records import Review, Role, UnknownDenial
from knowledge.types.record import DenialRecord

Decision = Literal["approve", "edit", "reject"]


class KeyReused(ValueError):
    """The same key was sent before with another decision."""


@dataclass(frozen=True)
class Submitted:
    """What a reviewer decided. `changes` are edited fields by name (remedy, then, root_cause, note).

    With an approval: `role` is the reviewer's, `signed_by` the physician whose signature was obtained.
    """

    decision: Decision
    reason: str
    by: str
    changes: dict[str, Any] = field(default_factory=dict)
    role: Role | None = None
    signed_by: str | None = None


def submit(
    office: Office, practice_id: str, denial_id: str, submitted: Submitted, key: str | None = None
) -> DenialRecord:
    """Hand a decision to the case and give the record as it stands then; sent again, it counts once.

    Raises:
        UnknownDenial: the practice has no such denial, or it has not been worked yet.
        NotWaiting: the denial is not waiting for a person.
        BadChange: an edit that does not fit the record.
        ApprovalRefused: an approval that lacks the role or signature it needs, or whose files do not hold.
        KeyReused: `key` came before with something else.
    """
    record = office.record(practice_id, denial_id)
    if record is None:
        raise UnknownDenial(f"denial {denial_id} is unknown or has not been worked yet")
    with office.records.reading() as repository:
        earlier = repository.casework.reviews(practice_id, denial_id)
    if key is None:
        key = _derived_key(denial_id, submitted, earlier, waiting=record.status == "in_review")
    elif any(review.key == key and not _same(review, submitted) for review in earlier):
        raise KeyReused(f"key {key} was sent before with another decision on {denial_id}; use a new key")
    return office.review(
        practice_id,
        denial_id,
        key=key,
        decision=submitted.decision,
        reason=submitted.reason,
        by=submitted.by,
        changes=submitted.changes,
        role=submitted.role,
        signed_by=submitted.signed_by,
    )


def _derived_key(denial_id: str, submitted: Submitted, earlier: tuple[Review, ...], *, waiting: bool) -> str:
    """Make a key for a decision sent without one.

    The last decision sent again after it took effect is the same decision. While the denial waits, it is a new
    one, even in the words of an earlier: later remits may have opened the denial again.
    """
    if earlier and not waiting and _same(earlier[-1], submitted):
        return earlier[-1].key
    parts = (denial_id, len(earlier), *_said(submitted))
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:32]


def _same(review: Review, submitted: Submitted) -> bool:
    return _said(review) == _said(submitted)


def _said(one: Review | Submitted) -> tuple[Any, ...]:
    return (one.decision, one.reason, one.by, one.changes, one.role, one.signed_by)

"""The version of a thing as an entity tag, and the refusal of a change to another version than was seen (RFC 9110)."""

import hashlib
import re
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from fastapi import Header

from agent.office import Office
from api.problems import ProblemError
from knowledge.records import UnknownDenial

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The `ETag` of what you saw, from a GET. Required: `428` without one, `412` when it has changed.",
        examples=['"0f3a9c1d5b7e2468"'],
        max_length=1000,
    ),
]
"""The parameter of every route that edits or approves. `*` is refused: it names no version that was seen."""

PRECONDITIONS = ("version-required", "version-outdated")
"""The problems of every such route."""


def tag_of(*parts: Any) -> str:
    """Make the entity tag of what `parts` say."""
    return f'"{hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:32]}"'


def require_match(if_match: str | None, current: str) -> None:
    """Let a change through that was made to the current version.

    Raises:
        ProblemError: `version-required` (428) without a tag; `version-outdated` (412) for another version's.
    """
    if if_match is None:
        raise ProblemError("version-required", "send If-Match with the ETag of what you saw (GET gives it)")
    if current.strip('"') not in _TAG.findall(if_match):
        raise ProblemError(
            "version-outdated",
            "it is not as you saw it: read it again, then decide",
            headers={"etag": current},
        )


def require_named(if_match: str | None) -> None:
    """Refuse early who names no version.

    Raises:
        ProblemError: `version-required` (428).
    """
    if if_match is None:
        require_match(None, "")


def denial_tag(office: Office, practice_id: str, denial_id: str) -> str:
    """Give the tag of a case: its record, what was decided on it, edited in its letter and approved.

    Its place in the queue does not count: other cases move it.

    Raises:
        UnknownDenial: the practice has no such denial, or it has not been worked yet.
    """
    return denial_tags(office, practice_id, [denial_id])[0]


def denial_tags(office: Office, practice_id: str, denial_ids: Sequence[str]) -> tuple[str, ...]:
    """Give the tags of cases, each as `denial_tag` does, in the order asked for; many are read as quickly as one.

    Raises:
        UnknownDenial: the practice has no such denial, or it has not been worked yet.
    """
    with office.records.reading() as repository:
        stored = {one.denial.denial_id: one for one in repository.denials.some(practice_id, denial_ids)}
        reviews = repository.casework.review_keys(practice_id, denial_ids)
        approvals = repository.approvals.of_many(practice_id, denial_ids)
        edits = repository.correspondence.count_edits(practice_id, denial_ids)
    tags = []
    for name in denial_ids:
        if name not in stored or (told := stored[name].record) is None:
            raise UnknownDenial(f"denial {name} is unknown or has not been worked yet")
        record = {field: value for field, value in told.items() if field not in ("priority", "series")}
        approved = [(one.sha256, one.void_code) for one in approvals[name]]
        tags.append(tag_of(name, record, reviews.get(name, []), approved, edits.get(name, 0)))
    return tuple(tags)

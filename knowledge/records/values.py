"""What goes into the records and comes out of them, besides the vocabulary itself."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from pydantic import AwareDatetime, Field

from knowledge.folder import FileKind
from knowledge.records.dispatch import Role
from knowledge.types.denial import Denial
from knowledge.types.practice import Frozen
from knowledge.types.remit import ClaimPayment, ProviderAdjustment, RemitHeader

FileState = Literal[
    "accepted",  # its content counts
    "quarantined",  # kept, but nothing in it counts (cut off, unreadable)
    "duplicate",  # all it says was known already
    "superseded",  # a newer version of the same file counts instead
    "erased",  # it was an erased patient's alone: its bytes are gone, and the same bytes are not taken in again
]

RemitState = Literal[
    "accepted",
    "conflict",  # another remit of the same trace says something else
]

DenialStatus = Literal["new", "worked", "in_review", "approved", "sent", "won", "partly_won", "lost", "closed"]


class StoredFile(Frozen):
    """A file as the records know it; its bytes are fetched on their own. `size` in bytes."""

    id: int
    kind: FileKind
    name: str
    sha256: str
    size: int
    state: FileState
    received_at: datetime


class KnownRemit(Frozen):
    """One stored ST*835, as far as a new delivery must be compared with it."""

    id: int
    file: str
    fingerprint: str
    trace_key: str | None
    state: RemitState


class NewRemit(NamedTuple):
    """One ST*835 to be stored. `trace_key` None = it names no payment, so it can conflict with nothing."""

    fingerprint: str
    trace_key: str | None
    state: RemitState
    header: RemitHeader
    claims: Sequence[ClaimPayment]
    provider_adjustments: Sequence[ProviderAdjustment]


class StoredRemit(NamedTuple):
    """One ST*835 as the records hold it. `conflict`: another remit of the same trace says something else."""

    header: RemitHeader
    claims: tuple[ClaimPayment, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...]
    conflict: bool


class StoredDenial(Frozen):
    """A denial as the records hold it. `record` is the contract's denial record, None until worked."""

    practice_id: str
    denial_id: str
    denial: Denial
    record: dict[str, Any] | None
    status: DenialStatus
    route: str | None
    payer_id: str | None
    root_cause: str | None
    remedy: str | None
    amount: Decimal
    deadline: date | None
    rank: int | None
    series: str | None
    case_fingerprint: str | None
    revision: int
    found_at: datetime
    worked_at: datetime | None


class FoundChanges(Frozen):
    """What a new search for denials changed, by denial id. `gone` were found before and are none now."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


class DenialFilter(Frozen):
    """Which denials to list. None = any."""

    status: DenialStatus | None = None
    route: str | None = None
    payer_id: str | None = None
    root_cause: str | None = None
    remedy: str | None = None
    series: str | None = None


class DenialPage(Frozen):
    """One page of denials, by rank. `next_cursor` None = the last page."""

    items: tuple[StoredDenial, ...]
    next_cursor: str | None


class Standing(Frozen):
    """A denial's place in the queue, known only once all denials are: rank from 1, series of one cause.

    `worth` are the fields of the record's priority that follow from the outcomes of others; empty = as they stand.
    """

    denial_id: str
    rank: int
    series: str | None = None
    worth: dict[str, Any] = Field(default_factory=dict)


class Product(Frozen):
    """A file made for a denial: `kind` as in the contract (letter, packet, ...)."""

    kind: str
    path: str
    sha256: str
    media_type: str


class Review(Frozen):
    """A person's decision on a denial. `key` makes it count once; `changes` are edited fields by name.

    With an approval: `role` is the decider's, `signed_by` whose signature was obtained.
    """

    key: str
    decision: Literal["approve", "edit", "reject"]
    reason: str
    changes: dict[str, Any] = Field(default_factory=dict)
    by: str
    at: AwareDatetime
    role: Role | None = None
    signed_by: str | None = None


class Event(Frozen):
    """One entry of a denial's timeline. `key` makes it count once."""

    key: str
    at: AwareDatetime
    kind: str
    says: str

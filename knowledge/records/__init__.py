"""The practice's records: what came in, what was found, what was done. All SQL lives in this package.

records = open_records(home / "records.sqlite")
with records.transaction() as tx:
    changes = tx.denials.save_found(practice_id, denials, now)
"""

from knowledge.records.dispatch import (
    POLICY,
    Approval,
    ApprovedFile,
    Channel,
    Outgoing,
    OutgoingState,
    Role,
    VoidCode,
)
from knowledge.records.opening import NewerSchema, Records, open_records
from knowledge.records.outcome_entry import OutcomeEntry
from knowledge.records.payloads import UnreadablePayload, UnstorableValue
from knowledge.records.repository import BadCursor, Repository, UnknownDenial, UnknownPractice, sha256_of
from knowledge.records.values import (
    DenialFilter,
    DenialPage,
    DenialStatus,
    Event,
    FileState,
    FoundChanges,
    KnownRemit,
    NewRemit,
    Product,
    RemitState,
    Review,
    Standing,
    StoredDenial,
    StoredFile,
    StoredRemit,
)

__all__ = [
    "POLICY",
    "Approval",
    "ApprovedFile",
    "BadCursor",
    "Channel",
    "DenialFilter",
    "DenialPage",
    "DenialStatus",
    "Event",
    "FileState",
    "FoundChanges",
    "KnownRemit",
    "NewRemit",
    "NewerSchema",
    "OutcomeEntry",
    "Outgoing",
    "OutgoingState",
    "Product",
    "Records",
    "RemitState",
    "Repository",
    "Review",
    "Role",
    "Standing",
    "StoredDenial",
    "StoredFile",
    "StoredRemit",
    "UnknownDenial",
    "UnknownPractice",
    "UnreadablePayload",
    "UnstorableValue",
    "VoidCode",
    "open_records",
    "sha256_of",
]

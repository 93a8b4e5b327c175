"""The practice's records: what came in, what was found, what was done. All SQL lives in this package.

records = open_records(home / "records.sqlite")
with records.transaction() as tx:
    changes = tx.denials.save_found(practice_id, denials, now)
"""

from knowledge.records.correspondence import Attempt, Direction, LetterEdit
from knowledge.records.dispatch import (
    POLICY,
    Approval,
    ApprovedFile,
    Channel,
    Outgoing,
    OutgoingState,
    Role,
    SentFile,
    VoidCode,
)
from knowledge.records.exchange import (
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    FeedEvent,
    Job,
    JobItem,
    JobState,
    KeptAnswer,
    NewItem,
    Webhook,
    WebhookSecret,
    WebhookState,
)
from knowledge.records.joint import JointApproval, JointMember
from knowledge.records.opening import Records, open_records
from knowledge.records.outcome_entry import OutcomeEntry
from knowledge.records.payloads import UnreadablePayload, UnstorableValue
from knowledge.records.questions import Question
from knowledge.records.repository import BadCursor, Repository, UnknownDenial, UnknownEvent, UnknownPractice, sha256_of
from knowledge.records.sortable_ids import sortable_id
from knowledge.records.upgrading import NewerSchema
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
from knowledge.records.worklist import (
    OPEN,
    Facet,
    Listing,
    Sort,
    Tally,
    WorklistFilter,
    WorklistItem,
    WorklistPage,
)

__all__ = [
    "OPEN",
    "POLICY",
    "Approval",
    "ApprovedFile",
    "Attempt",
    "BadCursor",
    "Channel",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryState",
    "DenialFilter",
    "DenialPage",
    "DenialStatus",
    "Direction",
    "Event",
    "Facet",
    "FeedEvent",
    "FileState",
    "FoundChanges",
    "Job",
    "JobItem",
    "JobState",
    "JointApproval",
    "JointMember",
    "KeptAnswer",
    "KnownRemit",
    "LetterEdit",
    "Listing",
    "NewItem",
    "NewRemit",
    "NewerSchema",
    "OutcomeEntry",
    "Outgoing",
    "OutgoingState",
    "Product",
    "Question",
    "Records",
    "RemitState",
    "Repository",
    "Review",
    "Role",
    "SentFile",
    "Sort",
    "Standing",
    "StoredDenial",
    "StoredFile",
    "StoredRemit",
    "Tally",
    "UnknownDenial",
    "UnknownEvent",
    "UnknownPractice",
    "UnreadablePayload",
    "UnstorableValue",
    "VoidCode",
    "Webhook",
    "WebhookSecret",
    "WebhookState",
    "WorklistFilter",
    "WorklistItem",
    "WorklistPage",
    "open_records",
    "sha256_of",
    "sortable_id",
]

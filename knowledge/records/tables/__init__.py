"""The tables of the records. Only `knowledge.records` may name them."""

from knowledge.records.tables.along import SentFileRow
from knowledge.records.tables.audit import AuditEntryRow, AuditHeadRow
from knowledge.records.tables.base import METADATA, Moment, RecordTable
from knowledge.records.tables.casework import DenialRow, EventRow, ProductRow, ReviewRow, WorkRow
from knowledge.records.tables.correspondence import AttemptRow, DirectionRow, LetterEditRow
from knowledge.records.tables.dispatch import ApprovalRow, AuthorityRow, OutgoingRow
from knowledge.records.tables.exchange import FeedRow, IdempotencyRow, JobItemRow, JobRow
from knowledge.records.tables.facts import (
    AuthorizationRow,
    ChartRow,
    ContractRateRow,
    CoverageRow,
    FactRow,
    PayerRow,
    PolicyRow,
    UnreadFactRow,
)
from knowledge.records.tables.files import FindingRow, PracticeRow, SchemaVersionRow, SourceFileRow
from knowledge.records.tables.insight import InsightChangeRow, InsightNumberRow
from knowledge.records.tables.joint import JointApprovalRow
from knowledge.records.tables.keeping import ErasureRow, LegalHoldRow
from knowledge.records.tables.learned import RuleEntryRow, RuleExampleRow, RuleUseRow
from knowledge.records.tables.outcomes import AccountRow, CashRow, ClaimStatusRow, OutcomeEntryRow
from knowledge.records.tables.questions import QuestionRow
from knowledge.records.tables.queue import GroupMemberRow, GroupRow, SavedViewRow, WorklistChangeRow
from knowledge.records.tables.traffic import (
    AcknowledgementRow,
    ProviderAdjustmentRow,
    RemitClaimRow,
    RemitRow,
    SubmittedClaimRow,
)
from knowledge.records.tables.webhooks import DeliveryAttemptRow, DeliveryRow, WebhookRow, WebhookSecretRow
from knowledge.records.tables.worklist import WorklistRow, WorklistWordRow

__all__ = [
    "METADATA",
    "AccountRow",
    "AcknowledgementRow",
    "ApprovalRow",
    "AttemptRow",
    "AuditEntryRow",
    "AuditHeadRow",
    "AuthorityRow",
    "AuthorizationRow",
    "CashRow",
    "ChartRow",
    "ClaimStatusRow",
    "ContractRateRow",
    "CoverageRow",
    "DeliveryAttemptRow",
    "DeliveryRow",
    "DenialRow",
    "DirectionRow",
    "ErasureRow",
    "EventRow",
    "FactRow",
    "FeedRow",
    "FindingRow",
    "GroupMemberRow",
    "GroupRow",
    "IdempotencyRow",
    "InsightChangeRow",
    "InsightNumberRow",
    "JobItemRow",
    "JobRow",
    "JointApprovalRow",
    "LegalHoldRow",
    "LetterEditRow",
    "Moment",
    "OutcomeEntryRow",
    "OutgoingRow",
    "PayerRow",
    "PolicyRow",
    "PracticeRow",
    "ProductRow",
    "ProviderAdjustmentRow",
    "QuestionRow",
    "RecordTable",
    "RemitClaimRow",
    "RemitRow",
    "ReviewRow",
    "RuleEntryRow",
    "RuleExampleRow",
    "RuleUseRow",
    "SavedViewRow",
    "SchemaVersionRow",
    "SentFileRow",
    "SourceFileRow",
    "SubmittedClaimRow",
    "UnreadFactRow",
    "WebhookRow",
    "WebhookSecretRow",
    "WorkRow",
    "WorklistChangeRow",
    "WorklistRow",
    "WorklistWordRow",
]

"""The tables of the records. Only `knowledge.records` may name them."""

from knowledge.records.tables.base import METADATA, Moment, RecordTable
from knowledge.records.tables.casework import DenialRow, EventRow, ProductRow, ReviewRow, WorkRow
from knowledge.records.tables.dispatch import ApprovalRow, AuthorityRow, OutgoingRow
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
from knowledge.records.tables.traffic import (
    AcknowledgementRow,
    ProviderAdjustmentRow,
    RemitClaimRow,
    RemitRow,
    SubmittedClaimRow,
)

__all__ = [
    "METADATA",
    "AcknowledgementRow",
    "ApprovalRow",
    "AuthorityRow",
    "AuthorizationRow",
    "ChartRow",
    "ContractRateRow",
    "CoverageRow",
    "DenialRow",
    "EventRow",
    "FactRow",
    "FindingRow",
    "Moment",
    "OutgoingRow",
    "PayerRow",
    "PolicyRow",
    "PracticeRow",
    "ProductRow",
    "ProviderAdjustmentRow",
    "RecordTable",
    "RemitClaimRow",
    "RemitRow",
    "ReviewRow",
    "SchemaVersionRow",
    "SourceFileRow",
    "SubmittedClaimRow",
    "UnreadFactRow",
    "WorkRow",
]

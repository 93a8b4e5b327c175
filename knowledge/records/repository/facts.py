"""What the practice itself knows: claims, acknowledgements, payers, authorizations, charts and so on.

Reading gives each fact once, by file name and place in the file, however often and in whatever order it came.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlmodel import Session, col, delete, select

from knowledge.folder import UnreadRow
from knowledge.records.money import to_cents
from knowledge.records.payloads import decode_model, decode_struct, encode
from knowledge.records.repository.keyed import insert_all
from knowledge.records.sameness import content_key
from knowledge.records.tables import (
    AcknowledgementRow,
    AuthorizationRow,
    ChartRow,
    ClaimStatusRow,
    ContractRateRow,
    CoverageRow,
    FactRow,
    PayerRow,
    PolicyRow,
    SourceFileRow,
    SubmittedClaimRow,
    UnreadFactRow,
)
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Chart
from knowledge.types.claim import SubmittedClaim
from knowledge.types.claim_status import ClaimStatus
from knowledge.types.practice import Authorization, ContractRate, CoverageSpan, Frozen, Payer, Policy

_FactTable = type[FactRow] | type[SubmittedClaimRow] | type[AcknowledgementRow] | type[ClaimStatusRow]
_TABLES: tuple[_FactTable, ...] = (
    SubmittedClaimRow,
    AcknowledgementRow,
    ClaimStatusRow,
    PayerRow,
    AuthorizationRow,
    CoverageRow,
    ContractRateRow,
    PolicyRow,
    UnreadFactRow,
    ChartRow,
)

Fact = SubmittedClaim | ClaimAcknowledgement | ClaimStatus | Frozen
F = TypeVar("F", bound=Fact)


class Facts:
    """The practice's own records, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def withdraw(self, file_id: int) -> None:
        """Forget everything a file said, because a newer version of it came."""
        for table in _TABLES:
            self._session.execute(delete(table).where(col(table.file_id) == file_id))

    def add_claims(self, practice_id: str, file_id: int, claims: Iterable[SubmittedClaim]) -> None:
        """Store the submitted claims of a file."""
        self._add(
            SubmittedClaimRow,
            practice_id,
            file_id,
            claims,
            lambda claim: {"claim_id": claim.claim_id, "charge_cents": to_cents(claim.charge)},
        )

    def add_acknowledgements(
        self, practice_id: str, file_id: int, answers: Iterable[ClaimAcknowledgement | ClaimStatus]
    ) -> None:
        """Store what a 277 file says: acknowledgements of claims, or how claims stand."""
        said = list(answers)
        taken_in = [answer for answer in said if isinstance(answer, ClaimAcknowledgement)]
        standing = [answer for answer in said if isinstance(answer, ClaimStatus)]
        self._add(AcknowledgementRow, practice_id, file_id, taken_in, lambda answer: {"claim_id": answer.claim_id})
        self._add(ClaimStatusRow, practice_id, file_id, standing, lambda answer: {"claim_id": answer.claim_id})

    def add_payers(self, practice_id: str, file_id: int, payers: Iterable[Payer]) -> None:
        """Store the payers of payers.yaml."""
        self._add(PayerRow, practice_id, file_id, payers, lambda payer: {"payer_id": payer.id})

    def add_authorizations(self, practice_id: str, file_id: int, rows: Iterable[Authorization]) -> None:
        """Store the authorized services of a file."""
        self._add(
            AuthorizationRow,
            practice_id,
            file_id,
            rows,
            lambda row: {
                "auth_number": row.auth_number,
                "payer_id": row.payer_id,
                "member_id": row.member_id,
            },
        )

    def add_coverage(self, practice_id: str, file_id: int, rows: Iterable[CoverageSpan]) -> None:
        """Store the coverage of a file."""
        self._add(
            CoverageRow,
            practice_id,
            file_id,
            rows,
            lambda row: {
                "payer_id": row.payer_id,
                "member_id": row.member_id,
                "start_date": row.start_date,
                "end_date": row.end_date,
            },
        )

    def add_contract_rates(self, practice_id: str, file_id: int, rows: Iterable[ContractRate]) -> None:
        """Store the contracted rates of a file."""
        self._add(
            ContractRateRow,
            practice_id,
            file_id,
            rows,
            lambda row: {"payer_id": row.payer_id, "hcpcs": row.hcpcs},
        )

    def add_policies(self, practice_id: str, file_id: int, policies: Iterable[Policy]) -> None:
        """Store the policy versions of a file."""
        self._add(
            PolicyRow,
            practice_id,
            file_id,
            policies,
            lambda policy: {
                "policy_id": policy.policy_id,
                "payer_id": policy.payer_id,
                "effective_from": policy.effective_from,
                "effective_to": policy.effective_to,
            },
        )

    def add_unread_rows(self, practice_id: str, file_id: int, rows: Iterable[UnreadRow]) -> None:
        """Store the rows of a file that could not be used."""
        self._add(UnreadFactRow, practice_id, file_id, rows, lambda _: {})

    def add_charts(self, practice_id: str, file_id: int, charts: Iterable[Chart]) -> None:
        """Store the chart of a file."""
        self._add(
            ChartRow,
            practice_id,
            file_id,
            charts,
            lambda chart: {
                "last": chart.person.last,
                "first": chart.person.first,
                "birth_date": chart.person.birth_date,
                "identifiers": "\n".join(chart.person.identifiers),
            },
        )

    def claims(self, practice_id: str) -> Iterator[SubmittedClaim]:
        """Give the submitted claims."""
        for payload in self._payloads(SubmittedClaimRow, practice_id):
            yield decode_struct(payload, SubmittedClaim)

    def acknowledgements(self, practice_id: str) -> Iterator[ClaimAcknowledgement]:
        """Give the acknowledgements."""
        for payload in self._payloads(AcknowledgementRow, practice_id):
            yield decode_struct(payload, ClaimAcknowledgement)

    def claim_statuses(self, practice_id: str) -> Iterator[ClaimStatus]:
        """Give what payers said of claims they were asked about."""
        for payload in self._payloads(ClaimStatusRow, practice_id):
            yield decode_struct(payload, ClaimStatus)

    def payers(self, practice_id: str) -> tuple[Payer, ...]:
        """Give the payers, as payers.yaml lists them."""
        return tuple(decode_model(payload, Payer) for payload in self._payloads(PayerRow, practice_id))

    def authorizations(self, practice_id: str) -> tuple[Authorization, ...]:
        """Give the authorized services."""
        payloads = self._payloads(AuthorizationRow, practice_id)
        return tuple(decode_model(payload, Authorization) for payload in payloads)

    def coverage(self, practice_id: str) -> tuple[CoverageSpan, ...]:
        """Give the coverage."""
        return tuple(decode_model(payload, CoverageSpan) for payload in self._payloads(CoverageRow, practice_id))

    def contract_rates(self, practice_id: str) -> tuple[ContractRate, ...]:
        """Give the contracted rates."""
        payloads = self._payloads(ContractRateRow, practice_id)
        return tuple(decode_model(payload, ContractRate) for payload in payloads)

    def policies(self, practice_id: str) -> tuple[Policy, ...]:
        """Give the policy versions."""
        return tuple(decode_model(payload, Policy) for payload in self._payloads(PolicyRow, practice_id))

    def unread_rows(self, practice_id: str) -> tuple[UnreadRow, ...]:
        """Give the rows that could not be used: what they are about may not be called absent."""
        return tuple(decode_model(payload, UnreadRow) for payload in self._payloads(UnreadFactRow, practice_id))

    def charts(self, practice_id: str) -> Iterator[Chart]:
        """Give the charts."""
        for payload in self._payloads(ChartRow, practice_id):
            yield decode_model(payload, Chart)

    def _add(
        self,
        table: _FactTable,
        practice_id: str,
        file_id: int,
        facts: Iterable[F],
        columns: Callable[[F], dict[str, Any]],
    ) -> None:
        rows: Sequence[dict[str, Any]] = [
            {
                "practice_id": practice_id,
                "file_id": file_id,
                "position": position,
                "content_key": content_key(fact),
                "payload": encode(fact),
                **columns(fact),
            }
            for position, fact in enumerate(facts, start=1)
        ]
        insert_all(self._session, table, rows)

    def _payloads(self, table: _FactTable, practice_id: str) -> Iterator[str]:
        statement = (
            select(col(table.content_key), col(table.payload))
            .join(SourceFileRow, col(SourceFileRow.id) == table.file_id)
            .where(table.practice_id == practice_id)
            .order_by(col(SourceFileRow.name), col(SourceFileRow.sha256), col(table.position))
        )
        seen: set[str] = set()
        for key, payload in self._session.exec(statement):
            if key not in seen:
                seen.add(key)
                yield payload

"""Remits: what payers answered, and how a delivery stands to the ones before it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, select, update

from knowledge.records.money import to_cents
from knowledge.records.payloads import decode_struct, encode
from knowledge.records.repository.keyed import insert_all
from knowledge.records.tables import ProviderAdjustmentRow, RemitClaimRow, RemitRow, SourceFileRow
from knowledge.records.values import KnownRemit, NewRemit, StoredRemit
from knowledge.types.remit import ClaimPayment, ProviderAdjustment, RemitHeader


class Remits:
    """Remits with their claims and provider adjustments, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, practice_id: str, fingerprint: str, trace_key: str | None) -> tuple[KnownRemit, ...]:
        """Give the stored remits with this content or this trace, oldest first."""
        same: ColumnElement[bool] = col(RemitRow.fingerprint) == fingerprint
        if trace_key is not None:
            same = same | (col(RemitRow.trace_key) == trace_key)
        statement: Select[*tuple[Any, ...]] = (
            sqlalchemy.select(
                col(RemitRow.id),
                col(SourceFileRow.name).label("file"),
                col(RemitRow.fingerprint),
                col(RemitRow.trace_key),
                col(RemitRow.state),
            )
            .join(SourceFileRow, col(SourceFileRow.id) == RemitRow.file_id)
            .where(col(RemitRow.practice_id) == practice_id, same)
            .order_by(col(RemitRow.id))
        )
        return tuple(KnownRemit.model_validate(row) for row in self._session.execute(statement).mappings())

    def add(self, practice_id: str, file_id: int, remit: NewRemit) -> int:
        """Store one ST*835 with all its claims and give its id."""
        row = RemitRow(
            practice_id=practice_id,
            file_id=file_id,
            fingerprint=remit.fingerprint,
            trace_key=remit.trace_key,
            state=remit.state,
            paid_on=remit.header.paid_on,
            paid_cents=to_cents(remit.header.paid),
            claim_count=len(remit.claims),
            payload=encode(remit.header),
        )
        self._session.add(row)
        self._session.flush()
        assert row.id is not None  # the database gave it in flush
        self._add_claims(practice_id, row.id, remit.claims)
        self._add_provider_adjustments(practice_id, row.id, remit.provider_adjustments)
        return row.id

    def set_conflict(self, remit_ids: Sequence[int]) -> None:
        """Mark remits as contradicted by another of the same trace."""
        self._session.execute(update(RemitRow).where(col(RemitRow.id).in_(list(remit_ids))).values(state="conflict"))

    def retrace(self, practice_id: str, trace_of: Callable[[RemitHeader], str | None]) -> None:
        """Name all payments anew, because the payers are known differently now, and find the conflicts again."""
        rows = list(self._session.exec(select(RemitRow).where(RemitRow.practice_id == practice_id)))
        for row in rows:
            row.trace_key = trace_of(decode_struct(row.payload, RemitHeader))
        times = Counter(row.trace_key for row in rows if row.trace_key is not None)
        for row in rows:
            contradicted = row.trace_key is not None and times[row.trace_key] > 1
            row.state = "conflict" if contradicted else "accepted"
        self._session.flush()

    def all(self, practice_id: str) -> Iterator[StoredRemit]:
        """Give every remit whole, by file name and place in the file, whatever the order of arrival."""
        claims = self._payloads(RemitClaimRow, practice_id)
        adjustments = self._payloads(ProviderAdjustmentRow, practice_id)
        statement = (
            select(col(RemitRow.id), RemitRow.payload, RemitRow.state)
            .join(SourceFileRow, col(SourceFileRow.id) == RemitRow.file_id)
            .where(RemitRow.practice_id == practice_id)
            .order_by(col(SourceFileRow.name), col(SourceFileRow.sha256), col(RemitRow.id))
        )
        for remit_id, payload, state in self._session.exec(statement):
            yield StoredRemit(
                header=decode_struct(payload, RemitHeader),
                claims=tuple(decode_struct(text, ClaimPayment) for text in claims.get(remit_id, ())),
                provider_adjustments=tuple(
                    decode_struct(text, ProviderAdjustment) for text in adjustments.get(remit_id, ())
                ),
                conflict=state == "conflict",
            )

    def _payloads(
        self, table: type[RemitClaimRow] | type[ProviderAdjustmentRow], practice_id: str
    ) -> dict[int | None, list[str]]:
        statement = (
            sqlalchemy.select(col(table.remit_id), col(table.payload))
            .where(col(table.practice_id) == practice_id)
            .order_by(col(table.remit_id), col(table.position))
        )
        payloads: dict[int | None, list[str]] = {}
        for remit_id, payload in self._session.execute(statement):
            payloads.setdefault(remit_id, []).append(payload)
        return payloads

    def _add_claims(self, practice_id: str, remit_id: int, claims: Sequence[ClaimPayment]) -> None:
        insert_all(
            self._session,
            RemitClaimRow,
            [
                {
                    "practice_id": practice_id,
                    "remit_id": remit_id,
                    "position": position,
                    "claim_id": claim.claim_id,
                    "payer_claim_number": claim.payer_claim_number,
                    "status": claim.status,
                    "charge_cents": to_cents(claim.charge),
                    "paid_cents": to_cents(claim.paid),
                    "payload": encode(claim),
                }
                for position, claim in enumerate(claims, start=1)
            ],
        )

    def _add_provider_adjustments(
        self, practice_id: str, remit_id: int, adjustments: Sequence[ProviderAdjustment]
    ) -> None:
        insert_all(
            self._session,
            ProviderAdjustmentRow,
            [
                {
                    "practice_id": practice_id,
                    "remit_id": remit_id,
                    "position": position,
                    "reason": adjustment.reason,
                    "reference": adjustment.reference,
                    "amount_cents": to_cents(adjustment.amount),
                    "payload": encode(adjustment),
                }
                for position, adjustment in enumerate(adjustments, start=1)
            ],
        )

"""Denials: found, worked, ranked, listed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from knowledge.records.audit import saw
from knowledge.records.money import to_cents, to_dollars
from knowledge.records.payloads import decode_model, encode
from knowledge.records.repository.cursors import read_cursor, write_cursor
from knowledge.records.repository.parts import in_parts
from knowledge.records.repository.standings import UnknownDenial, save_standings, unknown_denial
from knowledge.records.repository.worklist import UNRANKED, keep_in_step
from knowledge.records.tables import DenialRow, WorklistChangeRow
from knowledge.records.values import (
    DenialFilter,
    DenialPage,
    DenialStatus,
    FoundChanges,
    Standing,
    StoredDenial,
)
from knowledge.types.denial import Denial

__all__ = ["Denials", "UnknownDenial"]

_AT_ONCE = 500  # so many records are held at a time while all are read


class Denials:
    """Denials and their records, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save_found(self, practice_id: str, denials: Sequence[Denial], now: datetime) -> FoundChanges:
        """Store what a search over all remits found, and say what is new, changed, unchanged and gone.

        A changed denial gets its next revision; its status and record stay until it is worked again. What is
        gone stays stored: only the caller knows whether it is to be closed.
        """
        rows = {
            row.denial_id: row
            for row in self._session.exec(select(DenialRow).where(DenialRow.practice_id == practice_id))
        }
        new, changed, unchanged = [], [], []
        for denial in denials:
            text = encode(denial)
            row = rows.get(denial.denial_id)
            if row is None:
                self._session.add(_new_row(practice_id, denial, text, now))
                new.append(denial.denial_id)
            elif row.denial == text:
                unchanged.append(denial.denial_id)
            else:
                row.denial = text
                row.payer_id = denial.remit.payer_id
                row.amount_cents = to_cents(denial.amount_at_stake)
                row.revision += 1
                changed.append(denial.denial_id)
        self._session.flush()
        found = {denial.denial_id for denial in denials}
        return FoundChanges(
            new=tuple(new),
            changed=tuple(changed),
            unchanged=tuple(unchanged),
            gone=tuple(sorted(rows.keys() - found)),
        )

    def save_record(
        self,
        practice_id: str,
        denial_id: str,
        record: Mapping[str, Any],
        case_fingerprint: str | None,
        now: datetime,
    ) -> None:
        """Store a worked denial's record (contract, section 2); the queue's columns are read from it.

        Raises:
            UnknownDenial: the denial was never found.
        """
        row = self._row(practice_id, denial_id)
        self._put(row, record)
        row.case_fingerprint = case_fingerprint
        row.worked_at = now
        self._session.flush()

    def set_status(self, practice_id: str, denial_id: str, status: DenialStatus) -> None:
        """Say how a denial stands, in the queue and in its record.

        Raises:
            UnknownDenial: the denial was never found.
        """
        row = self._row(practice_id, denial_id)
        row.status = status
        if row.record is not None:
            self._put(row, {**msgspec.json.decode(row.record), "status": status})
        self._session.flush()

    def set_standings(self, practice_id: str, standings: Sequence[Standing]) -> None:
        """Rank denials and name their series, in the queue and in their records.

        Raises:
            UnknownDenial: one of the denials was never found.
        """
        save_standings(self._session, practice_id, standings)

    def get(self, practice_id: str, denial_id: str) -> StoredDenial | None:
        """Give one denial."""
        row = self._session.get(DenialRow, (practice_id, denial_id))
        return None if row is None else _stored(row)

    def practices_with(self, denial_id: str) -> tuple[str, ...]:
        """Give the practices that have a denial of this id: one, unless two practices bill alike."""
        statement = select(DenialRow.practice_id).where(DenialRow.denial_id == denial_id)
        return tuple(sorted(self._session.exec(statement)))

    def page(
        self,
        practice_id: str,
        matching: DenialFilter | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> DenialPage:
        """Give one page of denials by rank, then id; those without a rank come last.

        Raises:
            BadCursor: `cursor` was not given out by a page before.
            ValueError: `limit` is below 1.
        """
        if limit < 1:
            raise ValueError(f"limit {limit} is below 1")
        statement = select(DenialRow).where(DenialRow.practice_id == practice_id)
        for name, value in (matching or DenialFilter()).model_dump(exclude_none=True).items():
            statement = statement.where(col(getattr(DenialRow, name)) == value)
        key = tuple_(col(DenialRow.rank), col(DenialRow.denial_id))
        if cursor is not None:
            statement = statement.where(key > read_cursor(cursor))
        rows = self._session.exec(
            statement.order_by(col(DenialRow.rank), col(DenialRow.denial_id)).limit(limit + 1)
        ).all()
        items = rows[:limit]
        more = write_cursor(items[-1].rank, items[-1].denial_id) if len(rows) > limit else None
        return DenialPage(items=tuple(_stored(row) for row in items), next_cursor=more)

    def some(self, practice_id: str, denial_ids: Sequence[str]) -> tuple[StoredDenial, ...]:
        """Give some denials in the order asked for; those that are not there are left out."""
        rows: dict[str, DenialRow] = {}
        for some in in_parts(denial_ids):
            statement = select(DenialRow).where(
                DenialRow.practice_id == practice_id, col(DenialRow.denial_id).in_(some)
            )
            rows |= {row.denial_id: row for row in self._session.exec(statement)}
        return tuple(_stored(rows[name]) for name in denial_ids if name in rows)

    def all(self, practice_id: str) -> Iterator[StoredDenial]:
        """Give all denials, in the order of `page`."""
        statement = select(DenialRow).where(DenialRow.practice_id == practice_id)
        for row in self._session.exec(statement.order_by(col(DenialRow.rank), col(DenialRow.denial_id))):
            yield _stored(row)

    def records(self, practice_id: str, only: Sequence[str] | None = None) -> Iterator[str]:
        """Give the denial records as JSON text, one a denial that was worked, in the order of `page`.

        `only` some of them.
        """
        columns = select(DenialRow.rank, DenialRow.denial_id, DenialRow.record)
        every = columns.where(DenialRow.practice_id == practice_id, col(DenialRow.record).is_not(None))
        if only is None:
            rows = iter(self._session.exec(every.order_by(col(DenialRow.rank), col(DenialRow.denial_id))))
        else:
            chosen = (every.where(col(DenialRow.denial_id).in_(some)) for some in in_parts(dict.fromkeys(only)))
            rows = iter(sorted(row for statement in chosen for row in self._session.exec(statement)))
        for _, denial_id, record in rows:
            if record is not None:
                saw(practice_id, (denial_id,))
                yield record

    def texts(
        self, practice_id: str, *, since: int = 0, statuses: Sequence[DenialStatus] | None = None
    ) -> Iterator[str]:
        """Give records as JSON text: those that changed after a number of the worklist's changes, those of statuses.

        They are for the machine: nobody is shown them, and they leave nothing in the audit trail.
        """
        joined = (col(WorklistChangeRow.practice_id) == col(DenialRow.practice_id)) & (
            col(WorklistChangeRow.denial_id) == col(DenialRow.denial_id)
        )
        statement = select(DenialRow.record).where(
            DenialRow.practice_id == practice_id, col(DenialRow.record).is_not(None)
        )
        if statuses is not None:
            statement = statement.where(col(DenialRow.status).in_(statuses))
        if since > 0:
            statement = statement.join(WorklistChangeRow, joined).where(col(WorklistChangeRow.number) > since)
        for record in self._session.exec(statement.execution_options(yield_per=_AT_ONCE)):
            if record is not None:
                yield record

    def states(self, practice_id: str) -> dict[str, tuple[str, str | None, int]]:
        """Give how every denial stands: its status, what it was worked from, and its revision."""
        worked_from = col(DenialRow.case_fingerprint)
        statement = select(DenialRow.denial_id, DenialRow.status, worked_from, DenialRow.revision).where(
            DenialRow.practice_id == practice_id
        )
        return {name: (status, fingerprint, n) for name, status, fingerprint, n in self._session.exec(statement)}

    def counts(self, practice_id: str) -> dict[str, int]:
        """Count denials by status."""
        statement = (
            select(DenialRow.status, func.count())
            .where(DenialRow.practice_id == practice_id)
            .group_by(col(DenialRow.status))
            .order_by(col(DenialRow.status))
        )
        return dict(self._session.exec(statement).all())

    def _put(self, row: DenialRow, record: Mapping[str, Any]) -> None:
        before = row.record
        _put_record(row, record)
        keep_in_step(self._session, row, record, said_anew=before != row.record)

    def _row(self, practice_id: str, denial_id: str) -> DenialRow:
        row = self._session.get(DenialRow, (practice_id, denial_id))
        if row is None:
            raise unknown_denial(practice_id, denial_id)
        return row


def _new_row(practice_id: str, denial: Denial, text: str, now: datetime) -> DenialRow:
    return DenialRow(
        practice_id=practice_id,
        denial_id=denial.denial_id,
        denial=text,
        status="new",
        payer_id=denial.remit.payer_id,
        amount_cents=to_cents(denial.amount_at_stake),
        rank=UNRANKED,
        revision=1,
        found_at=now,
    )


def _put_record(row: DenialRow, record: Mapping[str, Any]) -> None:
    row.record = msgspec.json.encode(record).decode()
    row.status = record["status"]
    row.route = record["route"]
    row.root_cause = record["root_cause"]
    row.remedy = record["remedy"]
    row.series = record["series"]
    deadlines = record["deadlines"]
    first = deadlines[0]["date"] if deadlines else None
    row.deadline = date.fromisoformat(first) if isinstance(first, str) else first
    rank = (record["priority"] or {}).get("rank")
    row.rank = UNRANKED if rank is None else rank


def _stored(row: DenialRow) -> StoredDenial:
    saw(row.practice_id, (row.denial_id,))
    return StoredDenial.model_validate(
        {
            **row.model_dump(exclude={"denial", "record", "amount_cents", "rank"}),
            "denial": decode_model(row.denial, Denial),
            "record": None if row.record is None else msgspec.json.decode(row.record),
            "amount": to_dollars(row.amount_cents),
            "rank": None if row.rank == UNRANKED else row.rank,
        }
    )

"""Bulk jobs and their files. A file's bytes stand here until it has been taken in."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlmodel import Session, col, func, select, update

from knowledge.records.exchange import Job, JobItem, NewItem
from knowledge.records.repository.keyed import insert_all
from knowledge.records.tables import JobItemRow, JobRow
from knowledge.types.reading import ReadingFinding

_ITEM = ("position", "kind", "name", "state", "outcome", "facts", "error")


class Jobs:
    """Jobs, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, job_id: str, practice_id: str, items: Sequence[NewItem], by: str, now: datetime) -> None:
        """Store a job with everything it takes to do it."""
        row = JobRow(job_id=job_id, practice_id=practice_id, state="taking", total=len(items), made_by=by, made_at=now)
        self._session.add(row)
        self._session.flush()
        insert_all(
            self._session,
            JobItemRow,
            [
                {
                    "job_id": job_id,
                    "position": position,
                    "kind": item.kind,
                    "name": item.name,
                    "content": zlib.compress(item.content, level=1),
                    "state": "waiting",
                }
                for position, item in enumerate(items, start=1)
            ],
        )

    def get(self, practice_id: str, job_id: str) -> Job | None:
        """Give a practice's job."""
        found = self._jobs(JobRow.job_id == job_id, JobRow.practice_id == practice_id, limit=1)
        return found[0] if found else None

    def page(self, practice_id: str, before: str | None, limit: int) -> tuple[Job, ...]:
        """Give jobs, the last made on top; `before` is the id of the last of the page before."""
        where: list[Any] = [JobRow.practice_id == practice_id]
        if before is not None:
            where.append(col(JobRow.job_id) < before)
        return self._jobs(*where, limit=limit)

    def unfinished(self) -> tuple[Job, ...]:
        """Give the jobs of all practices that are not done, oldest first."""
        return tuple(reversed(self._jobs(JobRow.state != "done", limit=None)))

    def waiting(self, job_id: str) -> tuple[tuple[int, NewItem], ...]:
        """Give the next files of a job that have not been taken in, each with its position: at most one."""
        statement = (
            select(JobItemRow)
            .where(JobItemRow.job_id == job_id, JobItemRow.state == "waiting")
            .order_by(col(JobItemRow.position))
            .limit(1)
        )
        return tuple(
            (
                row.position,
                NewItem.model_validate(
                    {"kind": row.kind, "name": row.name, "content": zlib.decompress(row.content or b"")}
                ),
            )
            for row in self._session.exec(statement)
        )

    def fared(self, job_id: str, item: JobItem) -> None:
        """Store how a file fared; its bytes go."""
        where = (col(JobItemRow.job_id) == job_id, col(JobItemRow.position) == item.position)
        values = {
            "state": item.state,
            "outcome": item.outcome,
            "facts": item.facts,
            "findings": msgspec.json.encode(item.findings).decode(),
            "error": item.error,
            "content": None,
        }
        self._session.execute(update(JobItemRow).where(*where).values(**values))
        if item.state == "failed":
            self._session.execute(
                update(JobRow).where(col(JobRow.job_id) == job_id).values(failed=col(JobRow.failed) + 1)
            )

    def work_begins(self, job_id: str) -> None:
        """Say that a job's files are in."""
        self._session.execute(update(JobRow).where(col(JobRow.job_id) == job_id).values(state="working"))

    def end(self, job_id: str, now: datetime, fault: str | None) -> None:
        """Say that a job is done."""
        values = {"state": "done", "ended_at": now, "fault": fault}
        self._session.execute(update(JobRow).where(col(JobRow.job_id) == job_id).values(**values))

    def items(self, job_id: str, after: int, limit: int, only_failed: bool = False) -> tuple[JobItem, ...]:
        """Give a job's files by position."""
        statement = select(*(getattr(JobItemRow, name) for name in (*_ITEM, "findings"))).where(
            JobItemRow.job_id == job_id, col(JobItemRow.position) > after
        )
        if only_failed:
            statement = statement.where(JobItemRow.state == "failed")
        rows = self._session.execute(statement.order_by(col(JobItemRow.position)).limit(limit)).mappings()
        return tuple(
            JobItem(
                **{name: row[name] for name in _ITEM},
                findings=msgspec.json.decode(row["findings"], type=tuple[ReadingFinding, ...]),
            )
            for row in rows
        )

    def _jobs(self, *where: Any, limit: int | None) -> tuple[Job, ...]:
        done = (
            select(func.count())
            .where(JobItemRow.job_id == JobRow.job_id, JobItemRow.state != "waiting")
            .scalar_subquery()
        )
        statement = select(JobRow, done).where(*where).order_by(col(JobRow.job_id).desc())
        if limit is not None:
            statement = statement.limit(limit)
        rows = self._session.exec(statement)
        return tuple(Job.model_validate({**row.model_dump(), "done": count}) for row, count in rows)

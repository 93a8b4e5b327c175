"""What sums are made of, read without a denial record, whole or only what changed since a number."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlmodel import Session, col

from knowledge.records.insight import InsightFact, InsightFight, InsightHistory
from knowledge.records.repository.keyed import insert_or_update
from knowledge.records.repository.parts import in_parts
from knowledge.records.tables import (
    AccountRow,
    EventRow,
    InsightChangeRow,
    InsightNumberRow,
    LetterEditRow,
    OutcomeEntryRow,
    ReviewRow,
    WorklistRow,
    WorkRow,
)

_FACT = tuple(col(getattr(WorklistRow, name)) for name in InsightFact._fields)


class Insight:
    """Facts of sums, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def number(self, practice_id: str) -> int:
        """Give the practice's number; a greater one later means that something changed."""
        row = self._session.get(InsightNumberRow, practice_id)
        return 0 if row is None else row.number

    def count(self, practice_id: str) -> int:
        """Count the practice's worked denials."""
        statement = select(func.count()).where(col(WorklistRow.practice_id) == practice_id)
        return int(self._session.execute(statement).scalar_one())

    def changed_since(self, practice_id: str, number: int) -> tuple[str, ...]:
        """Give the denials that changed after the practice had this number."""
        statement = select(col(InsightChangeRow.denial_id)).where(
            col(InsightChangeRow.practice_id) == practice_id, col(InsightChangeRow.number) > number
        )
        return tuple(self._session.execute(statement.order_by(col(InsightChangeRow.denial_id))).scalars())

    def facts(self, practice_id: str, ids: Sequence[str] | None = None) -> list[InsightFact]:
        """Give the facts of some denials, or of all; in order of id."""
        found = [InsightFact(*row) for row in self._rows(_FACT, WorklistRow, practice_id, ids)]
        return sorted(found, key=lambda fact: fact.denial_id) if ids is not None else found

    def histories(self, practice_id: str, ids: Sequence[str] | None = None) -> dict[str, InsightHistory]:
        """Give what people did with some denials, or with all; those with nothing are left out."""
        held: dict[str, dict[str, Any]] = defaultdict(dict)
        event = (col(EventRow.denial_id), col(EventRow.kind), col(EventRow.key), col(EventRow.at))
        # What no person decided has no wait: its events are not read.
        decided = col(EventRow.denial_id).in_(
            select(col(ReviewRow.denial_id)).where(col(ReviewRow.practice_id) == practice_id)
        )
        wanted = (col(EventRow.kind) == "closed") | ((col(EventRow.kind) == "worked") & decided)
        for denial_id, kind, key, at in self._rows(event, EventRow, practice_id, ids, wanted):
            if kind == "worked":
                first = held[denial_id].get("worked_at")
                held[denial_id]["worked_at"] = at if first is None else min(first, at)
            elif key.endswith(":gone"):
                held[denial_id]["no_denial"] = True
        review = (col(ReviewRow.denial_id), col(ReviewRow.decision), col(ReviewRow.at))
        for denial_id, decision, at in self._rows(review, ReviewRow, practice_id, ids):
            if decision != "approve":
                held[denial_id]["changed"] = True
            if decision != "edit":
                last = held[denial_id].get("decided_at")
                held[denial_id]["decided_at"] = at if last is None else max(last, at)
        for (denial_id,) in self._rows((col(LetterEditRow.denial_id),), LetterEditRow, practice_id, ids):
            held[denial_id]["changed"] = True
        return {denial_id: InsightHistory(**values) for denial_id, values in held.items()}

    def fights(self, practice_id: str, ids: Sequence[str]) -> dict[str, InsightFight]:
        """Give the fights of some denials; those for which nothing was sent and no decision entered are left out.

        `remedy` is blank where no round names one: then it is the denial's own.
        """
        entry = (col(OutcomeEntryRow.denial_id),)
        live = col(OutcomeEntryRow.withdrawn_at).is_(None)
        entered = {denial_id for (denial_id,) in self._rows(entry, OutcomeEntryRow, practice_id, ids, live)}
        account = (col(AccountRow.denial_id), col(AccountRow.payload))
        rounds = {
            denial_id: _ROUNDS.decode(payload).rounds
            for denial_id, payload in self._rows(account, AccountRow, practice_id, ids)
        }
        fought = [
            denial_id
            for denial_id in ids
            if denial_id in entered or any(one.sent_on is not None for one in rounds.get(denial_id, ()))
        ]
        edit = (col(LetterEditRow.denial_id),)
        edited = {denial_id for (denial_id,) in self._rows(edit, LetterEditRow, practice_id, fought)}
        draft = col(WorkRow.stage) == "draft"
        by_model = col(WorkRow.payload).contains('"written_by":"model"', autoescape=True)
        told = (col(WorkRow.denial_id),)
        written = {denial_id for (denial_id,) in self._rows(told, WorkRow, practice_id, fought, draft, by_model)}
        found = {}
        for denial_id in fought:
            last = rounds[denial_id][-1] if rounds.get(denial_id) else _Round()
            words = "person" if denial_id in edited else "model" if denial_id in written else "wording"
            found[denial_id] = InsightFight(last.remedy, last.letter_kind, words)
        return found

    def values(self, practice_id: str, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Give the values with which the causes of some denials were told."""
        stage = (col(WorkRow.denial_id), col(WorkRow.payload))
        rows = self._rows(stage, WorkRow, practice_id, ids, col(WorkRow.stage) == "diagnose")
        return {denial_id: _VALUES.decode(payload).values for denial_id, payload in rows}

    def _rows(
        self, columns: Sequence[Any], table: Any, practice_id: str, ids: Sequence[str] | None, *wanted: Any
    ) -> Iterator[Any]:
        statement = select(*columns).where(col(table.practice_id) == practice_id, *wanted)
        if ids is None:
            yield from self._session.execute(statement.order_by(col(table.denial_id)))
            return
        for some in in_parts(ids):
            yield from self._session.execute(statement.where(col(table.denial_id).in_(some)))


def touch(session: Session, practice_id: str, denial_id: str) -> None:
    """Note that what sums are made of has changed for a denial; all of one transaction share a number."""
    numbers: dict[str, int] = session.info.setdefault("insight", {})
    if practice_id not in numbers:
        row = session.get(InsightNumberRow, practice_id, with_for_update=True)
        numbers[practice_id] = 1 if row is None else row.number + 1
        values: dict[str, Any] = {"practice_id": practice_id, "number": numbers[practice_id]}
        insert_or_update(session, InsightNumberRow, values, key=["practice_id"])
        if row is not None:
            session.expire(row)
    values = {"practice_id": practice_id, "denial_id": denial_id, "number": numbers[practice_id]}
    insert_or_update(session, InsightChangeRow, values, key=["practice_id", "denial_id"])


class _Round(msgspec.Struct):
    remedy: str = ""
    letter_kind: str = ""
    sent_on: str | None = None


class _Rounds(msgspec.Struct):
    rounds: list[_Round] = []


class _Values(msgspec.Struct):
    values: dict[str, str] = {}


_ROUNDS = msgspec.json.Decoder(_Rounds)
_VALUES = msgspec.json.Decoder(_Values)

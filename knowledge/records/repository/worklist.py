"""The worklist: kept in step with denials and records, listed, searched, summed without reading a record."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select, tuple_, update
from sqlmodel import Session, col

from knowledge.records.audit import saw
from knowledge.records.money import to_cents, to_dollars
from knowledge.records.repository.cursors import BadCursor
from knowledge.records.repository.insight import touch
from knowledge.records.repository.parts import in_parts
from knowledge.records.repository.worklist_changes import note_change
from knowledge.records.tables import AccountRow, DenialRow, GroupMemberRow, WorklistRow, WorklistWordRow
from knowledge.records.worklist import Facet, Listing, Sort, Tally, WorklistFilter, WorklistItem, WorklistPage

UNRANKED = 2**31 - 1
_FAR = date(9999, 12, 31)
_MANY = 1000
_SUMMED = frozenset(  # what the dashboard adds up and counts by; a change of rank or worth is none to it
    (
        *("status", "route", "root_cause", "remedy", "payer_id", "payer_name", "hcpcs", "paid_on", "deadline"),
        "amount_cents",
    )
)
_EQUAL = ("route", "payer_id", "root_cause", "category", "remedy", "hcpcs", "site", "month", "series", "assigned_to")


class Worklist:
    """Lists of denials, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def describe(self, practice_id: str, denial_id: str, listing: Listing) -> None:
        """Say what the linked records tell of a denial whose record is stored; what was said before is replaced."""
        row = self._session.get(WorklistRow, (practice_id, denial_id))
        if row is None:
            return
        if (row.drug, row.site) != (listing.drug, listing.site):
            touch(self._session, practice_id, denial_id)
        row.drug, row.site, row.patient = listing.drug, listing.site, listing.patient
        own = (row.claim_id, row.auth_number, row.denial_id.removeprefix("den_"), row.hcpcs)
        words = {word for text in (*listing.words, *own) if text for word in words_of(text)}
        held = delete(WorklistWordRow).where(
            col(WorklistWordRow.practice_id) == practice_id, col(WorklistWordRow.denial_id) == denial_id
        )
        self._session.execute(held)
        self._session.add_all(
            WorklistWordRow(practice_id=practice_id, denial_id=denial_id, word=word) for word in sorted(words)
        )
        self._session.flush()
        note_change(self._session, practice_id, denial_id)

    def assign(self, practice_id: str, denial_id: str, to: str | None) -> None:
        """Put a denial on somebody's desk; None takes it off."""
        self._set(practice_id, denial_id, {"assigned_to": to})

    def snooze(self, practice_id: str, denial_id: str, until: date | None) -> None:
        """Keep a denial out of the queue until a day; None wakes it."""
        self._set(practice_id, denial_id, {"snoozed_until": until})

    def snoozed(self, practice_id: str, only: Sequence[str] | None = None) -> dict[str, date]:
        """Give the denials that were put off, all or among a few hundred, each with the day until when."""
        columns = (col(WorklistRow.denial_id), col(WorklistRow.snoozed_until))
        wanted = (col(WorklistRow.practice_id) == practice_id, columns[1].is_not(None))
        statement = select(*columns).where(*wanted)
        if only is not None:
            statement = statement.where(columns[0].in_(only))
        return {denial_id: day for denial_id, day in self._session.execute(statement)}

    def set_recovered(self, practice_id: str, recovered: Mapping[str, Decimal]) -> None:
        """Say what later remits brought for each denial, in dollars of cash."""
        columns = (col(WorklistRow.denial_id), col(WorklistRow.recovered_cents))
        statement = select(*columns).where(col(WorklistRow.practice_id) == practice_id)
        held = {denial_id: cents for denial_id, cents in self._session.execute(statement)}
        for denial_id, amount in sorted(recovered.items()):
            cents = to_cents(amount)
            if held.get(denial_id, cents) != cents:
                self._set(practice_id, denial_id, {"recovered_cents": cents})
                touch(self._session, practice_id, denial_id)

    def get(self, practice_id: str, denial_id: str) -> WorklistItem | None:
        """Give one denial's row."""
        row = self._session.get(WorklistRow, (practice_id, denial_id))
        return None if row is None else _item(row)

    def page(
        self,
        practice_id: str,
        wanted: WorklistFilter,
        sort: Sort = "rank",
        cursor: str | None = None,
        limit: int = 50,
    ) -> WorklistPage:
        """Give one page in an order; ties by id.

        Raises:
            BadCursor: `cursor` was not given out by a page before in this order.
            ValueError: `limit` is below 1.
        """
        if limit < 1:
            raise ValueError(f"limit {limit} is below 1")
        key = _KEYS[sort]
        statement = _matching(select(WorklistRow), practice_id, wanted)
        if cursor is not None:
            value, denial_id = _read_cursor(cursor, sort)
            statement = statement.where(tuple_(key, col(WorklistRow.denial_id)) > tuple_(value, denial_id))
        statement = statement.order_by(key, col(WorklistRow.denial_id)).limit(limit + 1)
        rows: Sequence[WorklistRow] = self._session.execute(statement).scalars().all()
        items = rows[:limit]
        more = f"{sort}:{_key_of(items[-1], sort)}:{items[-1].denial_id}" if len(rows) > limit else None
        return WorklistPage(items=tuple(_item(row) for row in items), next_cursor=more)

    def following(self, practice_id: str, denial_id: str, wanted: WorklistFilter) -> str | None:
        """Give the denial after one in the order of rank, within a filter: where the desk goes next."""
        row = self._session.get(WorklistRow, (practice_id, denial_id))
        if row is None:
            return None
        here = tuple_(col(WorklistRow.rank), col(WorklistRow.denial_id))
        statement = _matching(select(col(WorklistRow.denial_id)), practice_id, wanted)
        statement = statement.where(here > (row.rank, row.denial_id))
        statement = statement.order_by(col(WorklistRow.rank), col(WorklistRow.denial_id)).limit(1)
        return self._session.execute(statement).scalar()

    def items(self, practice_id: str, denial_ids: Sequence[str]) -> dict[str, WorklistItem]:
        """Give the rows of some denials by id; those that are not there are left out."""
        statement = select(WorklistRow).where(
            col(WorklistRow.practice_id) == practice_id, col(WorklistRow.denial_id).in_(list(denial_ids))
        )
        return {row.denial_id: _item(row) for row in self._session.execute(statement).scalars()}

    def found_by(self, practice_id: str, words: str) -> tuple[frozenset[str], bool]:
        """Give the ids of the denials that words find, each beginning one of the denial's, and whether these are all.

        A word that finds very many is only held against what the others find; where every word does, some are given.
        """
        ids: dict[str, frozenset[str]] = {}
        broad: dict[str, bool] = {}
        for word in sought_in(words):
            statement = _found_by(practice_id, word).limit(_MANY)
            given = self._session.execute(statement).scalars().all()
            ids[word], broad[word] = frozenset(given), len(given) == _MANY
        if not ids:
            return frozenset(), True
        narrow = [found for word, found in ids.items() if not broad[word]]
        found = frozenset.intersection(*narrow) if narrow else next(iter(ids.values()))
        for word in ids:
            if broad[word] and found:
                found = self._also_found_by(practice_id, found, word)
        return found, bool(narrow)

    def _also_found_by(self, practice_id: str, among: frozenset[str], word: str) -> frozenset[str]:
        ordered, kept = sorted(among), set[str]()
        for names in in_parts(ordered):
            some = col(WorklistWordRow.denial_id).in_(names)
            # Joined to "", the word's own index is no way in: few denials are looked up by their ids instead.
            statement = _found_by(practice_id, word, col(WorklistWordRow.word).concat("")).where(some)
            kept.update(self._session.execute(statement).scalars())
        return frozenset(kept)

    def count(self, practice_id: str, wanted: WorklistFilter) -> Tally:
        """Count the denials of a filter, and add up their dollars."""
        return self._tallies(practice_id, wanted, None)[0]

    def tally(self, practice_id: str, wanted: WorklistFilter, by: Facet) -> tuple[Tally, ...]:
        """Count the denials of a filter by one of their values; most dollars first, then the value."""
        found = self._tallies(practice_id, wanted, by)
        return tuple(sorted(found, key=lambda tally: (-tally.amount, tally.value or "")))

    def _tallies(self, practice_id: str, wanted: WorklistFilter, by: Facet | None) -> list[Tally]:
        sums = (func.count(), func.sum(col(WorklistRow.amount_cents)), func.sum(col(WorklistRow.recovered_cents)))
        if by is None:
            statement = _matching(select(*sums), practice_id, wanted)
            rows = [(None, *row) for row in self._session.execute(statement)]
        else:
            column = col(getattr(WorklistRow, by))
            statement = _matching(select(column, *sums), practice_id, wanted).group_by(column)
            rows = [tuple(row) for row in self._session.execute(statement)]
        return [
            Tally(value=value, count=count, amount=to_dollars(int(at_stake or 0)), recovered=to_dollars(int(back or 0)))
            for value, count, at_stake, back in rows
        ]

    def _set(self, practice_id: str, denial_id: str, values: dict[str, Any]) -> None:
        statement = update(WorklistRow).where(
            col(WorklistRow.practice_id) == practice_id, col(WorklistRow.denial_id) == denial_id
        )
        self._session.execute(statement.values(**values))
        note_change(self._session, practice_id, denial_id)


def keep_in_step(session: Session, row: DenialRow, record: Mapping[str, Any], *, said_anew: bool = False) -> None:
    """Write the worklist's row of a denial whose record has just been written; the desk's own columns stay.

    `said_anew`: the record says something else than before, be it nothing that the row repeats.
    """
    line, remit, links = record["line"] or {}, record["remit"], record["links"] or {}
    paid_on = _day(remit["paid_on"])
    held = session.get(WorklistRow, (row.practice_id, row.denial_id))
    values = {
        "status": row.status,
        "route": record["route"],
        "rank": row.rank,
        "series": row.series,
        "root_cause": record["root_cause"],
        "category": record["category"],
        "remedy": record["remedy"],
        "payer_id": remit["payer_id"],
        "payer_name": remit["payer_name"],
        "amount_cents": row.amount_cents,
        "value_cents": to_cents(Decimal((record["priority"] or {}).get("expected_value") or 0)),
        "deadline": row.deadline,
        "hcpcs": line.get("hcpcs"),
        "service_date": _day(line.get("service_date")),
        "paid_on": paid_on,
        "month": f"{paid_on:%Y-%m}" if paid_on else None,
        "claim_id": remit["claim_id"],
        "auth_number": (links.get("auth_number") or {}).get("value"),
        "says": record["says"],
    }
    changed = values
    if held is None:
        account = session.get(AccountRow, (row.practice_id, row.denial_id))
        recovered = account.recovered_cents if account else 0
        values = {**values, "recovered_cents": recovered}
        session.add(WorklistRow(practice_id=row.practice_id, denial_id=row.denial_id, **values))
    else:
        changed = {name: value for name, value in values.items() if getattr(held, name) != value}
        if not changed and not said_anew:
            return
        for name, value in changed.items():
            setattr(held, name, value)
    session.flush()
    note_change(session, row.practice_id, row.denial_id)
    if not _SUMMED.isdisjoint(changed):
        touch(session, row.practice_id, row.denial_id)


def words_of(text: str) -> tuple[str, ...]:
    """Cut a text into the words it is found by: lower case, accents off; a number also without its marks."""
    found = []
    for token in _plain(text).split():
        parts = re.findall(r"[a-z0-9]+", token)
        found += parts
        if len(parts) > 1:
            found.append("".join(parts))
    return tuple(dict.fromkeys(found))


def sought_in(text: str) -> tuple[str, ...]:
    """Cut what somebody looks for into words, each of which must begin one that a denial is found by."""
    return tuple(dict.fromkeys(word for token in _plain(text).split() if (word := re.sub(r"[^a-z0-9]", "", token))))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _matching(statement: Any, practice_id: str, wanted: WorklistFilter) -> Any:
    statement = statement.where(col(WorklistRow.practice_id) == practice_id)
    if wanted.status:
        statement = statement.where(col(WorklistRow.status).in_(wanted.status))
    for name in _EQUAL:
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(col(getattr(WorklistRow, name)) == value)
    if wanted.unassigned:
        statement = statement.where(col(WorklistRow.assigned_to).is_(None))
    if wanted.group is not None:
        statement = statement.where(col(WorklistRow.denial_id).in_(_members(practice_id, wanted.group)))
    for column, first, last in (
        (col(WorklistRow.deadline), wanted.due_from, wanted.due_by),
        (col(WorklistRow.paid_on), wanted.paid_from, wanted.paid_until),
    ):
        if first is not None:
            statement = statement.where(column >= first)
        if last is not None:
            statement = statement.where(column <= last)
    snoozed = col(WorklistRow.snoozed_until)
    if wanted.awake_on is not None:
        statement = statement.where(snoozed.is_(None) | (snoozed <= wanted.awake_on))
    if wanted.asleep_on is not None:
        statement = statement.where(snoozed > wanted.asleep_on)
    for word in sought_in(wanted.words):
        statement = statement.where(col(WorklistRow.denial_id).in_(_found_by(practice_id, word)))
    return statement


def _members(practice_id: str, group_id: str) -> Any:
    return select(col(GroupMemberRow.denial_id)).where(
        col(GroupMemberRow.practice_id) == practice_id, col(GroupMemberRow.group_id) == group_id
    )


def _found_by(practice_id: str, word: str, own: Any = None) -> Any:
    """Choose the denials one of whose words begins with `word`; a range, so that the index is used on any database."""
    own = col(WorklistWordRow.word) if own is None else own
    return select(col(WorklistWordRow.denial_id)).where(
        col(WorklistWordRow.practice_id) == practice_id, own >= word, own < word + "\U0010ffff"
    )


_KEYS: dict[Sort, Any] = {
    "rank": col(WorklistRow.rank),
    "deadline": func.coalesce(col(WorklistRow.deadline), _FAR),
    "amount": -col(WorklistRow.amount_cents),
    "age": func.coalesce(col(WorklistRow.paid_on), _FAR),
}


def _key_of(row: WorklistRow, sort: Sort) -> str:
    values: dict[Sort, Any] = {
        "rank": row.rank,
        "deadline": row.deadline or _FAR,
        "amount": -row.amount_cents,
        "age": row.paid_on or _FAR,
    }
    return str(values[sort])


def _read_cursor(cursor: str, sort: Sort) -> tuple[Any, str]:
    order, _, rest = cursor.partition(":")
    value, _, denial_id = rest.partition(":")
    try:
        if order != sort or not denial_id:
            raise ValueError
        return (date.fromisoformat(value) if sort in ("deadline", "age") else int(value)), denial_id
    except ValueError:
        raise BadCursor(f"{cursor!r} is no cursor of this list; begin again without one") from None


def _item(row: WorklistRow) -> WorklistItem:
    saw(row.practice_id, (row.denial_id,))
    values = row.model_dump(exclude={"practice_id", "amount_cents", "value_cents", "recovered_cents", "rank", "month"})
    return WorklistItem.model_validate(
        {
            **values,
            "rank": None if row.rank == UNRANKED else row.rank,
            "amount": to_dollars(row.amount_cents),
            "value": to_dollars(row.value_cents),
            "recovered": to_dollars(row.recovered_cents),
        }
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value

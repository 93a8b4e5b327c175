"""What became of denials: decisions that people entered, and the cash that remits brought."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from knowledge.records.money import to_cents
from knowledge.records.outcome_entry import OutcomeEntry
from knowledge.records.payloads import decode_model, encode
from knowledge.records.repository.insight import touch
from knowledge.records.repository.keyed import insert_once, insert_or_update
from knowledge.records.repository.parts import in_parts
from knowledge.records.tables import AccountRow, CashRow, OutcomeEntryRow
from knowledge.types.cash import Reconciliation
from knowledge.types.outcomes import Account

_FIELDS = set(OutcomeEntry.model_fields)


class Outcomes:
    """Entered decisions and accounts, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def enter(self, practice_id: str, denial_id: str, entry: OutcomeEntry) -> bool:
        """Store a decision. False when its key was there already: that one stands."""
        values = {"practice_id": practice_id, "denial_id": denial_id, **entry.model_dump(exclude={"codes"})}
        return insert_once(self._session, OutcomeEntryRow, {**values, "codes": " ".join(entry.codes)})

    def get(self, practice_id: str, denial_id: str, key: str) -> OutcomeEntry | None:
        """Give one entered decision."""
        row = self._session.get(OutcomeEntryRow, (practice_id, denial_id, key))
        return None if row is None else _entry(row)

    def withdraw(self, practice_id: str, denial_id: str, key: str, *, by: str, reason: str, now: datetime) -> bool:
        """Have a decision no longer count. False when there is none of this key, or it was withdrawn before."""
        row = self._session.get(OutcomeEntryRow, (practice_id, denial_id, key))
        if row is None or row.withdrawn_at is not None:
            return False
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, by, reason
        self._session.flush()
        return True

    def entries(
        self, practice_id: str, denial_ids: Sequence[str] | None = None
    ) -> Mapping[str, tuple[OutcomeEntry, ...]]:
        """Give the entered decisions by denial, withdrawn ones among them, by day decided, moment entered and key.

        Of all denials, or of some.
        """
        statement = (
            select(OutcomeEntryRow)
            .where(OutcomeEntryRow.practice_id == practice_id)
            .order_by(col(OutcomeEntryRow.decided_on), col(OutcomeEntryRow.at), col(OutcomeEntryRow.key))
        )
        found: dict[str, list[OutcomeEntry]] = defaultdict(list)
        for some in _parts(OutcomeEntryRow, denial_ids):
            for row in self._session.exec(statement.where(*some)):
                found[row.denial_id].append(_entry(row))
        return {denial_id: tuple(entries) for denial_id, entries in found.items()}

    def save_accounts(self, practice_id: str, accounts: Sequence[Account], whole: Reconciliation) -> None:
        """Replace what was derived of the practice's cash; what says the same stays as it is."""
        keep = {account.denial_id for account in accounts}
        held = {
            row.denial_id: row.payload
            for row in self._session.exec(select(AccountRow).where(AccountRow.practice_id == practice_id))
        }
        for gone in sorted(held.keys() - keep):
            self._session.execute(
                delete(AccountRow).where(col(AccountRow.practice_id) == practice_id, col(AccountRow.denial_id) == gone)
            )
        for account in accounts:
            payload = encode(account)
            if held.get(account.denial_id) != payload:
                values = {
                    "practice_id": practice_id,
                    "denial_id": account.denial_id,
                    "recovered_cents": to_cents(account.recovered),
                    "payload": payload,
                }
                insert_or_update(self._session, AccountRow, values, key=("practice_id", "denial_id"))
                if account.denial_id in held:  # a new one is not summed before it is worked
                    touch(self._session, practice_id, account.denial_id)
        values = {"practice_id": practice_id, "payload": encode(whole)}
        insert_or_update(self._session, CashRow, values, key=("practice_id",))

    def account(self, practice_id: str, denial_id: str) -> Account | None:
        """Give a denial's account as of the last run; None before the first."""
        row = self._session.get(AccountRow, (practice_id, denial_id))
        return None if row is None else decode_model(row.payload, Account)

    def accounts(self, practice_id: str, denial_ids: Sequence[str] | None = None) -> Mapping[str, Account]:
        """Give the accounts of all denials, or of some."""
        statement = select(AccountRow).where(AccountRow.practice_id == practice_id).order_by(col(AccountRow.denial_id))
        rows = (row for some in _parts(AccountRow, denial_ids) for row in self._session.exec(statement.where(*some)))
        return {row.denial_id: decode_model(row.payload, Account) for row in rows}

    def cash(self, practice_id: str) -> Reconciliation | None:
        """Give the practice's cash as of the last run; None before the first."""
        row = self._session.get(CashRow, practice_id)
        return None if row is None else decode_model(row.payload, Reconciliation)


def _entry(row: OutcomeEntryRow) -> OutcomeEntry:
    values = row.model_dump(include=_FIELDS)
    return OutcomeEntry.model_validate({**values, "codes": tuple(row.codes.split())})


def _parts(row: Any, denial_ids: Sequence[str] | None) -> Iterator[tuple[Any, ...]]:
    """Give the conditions that choose some denials, few at a time; with None, the one that chooses all."""
    if denial_ids is None:
        yield ()
        return
    for some in in_parts(denial_ids):
        yield (col(row.denial_id).in_(some),)

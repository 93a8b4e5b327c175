"""Learned payer rules: their steps, the corrections that taught them, and what became of their use."""

from sqlmodel import Session, select

from knowledge.records.payloads import decode_model, encode
from knowledge.records.repository.keyed import insert_once, insert_or_update
from knowledge.records.tables import RuleEntryRow, RuleExampleRow, RuleUseRow
from knowledge.types.learned import RuleContent, RuleEntry, RuleExample, RuleUse

_ENTRY = set(RuleEntry.model_fields)
_USE = set(RuleUse.model_fields)


class Learned:
    """A practice's learned rules, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def entries(self, practice_id: str) -> tuple[RuleEntry, ...]:
        """Give every step of every rule, by rule, oldest first."""
        statement = (
            select(RuleEntryRow)
            .where(RuleEntryRow.practice_id == practice_id)
            .order_by(RuleEntryRow.rule_id, RuleEntryRow.number)  # type: ignore[arg-type]
        )
        return tuple(
            RuleEntry.model_validate(
                {**row.model_dump(include=_ENTRY), "content": decode_model(row.content, RuleContent)}
            )
            for row in self._session.exec(statement)
        )

    def add_entry(self, practice_id: str, entry: RuleEntry) -> bool:
        """Add a step. False when a step of this number was there already: nothing is ever overwritten."""
        values = {"practice_id": practice_id, **entry.model_dump(exclude={"content"}), "content": encode(entry.content)}
        return insert_once(self._session, RuleEntryRow, values)

    def examples(self, practice_id: str) -> tuple[RuleExample, ...]:
        """Give the corrections that stand, by rule and denial."""
        statement = (
            select(RuleExampleRow)
            .where(RuleExampleRow.practice_id == practice_id)
            .order_by(RuleExampleRow.rule_id, RuleExampleRow.denial_id)
        )
        return tuple(decode_model(row.payload, RuleExample) for row in self._session.exec(statement))

    def put_example(self, practice_id: str, example: RuleExample) -> None:
        """Store a correction; the same denial's earlier one for the rule is replaced."""
        values = {
            "practice_id": practice_id,
            "denial_id": example.denial_id,
            "rule_id": example.rule_id,
            "payload": encode(example),
        }
        insert_or_update(self._session, RuleExampleRow, values, key=["practice_id", "denial_id", "rule_id"])

    def drop_example(self, practice_id: str, example: RuleExample) -> None:
        """Take a correction back: the denial was corrected again."""
        row = self._session.get(RuleExampleRow, (practice_id, example.denial_id, example.rule_id))
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def put_use(self, practice_id: str, use: RuleUse) -> None:
        """Store what a person made of a moved case; the last word counts."""
        values = {"practice_id": practice_id, **use.model_dump()}
        key = ["practice_id", "denial_id", "rule_id", "version"]
        insert_or_update(self._session, RuleUseRow, values, key=key)

    def uses(self, practice_id: str) -> tuple[RuleUse, ...]:
        """Give what became of moved cases, oldest first."""
        statement = (
            select(RuleUseRow)
            .where(RuleUseRow.practice_id == practice_id)
            .order_by(RuleUseRow.at, RuleUseRow.denial_id)  # type: ignore[arg-type]
        )
        return tuple(RuleUse.model_validate(row.model_dump(include=_USE)) for row in self._session.exec(statement))

"""Store what one file says, in the transaction it is given: all of the file or nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.intake.deliveries import name_unknown_payers, store_deliveries, trace_of
from agent.intake.parts import Findings, Part, read_part
from agent.intake.report import Outcome
from knowledge.codes import Codes
from knowledge.folder import FileKind
from knowledge.payers import PayerDirectory
from knowledge.records import Repository, StoredFile

# What these files say names payers, who are looked up in payers.yaml when the file is read.
_NAME_PAYERS: tuple[FileKind, ...] = ("authorization", "coverage", "contract", "policy")


@dataclass(frozen=True)
class Stored:
    """What came of one file: how it stands to what was there, how many facts it holds, what was noticed."""

    outcome: Outcome
    facts: int
    findings: Findings


class Storing:
    """Stores what files of one practice say, in one transaction."""

    def __init__(self, tx: Repository, practice_id: str, codes: Codes) -> None:
        """Start from the payers that the records hold now."""
        self._tx = tx
        self._practice_id = practice_id
        self._codes = codes
        self._payers = PayerDirectory(tx.facts.payers(practice_id))

    def store(self, file_id: int, kind: FileKind, part: Part[Any], replaced: Sequence[StoredFile] = ()) -> Stored:
        """Store what a file says in place of the files it replaces.

        One that says nothing usable is `quarantined`: it stores nothing, and what it would replace still counts.
        """
        if not part.usable:
            return Stored("quarantined", 0, part.findings)
        for file in replaced:
            self._tx.facts.withdraw(file.id)
            self._tx.files.set_state(file.id, "superseded")
        if kind == "remit":
            return self._store_remits(file_id, part)
        if kind != "practice":  # the practice itself is stored before its file, which belongs to it
            self._tx.facts.withdraw(file_id)
            self._adding(kind)(self._practice_id, file_id, part.facts)
            self._tx.facts.add_unread_rows(self._practice_id, file_id, part.unread)
        if kind == "payers":
            self._follow_payers()
        return Stored("new", len(part.facts), part.findings)

    def _adding(self, kind: FileKind) -> Callable[[str, int, Iterable[Any]], None]:
        facts = self._tx.facts
        adding: dict[FileKind, Callable[[str, int, Iterable[Any]], None]] = {
            "payers": facts.add_payers,
            "claim": facts.add_claims,
            "acknowledgement": facts.add_acknowledgements,
            "chart": facts.add_charts,
            "authorization": facts.add_authorizations,
            "coverage": facts.add_coverage,
            "contract": facts.add_contract_rates,
            "policy": facts.add_policies,
        }
        return adding[kind]

    def _store_remits(self, file_id: int, part: Part[Any]) -> Stored:
        outcome, findings = store_deliveries(self._tx, self._practice_id, file_id, part.facts, self._payers)
        unknown = name_unknown_payers(part.facts, self._payers)
        claims = sum(len(delivery.claims) for delivery in part.facts)
        return Stored(outcome, claims, (*part.findings, *unknown, *findings))

    def _follow_payers(self) -> None:
        """Look up anew who is meant wherever a payer is named, because payers.yaml says now who they are."""
        self._payers = PayerDirectory(self._tx.facts.payers(self._practice_id))
        self._tx.remits.retrace(self._practice_id, lambda header: trace_of(header, self._payers))
        for file in self._tx.files.all(self._practice_id):
            if file.kind in _NAME_PAYERS and file.state not in ("quarantined", "superseded"):
                data = self._tx.files.content(self._practice_id, file.id) or b""
                part = read_part(file.kind, file.name, data, self._codes, self._payers)
                stored = self.store(file.id, file.kind, part)
                self._tx.files.add_findings(self._practice_id, file.id, stored.findings)

"""A small home to approve in: the sample practice's remit of one payer, with everything going to a person or not."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.office import Office
from agent.work import Draft
from knowledge.records import Approval, Outgoing
from knowledge.types.record import DenialRecord

REQUEST = "den_9521f2aa9451e870bc0e"
"""The denial whose authorization request the sample practice makes whole."""


def clock() -> datetime:
    return datetime(2026, 5, 1, 12, tzinfo=UTC)


class Desk:
    """One office, its one practice, and a person who decides."""

    def __init__(self, office: Office) -> None:
        self.office = office
        ((self.practice_id, _),) = office.practices()

    def record(self, denial_id: str = REQUEST) -> DenialRecord:
        found = self.office.record(self.practice_id, denial_id)
        assert found is not None
        return found

    def answer(self, decision: Any = "approve", key: str = "k1", denial_id: str = REQUEST, **more: Any) -> DenialRecord:
        given = {"reason": "as charted", "by": "Maria Lopez", **more}
        return self.office.review(self.practice_id, denial_id, key=key, decision=decision, **given)

    def work(self) -> None:
        self.office.work(self.practice_id)

    def approvals(self, denial_id: str = REQUEST) -> tuple[Approval, ...]:
        with self.office.records.reading() as repository:
            return repository.approvals.all(self.practice_id, denial_id)

    def live(self, denial_id: str = REQUEST) -> Approval | None:
        with self.office.records.reading() as repository:
            return repository.approvals.live(self.practice_id, denial_id)

    def sends(self) -> tuple[Outgoing, ...]:
        with self.office.records.reading() as repository:
            return repository.outbox.all(self.practice_id)

    def events(self, denial_id: str = REQUEST) -> list[str]:
        return [event.kind for event in self.office.timeline(self.practice_id, denial_id)]

    def reasons(self, denial_id: str = REQUEST) -> dict[str, str]:
        return {reason.code: reason.says for reason in self.record(denial_id).review_reasons}

    def final(self, kind: str) -> Path:
        approval = self.live()
        assert approval is not None
        (file,) = [file for file in approval.files if file.kind == kind]
        return self.office.home / file.path

    def redraft(self, change: Callable[[Draft], Draft], denial_id: str = REQUEST) -> None:
        """Change what the draft step stored, as if it had made that."""
        with self.office.records.transaction() as repository:
            made = repository.casework.work(self.practice_id, denial_id, "draft", Draft)
            assert made is not None
            repository.casework.save_work(self.practice_id, denial_id, "draft", 99, change(made))


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

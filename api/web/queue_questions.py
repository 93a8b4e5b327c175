"""Questions to clinicians as a filter of the queue: which denials wait for an answer, and which have one."""

from dataclasses import dataclass

from api.access.principal import Principal
from api.service import Service

LABELS = {"waiting": "Waits for an answer", "me": "Asked of me", "answered": "Answered"}


@dataclass(frozen=True)
class Asking:
    """The denials about which somebody was asked. What waits for another answer still is in `waiting` alone.

    `me` are those that wait for whoever looks: asked by name, or of any clinician where they are one.
    """

    waiting: frozenset[str] = frozenset()
    me: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()

    def of(self, value: str | None) -> frozenset[str] | None:
        """Give the denials of a value of the filter; None = it asks for nothing."""
        return {"waiting": self.waiting, "me": self.me, "answered": self.answered}.get(value or "")

    def standing(self, denial_id: str) -> str:
        """Say how it stands with one denial: `waiting`, `answered`, or blank."""
        return "waiting" if denial_id in self.waiting else "answered" if denial_id in self.answered else ""


def asking_of(service: Service, practice_id: str, principal: Principal) -> Asking:
    """Read how the questions of a practice stand, for somebody."""
    with service.office.records.reading() as repository:
        waiting = repository.questions.waiting(practice_id)
        answered = repository.questions.answered(practice_id)
    named = {principal.name, ""} if principal.role == "clinician" else {principal.name}
    every = frozenset(one.denial_id for one in waiting)
    mine = frozenset(one.denial_id for one in waiting if one.asked_of in named)
    return Asking(every, mine, answered - every)

"""The rounds of every denial of a practice as its records stand: sends, entered decisions, later remits, statuses."""

from datetime import date
from functools import cached_property

from agent.following.dealings import DealingsByDenial
from agent.following.statuses import status_entry, statuses_about
from agent.intake.book import BookInputs
from knowledge.records import Records
from knowledge.types.claim_status import ClaimStatus, StatusCode
from knowledge.types.outcomes import LifeEntry, Round
from tools.denials.finding import Found, Trail


class History:
    """What was done about a practice's denials and what came back, read when first asked for."""

    def __init__(self, records: Records, practice_id: str, found: Found, inputs: BookInputs) -> None:
        """Look into `found` and `inputs`; sends and entered decisions are read from the records."""
        self._records, self._practice_id, self._found, self._inputs = records, practice_id, found, inputs

    @cached_property
    def _dealings(self) -> DealingsByDenial:
        return DealingsByDenial(self._records, self._practice_id)

    @cached_property
    def _trails(self) -> dict[str, Trail]:
        return {trail.denial_id: trail for trail in self._found.trails}

    def look_again(self) -> None:
        """Read sends and entered decisions anew when next asked: they have changed."""
        self.__dict__.pop("_dealings", None)

    def rounds(self, denial_id: str) -> tuple[Round, ...]:
        """Return what was sent for a denial, decided or out, in order; KeyError when the remits hold no such denial."""
        trail = self._trails[denial_id]
        payer = trail.answers[0].payer.payer if trail.answers else None
        return self._dealings.of(denial_id).rounds(denial_id, payer, trail, self._statuses(denial_id))

    def decided(self, denial_id: str) -> tuple[Round, ...]:
        """Return the rounds the payer has decided, or people contradict each other about: those change a case."""
        return tuple(r for r in self.rounds(denial_id) if r.decision is not None or r.conflict)

    def status_entries(self, denial_id: str) -> tuple[LifeEntry, ...]:
        """Return what payers said of the claim when asked, for the timeline."""
        told = self._statuses(denial_id)
        entries = (status_entry(status, code, number) for number, (status, code) in enumerate(told))
        return tuple({entry.key: entry for entry in entries}.values())

    def requests(self, denial_id: str) -> tuple[ClaimStatus, ...]:
        """Return the payer's electronic requests for records about a denial's line, oldest first."""
        asked = {id(status): status for status, _ in self._statuses(denial_id) if status.request is not None}
        return tuple(sorted(asked.values(), key=lambda one: (one.produced_on or date.min, one.file, one.place.segment)))

    def _statuses(self, denial_id: str) -> tuple[tuple[ClaimStatus, StatusCode], ...]:
        statuses = self._inputs.claim_statuses
        if not statuses:
            return ()
        return tuple(statuses_about(self._trails[denial_id], statuses, self._inputs.directory))

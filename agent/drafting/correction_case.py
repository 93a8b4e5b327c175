"""What a correction of a claim is made from: the case, the answer, and which kind of claim is to be sent."""

from dataclasses import dataclass

from agent.diagnosis.inquiry import Inquiry
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.corrections import CorrectionMode
from knowledge.types.diagnosis import Diagnosis


class NotCorrectable(ValueError):
    """The change that would put the claim right does not follow from the records; a person must make it."""


@dataclass(frozen=True, slots=True)
class CorrectionCase:
    """One claim to put right: `mode` says what is sent, a replacement or a new claim."""

    q: Inquiry
    diagnosis: Diagnosis
    mode: CorrectionMode = "replacement"

    @property
    def claim(self) -> SubmittedClaim:
        """Return the claim as submitted; NotCorrectable without it."""
        if self.q.case.claim is None:
            raise NotCorrectable("the claim as submitted is not in the records")
        return self.q.case.claim

    @property
    def line(self) -> ClaimLine:
        """Return the line in question; NotCorrectable when the records do not show it."""
        if self.q.subject is None:
            raise NotCorrectable("the claim as submitted is not in the records")
        return self.q.subject

    @property
    def denied_line(self) -> ClaimLine:
        """Return the line that was denied itself; NotCorrectable when the claim does not show it."""
        if self.q.case.line is None:
            raise NotCorrectable("the denied line cannot be told on the claim as submitted")
        return self.q.case.line

    @property
    def values(self) -> dict[str, str]:
        """Return the slots of the answer."""
        return self.diagnosis.values

    @property
    def evidence(self) -> tuple[str, ...]:
        """Return the ids of all that proves the answer."""
        return tuple(item.id for item in self.diagnosis.evidence)

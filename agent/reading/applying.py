"""Take what a reading found into an inquiry: where nothing else answers, and always for a person to confirm."""

from collections.abc import Mapping

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry
from agent.reading.findings import ReadFact, Reading
from agent.reading.questions import load_questions
from knowledge.types.criteria import Answer
from knowledge.types.diagnosis import ReviewReason
from knowledge.types.evidence import Fact


def read_answers(reading: Reading) -> Mapping[str, Answer]:
    """Return a reading's answers to criteria by criterion id."""
    return {
        item.criterion_id: Answer(
            outcome=item.outcome,
            says=f'{item.title}: "{item.quote}"',
            quote=item.quote,
            source=item.source,
            day=item.day,
        )
        for item in reading.criteria
    }


def read_fact(q: Inquiry, reading: Reading, unanswered: Fact) -> Fact:
    """Return what a reading says of a fact that its check left unknown; the check's own answer when it says nothing."""
    found = next((item for item in reading.facts if item.fact == unanswered.name), None)
    if found is None or unanswered.truth != "unknown":
        return unanswered
    slot = load_questions()[found.fact].quote_as
    says = f'{found.title}: "{found.quote}"'
    return Fact(
        name=unanswered.name,
        truth=found.truth,
        says=says,
        evidence=(*unanswered.evidence, _evidence(q, found, says)),
        values={**unanswered.values, slot: f'"{found.quote}"'},
    )


def _evidence(q: Inquiry, found: ReadFact, says: str) -> str:
    if found.kind == "chart":
        return sources.chart(q, found.source, says, quote=found.quote)
    policy = q.case.policy
    assert policy is not None
    file = policy.source.partition(":")[0] or policy.policy_id
    exhibit = f"policy:{policy.policy_id}"
    return q.ledger.add("policy", f"{file} section {found.section}", says, quote=found.quote, exhibit=exhibit)


class SecondReading:
    """A reading as the second voice of an inquiry: asked only where a check leaves a fact unknown."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.criteria = read_answers(reading)

    def fact(self, q: Inquiry, unanswered: Fact) -> Fact:
        """Return the fact with the reading's answer; see `read_fact`."""
        return read_fact(q, self._reading, unanswered)

    def reasons(self) -> tuple[ReviewReason, ...]:
        """Say that a person must confirm what was read; empty when nothing stood.

        A reading never lowers a review: whatever rests on it is confirmed by a person, and so is what it only touched.
        """
        quotes = [fact.quote for fact in self._reading.facts]
        quotes += [criterion.quote for criterion in self._reading.criteria]
        if not quotes:
            return ()
        words = "; ".join(f'"{quote}"' for quote in quotes[:3])
        more = f" and {len(quotes) - 3} more" if len(quotes) > 3 else ""
        says = f"A model read for this answer, word for word in the source: {words}{more}. A person confirms it."
        return (ReviewReason(code="read-by-model", says=says),)

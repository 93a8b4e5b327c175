"""What a reading came to: answers whose quotes stand in their sources, and what was not accepted."""

from datetime import date

from agent.model import Usage
from knowledge.types.criteria import Outcome
from knowledge.types.evidence import Truth
from knowledge.types.practice import Frozen


class ReadFact(Frozen):
    """A fact answered by reading. `quote` stands verbatim in `source`, from `start` on; `title` and `day` are its."""

    fact: str
    truth: Truth
    quote: str
    source: str
    kind: str
    title: str
    section: str = ""
    day: date | None = None


class ReadCriterion(Frozen):
    """A criterion answered by reading; the same of its quote."""

    criterion_id: str
    outcome: Outcome
    quote: str
    source: str
    title: str
    day: date | None = None


class Ranked(Frozen):
    """A cause still open, in the model's order, with its reason. It moves no decision."""

    root_cause: str
    why: str


class Reading(Frozen):
    """The whole of a reading. `fault` says why it ended early; `rejected` what was not accepted, and why.

    `model` and `prompts` ("reading:1") go into the record. `calls` counts askings; `tool_calls` tools run. `case_print`
    is the fingerprint of the records that were read: for other records it does not hold.
    """

    facts: tuple[ReadFact, ...] = ()
    criteria: tuple[ReadCriterion, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    rejected: tuple[str, ...] = ()
    fault: str = ""
    model: str = ""
    prompts: tuple[str, ...] = ()
    calls: int = 0
    tool_calls: int = 0
    usage: Usage = Usage()
    case_print: str = ""

"""Whether a case needs reading, and what would be asked: facts still unknown of causes still open, open criteria."""

from dataclasses import dataclass

from agent.diagnosis.clinical import clinical
from agent.diagnosis.hypotheses import GENERIC
from agent.diagnosis.inquiry import Inquiry
from agent.reading.library import Library
from agent.reading.questions import Question, load_questions
from knowledge.causes import Catalogue
from knowledge.types.criteria import CriterionRow
from knowledge.types.diagnosis import Hypothesis

CLINICAL_FACTS = frozenset({"policy-criteria-met", "policy-criterion-refuted", "use-is-supported"})
"""Facts that follow from the policy's criteria."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What is asked of a case: questions, criteria without an answer, causes still open."""

    questions: tuple[Question, ...]
    criteria: tuple[CriterionRow, ...]
    causes: tuple[Hypothesis, ...]

    def __bool__(self) -> bool:
        """Tell whether there is anything to ask."""
        return bool(self.questions or self.criteria)


def needed(q: Inquiry, hypotheses: tuple[Hypothesis, ...], catalogue: Catalogue, library: Library) -> Needed:
    """Say what to ask. Nothing where the rules have confirmed a cause and its remedy, or there is nothing to read.

    A cause the rules have confirmed may still choose its remedy by a fact that is unknown: that is asked, too.
    """
    kinds: set[str] = {text.kind for text in library.texts}
    leading = hypotheses[0] if hypotheses and hypotheses[0].standing == "confirmed" else None
    if leading is not None:
        cause = catalogue.get(leading.root_cause)
        names = {name.removeprefix("not ") for circumstance in cause.remedies for name in circumstance.when}
        return Needed(_questions(q, names, kinds), (), (leading,))
    standing = tuple(h for h in hypotheses if h.standing == "open" and h.score >= GENERIC)
    names = {fact.name for h in standing for fact in h.facts if fact.truth == "unknown"}
    criteria = _criteria(q) if names & CLINICAL_FACTS and "chart" in kinds else ()
    return Needed(_questions(q, names, kinds), criteria, standing)


def _questions(q: Inquiry, names: set[str], kinds: set[str]) -> tuple[Question, ...]:
    return tuple(
        question
        for name, question in load_questions().items()
        if name in names and question.where in kinds and q.fact(name).truth == "unknown"
    )


def _criteria(q: Inquiry) -> tuple[CriterionRow, ...]:
    """Return the clinical criteria that nothing answers."""
    table = clinical(q).table
    if table is None:
        return ()
    clinical_groups = {outcome.group.id for outcome in table.groups if outcome.group.clinical}
    return tuple(
        row for row in table.rows if row.outcome == "not_determinable" and row.criterion.group in clinical_groups
    )

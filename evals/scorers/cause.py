"""Score category and root cause."""

from evals.labels import Label
from evals.scorers.verdict import Verdict, judge, missed
from knowledge.causes import load_catalogue
from knowledge.types.record import DenialRecord


def score_cause(label: Label, record: DenialRecord | None) -> tuple[Verdict, Verdict]:
    """Judge category and root cause; a cause accepted in the label's place brings its own category."""
    causes = label.alternatives("root_cause")
    if record is None:
        return missed("category", label.category), missed("root_cause", label.root_cause)
    categories = label.alternatives("category")
    if record.root_cause in causes:
        categories = (*categories, _category(record.root_cause))
    return (
        judge("category", label.category, record.category, categories),
        judge("root_cause", label.root_cause, record.root_cause, causes),
    )


def _category(cause: str) -> str:
    return next((known.category for known in load_catalogue().causes if known.id == cause), "unknown")

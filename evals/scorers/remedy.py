"""Score the remedy and what follows it."""

from evals.labels import Label
from evals.scorers.verdict import Verdict, judge, missed
from knowledge.types.record import DenialRecord


def score_remedy(label: Label, record: DenialRecord | None) -> tuple[Verdict, Verdict]:
    """Judge `remedy` and `then`."""
    if record is None:
        return missed("remedy", label.remedy), missed("then", label.then)
    return (
        judge("remedy", label.remedy, record.remedy, label.alternatives("remedy")),
        judge("then", label.then, record.then, label.alternatives("then")),
    )

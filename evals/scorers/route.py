"""Score the route: does a person decide, or may the work go out by itself."""

from evals.labels import Label
from evals.scorers.verdict import Verdict, judge, missed
from knowledge.types.record import DenialRecord

REVIEW, STRAIGHT = "review", "straight_through"


def score_route(label: Label, record: DenialRecord | None) -> Verdict:
    """Judge the route."""
    if record is None:
        return missed("route", label.route)
    return judge("route", label.route, record.route, label.alternatives("route"))


def must_be_reviewed(label: Label) -> bool:
    """Say whether only a person may decide: the label says review and allows nothing else."""
    return label.route == REVIEW and STRAIGHT not in label.alternatives("route")


def may_go_straight(label: Label) -> bool:
    """Say whether the label lets the work go out without a person, first of all or as well."""
    return STRAIGHT in (label.route, *label.alternatives("route"))


def should_go_straight(label: Label) -> bool:
    """Say whether the label wants the work to go out without a person and accepts nothing else."""
    return label.route == STRAIGHT and REVIEW not in label.alternatives("route")

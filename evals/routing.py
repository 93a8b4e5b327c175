"""Measure what goes to a person and what goes without one."""

from collections.abc import Sequence

from evals.measure import Measure, one_way, rate_of
from evals.results import Alarm, CaseResult
from evals.scorers.route import REVIEW, STRAIGHT, may_go_straight, must_be_reviewed, should_go_straight
from evals.statistics import Rate
from knowledge.types.record import DenialRecord


def routing(cases: Sequence[CaseResult], alarms: Sequence[Alarm]) -> tuple[Measure, ...]:
    """Return the measures of routing: escalation recall and precision, straight-through share, precision, coverage."""
    labelled_review = [case for case in cases if case.label.route == REVIEW]
    only_review = [case for case in cases if must_be_reviewed(case.label)]
    allowed = [case for case in cases if case.label.route == STRAIGHT]
    wanted = [case for case in cases if should_go_straight(case.label)]
    reviewed = [case for case in cases if _went(case.record, REVIEW)]
    through = [case for case in cases if _went(case.record, STRAIGHT)]
    lost_reviews = sum(_went(alarm.alarm.record, REVIEW) for alarm in alarms)
    lost_through = sum(_went(alarm.alarm.record, STRAIGHT) for alarm in alarms)
    records = len(reviewed) + len(through) + len(alarms)
    sent = len(through) + lost_through
    return (
        Measure(
            "escalation_recall",
            rate_of(labelled_review, lambda case: _went(case.record, REVIEW)),
            rate_of(only_review, lambda case: _went(case.record, REVIEW)),
            "of denials that a person must decide, those that went to one",
        ),
        Measure(
            "escalation_precision",
            Rate(sum(case.label.route == REVIEW for case in reviewed), len(reviewed) + lost_reviews),
            Rate(sum(not should_go_straight(case.label) for case in reviewed), len(reviewed) + lost_reviews),
            "of records that went to a person, those that a person should see",
        ),
        one_way("straight_through_share", Rate(sent, records), "of records, those that went without a person"),
        Measure(
            "straight_through_precision",
            Rate(sum(case.solved(lenient=False) and case.label.route == STRAIGHT for case in through), sent),
            Rate(sum(case.solved(lenient=True) and may_go_straight(case.label) for case in through), sent),
            "of records that went without a person, those with cause and remedy right and allowed to",
        ),
        Measure(
            "straight_through_coverage",
            rate_of(allowed, lambda case: _went(case.record, STRAIGHT)),
            rate_of(wanted, lambda case: _went(case.record, STRAIGHT)),
            "of denials that may go without a person, those that did (lenient: where only that is right)",
        ),
    )


def _went(record: DenialRecord | None, route: str) -> bool:
    return record is not None and record.route == route

"""Count cases into measures: what share is right, strictly and with the alternatives labels allow."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from evals.calibration import Point
from evals.measure import Measure, one_way, rate_of
from evals.results import Alarm, CaseResult, Findings
from evals.routing import routing
from evals.statistics import Rate

FIELDS = (
    "category",
    "root_cause",
    "remedy",
    "then",
    "route",
    "deadline",
    "auth_number",
    "chart",
    "policy_id",
    "claim_line",
    "amount_at_stake",
    "status",
)


class Group(NamedTuple):
    """A family or payer by itself: cause, remedy, both, deadline, lenient."""

    name: str
    cases: int
    root_cause: Rate
    remedy: Rate
    solved: Rate
    deadline: Rate


def measures(cases: Sequence[CaseResult], alarms: Sequence[Alarm], unreadable: int = 0) -> tuple[Measure, ...]:
    """Return all measures of some cases and false alarms. A missed denial is wrong in every field."""
    found = [case for case in cases if case.record is not None]
    count = len(found) + len(alarms) + unreadable
    detection = (
        one_way("detection_recall", Rate(len(found), len(cases)), "of labelled denials, those with a record"),
        one_way("detection_precision", Rate(len(found), count), "of records, those that are a labelled denial, once"),
    )
    fields = tuple(
        Measure(name, _field(cases, name, False), _field(cases, name, True), "of labelled denials") for name in FIELDS
    )
    solved = Measure(
        "cause_and_remedy",
        rate_of(cases, lambda case: case.solved(lenient=False)),
        rate_of(cases, lambda case: case.solved(lenient=True)),
        "of labelled denials, those with cause and remedy both right",
    )
    return (*detection, *fields, solved, *routing(cases, alarms), *_records(found, alarms, unreadable))


def by_family(cases: Iterable[CaseResult]) -> tuple[Group, ...]:
    """Group by the label's category."""
    return _groups(cases, lambda case: case.label.category)


def by_payer(cases: Iterable[CaseResult]) -> tuple[Group, ...]:
    """Group by practice and payer."""
    return _groups(cases, lambda case: f"{case.practice} {case.label.payer_id}")


def points(cases: Iterable[CaseResult], alarms: Iterable[Alarm]) -> tuple[Point, ...]:
    """Return stated confidence and outcome of every record: right = cause and remedy; a false alarm is wrong."""
    answered = [Point(case.record.confidence, case.solved(lenient=True)) for case in cases if case.record]
    return (*answered, *(Point(alarm.alarm.record.confidence, False) for alarm in alarms))


def load_bars(path: Path = Path(__file__).parent / "bars.yaml") -> dict[str, float]:
    """Load what the test part must reach, by measure."""
    return {str(name): float(value) for name, value in yaml.safe_load(path.read_text(encoding="utf-8")).items()}


def missed_bars(found: Sequence[Measure], families: Sequence[Group], bars: dict[str, float]) -> tuple[str, ...]:
    """Say which bars are not reached; a measure with no cases misses none."""
    wrong = [
        f"{measure.name} {measure.lenient.hits}/{measure.lenient.total}, wanted {bars[measure.name]:.2f}"
        for measure in found
        if measure.name in bars and _short(measure.lenient, bars[measure.name])
    ]
    wrong += [
        f"family {family.name} {family.solved.hits}/{family.solved.total}, wanted {bars['every_family']:.2f}"
        for family in families
        if _short(family.solved, bars["every_family"])
    ]
    return tuple(wrong)


def _records(found: Sequence[CaseResult], alarms: Sequence[Alarm], unreadable: int) -> tuple[Measure, ...]:
    """Measure what records show by themselves: form, citations, files."""
    each: list[Findings] = [case.findings for case in found if case.findings is not None]
    each += [alarm.findings for alarm in alarms]
    checks = [check for findings in each for check in findings.evidence]
    files = [findings.products for findings in each if findings.products is not None]

    def share(values: Iterable[bool | None]) -> Rate:
        known = [value for value in values if value is not None]
        return Rate(sum(known), len(known))

    return (
        one_way(
            "valid_record", Rate(sum(not f.form for f in each), len(each) + unreadable), "of records, sound in form"
        ),
        one_way("evidence_source", share(c.source for c in checks), "of citations, those whose source is there"),
        one_way("evidence_quote", share(c.quote for c in checks), "of quotes, those that stand in the source"),
        one_way("evidence_says", share(c.says for c in checks), "of statements, those whose figures the source shows"),
        one_way(
            "files_sound", Rate(sum(not found for found in files), len(files)), "of records, those whose files are"
        ),
    )


def _groups(cases: Iterable[CaseResult], name: Callable[[CaseResult], str]) -> tuple[Group, ...]:
    sorted_by: dict[str, list[CaseResult]] = {}
    for case in cases:
        sorted_by.setdefault(name(case), []).append(case)
    return tuple(
        Group(
            name=key,
            cases=len(group),
            root_cause=_field(group, "root_cause", True),
            remedy=_field(group, "remedy", True),
            solved=rate_of(group, lambda case: case.solved(lenient=True)),
            deadline=_field(group, "deadline", True),
        )
        for key, group in sorted(sorted_by.items())
    )


def _field(cases: Sequence[CaseResult], name: str, lenient: bool) -> Rate:
    return rate_of(cases, lambda case: case.right(name, lenient=lenient))


def _short(rate: Rate, bar: float) -> bool:
    return rate.share is not None and rate.share < bar

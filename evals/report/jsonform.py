"""The report as JSON: every figure of the page, and every wrong case, for programs."""

import json
from typing import Any

from evals.calibration import brier, choose_threshold, coverage_precision, expected_calibration_error, reliability
from evals.fitting import stored_standing, threshold_held
from evals.report.words import PLAIN_STATEMENT
from evals.results import Alarm, CaseResult, SuiteResult
from evals.scorecard import Group, by_family, by_payer, load_bars, measures, missed_bars, points
from evals.split import Part
from evals.statistics import Rate
from evals.volume import by_volume, load_mix


def as_json(result: SuiteResult) -> str:
    """Return the report as a JSON object: `parts` by name, `practices`, and what it is worth."""
    whole = {
        "what_this_is": PLAIN_STATEMENT,
        "parts": {part: _part(result, part) for part in result.parts()},
        "practices": {
            practice.name: {
                "labels": len(practice.cases),
                "decoys": practice.decoys,
                "ambiguous": practice.ambiguous,
                "unreadable": practice.unreadable,
                "cpu_seconds": practice.cpu_seconds,
            }
            for practice in result.practices
        },
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _part(result: SuiteResult, part: Part) -> dict[str, Any]:
    cases, alarms = result.cases(part), result.alarms(part)
    found, families = measures(cases, alarms, result.unreadable()), by_family(cases)
    return {
        "labelled_denials": len(cases),
        "false_alarms": [_alarm(alarm) for alarm in alarms],
        "measures": {
            measure.name: {"strict": _rate(measure.strict), "lenient": _rate(measure.lenient), "means": measure.means}
            for measure in found
        },
        "volume": by_volume(cases, load_mix())._asdict(),
        "families": {group.name: _group(group) for group in families},
        "payers": {group.name: _group(group) for group in by_payer(cases)},
        "bars_missed": missed_bars(found, families, load_bars()),
        "calibration": _calibration(cases, alarms),
        "wrong": [_case(case) for case in cases if case.wrong],
    }


def _calibration(cases: tuple[CaseResult, ...], alarms: tuple[Alarm, ...]) -> dict[str, Any]:
    answers = points(cases, alarms)
    threshold = choose_threshold(answers)
    return {
        "answers": len(answers),
        "expected_calibration_error": expected_calibration_error(answers),
        "brier": brier(answers),
        "bins": [
            {"low": b.low, "high": b.high, "mean_confidence": b.mean_confidence, **_rate(b.rate)}
            for b in reliability(answers)
        ],
        "coverage_precision": [
            {"threshold": o.threshold, "coverage": o.coverage, "lower_bound": o.lower_bound, **_rate(o.right)}
            for o in coverage_precision(answers)
        ],
        "threshold": threshold.chosen.threshold if threshold.chosen else None,
        "says": threshold.says,
        "stored": stored_standing(),
        "stored_threshold_here": threshold_held(answers) or None,
    }


def _rate(rate: Rate) -> dict[str, Any]:
    found = rate.interval
    ends = {"low": found.low, "high": found.high} if found else {"low": None, "high": None}
    return {"hits": rate.hits, "total": rate.total, "share": rate.share, "interval": ends}


def _group(group: Group) -> dict[str, Any]:
    rates = ("root_cause", "remedy", "solved", "deadline")
    return {"cases": group.cases, **{name: _rate(getattr(group, name)) for name in rates}}


def _case(case: CaseResult) -> dict[str, Any]:
    return {
        "case": case.key,
        "denial_id": case.record.denial_id if case.record else None,
        "wrong": {v.field: {"expected": v.expected, "found": v.found} for v in case.verdicts if not v.lenient},
        "problems": case.findings.problems() if case.findings else (),
        "label_says": case.label.why,
        "record_says": case.record.says if case.record else None,
    }


def _alarm(alarm: Alarm) -> dict[str, Any]:
    record = alarm.alarm.record
    return {
        "practice": alarm.practice,
        "kind": alarm.alarm.kind,
        "denial_id": record.denial_id,
        "claim_id": record.remit.claim_id,
        "says": alarm.alarm.says,
    }

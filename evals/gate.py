"""Hold a run against what was reached before: no measure of a practice may get worse.

A baseline is one JSON file a practice: hits and total of every measure, and which cases were wrong in what. A
measure is worse when more cases miss it than the baseline says; there is no tolerance. Labels that are added or
changed move the counts, and then the baseline is written anew, on purpose, in the same change.
"""

import json
from pathlib import Path
from typing import Any

from evals.report.words import counted
from evals.results import PracticeResult, SuiteResult
from evals.scorecard import measures

BASELINES = Path(__file__).parent / "baselines"

_UNGATED = frozenset({"straight_through_share", "escalation_precision"})
"""Measures that are no better for being higher, or that another one holds already."""


def write_baselines(result: SuiteResult, directory: Path = BASELINES) -> tuple[Path, ...]:
    """Write the baseline of every practice of a run."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for practice in result.practices:
        path = directory / f"{practice.name}.json"
        path.write_text(json.dumps(_baseline(practice), indent=1, sort_keys=True) + "\n", encoding="utf-8")
        written.append(path)
    return tuple(written)


def regressions(result: SuiteResult, directory: Path = BASELINES) -> tuple[str, ...]:
    """Say what got worse; a practice without a baseline is named, because nothing guards it."""
    return tuple(said for practice in result.practices for said in _compare(practice, directory))


def _compare(practice: PracticeResult, directory: Path) -> list[str]:
    path = directory / f"{practice.name}.json"
    if not path.is_file():
        return [f"{practice.name}: there is no baseline; write one with --update-baseline"]
    before, now = json.loads(path.read_text(encoding="utf-8")), _baseline(practice)
    changed = "" if before["labels"] == now["labels"] else f" (labels: {before['labels']} then, {now['labels']} now)"
    worse = []
    for name, counts in before["measures"].items():
        for reading, then in counts.items():
            have = now["measures"].get(name, {}).get(reading)
            if have is None:
                worse.append(f"{practice.name}: {name} is not measured any more")
            elif name not in _UNGATED and _missing(have) > _missing(then):
                worse.append(f"{practice.name}: {name} ({reading}) {have}, was {then}{changed}")
    if worse:
        new = {key: sorted(set(fields) - set(before["wrong"].get(key, ()))) for key, fields in now["wrong"].items()}
        worse += [f"  newly wrong: {key}: {', '.join(fields)}" for key, fields in sorted(new.items()) if fields]
    return worse


def _missing(count: str) -> int:
    hits, total = count.split("/")
    return int(total) - int(hits)


def _baseline(practice: PracticeResult) -> dict[str, Any]:
    found = measures(practice.cases, practice.alarms, len(practice.unreadable))
    wrong = {case.key: [verdict.field for verdict in case.verdicts if not verdict.strict] for case in practice.cases}
    return {
        "labels": len(practice.cases),
        "measures": {
            measure.name: {"strict": counted(measure.strict), "lenient": counted(measure.lenient)} for measure in found
        },
        "wrong": {key: sorted(fields) for key, fields in wrong.items() if fields},
    }

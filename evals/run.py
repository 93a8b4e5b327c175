"""The suite from the command line: `python -m evals`, `overturn eval`, `make evals`."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from agent.model.recorded import RecordingMissing
from agent.model.settings import ModelSettingsFault
from evals.corrected_claims.__main__ import main as corrected_claims
from evals.gate import BASELINES, regressions, write_baselines
from evals.labels import LabelledPractice, LabelsBroken, load_practices
from evals.learned.effect import read_rules
from evals.modelled import Asked, compare
from evals.modelled import as_json as compared_json
from evals.modelled import as_text as compared_text
from evals.report.jsonform import as_json
from evals.report.page import as_html
from evals.report.text import as_text
from evals.results import SuiteResult
from evals.scorecard import by_family, load_bars, measures, missed_bars
from evals.suites import NAMES as HOSTILE
from evals.suites import SuiteReport
from evals.suites.learned import measured
from evals.working import FolderRefused, run, score_export

__all__ = ["main", "run", "score_export"]

_FORMATS: dict[str, Callable[[SuiteResult], str]] = {"text": as_text, "json": as_json, "html": as_html}
_OK, _SHORT, _CANNOT = 0, 1, 2

CORRECTED_CLAIMS = "corrected-claims"
"""The suite that works no practice: corrected claims, each read by a validator that is not ours."""


def main(argv: list[str] | None = None) -> int:
    """Run the suite and report.

    Returns:
        0; 1 when the test part misses a bar, with --gate instead when anything got worse; 2 when it cannot be run.
    """
    asked = _parser().parse_args(argv)
    if asked.suite == CORRECTED_CLAIMS:
        return corrected_claims(text=asked.format != "json")
    if asked.rules:
        return _with_rules(asked)
    if asked.suite in HOSTILE:
        return _hostile(asked.suite, asked.format)
    if asked.model or asked.replay:
        return _with_model(asked)
    names = tuple(asked.practice or ()) + ((asked.suite,) if asked.suite else ())
    try:
        result = _result(asked.records, names)
    except (LabelsBroken, FolderRefused, OSError, ValueError) as error:
        sys.stderr.write(f"evals: {error}\n")
        return _CANNOT
    if asked.gate and asked.format == "text":
        _deliver(as_text(result, open_test=False), asked.output)
    else:
        _deliver(_FORMATS[asked.format](result), asked.output)
    if asked.report:
        _deliver(as_html(result), asked.report)
    if asked.update_baseline:
        for path in write_baselines(result):
            sys.stderr.write(f"written: {BASELINES.name}/{path.name}\n")
        return _OK
    complaints = regressions(result) if asked.gate else _short(result)
    for said in complaints:
        sys.stderr.write(f"{said}\n")
    return _SHORT if complaints else _OK


def _hostile(suite: str, form: str) -> int:
    """Run a suite of hostile or failing inputs and print what was tried, what failed, and each failure."""
    return _reported(suite, form, import_module(HOSTILE[suite]).run())


def _with_rules(asked: argparse.Namespace) -> int:
    """Work practices without and with a file of learned rules; 1 when a rule makes anything worse."""
    names = tuple(asked.practice or ()) + ((asked.suite,) if asked.suite and asked.suite not in HOSTILE else ())
    try:
        found = measured(read_rules(asked.rules), names or None)
    except (LabelsBroken, FolderRefused, OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"evals: {error}\n")
        return _CANNOT
    return _reported("learned", asked.format, found)


def _reported(suite: str, form: str, report: SuiteReport) -> int:
    if form == "json":
        sys.stdout.write(json.dumps(report.model_dump(mode="json"), indent=2) + "\n")
    else:
        figures = [f"  {name}: {value:.3f}".removesuffix(".000") for name, value in report.figures.items()]
        lines = [f"{suite}: {report.tried} tried, {report.failed} failed", *figures, *report.failures]
        sys.stdout.write("\n".join(lines) + "\n")
    return _SHORT if report.failed or not report.tried else _OK


def _with_model(asked: argparse.Namespace) -> int:
    """Work practices without and with a model; 2 when it cannot be asked."""
    names = tuple(asked.practice or ()) + ((asked.suite,) if asked.suite else ())
    wanted = Asked(asked.model or "recorded", asked.repeat, asked.cost_cap, asked.record, asked.replay)
    try:
        found = compare(load_practices(names=names or None), wanted)
    except (LabelsBroken, FolderRefused, ModelSettingsFault, RecordingMissing, OSError) as error:
        sys.stderr.write(f"evals: {error}\n")
        return _CANNOT
    _deliver(compared_json(found) if asked.format == "json" else compared_text(found), asked.output)
    return _OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evals",
        description="Work the labelled practices, score every record against its label, and report.",
        epilog="Exit code: 0 well; 1 the test part misses a bar (with --gate: something got worse); 2 cannot be run.",
    )
    others = ", ".join((CORRECTED_CLAIMS, *sorted(HOSTILE)))
    parser.add_argument("--suite", metavar="NAME", help=f"one labelled practice by name, or one of {others}")
    parser.add_argument("--practice", metavar="NAME", action="append", help="a labelled practice; may be repeated")
    parser.add_argument("--records", type=Path, metavar="FILE", help="score this export of one practice; work nothing")
    parser.add_argument("--format", choices=sorted(_FORMATS), default="text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of to the terminal")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the HTML page there as well")
    parser.add_argument("--gate", action="store_true", help="exit 1 when a measure is worse than its baseline")
    parser.add_argument("--update-baseline", action="store_true", help="make this run the baseline of its practices")
    parser.add_argument("--rules", type=Path, metavar="FILE", help="work without and with these learned rules, compare")
    parser.add_argument("--model", metavar="NAME", help="work with this model as well, and compare")
    parser.add_argument("--repeat", type=int, default=1, metavar="K", help="work so often with the model (default 1)")
    parser.add_argument("--cost-cap", type=Decimal, metavar="USD", help="stop when the model has cost this much")
    parser.add_argument("--record", type=Path, metavar="DIR", help="write the model's answers there")
    parser.add_argument("--replay", type=Path, metavar="DIR", help="take answers from there, ask no model")
    return parser


def _result(records: Path | None, names: tuple[str, ...]) -> SuiteResult:
    if records is not None:
        if len(names) != 1:
            raise LabelsBroken("an export is scored against one practice: name it with --practice")
        return score_export(records, names[0])
    return _worked(load_practices(names=names or None))


def _worked(practices: tuple[LabelledPractice, ...]) -> SuiteResult:
    """Work practices in a home that is gone afterwards, with a bar for each on the error stream."""
    with tempfile.TemporaryDirectory(prefix="overturn-evals-") as home, _bar() as bar:
        tasks = {practice.name: bar.add_task(practice.name, total=None) for practice in practices}

        def progress(name: str, done: int, total: int) -> None:
            bar.update(tasks[name], completed=done, total=total)

        return run(practices, Path(home), lambda: datetime.now(UTC), progress)


def _bar() -> Progress:
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _short(result: SuiteResult) -> tuple[str, ...]:
    """Say which bars the test part misses; the development part has none to miss."""
    cases = result.cases("test")
    if not cases:
        return ()
    found = measures(cases, result.alarms("test"), result.unreadable())
    return tuple(f"bar not reached: {said}" for said in missed_bars(found, by_family(cases), load_bars()))


def _deliver(text: str, path: Path | None) -> None:
    if path is None:
        sys.stdout.write(text)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

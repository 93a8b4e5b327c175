"""Work labelled practices with a model and without one, and set the scores side by side: `overturn eval --model NAME`.

With `--repeat K` each practice is worked K times with the model: pass^K is the share of cases right every time. Answers
may be recorded to a folder, and replayed from it without an endpoint; a replayed run shows that the program does with
recorded answers what it did, and says nothing about a model.
"""

import json
import os
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from agent.model import Model
from agent.model.client import EndpointModel
from agent.model.recorded import RecordingModel, ReplayModel
from agent.model.settings import ModelSettings, ModelSettingsFault, from_environment
from agent.reader import Reader
from evals.labels import LabelledPractice
from evals.measure import Measure
from evals.results import CaseResult, SuiteResult
from evals.scorecard import measures
from evals.working import run

SHOWN = (
    "category", "root_cause", "remedy", "deadline", "escalation_recall", "straight_through_precision",
    "straight_through_coverage", "evidence_quote", "evidence_says",
)  # fmt: skip


class Asked(NamedTuple):
    """How a run with a model is asked for: `cap` in US dollars over all repeats; `replay` and `record` are folders."""

    model: str
    repeat: int
    cap: Decimal | None = None
    record: Path | None = None
    replay: Path | None = None


class Taken(NamedTuple):
    """What one repeat took: denials read or written for, medians a denial, and sums."""

    denials: int
    input_tokens: float
    output_tokens: float
    cached_share: float
    calls: float
    tool_calls: int
    seconds: float
    rejected_answers: int
    accepted_answers: int
    sentences: int
    sentences_kept: int
    faults: int
    cost: Decimal | None


class Compared(NamedTuple):
    """Without and with: the same cases, once without, `repeat` times with."""

    asked: Asked
    without: SuiteResult
    with_model: tuple[SuiteResult, ...]


def compare(
    practices: Sequence[LabelledPractice], asked: Asked, environment: Mapping[str, str] = os.environ
) -> Compared:
    """Work everything without a model, then `repeat` times with it.

    Raises:
        ModelSettingsFault: the environment asks for the model in a way that is refused, or the money cap is spent.
        RecordingMissing: in a replay, a request for which no answer was recorded.
    """
    without = _work(practices, None)
    left, found = asked.cap, []
    for _ in range(asked.repeat):
        model, settings, close = _model(asked, environment, left)
        try:
            found.append(_work(practices, Reader(model, settings)))
        finally:
            close()
        spent = taken(found[-1]).cost
        if left is not None and spent is not None:
            left -= spent
            if left <= 0 and len(found) < asked.repeat:
                raise ModelSettingsFault("--cost-cap", f"spent after {len(found)} of {asked.repeat} repeats")
    return Compared(asked, without, tuple(found))


def _model(
    asked: Asked, environment: Mapping[str, str], cap: Decimal | None
) -> tuple[Model, ModelSettings | None, Callable[[], None]]:
    if asked.replay is not None:
        return ReplayModel(asked.replay), None, lambda: None
    settings = from_environment({**environment, "OVERTURN_MODEL": asked.model})
    if settings is None:
        raise ModelSettingsFault("--model", "names no model")
    if cap is not None:
        settings = settings.model_copy(update={"money_per_run": cap})
    endpoint = EndpointModel(settings)
    model: Model = RecordingModel(endpoint, asked.record) if asked.record is not None else endpoint
    return model, settings, endpoint.close


def _work(practices: Sequence[LabelledPractice], reader: Reader | None) -> SuiteResult:
    with tempfile.TemporaryDirectory(prefix="overturn-evals-") as home:
        return run(practices, Path(home), lambda: datetime.now(UTC), reader=reader)


def _cases(result: SuiteResult) -> tuple[CaseResult, ...]:
    return tuple(case for part in result.parts() for case in result.cases(part))


def taken(result: SuiteResult) -> Taken:
    """Add up what a repeat took, from the records themselves."""
    uses = [case.record.model for case in _cases(result) if case.record is not None and case.record.model is not None]
    inputs, costs = sum(use.input_tokens for use in uses), [use.cost for use in uses]

    def median(values: Sequence[float]) -> float:
        return statistics.median(values) if values else 0.0

    return Taken(
        denials=len(uses),
        input_tokens=median([use.input_tokens for use in uses]),
        output_tokens=median([use.output_tokens for use in uses]),
        cached_share=sum(use.cached_tokens for use in uses) / inputs if inputs else 0.0,
        calls=median([use.calls for use in uses]),
        tool_calls=sum(use.tool_calls for use in uses),
        seconds=median([use.seconds for use in uses]),
        rejected_answers=sum(len(use.rejected) for use in uses),
        accepted_answers=sum(use.accepted for use in uses),
        sentences=sum(use.sentences for use in uses),
        sentences_kept=sum(use.sentences_kept for use in uses),
        faults=sum(bool(use.fault) for use in uses),
        cost=sum(map(Decimal, filter(None, costs)), Decimal(0)) if None not in costs else None,
    )


def always_right(results: Sequence[SuiteResult]) -> tuple[int, int, int]:
    """Return how many cases were right in every repeat, how many answered alike in all, and how many there are."""
    runs = [{case.key: case for case in _cases(result)} for result in results]
    keys = sorted(runs[0]) if runs else []
    right = sum(all(found[key].solved(lenient=True) for found in runs) for key in keys)
    alike = sum(len({_answer(found[key]) for found in runs}) == 1 for key in keys)
    return right, alike, len(keys)


def _answer(case: CaseResult) -> tuple[str, str, str]:
    record = case.record
    return (record.root_cause, record.remedy, record.route) if record is not None else ("", "", "")


def _measures(result: SuiteResult) -> dict[str, Measure]:
    alarms = tuple(alarm for part in result.parts() for alarm in result.alarms(part))
    return {measure.name: measure for measure in measures(_cases(result), alarms, result.unreadable())}


def as_json(found: Compared) -> str:
    """Return the comparison as a JSON object."""
    without = _measures(found.without)
    repeats = [_measures(result) for result in found.with_model]
    right, alike, cases = always_right(found.with_model)
    whole = {
        "what_this_is": _what(found.asked),
        "model": found.asked.model,
        "replayed": found.asked.replay is not None,
        "repeat": found.asked.repeat,
        "cases": cases,
        "right_every_time": right,
        "answered_alike": alike,
        "measures": {
            name: {
                "without": without[name].lenient.share,
                "with": [measured[name].lenient.share for measured in repeats],
            }
            for name in SHOWN
        },
        "taken": [
            {**item._asdict(), "cost": str(item.cost) if item.cost is not None else None}
            for item in map(taken, found.with_model)
        ],
    }
    return json.dumps(whole, indent=2) + "\n"


def as_text(found: Compared) -> str:
    """Return the comparison for a terminal."""
    shown = json.loads(as_json(found))
    lines = [shown["what_this_is"], f"{'':30}{'without':>10}{'with (mean)':>14}{'worst':>9}"]
    for name, values in shown["measures"].items():
        shares = [share for share in values["with"] if share is not None]
        mean, worst = (statistics.mean(shares), min(shares)) if shares else (None, None)
        lines.append(f"{name:30}{_percent(values['without']):>10}{_percent(mean):>14}{_percent(worst):>9}")
    repeat, cases = shown["repeat"], shown["cases"]
    lines.append(f"right in all {repeat} runs: {shown['right_every_time']} of {cases}")
    lines.append(f"answered alike in all {repeat} runs: {shown['answered_alike']} of {cases}")
    for number, one in enumerate(map(taken, found.with_model), 1):
        unsupported = 1 - one.sentences_kept / one.sentences if one.sentences else 0.0
        cost = f"${one.cost:.4f}" if one.cost is not None else "cost not known"
        lines.append(
            f"run {number}: {one.denials} denials asked, median {one.calls:.0f} calls, {one.input_tokens:.0f} input "
            f"tokens ({100 * one.cached_share:.0f}% cached), {one.output_tokens:.0f} output, {one.seconds:.1f} s; "
            f"{one.tool_calls} tools run; answers {one.accepted_answers} accepted, {one.rejected_answers} rejected; "
            f"sentences {one.sentences}, {100 * unsupported:.1f}% unsupported; {one.faults} faults; {cost}"
        )
    return "\n".join(lines) + "\n"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}%"


def _what(asked: Asked) -> str:
    if asked.replay is not None:
        return "Recorded answers replayed: this shows the program, and says nothing about the quality of any model."
    return f"Labelled practices, invented, worked without a model and with {asked.model}."

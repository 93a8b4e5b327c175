"""The report for a terminal: measures a part, families, and every wrong case in a line or two."""

from collections.abc import Iterator

from evals.calibration import brier, choose_threshold, expected_calibration_error
from evals.fitting import stored_standing, threshold_held
from evals.report.words import PLAIN_STATEMENT, counted, interval, name, percent
from evals.results import Alarm, CaseResult, SuiteResult
from evals.scorecard import by_family, by_payer, load_bars, measures, missed_bars, points
from evals.split import Part
from evals.volume import by_volume, load_mix


def as_text(result: SuiteResult, *, open_test: bool = True) -> str:
    """Return the whole report as text. Unless `open_test`, the test part's wrong cases are counted and not named."""
    lines = [line for part in result.parts() for line in _part(result, part, opened=open_test or part != "test")]
    for practice in result.practices:
        lines += [f"ambiguous in {practice.name}: {said}" for said in practice.ambiguous]
        lines += [f"unreadable in {practice.name}: {said}" for said in practice.unreadable]
        if practice.cpu_seconds is not None:
            each = practice.cpu_seconds / max(1, len(practice.cases))
            spent = f"{practice.cpu_seconds:.1f} s of processor time, {each:.3f} s a denial, files included"
            lines.append(f"{practice.name}: {spent}")
    return "\n".join([*lines, "", PLAIN_STATEMENT, ""])


def _part(result: SuiteResult, part: Part, *, opened: bool) -> Iterator[str]:
    cases, alarms = result.cases(part), result.alarms(part)
    found = measures(cases, alarms, result.unreadable())
    bars = load_bars()
    yield f"{part.upper()} PART: {len(cases)} labelled denials, {len(alarms)} false alarms"
    yield f"  {'':28}{'strict':>14}{'':8}{'lenient':>14}{'':8}{'95% interval':>16}   bar"
    for measure in found:
        bar = f"{100 * bars[measure.name]:.0f}%" if measure.name in bars else ""
        yield (
            f"  {name(measure.name):28}{counted(measure.strict):>14}{percent(measure.strict):>8}"
            f"{counted(measure.lenient):>14}{percent(measure.lenient):>8}{interval(measure.lenient):>16}   {bar}"
        ).rstrip()
    yield from _volume(cases)
    yield "  families and payers (cause, remedy, both, deadline; lenient)"
    families = by_family(cases)
    for group in (*families, *by_payer(cases)):
        rates = (group.root_cause, group.remedy, group.solved, group.deadline)
        yield f"    {group.name:26}" + "".join(f"{counted(rate):>10}" for rate in rates)
    yield from _calibration(cases, alarms)
    missed = missed_bars(found, families, bars)
    yield "  every bar is reached" if not missed else f"  bars not reached: {'; '.join(missed)}"
    wrong = [case for case in cases if case.wrong]
    if not opened:
        yield f"  {len(wrong)} cases are wrong: which is not told here, this part is for measuring alone"
        yield ""
        return
    yield from (line for case in wrong for line in _wrong(case))
    for alarm in alarms:
        yield f"  FALSE ALARM ({alarm.alarm.kind}) {alarm.practice} {alarm.alarm.record.denial_id}: {alarm.alarm.says}"
    yield ""


def _volume(cases: tuple[CaseResult, ...]) -> Iterator[str]:
    share = by_volume(cases, load_mix())
    if share.went is not None and share.allowed is not None:
        yield (
            f"  of all volume, by the mix in evals/denial_mix.yaml ({share.counted:.0f}% of it labelled here), "
            f"{100 * share.went:.0f}% went without a person; labels allow {100 * share.allowed:.0f}%"
        )


def _calibration(cases: tuple[CaseResult, ...], alarms: tuple[Alarm, ...]) -> Iterator[str]:
    answers = points(cases, alarms)
    error, score = expected_calibration_error(answers), brier(answers)
    if error is not None and score is not None:
        yield f"  confidence: calibration error {error:.3f}, Brier {score:.3f}. {choose_threshold(answers).says}"
        yield f"  {stored_standing()}"
        if held := threshold_held(answers):
            yield f"  {held}"


def _wrong(case: CaseResult) -> Iterator[str]:
    yield f"  WRONG {case.key}"
    for verdict in case.verdicts:
        if not verdict.lenient:
            yield f"    {name(verdict.field)}: expected {verdict.expected}; found {verdict.found}"
    for problem in case.findings.problems() if case.findings else ():
        yield f"    {problem}"

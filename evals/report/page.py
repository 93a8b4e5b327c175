"""The report as one HTML page that needs nothing else: figures, plots, and every wrong case opened up."""

from pathlib import Path

from evals.calibration import brier, choose_threshold, coverage_precision, expected_calibration_error, reliability
from evals.fitting import stored_standing, threshold_held
from evals.report.markup import Markup, element, joined, table
from evals.report.opened import open_alarm, open_case
from evals.report.plots import calibration_plot, coverage_plot, family_plot
from evals.report.words import CONFIDENCE_STATEMENT, PLAIN_STATEMENT, counted, interval, name, percent
from evals.results import Alarm, CaseResult, SuiteResult
from evals.scorecard import Group, by_family, by_payer, load_bars, measures, missed_bars, points
from evals.split import Part

_STYLE = Path(__file__).parent / "page.css"


def as_html(result: SuiteResult) -> str:
    """Return the whole page."""
    practices = ", ".join(practice.name for practice in result.practices)
    body = joined(
        element("h1", "How Overturn does on its labelled practices"),
        element("p", PLAIN_STATEMENT, class_="statement"),
        element("p", f"Practices: {practices}. {CONFIDENCE_STATEMENT}", class_="small"),
        *(_part(result, part) for part in result.parts()),
        _notes(result),
    )
    head = joined(
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", "Overturn: evaluation"),
        element("style", Markup(_STYLE.read_text(encoding="utf-8"))),
    )
    return f"<!doctype html>\n{element('html', element('head', head), element('body', body), lang='en')}\n"


def _part(result: SuiteResult, part: Part) -> Markup:
    cases, alarms = result.cases(part), result.alarms(part)
    found, families, bars = measures(cases, alarms, result.unreadable()), by_family(cases), load_bars()
    rows = [
        (
            name(measure.name),
            f"{counted(measure.strict)}  {percent(measure.strict)}",
            f"{counted(measure.lenient)}  {percent(measure.lenient)}",
            interval(measure.lenient),
            f"{100 * bars[measure.name]:.0f}%" if measure.name in bars else "",
            measure.means,
        )
        for measure in found
    ]
    missed = missed_bars(found, families, bars)
    wrong = [case for case in cases if case.wrong]
    return element(
        "section",
        element("h2", f"The {part} part: {len(cases)} labelled denials"),
        element("p", f"Bars not reached: {'; '.join(missed)}" if missed else "Every bar is reached."),
        table(("measure", "strict", "lenient", "95% interval", "bar", "what is counted"), rows),
        element("h3", "Families"),
        family_plot(families),
        _groups(families),
        element("h3", "Payers"),
        _groups(by_payer(cases)),
        _confidence(cases, alarms),
        element("h3", f"Wrong cases: {len(wrong)}"),
        *(open_case(case) for case in wrong),
        element("h3", f"False alarms: {len(alarms)}"),
        *(open_alarm(alarm) for alarm in alarms),
    )


def _confidence(cases: tuple[CaseResult, ...], alarms: tuple[Alarm, ...]) -> Markup:
    answers = points(cases, alarms)
    error, score = expected_calibration_error(answers), brier(answers)
    if error is None or score is None:
        return joined()
    plots = element(
        "div", calibration_plot(reliability(answers)), coverage_plot(coverage_precision(answers)), class_="plots"
    )
    said = f"Calibration error {error:.3f}, Brier score {score:.3f}, {len(answers)} records."
    stored = ". ".join(part for part in (stored_standing(), threshold_held(answers)) if part)
    return joined(
        element("h3", "Confidence"),
        plots,
        element("p", f"{said} {choose_threshold(answers).says}."),
        element("p", f"{stored}."),
    )


def _groups(groups: tuple[Group, ...]) -> Markup:
    rows = [
        (
            name(group.name),
            str(group.cases),
            counted(group.root_cause),
            counted(group.remedy),
            f"{counted(group.solved)}  {percent(group.solved)}",
            interval(group.solved),
            counted(group.deadline),
        )
        for group in groups
    ]
    return table(("", "cases", "cause", "remedy", "both", "95% interval", "deadline"), rows)


def _notes(result: SuiteResult) -> Markup:
    said = [
        f"{practice.name}: {note}"
        for practice in result.practices
        for note in (*practice.ambiguous, *practice.unreadable)
    ]
    if not said:
        return joined()
    return joined(element("h2", "Ambiguous or unreadable"), element("ul", *(element("li", note) for note in said)))

"""A case opened up: label beside record, what the record says, rests on and leaves open, and what is wrong with it."""

from evals.report.markup import Markup, element, joined, table
from evals.report.words import name
from evals.results import Alarm, CaseResult, Findings
from knowledge.types.record import DenialRecord


def open_case(case: CaseResult) -> Markup:
    """Return a case as a block that can be opened; what is wrong stands in its heading."""
    label = case.label
    wrong = [name(verdict.field) for verdict in case.verdicts if not verdict.lenient]
    wrong += ["record"] if case.findings and case.findings.problems() else []
    rows = [
        (name(verdict.field), verdict.expected, verdict.found, _mark(verdict.strict, verdict.lenient))
        for verdict in case.verdicts
    ]
    return element(
        "details",
        element("summary", element("code", case.key), " ", element("strong", ", ".join(wrong) or "right")),
        element("p", element("b", "The label: "), label.why),
        element("p", element("b", "The story: "), label.story) if label.story else "",
        table(("", "label", "record", ""), rows),
        _record(case.record, case.findings) if case.record else element("p", "No record answers to it.", class_="bad"),
        class_="case",
        id=case.key,
    )


def open_alarm(alarm: Alarm) -> Markup:
    """Return a false alarm as a block that can be opened."""
    found = alarm.alarm
    heading = element("summary", element("code", found.record.denial_id), " ", element("strong", found.kind))
    where = f"{alarm.practice}, claim {found.record.remit.claim_id} in {found.record.remit.file}: {found.says}"
    return element("details", heading, element("p", where), _record(found.record, alarm.findings), class_="case")


def _record(record: DenialRecord, findings: Findings | None) -> Markup:
    codes = ", ".join(f"{a.group}-{a.carc} {a.amount}" for a in record.adjustments)
    parts = [
        element("p", element("b", "The record: "), record.says),
        element(
            "p",
            f"{record.denial_id} · {record.remit.file} · claim {record.remit.claim_id} · {codes} · remarks "
            f"{', '.join(record.remarks) or 'none'} · confidence {record.confidence} · {record.status}",
            class_="small",
        ),
        _list("Why a person", [f"{reason.code}: {reason.says}" for reason in record.review_reasons]),
        _list("Missing", list(record.missing)),
        _list("Clocks", [f"{clock.action} {clock.date}: {clock.rule}" for clock in record.deadlines]),
        _list("Still open", [f"{a.root_cause} ({a.confidence}): {a.settled_by}" for a in record.alternatives]),
        _evidence(record, findings),
    ]
    if findings is not None:
        parts.append(_list("Wrong with the record itself", list(findings.problems()), "bad"))
    return joined(*parts)


def _evidence(record: DenialRecord, findings: Findings | None) -> Markup:
    checks = {check.id: check for check in findings.evidence} if findings else {}
    rows = []
    for item in record.evidence:
        check = checks.get(item.id)
        shown = "not checked"
        if check is not None and check.source is not None:
            failed = [
                word for word, value in zip(("source", "quote", "says"), check[3:6], strict=True) if value is False
            ]
            shown = f"✗ {', '.join(failed)}" if failed else "✓"
        rows.append((item.id, item.kind, item.source, item.says, item.quote or "", shown))
    return table(("id", "kind", "source", "says", "quote", "opened"), rows, class_="evidence")


def _list(heading: str, items: list[str], class_: str = "") -> Markup:
    if not items:
        return Markup("")
    return joined(element("h4", heading), element("ul", *(element("li", item) for item in items), class_=class_))


def _mark(strict: bool, lenient: bool) -> Markup:
    if strict:
        return element("span", "✓", class_="good")
    return element("span", "✓ alternative", class_="fair") if lenient else element("span", "✗", class_="bad")

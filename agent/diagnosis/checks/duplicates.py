"""Facts about services called duplicates: what was paid before, and whether two lines are two services."""

import re
from datetime import date

from agent.diagnosis import sources
from agent.diagnosis.case import AdjudicatedLine
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, money, number
from knowledge.types.chart import Document, DoseGiven
from knowledge.types.claim import ClaimLine
from knowledge.types.evidence import Fact
from tools.chart.sentences import is_plain_report, sentences

DISTINCT = frozenset({"76", "77", "59", "XE", "XS", "XP", "XU", "91"})
"""Modifiers by which a claim says: the same code again, another service (repeat and distinct services)."""


def _earlier_payment(q: Inquiry) -> AdjudicatedLine | None:
    """Find the standing line that paid this very service: member, code, day, units and waste marking alike."""
    denied = q.case.denial.line
    code, served = q.hcpcs, q.service_date
    modifiers = set(q.subject.modifiers if q.subject else denied.modifiers if denied else ())
    for line in q.case.history:
        same = line.hcpcs == code and line.service_date == served and line.covered
        if not same or ("JW" in line.modifiers) != ("JW" in modifiers):
            continue
        if (set(line.modifiers) ^ modifiers) & DISTINCT:
            continue
        if None not in (line.units, q.billed_units) and line.units != q.billed_units:
            continue
        if denied and _same_claim(q, line):
            continue
        return line
    return None


def _same_claim(q: Inquiry, line: AdjudicatedLine) -> bool:
    return line.payer_claim_number == (q.case.denial.remit.payer_claim_number or "")


@check
def same_service_paid(q: Inquiry) -> Fact:
    """Whether another standing line of this member paid the same code, day and units."""
    if q.service_date is None or not q.hcpcs:
        return unknown("Code or date of service is not stated")
    paid = _earlier_payment(q)
    if paid is None:
        return no(f"No remit on file paid {q.hcpcs} of {day(q.service_date)} before")
    units = number(paid.units) if paid.units is not None else ""
    says = (
        f"{q.hcpcs} of {day(q.service_date)} was paid {money(paid.paid)} on {day(paid.paid_on)} "
        f"under claim {paid.claim_id}, payer number {paid.payer_claim_number}"
    )
    evidence = q.ledger.add("remit", f"{paid.file} segment {paid.segment}", says, exhibit=f"paid:{paid.file}")
    return yes(
        says,
        evidence,
        sources.remit_line(q),
        hcpcs=q.hcpcs,
        service_date=day(q.service_date),
        billed_units=units or (number(q.billed_units) if q.billed_units is not None else ""),
        paid_amount=money(paid.paid),
        paid_on_earlier=day(paid.paid_on),
        paid_claim=paid.payer_claim_number or paid.claim_id,
    )


@check
def repeat_line_is_distinct(q: Inquiry) -> Fact:
    """Whether the claim itself shows two services: a discarded-drug line (JW) beside the dose, or a marked repeat."""
    line = q.subject
    if line is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    others = [other for other in q.lines_of_code() if other.number != line.number]
    if not others:
        return no(f"The claim has one line of {line.hcpcs} on {day(line.start_date)}", sources.claim_line(q))
    other = min(others, key=lambda item: item.number)
    evidence: tuple[str, ...] = (sources.claim_line(q), sources.claim_line(q, other), sources.remit_line(q))
    values = {"hcpcs": line.hcpcs, "service_date": day(line.start_date)}
    if ("JW" in line.modifiers) != ("JW" in other.modifiers):
        return _waste_line(q, line, other, evidence, values)
    ndcs = {item.drug.ndc for item in (line, other) if item.drug is not None and item.drug.ndc}
    if len(ndcs) == 2:
        evidence = (*evidence, sources.claim_product(q, line), sources.claim_product(q, other))
        story = f"line {line.number} and line {other.number} are two products (NDC {' and '.join(sorted(ndcs))})"
        return yes(story, *evidence, repeat_story=story, **values)
    if (set(line.modifiers) | set(other.modifiers)) & DISTINCT:
        story = f"line {line.number} and line {other.number} are marked as separate services"
        return yes(story, *evidence, repeat_story=story, **values)
    return _two_administrations(q, evidence, values)


def _waste_line(
    q: Inquiry, line: ClaimLine, other: ClaimLine, evidence: tuple[str, ...], values: dict[str, str]
) -> Fact:
    waste, dose = (line, other) if "JW" in line.modifiers else (other, line)
    story = f"line {dose.number} bills {_units(dose)} given, line {waste.number} {_units(waste)} discarded (JW)"
    return yes(story, *evidence, repeat_story=story, **values)


def _units(line: ClaimLine) -> str:
    return f"{number(line.units)} units" if line.units is not None else "units"


def _two_administrations(q: Inquiry, evidence: tuple[str, ...], values: dict[str, str]) -> Fact:
    if q.case.chart is None:
        return unknown("Only the chart can tell two doses from one billed twice", missing=("the chart of that day",))
    kind = q.codes.administration.lookup(q.case.line.hcpcs if q.case.line else "")
    if kind is not None and kind.kind in ("push", "injection", "chemo_push", "chemo_injection"):
        return _as_many_given(q, kind.kind.removeprefix("chemo_"), evidence, values)
    given = [
        dose
        for dose in q.case.chart.doses
        if dose.hcpcs == q.hcpcs and dose.day == q.service_date and dose.status == "completed"
    ]
    charted = tuple(
        sources.chart(q, dose.resource, f"A dose of {q.hcpcs} was given on {day(dose.day)}") for dose in given
    )
    if len(given) >= 2:
        story = f"the chart shows {len(given)} administrations that day"
        return yes(story, *evidence, *charted, repeat_story=story, **values)
    return no("The chart shows one administration that day", *evidence, *charted)


@check
def repeat_of_an_administration(q: Inquiry) -> Fact:
    """Whether the repeated line is an administration, and neither line is marked as a service apart."""
    line, claim = q.case.line, q.case.claim
    if line is None or claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    if q.codes.administration.lookup(line.hcpcs) is None:
        return no(f"{line.hcpcs} is no administration")
    marks = {mark for other in claim.lines if other.hcpcs == line.hcpcs for mark in other.modifiers} & DISTINCT
    if marks:
        return no(f"{line.hcpcs} is marked {' and '.join(sorted(marks))}", sources.claim_line(q, line))
    return yes(f"{line.hcpcs} is repeated without a modifier", sources.claim_line(q, line))


PUSH_MINUTES = 15
"""A push takes 15 minutes or less, or somebody stands by it throughout (domain facts 4.3)."""


def _as_many_given(q: Inquiry, kind: str, evidence: tuple[str, ...], values: dict[str, str]) -> Fact:
    """Count the day's pushes, or injections, of different drugs against the lines that bill them."""
    chart, line = q.case.chart, q.case.line
    assert chart is not None
    assert line is not None
    lines = [other for other in (q.case.claim.lines if q.case.claim else ()) if other.hcpcs == line.hcpcs]
    given = [
        dose
        for dose in chart.doses
        if dose.day == line.start_date and dose.status in ("completed", "") and _is_given_as(dose, kind)
    ]
    drugs = {dose.hcpcs or dose.drug.casefold() for dose in given}
    charted = tuple(
        sources.chart(q, dose.resource, f"{dose.drug or dose.hcpcs} was given on {day(dose.day)}") for dose in given
    )
    values = {**values, "hcpcs": line.hcpcs, "service_date": day(line.start_date)}
    if len(drugs) >= len(lines) > 1:
        names = " and ".join(sorted(dose.drug or dose.hcpcs for dose in given))
        story = f"the chart shows {len(drugs)} given that day: {names}"
        return yes(story, *evidence, *charted, repeat_story=story, **values)
    told = _two_sites(q, line.start_date) if kind == "injection" and len(lines) == 2 else None
    if told is not None:
        document, words = told
        shown = sources.chart(q, document.resource, f"{document.kind}: {words}", quote=words)
        story = f"{document.kind} of {day(line.start_date)} tells of two injections"
        return yes(story, *evidence, shown, repeat_story=story, **values)
    return no(f"The chart shows {len(drugs)} given that day as {kind}", *evidence, *charted)


TWO_SITES = re.compile(
    r"\b(?:two|2) (?:separate )?(?:injections|syringes|shots)\b"
    r"|\bboth (?:sides|buttocks|glut\w+|ventroglut\w+|deltoids|arms)\b"
    r"|\bright\b.{3,80}\bleft\b|\bleft\b.{3,80}\bright\b",
    re.IGNORECASE | re.DOTALL,
)
"""How a nurse tells of two injections of one drug: two syringes, or one into each side."""


def _two_sites(q: Inquiry, on: date | None) -> tuple[Document, str] | None:
    """Find a sentence of the day's notes that tells of two injections."""
    for document in q.case.chart.documents if q.case.chart else ():
        for sentence in sentences(document.text) if document.day == on and on is not None else ():
            if TWO_SITES.search(sentence.text) and _INJECTED.search(sentence.text) and is_plain_report(sentence.text):
                return document, sentence.text
    return None


_INJECTED = re.compile(r"\b(?:mg|mcg|injec\w+|syringes?|IM|SC|SQ|glut\w+|ventroglut\w+|deltoid)\b", re.IGNORECASE)


def _is_given_as(dose: DoseGiven, kind: str) -> bool:
    route = dose.route.casefold()
    if kind == "injection":
        return any(word in route for word in ("subcut", "intramusc", "im", "sc", "sq"))
    if "push" in route or "bolus" in route:
        return True
    brief = dose.start is not None and dose.stop is not None and (dose.stop - dose.start).seconds <= 60 * PUSH_MINUTES
    return brief and not any(word in route for word in ("subcut", "intramusc", "oral"))

"""Facts about administration lines: a drug and its administration together, visits beside them, separate services."""

import re

from agent.diagnosis import sources
from agent.diagnosis.checks.duplicates import DISTINCT
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.chart import DoseGiven
from knowledge.types.claim import ClaimLine
from knowledge.types.evidence import Fact
from tools.chart.sentences import is_negated, sentences

GET_CLAIM = ("the claim as submitted (837)",)


def _day_lines(q: Inquiry) -> list[ClaimLine]:
    claim, served = q.case.claim, q.case.denial.line.service_date if q.case.denial.line else q.service_date
    return [line for line in claim.lines if line.start_date in (served, None)] if claim else []


def _timed(q: Inquiry, dose: DoseGiven) -> str:
    times = f"{dose.start:%H:%M} to {dose.stop:%H:%M}" if dose.start and dose.stop else "without start and stop"
    return sources.chart(q, dose.resource, f"{dose.drug or dose.hcpcs} ran {times} on {day(dose.day)}")


@check
def drug_and_administration_apart(q: Inquiry) -> Fact:
    """Whether the claim bills a drug without any administration that day, or an administration without a drug."""
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=GET_CLAIM)
    lines = _day_lines(q)
    drugs = [line for line in lines if line.hcpcs in q.codes.hcpcs.codes]
    given = [line for line in lines if q.codes.administration.lookup(line.hcpcs)]
    evidence = [sources.claim_line(q, line) for line in (*drugs[:2], *given[:2])]
    if drugs and not given:
        fault = f"{drugs[0].hcpcs} is billed and no administration"
        return yes(fault, *evidence, half_billed=fault, service_date=day(q.service_date))
    if given and not drugs:
        fault = f"{given[0].hcpcs} is billed and no drug"
        return yes(fault, *evidence, half_billed=fault, service_date=day(q.service_date))
    return no("Drug and administration are both billed", *evidence)


def _is_visit(code: str) -> bool:
    return code.startswith(("992", "993", "994")) and len(code) == 5


SEPARATE = re.compile(
    r"\b(?:separate(?:ly)?|apart from|unrelated|also new|new (?:problem|complaint|symptom|onset|pain|rash|finding)s?"
    r"|(?:two|second|other|another|additional) (?:new )?(?:problem|matter|complaint|issue|concern)s?|exam(?:ination)?:"
    r"|(?:mri|ct|x-?ray|duplex|ultrasound|echo|labs?|cultures?) (?:\w+ ){0,3}(?:ordered|sent|obtained)|worked up"
    r"|(?:started|prescribed|referred|referral)\b|\d+ minutes (?:on|for|spent))",
    re.IGNORECASE,
)
"""Words by which a visit note shows work of its own."""

_DENIED = re.compile(r"\b(?:no|not|nor|nothing|none|denies|denied|without|any)\b[^.;:]{0,30}$", re.IGNORECASE)
"""What before such words takes them back ("No new complaints")."""

_USUAL = re.compile(r"exam(?:ination)?:|labs?\b.*|cultures?\b.*", re.IGNORECASE)
_CLEARS = re.compile(
    r"\b(?:(?:ok|okay|fit|clear(?:ed)?|good|safe) (?:to|for) (?:be )?"
    r"(?:treat\w*|proceed|infus\w*|chemo\w*|cycle|therapy)"
    r"|proceed with (?:cycle|treatment|chemo\w*|infusion|today))",
    re.IGNORECASE,
)
"""A look before treatment, and the words that clear the patient for it: both are part of giving it."""

BRIEF = 240
"""A note of fewer characters than this that shows none holds nothing else to read."""


@check
def visit_lacks_modifier_25(q: Inquiry) -> Fact:
    """Whether the denied line is a visit on a day with drug administration and carries no modifier 25."""
    line = q.case.line
    if line is None:
        return unknown("The claim line is not at hand", missing=GET_CLAIM)
    if not _is_visit(line.hcpcs):
        return no(f"{line.hcpcs} is no visit")
    given = [other for other in _day_lines(q) if q.codes.administration.lookup(other.hcpcs)]
    elsewhere = [
        (claim, other)
        for claim in q.case.member_claims
        for other in claim.lines
        if other.start_date == line.start_date and q.codes.administration.lookup(other.hcpcs)
    ]
    if "25" in line.modifiers or not (given or elsewhere):
        return no("The visit carries modifier 25, or nothing was administered that day", sources.claim_line(q, line))
    beside = given[0] if given else elsewhere[0][1]
    shown = sources.claim_line(q, beside) if given else sources.other_claim_line(q, elsewhere[0][0], beside)
    return yes(
        f"{line.hcpcs} is billed without modifier 25 beside {beside.hcpcs}",
        sources.claim_line(q, line),
        shown,
        visit_code=line.hcpcs,
        admin_code=beside.hcpcs,
        service_date=day(line.start_date),
    )


@check
def visit_note_of_the_day(q: Inquiry) -> Fact:
    """Whether a visit note of the day shows work apart from the treatment, for modifier 25 to stand on.

    A note that names another problem, or what was examined, ordered or begun, shows such work; one of a line or two
    that only tells of the treatment does not (NCCI manual, chapter I, D). An examination and laboratory values in a
    note that clears the patient for treatment are part of that. What lies between is a coder's to read.
    """
    chart, served = q.case.chart, q.case.line.start_date if q.case.line else None
    if chart is None or served is None:
        return unknown("The chart is not at hand", missing=("the visit note of the day",))
    words = ("progress", "visit", "office", "consult", "follow", "oncology note", "clinic")
    notes = [d for d in chart.documents if d.day == served and any(w in d.kind.casefold() for w in words)]
    others = [d for d in chart.documents if d.day == served]
    if not notes and others:
        return no(f"The day has {others[0].kind} and no visit note", sources.document(q, others[0]))
    if not notes:
        return unknown("No visit note of the day is charted", missing=("the visit note of the day",))
    for found in notes:
        shown = next((s.text for s in sentences(found.text) if _apart(s.text, found.text)), None)
        if shown is not None:
            says = f"{found.kind} of {day(served)}: {shown}"
            return yes(says, sources.chart(q, found.resource, says, quote=shown), visit_words=shown)
    shown_by = tuple(sources.document(q, found) for found in notes)
    if all(found.text and len(found.text) < BRIEF for found in notes):
        return no(f"{notes[0].kind} of {day(served)} tells of the treatment and of nothing apart from it", *shown_by)
    says = f"Whether {notes[0].kind} of {day(served)} shows separate work, a coder must read"
    return unknown(says, *shown_by, missing=("a coder's reading of the visit note",))


def _apart(sentence: str, note: str) -> bool:
    """Tell whether a sentence of a note shows work apart from the treatment that the note is about."""
    if is_negated(sentence):
        return False
    clears = _CLEARS.search(note) is not None
    return any(
        not _DENIED.search(sentence[: match.start()]) and not (clears and _USUAL.fullmatch(match.group()))
        for match in SEPARATE.finditer(sentence)
    )


@check
def separate_service_documented(q: Inquiry) -> Fact:
    """Whether a bundled administration line stands for a drug of its own that day, apart in time or by route."""
    line, chart = q.case.line, q.case.chart
    if line is None or chart is None:
        return unknown("Claim line or chart is not at hand", missing=("the flowsheet of the day",))
    if set(line.modifiers) & DISTINCT:
        return no("The line is marked as separate already", sources.claim_line(q, line))
    row = q.codes.administration.lookup(line.hcpcs)
    if row is None or q.codes.non_denials.expected_bundle(line.hcpcs) is not None:
        return no(f"{line.hcpcs} is no separate administration")
    doses = [dose for dose in chart.doses if dose.day == line.start_date and dose.status in ("completed", "")]
    others = [o for o in _day_lines(q) if o.number != line.number and q.codes.administration.lookup(o.hcpcs)]
    injected = [d for d in doses if any(word in d.route.casefold() for word in ("subcut", "intramusc"))]
    infused = [o for o in others if "infusion" in (_kind(q, o.hcpcs) or "")]
    by_route = "injection" in row.kind and injected and infused
    if not others or (len(doses) < 2 and not by_route):
        return unknown("Two services of the day are not charted apart", missing=("times and sites of the day",))
    said = f"{injected[0].drug} was injected apart from the infusion" if by_route else f"{len(doses)} drugs were given"
    return yes(
        f"{said} on {day(line.start_date)}, charted on its own",
        sources.claim_line(q, line),
        *(_timed(q, dose) for dose in doses),
        separate_words=said,
        bundled_code=line.hcpcs,
        other_code=others[0].hcpcs,
        service_date=day(line.start_date),
    )


def _kind(q: Inquiry, code: str) -> str | None:
    row = q.codes.administration.lookup(code)
    return row.kind if row is not None else None

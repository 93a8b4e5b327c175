"""Facts about administration lines: one initial service, infusion times, a drug and its administration together."""

from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.checks.duplicates import DISTINCT
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed, number
from knowledge.codes.administration import Administration
from knowledge.types.chart import DoseGiven
from knowledge.types.claim import ClaimLine
from knowledge.types.evidence import Fact
from tools.dosing.infusion import infusion_units

GET_CLAIM = ("the claim as submitted (837)",)


def _day_lines(q: Inquiry) -> list[ClaimLine]:
    claim, served = q.case.claim, q.case.denial.line.service_date if q.case.denial.line else q.service_date
    return [line for line in claim.lines if line.start_date in (served, None)] if claim else []


def _by_role(q: Inquiry, *roles: str) -> list[ClaimLine]:
    found = []
    for line in _day_lines(q):
        row = q.codes.administration.lookup(line.hcpcs)
        if row is not None and row.role in roles:
            found.append(line)
    return found


@check
def infusion_hierarchy_broken(q: Inquiry) -> Fact:
    """Whether the day has two initial services without a mark of a second site, or an add-on without its base."""
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=GET_CLAIM)
    initial = [line for line in _by_role(q, "initial") if not set(line.modifiers) & DISTINCT]
    added = _by_role(q, "further_hour", "further_drug", "sequential")
    values = {"service_date": day(q.service_date)}
    if len({line.hcpcs for line in initial}) > 1 or len(initial) > 1:
        codes = listed(sorted(line.hcpcs for line in initial))
        says = f"{codes} are both initial services and neither is marked as a separate site or visit"
        return yes(says, *(sources.claim_line(q, line) for line in initial), hierarchy_fault=says, **values)
    if added and not _by_role(q, "initial", "prolonged_start"):
        says = f"{added[0].hcpcs} is an add-on and no initial service stands on the claim"
        return yes(says, sources.claim_line(q, added[0]), hierarchy_fault=says, **values)
    return no("One initial service, and every add-on has its base")


@check
def infusion_time_supports_units(q: Inquiry) -> Fact:
    """Whether charted start and stop times come to the hours billed (facts 4.5: the 31-minute rule)."""
    row = _infusion(q)
    if row is None:
        return unknown("The denied line is no infusion")
    chart, served = q.case.chart, q.case.denial.line.service_date if q.case.denial.line else None
    line = q.case.line
    if chart is None or served is None or line is None or line.units is None:
        return unknown("Chart or claim line is not at hand", missing=("the infusion record with start and stop",))
    doses = [dose for dose in chart.doses if dose.day == served and dose.status in ("completed", "")]
    if not doses:
        return unknown("No administration is charted that day", missing=("the infusion record with start and stop",))
    evidence = [sources.claim_line(q, line), *(_timed(q, dose) for dose in doses)]
    values = {"admin_code": line.hcpcs, "admin_units": number(line.units), "service_date": day(served)}
    silent = [dose for dose in doses if dose.start is None or dose.stop is None]
    if silent:
        fault = f"start or stop is missing for {silent[0].drug or silent[0].hcpcs}"
        return no(fault, *evidence, time_fault=fault, **values)
    longest = max(_minutes(dose) for dose in doses)
    units = infusion_units(max(longest, 1))
    allowed = Decimal(units.further_hours) if row.role == "further_hour" else Decimal(1)
    if row.role == "initial" and row.kind in ("chemo_infusion", "infusion") and units.kind == "push":
        fault = f"the longest infusion ran {longest} minutes, which is a push"
        return no(fault, *evidence, time_fault=fault, **values)
    if line.units > allowed and row.role == "further_hour":
        fault = f"the longest infusion ran {longest} minutes: {number(allowed)} further hours, not {number(line.units)}"
        return no(fault, *evidence, time_fault=fault, **values)
    proof = f"the longest infusion ran {longest} minutes, which supports the units billed"
    return yes(proof, *evidence, time_proof=proof, **values)


def _infusion(q: Inquiry) -> Administration | None:
    """Return the row of the denied line's code; None when no time is billed by it."""
    denied = q.case.denial.line
    row = q.codes.administration.lookup(denied.hcpcs) if denied and denied.hcpcs else None
    return None if row is None or row.kind in ("injection", "chemo_injection", "port") else row


@check
def infusion_times_answer(q: Inquiry) -> Fact:
    """Whether the chart answers the question of the infusion's hours at all, either way."""
    if _infusion(q) is None:
        return no("The denied line is no infusion")
    found = q.fact("infusion-time-supports-units")
    if found.truth == "unknown":
        return found
    return yes(found.says, *found.evidence, **found.values)


def _minutes(dose: DoseGiven) -> int:
    if dose.start is None or dose.stop is None:
        return 0
    return int((dose.stop - dose.start).total_seconds() // 60)


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


@check
def visit_lacks_modifier_25(q: Inquiry) -> Fact:
    """Whether the denied line is a visit on a day with drug administration and carries no modifier 25."""
    line = q.case.line
    if line is None:
        return unknown("The claim line is not at hand", missing=GET_CLAIM)
    if not _is_visit(line.hcpcs):
        return no(f"{line.hcpcs} is no visit")
    given = [other for other in _day_lines(q) if q.codes.administration.lookup(other.hcpcs)]
    if "25" in line.modifiers or not given:
        return no("The visit carries modifier 25, or nothing was administered that day", sources.claim_line(q, line))
    return yes(
        f"{line.hcpcs} is billed without modifier 25 beside {given[0].hcpcs}",
        sources.claim_line(q, line),
        sources.claim_line(q, given[0]),
        visit_code=line.hcpcs,
        admin_code=given[0].hcpcs,
        service_date=day(line.start_date),
    )


@check
def visit_note_of_the_day(q: Inquiry) -> Fact:
    """Whether the chart holds a visit note of the day: without one there is no separate work to show."""
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
    return yes(f"{notes[0].kind} of {day(served)} is on file", sources.document(q, notes[0]))


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
        bundled_code=line.hcpcs,
        other_code=others[0].hcpcs,
        service_date=day(line.start_date),
    )


def _kind(q: Inquiry, code: str) -> str | None:
    row = q.codes.administration.lookup(code)
    return row.kind if row is not None else None

"""Facts about the billed code on the day of service, from the dated code tables."""

import re
from datetime import date

from agent.diagnosis import sources
from agent.diagnosis.given import names_drug
from agent.diagnosis.inquiry import CHECKS, Inquiry, check, no, unknown, yes
from agent.diagnosis.named_drug import specific_code
from agent.diagnosis.printed import day, number
from knowledge.codes.hcpcs import Drug
from knowledge.codes.succession import Successor
from knowledge.types.evidence import Fact


def _unit(drug: Drug | None) -> str:
    if drug is None or drug.unit_qty is None:
        return ""
    return f"{number(drug.unit_qty)} {drug.unit_uom}"


@check
def code_ended_before_service(q: Inquiry) -> Fact:
    """Whether the code had ended before the date of service, and what replaced it."""
    served = q.service_date
    if not q.hcpcs or served is None:
        return unknown("Code or date of service is not stated")
    state = q.codes.hcpcs.state(q.hcpcs, served)
    if state.state == "unknown":
        missing = (f"the HCPCS file row of {q.hcpcs} for {day(served)}",)
        return _reused(q, served) or unknown(state.says, missing=missing)
    evidence = sources.code_table(q, "hcpcs", q.hcpcs, state.says)
    if state.state == "active" and (newer := sources.newer_table(q, q.hcpcs)):
        return unknown(state.says, evidence, missing=newer)
    if state.state != "deleted" or state.drug is None:
        return _reused(q, served) or no(state.says, evidence)
    values = _ended(q, state.drug, q.codes.hcpcs.successors(q.hcpcs, served), served)
    return yes(state.says, evidence, sources.claim_line(q), **values)


def _ended(q: Inquiry, old: Drug, after: tuple[Successor, ...], served: date) -> dict[str, str]:
    """Name the end of a code and, where one code in force took its place for the drug in general, that code's units."""
    ended = day(old.terminated or old.terminated_latest)
    values = {"hcpcs": q.hcpcs, "service_date": day(served), "code_ended": ended}
    general = [s for s in after if s.kind == "replaced" and s.state == "active" and not sources.newer_table(q, s.code)]
    if len(general) != 1 or q.billed_units is None:
        return values
    successor = general[0]
    drug = q.codes.hcpcs.lookup(successor.code, served)
    units = successor.units(q.billed_units)
    values |= {"successor": successor.code, "successor_unit": _unit(drug)}
    if units is not None:
        values["successor_units"] = number(units)
        values["successor_note"] = f"{q.hcpcs} was {_unit(old)} a unit, {successor.code} is {_unit(drug)}"
        sources.calculation(
            q,
            "successor-units",
            f"{number(q.billed_units)} units of {q.hcpcs} at {_unit(old)} are {number(units)} units of "
            f"{successor.code} at {_unit(drug)}",
        )
    return values


def _reused(q: Inquiry, served: date) -> Fact | None:
    """Tell that a number given to another drug was billed for the drug it used to mean, as the chart of the day shows.

    Only where that drug, and not the one the number means now, was given that day; None where the chart cannot tell.
    """
    old, now = q.codes.hcpcs.former(q.hcpcs, served), q.codes.hcpcs.lookup(q.hcpcs, served)
    if old is None or now is None or q.case.chart is None:
        return None
    after = q.codes.hcpcs.successors_of(old, served)
    billed = {line.hcpcs for line in q.case.claim.lines} if q.case.claim else set()
    day_doses = [d for d in q.case.chart.doses if d.day == served and d.status in ("completed", "")]
    codes = {item.code for item in after} - billed
    given = [d for d in day_doses if (d.hcpcs in codes if d.hcpcs else _first_name(old) in d.drug.casefold())]
    meant = [d for d in day_doses if d.hcpcs == q.hcpcs or _first_name(now) in d.drug.casefold()]
    if not given or meant:
        return None
    says = f"{q.hcpcs} is {now.generic} on {day(served)}; it was {old.generic} before, which was given"
    shown = [sources.chart(q, d.resource, f"{d.drug or d.hcpcs} was given on {day(served)}") for d in given]
    evidence = sources.code_table(q, "hcpcs", q.hcpcs, says)
    return yes(says, evidence, *shown, sources.claim_line(q), **_ended(q, old, after, served))


def _first_name(drug: Drug) -> str:
    return drug.generic.split(",")[0].split(" ")[0].split("-")[0].casefold()


@check
def code_not_in_force_yet(q: Inquiry) -> Fact:
    """Whether the code begins after the service, or a not-otherwise-classified code stands where one exists."""
    served = q.service_date
    if not q.hcpcs or served is None:
        return unknown("Code or date of service is not stated")
    state = q.codes.hcpcs.state(q.hcpcs, served)
    if state.state == "not_yet_effective" and state.drug is not None:
        before = q.codes.hcpcs.predecessors(q.hcpcs)
        first = day(state.drug.added or state.drug.added_earliest)
        values = {
            "code_fault": f"begins {first}: not in force",
            "hcpcs": q.hcpcs,
            "service_date": day(served),
        }
        active = [s.code for s in before if q.codes.hcpcs.state(s.code, served).state == "active"]
        if len(active) == 1:
            values["successor"] = active[0]
        evidence = sources.code_table(q, "hcpcs", q.hcpcs, state.says)
        return yes(state.says, evidence, sources.claim_line(q), **values)
    if q.hcpcs in q.codes.hcpcs.unclassified:
        return specific_code(q)
    if state.state == "unknown":
        return unknown(state.says)
    return no(state.says, sources.code_table(q, "hcpcs", q.hcpcs, state.says))


STOCK_DAYS = 45
"""How long before the service a note on where the stock came from still speaks of it."""
STOCK_340B = re.compile(r"[^.\n]*\b340B\b[^.\n]*")
NOT_340B = re.compile(r"\b(not|non|no)[- ]+340B\b", re.IGNORECASE)


def purchase_marking(q: Inquiry) -> Fact:
    """Whether a drug bought under 340B is marked wrongly: JG after 2024 (ended), or TB missing (CMS 340B guidance)."""
    line, served = q.subject, q.service_date
    if line is None or served is None:
        return unknown("The claim line is not there to look at")
    values = {"hcpcs": line.hcpcs, "service_date": day(served)}
    if "JG" in line.modifiers and served.isoformat() >= "2025-01-01":
        fault = "it carries JG, which ended 2024-12-31"
        return yes(fault, sources.claim_line(q), purchase_fault=fault, purchase_removed="JG", **values)
    payer, chart = q.case.payer, q.case.chart
    if payer is None or not payer.line_of_business.startswith("medicare") or "TB" in line.modifiers:
        return no("The line's purchase marking stands", sources.claim_line(q))
    for document in chart.documents if chart else ():
        near = document.day is not None and 0 <= (served - document.day).days <= STOCK_DAYS
        match = STOCK_340B.search(document.text) if near and names_drug(q, document.text) else None
        if match and not NOT_340B.search(match.group(0)):
            quote = match.group(0).strip()
            fault = "it was bought under 340B and carries no TB"
            evidence = sources.chart(q, document.resource, f"{document.kind}: {quote}", quote=quote)
            return yes(fault, sources.claim_line(q), evidence, purchase_fault=fault, **values)
    return no("Nothing of the day says that the drug was bought under 340B", sources.claim_line(q))


CHECKS["340b-marking-wrong"] = purchase_marking


@check
def paid_code_differs_from_billed(q: Inquiry) -> Fact:
    """Whether the payer adjudicated another code than was submitted (SVC06)."""
    service = q.case.service
    if service is None:
        return unknown("The remit has no service line")
    if service.submitted_hcpcs and service.submitted_hcpcs != service.hcpcs:
        says = f"Submitted {service.submitted_hcpcs}, adjudicated {service.hcpcs}"
        return yes(
            says,
            sources.remit_line(q),
            submitted_code=service.submitted_hcpcs,
            hcpcs=service.hcpcs,
            service_date=day(service.service_date),
        )
    return no("The payer adjudicated the code that was submitted")

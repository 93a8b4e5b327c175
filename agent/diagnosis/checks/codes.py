"""Facts about the billed code on the day of service, from the dated code tables."""

import re

from agent.diagnosis import sources
from agent.diagnosis.given import names_drug
from agent.diagnosis.inquiry import CHECKS, Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, number
from knowledge.codes.hcpcs import Drug
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
        return unknown(state.says, missing=(f"the HCPCS file row of {q.hcpcs} for {day(served)}",))
    evidence = sources.code_table(q, "hcpcs", q.hcpcs, state.says)
    if state.state == "active" and (newer := sources.newer_table(q, q.hcpcs)):
        return unknown(state.says, evidence, missing=newer)
    if state.state != "deleted" or state.drug is None:
        return no(state.says, evidence)
    ended = day(state.drug.terminated or state.drug.terminated_latest)
    values = {"hcpcs": q.hcpcs, "service_date": day(served), "code_ended": ended}
    general = [
        s
        for s in q.codes.hcpcs.successors(q.hcpcs, served)
        if s.kind == "replaced" and s.state == "active" and not sources.newer_table(q, s.code)
    ]
    if len(general) == 1 and q.billed_units is not None:
        successor = general[0]
        drug = q.codes.hcpcs.lookup(successor.code, served)
        units = successor.units(q.billed_units)
        values |= {"successor": successor.code, "successor_unit": _unit(drug)}
        if units is not None:
            values["successor_units"] = number(units)
            values["successor_note"] = f"{q.hcpcs} was {_unit(state.drug)} a unit, {successor.code} is {_unit(drug)}"
            sources.calculation(
                q,
                "successor-units",
                f"{number(q.billed_units)} units of {q.hcpcs} at {_unit(state.drug)} are {number(units)} units of "
                f"{successor.code} at {_unit(drug)}",
            )
    return yes(state.says, evidence, sources.claim_line(q), **values)


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
    if q.hcpcs in _unclassified(q):
        return _specific_code(q)
    if state.state == "unknown":
        return unknown(state.says)
    return no(state.says, sources.code_table(q, "hcpcs", q.hcpcs, state.says))


def _unclassified(q: Inquiry) -> frozenset[str]:
    """The not-otherwise-classified codes, as the code table's succession rows name them."""
    return q.codes.hcpcs.unclassified


def _specific_code(q: Inquiry) -> Fact:
    """Tell whether the drug named on an unclassified line has its own code in force that day."""
    served = q.service_date
    assert served is not None
    words = " ".join((q.subject.description, *q.subject.notes) if q.subject is not None else ()).casefold()
    given = [dose for dose in q.case.chart.doses if dose.day == served] if q.case.chart else []
    found: dict[str, str] = {}
    for code in q.codes.hcpcs.codes:
        drug = q.codes.hcpcs.lookup(code, served)
        if drug is None or drug.state(served) != "active" or code in _unclassified(q) or not drug.generic:
            continue
        names = [name.casefold() for name in (drug.generic, drug.brand) if len(name) > 3]
        if any(name in words for name in names) or any(dose.hcpcs == code for dose in given):
            found[code] = drug.generic
    if len(found) != 1:
        return unknown(
            f"{q.hcpcs} is not otherwise classified and the drug's own code is not certain",
            missing=("the drug given, by name and NDC",),
        )
    code, name = next(iter(found.items()))
    if newer := sources.newer_table(q, code):
        return unknown(f"Whether {code} of {name} was in force is not certain", missing=newer)
    says = f"{name} has its own code {code} in force on {day(served)}"
    return yes(
        says,
        sources.code_table(q, "hcpcs", code, says),
        sources.claim_line(q),
        hcpcs=q.hcpcs,
        service_date=day(served),
        code_fault="is not otherwise classified, though the drug has its own code,",
        successor=code,
    )


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

"""Facts about discarded drug: container, modifiers, and whether billed waste stands in the chart."""

import re
from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.checks.dose import dose_evidence
from agent.diagnosis.given import GivenDose, drug_of, given_dose, names_drug, no_drug
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed, number
from knowledge.types.evidence import Fact
from tools.chart.sentences import sentences
from tools.dosing.waste import opened_amount, waste_doubts, waste_lines


@check
def drug_in_single_dose_container(q: Inquiry) -> Fact:
    """Whether the drug comes in single-dose containers only, to which wastage modifiers apply (facts 4.3)."""
    drug = drug_of(q)
    if drug is None:
        return no_drug(q)
    says = f"{q.hcpcs} ({drug.generic}): container {drug.container or 'not known'}"
    evidence = sources.code_table(q, "hcpcs", q.hcpcs, says)
    noted, by_record = _noted_container(q)
    if noted is not None and (drug.jw_jz in ("yes", "no")) and noted != (drug.jw_jz == "yes"):
        said = "single-dose" if noted else "multi-dose"
        says = f"{says}, and the record of {day(q.service_date)} speaks of a {said} vial"
        return unknown(says, evidence, by_record, missing=("the container of the product given, by its NDC",))
    if drug.jw_jz == "yes" or (noted is True and drug.jw_jz != "no"):
        return yes(says, evidence, by_record, drug=drug.generic)
    if drug.jw_jz == "no" or noted is False:
        return no(says, evidence, by_record, drug=drug.generic)
    return unknown(says, evidence, missing=("the container of the product given, by its NDC",))


_MULTI = re.compile(r"\b(?:multi(?:ple)?[\s-]*(?:dose|use)|MDV)\b", re.IGNORECASE)
_SINGLE = re.compile(r"\b(?:single[\s-]*(?:dose|use|patient)|SDV)\b", re.IGNORECASE)


def _noted_container(q: Inquiry) -> tuple[bool | None, str]:
    """Read from the day's record which container was opened: True single-dose, False multi-dose; None when unsaid."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return None, ""
    said = [(text, dose.resource) for dose in given_dose(q).doses for text in dose.notes]
    for document in chart.documents:
        if document.day == served:
            said += [(s.text, document.resource) for s in sentences(document.text) if names_drug(q, s.text)]
    multi = [(text, resource) for text, resource in said if _MULTI.search(text)]
    single = [(text, resource) for text, resource in said if _SINGLE.search(text)]
    if bool(multi) == bool(single):
        return None, ""
    resource = (single or multi)[0][1]
    words = "a single-dose" if single else "a multi-dose"
    evidence = sources.chart(q, resource, f"The record of {day(served)} says {words} vial was used")
    return bool(single), evidence


@check
def waste_line_billed(q: Inquiry) -> Fact:
    """Whether the claim bills discarded drug (JW) for the code that day."""
    lines = [line for line in q.lines_of_code() if "JW" in line.modifiers]
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    if not lines:
        return no("No JW line is billed")
    units = sum((line.units for line in lines if line.units is not None), Decimal(0))
    return yes(
        f"{number(units)} units are billed as discarded",
        *(sources.claim_line(q, line) for line in lines),
        waste_units=number(units),
        hcpcs=q.hcpcs,
        service_date=day(q.service_date),
    )


def _sizes(q: Inquiry, measure: str) -> list[Decimal]:
    return [vial.amount for vial in q.codes.hcpcs.vials(q.hcpcs) if vial.amount is not None and vial.unit == measure]


@check
def waste_billed_is_supported(q: Inquiry) -> Fact:
    """Whether the JW units follow from dose, charted waste and vial sizes (CMS discarded-drug policy, facts 4.3)."""
    lines = [line for line in q.lines_of_code() if "JW" in line.modifiers]
    drug, given = drug_of(q), given_dose(q)
    if not lines or any(line.units is None for line in lines):
        return unknown("No JW line with units is billed")
    if drug is None or drug.unit_qty is None or given.amount is None:
        return unknown("The dose given is not charted", missing=given.missing)
    billed = sum((line.units for line in lines if line.units is not None), Decimal(0))
    evidence = [*(sources.claim_line(q, line) for line in lines), *dose_evidence(q, given)]
    values = {"waste_units": number(billed), "hcpcs": q.hcpcs, "service_date": day(q.service_date)}
    if given.discarded is None:
        fault = "the chart documents no discarded amount"
        return no(fault, *evidence, charted_waste_units="0", waste_fault=fault, **values)
    opened = opened_amount(given.amount, given.discarded, _sizes(q, given.measure))
    if opened is None:
        return unknown("What was opened is not known", *evidence, missing=("the vials opened",))
    right = waste_lines(given.amount, drug.unit_qty, opened, True, given.measure)
    shown = sources.calculation(q, "waste-units", f"{right.says}; {number(billed)} billed as discarded")
    values |= {"charted_waste_units": number(right.discarded)}
    if billed != right.discarded:
        return no(right.says, *evidence, shown, waste_fault=right.says, **values)
    doubts = waste_doubts(given.amount, given.discarded, _sizes(q, given.measure), given.measure)
    if doubts:
        fault = doubts[0].says
        return no(fault, *evidence, shown, waste_fault=fault, **values)
    return yes(right.says, *evidence, shown, **values)


@check
def wastage_modifier_on_claim(q: Inquiry) -> Fact:
    """Whether any line of the code on that day carries JW or JZ."""
    lines = q.lines_of_code()
    if not lines:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    carried = sorted({modifier for line in lines for modifier in line.modifiers} & {"JW", "JZ"})
    evidence = [sources.claim_line(q, line) for line in lines]
    values = {"hcpcs": q.hcpcs, "service_date": day(q.service_date)}
    given = given_dose(q)
    fault, shown = _wastage_fault(q, carried)
    if fault:
        return no(
            fault, *evidence, *dose_evidence(q, given), modifier_state=shown, discarded_words=_used(given), **values
        )
    if carried:
        return yes(f"The claim carries {listed(carried)}", *evidence, wastage_modifier=listed(carried), **values)
    if given.amount is not None and given.discarded is not None:
        evidence += dose_evidence(q, given)
        values["discarded_words"] = _used(given)
    return no("The claim carries neither JW nor JZ", *evidence, modifier_state="with neither JW nor JZ", **values)


def _used(given: GivenDose) -> str:
    if given.amount is None or given.discarded is None:
        return ""
    thrown = f"{number(given.discarded)} {given.measure}" if given.discarded else "nothing"
    return f"{number(given.amount)} {given.measure} given and {thrown} discarded"


def _wastage_fault(q: Inquiry, carried: list[str]) -> tuple[str, str]:
    """Say what is wrong with JW and JZ as sent: both on one line, or JZ though a unit and more was discarded (4.3)."""
    if any({"JW", "JZ"} <= set(line.modifiers) for line in q.lines_of_code()):
        return "One line carries both JW and JZ", "with JW and JZ on one line"
    given, drug = given_dose(q), drug_of(q)
    if carried != ["JZ"] or drug is None or drug.unit_qty is None or given.amount is None or not given.discarded:
        return "", ""
    right = waste_lines(given.amount, drug.unit_qty, given.amount + given.discarded, True, given.measure)
    if not right.discarded:
        return "", ""
    return (
        f"The claim carries JZ, and {number(right.discarded)} units were discarded",
        "with JZ, as if nothing was discarded",
    )


@check
def charted_waste_differs(q: Inquiry) -> Fact:
    """Whether the line bills discarded drug (JW) in other units than were charted as discarded.

    Whether other vials would have wasted less is a question of an audit, not of the claim.
    """
    line = q.case.line
    if line is None or "JW" not in line.modifiers:
        return no("The line bills no discarded drug")
    found = q.fact("waste-billed-is-supported")
    if found.truth != "refuted":
        return no(found.says, *found.evidence) if found.truth == "confirmed" else found
    if found.values.get("waste_units") == found.values.get("charted_waste_units"):
        return no("The units billed as discarded are those charted", *found.evidence)
    return yes(found.says, *found.evidence, **found.values)

"""Facts about supportive drugs with rules of their own: erythropoiesis-stimulating agents, growth factors."""

from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.clinical import clinical
from agent.diagnosis.given import drug_of, no_drug
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, number
from knowledge.types.evidence import Fact

ESA_MODIFIERS = frozenset({"EA", "EB", "EC"})
"""What an ESA line says of the anemia's reason (NCD 110.21, domain facts RC56)."""
ESA_CEILING = Decimal(10)
"""Hemoglobin in g/dL below which treatment may start (NCD 110.21)."""
ESA_BY_REASON = {"D6481": "EA", "D631": "EC"}
"""The modifier by the charted diagnosis: EA anemia of chemotherapy, EC of kidney disease (NCD 110.21)."""
HEMOGLOBIN = "718-7"
ANEMIA = ("D63", "D64")
"""ICD-10-CM categories of anemia in other diseases and of other anemias, chemotherapy's among them."""
CSF_HOURS_DAYS = (1, 14)
"""A growth factor is given at least a day after chemotherapy and not in the two weeks before the next (facts 4.7)."""


@check
def drug_is_esa(q: Inquiry) -> Fact:
    """Whether the drug is an erythropoiesis-stimulating agent."""
    drug = drug_of(q)
    if drug is None:
        return no_drug(q)
    return yes(f"{drug.generic} is an ESA") if "poetin" in drug.generic else no(f"{drug.generic} is no ESA")


@check
def esa_rule_broken(q: Inquiry) -> Fact:
    """Whether the line lacks EA, EB or EC, or the last hemoglobin by the service was 10 g/dL or more."""
    line, served, chart = q.subject, q.service_date, q.case.chart
    if line is None or served is None:
        return unknown("The claim line is not at hand", missing=("the claim as submitted (837)",))
    values = {"hcpcs": line.hcpcs, "service_date": day(served)}
    if not set(line.modifiers) & ESA_MODIFIERS:
        fault = "none of EA, EB, EC is on the line"
        return yes(fault, sources.claim_line(q), esa_fault=fault, **values)
    labs = [
        item
        for item in (chart.observations if chart else ())
        if item.loinc == HEMOGLOBIN and item.value is not None and item.day is not None and item.day <= served
    ]
    if not labs:
        return unknown("No hemoglobin by the day of service is charted", missing=("the hemoglobin before the dose",))
    last = max(labs, key=lambda item: str(item.day))
    assert last.value is not None
    says = f"Hemoglobin {number(last.value.value)} g/dL on {day(last.day)}"
    evidence = (sources.claim_line(q), sources.chart(q, last.resource, says))
    if last.value.value >= ESA_CEILING:
        return yes(says, *evidence, esa_fault=f"{says}, not below {number(ESA_CEILING)}", **values)
    return no(f"{says}, below {number(ESA_CEILING)}", *evidence, **values)


@check
def esa_rule_settled(q: Inquiry) -> Fact:
    """Whether the chart answers the ESA rule: broken, or kept with the modifier on the line and a low hemoglobin.

    Two hemoglobins of one day on both sides of the bound settle nothing.
    """
    if q.fact("drug-is-esa").truth != "confirmed":
        return no("The drug is no ESA")
    if q.fact("chart-contradicts-itself").truth == "confirmed":
        return unknown(
            "The hemoglobins of one day contradict each other", missing=("which hemoglobin was before the dose",)
        )
    broken = q.fact("esa-rule-broken")
    if broken.truth != "refuted":
        return broken
    carried = sorted(set(q.subject.modifiers) & ESA_MODIFIERS) if q.subject else []
    says = f"{broken.says}, with {', '.join(carried)} on the line"
    return yes(says, *broken.evidence, **{**broken.values, "esa_fault": says})


@check
def esa_rule_kept(q: Inquiry) -> Fact:
    """Whether the line carries its modifier and the last hemoglobin by the service was below 10 g/dL."""
    broken = q.fact("esa-rule-broken")
    if broken.truth == "refuted":
        return yes(broken.says, *broken.evidence)
    return no(broken.says) if broken.truth == "confirmed" else broken


@check
def esa_modifier_missing(q: Inquiry) -> Fact:
    """Whether none of EA, EB and EC is on the line."""
    line = q.subject
    if line is None:
        return unknown("The claim line is not at hand", missing=("the claim as submitted (837)",))
    if set(line.modifiers) & ESA_MODIFIERS:
        return no("The line carries its modifier")
    return yes("None of EA, EB, EC is on the line", sources.claim_line(q), *_why_anemic(q))


def _why_anemic(q: Inquiry) -> tuple[str, ...]:
    """Show what a coder chooses the modifier by: the diagnoses of anemia, and the newest hemoglobin by the service."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return ()
    shown: list[str] = []
    reasons = set()
    for found in chart.conditions:
        code = found.icd10.replace(".", "").upper()
        if not code.startswith(ANEMIA) or found.status in ("entered-in-error", "refuted", "resolved", "inactive"):
            continue
        printed = f"{code[:3]}.{code[3:]}".rstrip(".")
        marked = {"anemia_code": printed} if code in ESA_BY_REASON else {}
        says = f"Diagnosis {printed}{f', {found.text}' if found.text else ''}"
        shown.append(sources.chart(q, found.resource, says, **marked))
        reasons |= {code} & set(ESA_BY_REASON)
    if len(reasons) == 1:
        mark = ESA_BY_REASON[next(iter(reasons))]
        says = f"Anemia of this diagnosis is marked with modifier {mark} (NCD 110.21)"
        shown.append(sources.calculation(q, "esa-modifier", says, esa_modifier=mark))
    labs = [item for item in chart.observations if item.loinc == HEMOGLOBIN and item.value is not None and item.day]
    before = [item for item in labs if item.day is not None and item.day <= served]
    newest = max((item.day for item in before if item.day is not None), default=None)
    for item in before:
        if item.day == newest and item.value is not None and item.value.value is not None:
            value = number(item.value.value)
            says = f"Hemoglobin {value} g/dL on {day(item.day)}"
            shown.append(sources.chart(q, item.resource, says, hemoglobin=value, hemoglobin_on=day(item.day)))
    return tuple(shown)


@check
def drug_is_growth_factor(q: Inquiry) -> Fact:
    """Whether the drug is a myeloid growth factor."""
    drug = drug_of(q)
    if drug is None:
        return no_drug(q)
    named = any(word in drug.generic for word in ("grastim", "sargramostim"))
    return yes(f"{drug.generic} is a growth factor") if named else no(f"{drug.generic} is no growth factor")


@check
def growth_factor_timing_broken(q: Inquiry) -> Fact:
    """Whether chemotherapy is charted on the day of the growth factor, or within two weeks after it."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return unknown("The chart is not at hand", missing=("the regimen and its dates",))
    charted = [
        (
            dose.day,
            dose.drug or dose.hcpcs,
            sources.chart(q, dose.resource, f"{dose.hcpcs} was given on {day(dose.day)}"),
        )
        for dose in chart.doses
        if dose.day is not None and _is_chemotherapy(dose.hcpcs) and dose.status in ("completed", "")
    ]
    billed = [
        (line.start_date, line.hcpcs, sources.other_claim_line(q, claim, line))
        for claim in q.case.member_claims
        for line in claim.lines
        if line.start_date is not None and _is_chemotherapy(line.hcpcs)
    ]
    if not charted and not billed:
        return unknown("No chemotherapy is charted", missing=("the regimen and its dates",))
    near, far = CSF_HOURS_DAYS
    for given_on, drug, evidence in sorted((*charted, *billed), key=lambda item: str(item[0])):
        assert given_on is not None
        after = (given_on - served).days
        if -near < after < far:
            when = "the same day" if after == 0 else f"{after} days later"
            says = f"{drug} was given {when} ({day(given_on)})"
            shown = sources.calculation(q, "days-to-chemotherapy", f"{day(served)} to {day(given_on)}: {after} days")
            values = {"hcpcs": q.hcpcs, "service_date": day(served)}
            return yes(says, sources.claim_line(q), evidence, shown, csf_fault=says, **values)
    return no("No chemotherapy on the day or within two weeks after")


@check
def growth_factor_rule_settled(q: Inquiry) -> Fact:
    """Whether the chart answers a growth factor's rules: timing broken, or kept with a regimen of high risk.

    The regimen is one the policy in force names as of high risk (febrile neutropenia in 20 % or more).
    """
    if q.fact("drug-is-growth-factor").truth != "confirmed":
        return no("The drug is no growth factor")
    broken = q.fact("growth-factor-timing-broken")
    if broken.truth != "refuted":
        return broken
    met = [row for row in clinical(q).rows("regimen") if row.outcome == "met"]
    if not met:
        return unknown(
            "The regimen is not found among those the policy calls of high risk",
            missing=("the regimen and its risk of febrile neutropenia",),
        )
    evidence = [
        sources.chart(q, row.source, row.quote, quote=row.quote) for row in met if row.quote and "/" in row.source
    ]
    says = f"{met[0].chart_fact}; no chemotherapy on the day or within two weeks after"
    return yes(says, *evidence, *broken.evidence, csf_fault=says, hcpcs=q.hcpcs, service_date=day(q.service_date))


@check
def drug_is_chemotherapy(q: Inquiry) -> Fact:
    """Whether the code lies in the antineoplastic range, which SNF consolidated billing leaves out (facts RC43)."""
    return yes(f"{q.hcpcs} is chemotherapy") if _is_chemotherapy(q.hcpcs) else no(f"{q.hcpcs} is no chemotherapy")


def _is_chemotherapy(code: str) -> bool:
    """Tell whether a HCPCS code lies in the antineoplastic range J9000-J9999."""
    return code.startswith("J9")

"""Facts about the course of treatment that a payer's edit turns on: growth factors, courses begun, doses ordered."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from agent.diagnosis import sources
from agent.diagnosis.body import body_on
from agent.diagnosis.checks.dose import mg_given
from agent.diagnosis.checks.supportive import CSF_HOURS_DAYS, _is_chemotherapy
from agent.diagnosis.given import drug_of, given_dose, order_in_force
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.chart import DoseGiven
from knowledge.types.evidence import Fact
from tools.dosing.ordered import ordered_dose

LOOK_BACK = timedelta(days=365)
"""How long a Medicare Advantage member counts as on the drug: step therapy is for new starts alone (42 CFR 422.136)."""


@check
def growth_factor_timing_seen(q: Inquiry) -> Fact:
    """Whether chemotherapy falls on the growth factor's day or within two weeks after, as far as known by today.

    A dose charted or billed for a day that has not come when the claim goes out is a plan: it proves nothing yet.
    """
    chart, served = q.case.chart, q.service_date
    if served is None:
        return unknown("The date of service is not stated", missing=("the claim as submitted (837)",))
    near, far = CSF_HOURS_DAYS
    seen: list[tuple[date | None, str, Callable[[], str]]] = [
        (dose.day, dose.drug or dose.hcpcs, partial(_charted, q, dose))
        for dose in (chart.doses if chart else ())
        if dose.day is not None and _is_chemotherapy(dose.hcpcs) and dose.status in ("completed", "")
    ]
    seen += [
        (line.start_date, line.hcpcs, partial(sources.other_claim_line, q, claim, line))
        for claim in q.case.member_claims
        for line in claim.lines
        if line.start_date is not None and _is_chemotherapy(line.hcpcs)
    ]
    for given_on, drug, evidence in sorted(seen, key=lambda item: str(item[0])):
        after = (given_on - served).days if given_on is not None else far
        if given_on is not None and given_on <= q.as_of and -near < after < far:
            when = "the same day" if after == 0 else f"{after} days later"
            says = f"{drug} was given {when} ({day(given_on)})"
            values = {"hcpcs": q.hcpcs, "service_date": day(served)}
            return yes(says, sources.claim_line(q), evidence(), csf_fault=says, **values)
    if not seen:
        return unknown("No chemotherapy is charted", missing=("the regimen and its dates",))
    return no("No chemotherapy known by today falls on the day or within two weeks after")


def _charted(q: Inquiry, dose: DoseGiven) -> str:
    return sources.chart(q, dose.resource, f"{dose.hcpcs} on {day(dose.day)}")


@check
def member_is_on_the_drug(q: Inquiry) -> Fact:
    """Whether a Medicare Advantage member had this very drug within a year before: no step is asked of a current user.

    Other lines of business set rules of their own, which their policies say; there this proves nothing.
    """
    payer, served = q.case.payer, q.service_date
    if payer is None or served is None or payer.line_of_business != "medicare_advantage":
        return no("The rule of new starts is Medicare Advantage's")
    for dose in q.case.chart.doses if q.case.chart else ():
        if dose.hcpcs == q.hcpcs and dose.day is not None and served - LOOK_BACK <= dose.day < served:
            says = f"{q.hcpcs} was given on {day(dose.day)}, within a year before"
            return yes(says, sources.chart(q, dose.resource, says))
    for paid in q.case.history:
        on = paid.service_date
        if paid.hcpcs == q.hcpcs and paid.paid_on is not None and on is not None and served - LOOK_BACK <= on < served:
            says = f"{q.hcpcs} of {day(on)} was paid by {payer.name}"
            return yes(says, q.ledger.add("remit", f"{paid.file} segment {paid.segment}", says))
    return no(f"No {q.hcpcs} of the year before is on record")


@check
def dose_is_above_what_was_ordered(q: Inquiry) -> Fact:
    """Whether the dose is over a limit; one below its order is a question of the chart, and no payer's edit."""
    found = q.fact("dose-over-label-or-body")
    if found.truth != "confirmed" or found.values.get("dose_limit"):
        return found
    order, milligrams, drug = order_in_force(q), mg_given(given_dose(q)), drug_of(q)
    if order is None or milligrams is None:
        return found
    ordered = ordered_dose(order.dose, body_on(q), drug.generic if drug else "").milligrams
    if ordered and milligrams < min(ordered):
        return no(f"{found.says}: less than ordered is no excess", *found.evidence)
    return found

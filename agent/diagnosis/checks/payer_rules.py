"""Facts about the payer itself, as the practice has set them in payers.yaml."""

from datetime import timedelta

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.evidence import Fact


def _no_payer() -> Fact:
    return unknown("The payer of the remit is not in payers.yaml", missing=("the payer's entry in payers.yaml",))


@check
def payer_is_medicare_ffs(q: Inquiry) -> Fact:
    """Whether the payer is original Medicare."""
    payer = q.case.payer
    if payer is None:
        return _no_payer()
    says = f"{payer.name} is {payer.line_of_business.replace('_', ' ')}"
    return yes(says) if payer.line_of_business == "medicare_ffs" else no(says)


@check
def payer_takes_authorizations(q: Inquiry) -> Fact:
    """Whether the payer authorizes drugs at all: original Medicare does not for Part B drugs."""
    payer = q.case.payer
    if payer is None:
        return _no_payer()
    if payer.line_of_business == "medicare_ffs":
        return no(f"{payer.name} is original Medicare, which authorizes no Part B drugs in advance")
    return yes(f"{payer.name} may require authorization", payer_name=payer.name)


@check
def payer_never_authorizes_afterwards(q: Inquiry) -> Fact:
    """Whether the practice set that this payer never authorizes after the service (retro days 0)."""
    payer = q.case.payer
    if payer is None or payer.retro_authorization_days is None:
        return unknown("Whether the payer authorizes after the service is not set")
    if payer.retro_authorization_days == 0:
        says = f"{payer.name} never authorizes after the service (retro_authorization_days 0)"
        return yes(says, sources.payer_setting(q, "retro_authorization_days", says))
    return no(f"{payer.name} may authorize up to {payer.retro_authorization_days} days after the service")


def _retro_window(q: Inquiry) -> tuple[bool | None, str]:
    payer, served = q.case.payer, q.service_date
    if payer is None or payer.retro_authorization_days is None or served is None:
        return None, "The payer's window for authorization after the service is not set"
    if payer.retro_authorization_days == 0:
        return False, f"{payer.name} never authorizes after the service"
    last = served + timedelta(days=payer.retro_authorization_days)
    is_open = q.as_of <= last
    return is_open, (
        f"{payer.name} takes requests up to {payer.retro_authorization_days} days after the service, "
        f"{'until' if is_open else 'which ended'} {day(last)}"
    )


@check
def retro_authorization_window_open(q: Inquiry) -> Fact:
    """Whether the payer's window for authorization after the service is still open on the working day."""
    is_open, says = _retro_window(q)
    if is_open is None:
        return unknown(says, missing=("the payer's retro_authorization_days",))
    return yes(says) if is_open else no(says)


@check
def retro_authorization_window_closed(q: Inquiry) -> Fact:
    """Whether that window is known to have ended, or never existed."""
    is_open, says = _retro_window(q)
    if is_open is None:
        return unknown(says)
    return no(says) if is_open else yes(says)


@check
def payer_wants_wastage_modifiers(q: Inquiry) -> Fact:
    """Whether the payer requires JW or JZ: its setting; original Medicare since 2023-07-01 by rule."""
    payer = q.case.payer
    if payer is None:
        return _no_payer()
    served = q.service_date
    if payer.wastage_modifiers is True:
        says = f"{payer.name} requires JW or JZ (wastage_modifiers)"
        return yes(says, sources.payer_setting(q, "wastage_modifiers", says))
    if payer.wastage_modifiers is False:
        return no(f"{payer.name} does not use JW and JZ (wastage_modifiers false)")
    if payer.line_of_business == "medicare_ffs" and served is not None and served.isoformat() >= "2023-07-01":
        return yes(f"{payer.name} is original Medicare: JW or JZ is required for services since 2023-07-01")
    return unknown(
        f"Whether {payer.name} requires JW or JZ is not set",
        missing=("the payer's wastage_modifiers setting",),
    )


@check
def payer_wants_ndc(q: Inquiry) -> Fact:
    """Whether the payer requires the NDC: its setting, else a remark that names the NDC as the fault."""
    payer = q.case.payer
    if payer is not None and payer.ndc_required is True:
        says = f"{payer.name} requires the NDC (ndc_required)"
        return yes(says, sources.payer_setting(q, "ndc_required", says))
    if payer is not None and payer.ndc_required is False:
        return no(f"{payer.name} does not require the NDC (ndc_required false)")
    named = [code for code in q.remarks if (row := q.codes.rarc.lookup(code)) and row.category == "ndc"]
    if named:
        return yes(f"The remit names the NDC as the fault ({named[0]})", sources.remit_line(q))
    return unknown("Whether the payer requires the NDC is not set", missing=("the payer's ndc_required setting",))


@check
def payer_wants_preferred_product(q: Inquiry) -> Fact:
    """Whether payers.yaml lists products to be tried before this one."""
    payer = q.case.payer
    if payer is None:
        return _no_payer()
    if payer.line_of_business == "medicare_ffs":
        return no(f"{payer.name} is original Medicare, which has no step therapy")
    rule = next((rule for rule in payer.step_therapy if rule.drug == q.hcpcs), None)
    if rule is None and payer.step_therapy:
        return no(f"{payer.name}'s step rules do not name {q.hcpcs}")
    if rule is None:
        return unknown(f"No step rule of {payer.name} for {q.hcpcs} is set", missing=("the payer's step rule",))
    says = f"{payer.name} wants {' or '.join(rule.prefer)} before {q.hcpcs}"
    return yes(
        says,
        sources.payer_setting(q, "step_therapy", says),
        preferred=" or ".join(rule.prefer),
        payer_name=payer.name,
        hcpcs=q.hcpcs,
    )


@check
def preferred_product_tried(q: Inquiry) -> Fact:
    """Whether the chart shows a preferred product before the service: given, ordered or stated."""
    payer, chart, served = q.case.payer, q.case.chart, q.service_date
    rule = next((rule for rule in (payer.step_therapy if payer else ()) if rule.drug == q.hcpcs), None)
    if rule is None or served is None:
        return unknown("No step rule applies")
    if chart is None:
        return unknown("The chart is not there to look in", missing=("the patient's chart",))
    for dose in chart.doses:
        if dose.hcpcs in rule.prefer and dose.day is not None and dose.day < served:
            says = f"{dose.hcpcs} was given on {day(dose.day)}"
            return yes(says, sources.chart(q, dose.resource, says))
    for prior in chart.prior_treatments:
        if prior.hcpcs in rule.prefer:
            says = f"{prior.drug or prior.hcpcs} was given before"
            return yes(says, sources.chart(q, prior.resource, says))
    names = {
        name.casefold()
        for code in rule.prefer
        if (drug := q.codes.hcpcs.lookup(code, served)) is not None
        for name in (drug.generic, drug.brand)
        if name and name != "-"
    }
    for document in chart.documents:
        if any(name in document.text.casefold() for name in names):
            return unknown(
                f"{document.kind} of {day(document.day)} speaks of a preferred product: a person must read it",
                sources.document(q, document),
                missing=("a reading of the notes on earlier treatment",),
            )
    return no(
        f"The chart shows no {' or '.join(rule.prefer)} before {day(served)}",
        service_date=day(served),
        hcpcs=q.hcpcs,
    )

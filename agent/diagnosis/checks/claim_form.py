"""Facts about what the claim as submitted carries: modifiers, NDC, providers, numbers."""

from agent.diagnosis import sources
from agent.diagnosis.crosswalk import quantity_fault
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed
from agent.diagnosis.product_form import form_fault, other_product, strength_fault
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.evidence import Fact
from tools.denials.answers import takes_replacements
from tools.dosing.ndc import is_claim_ndc

NO_CLAIM = "The claim as submitted is not in the records"
GET_CLAIM = ("the claim as submitted (837)",)


@check
def ndc_on_line_complete(q: Inquiry) -> Fact:
    """Whether LIN03 is an 11-digit NDC under N4 and CTP names a quantity and a known unit (837P loop 2410)."""
    line = q.subject
    if line is None:
        return unknown(NO_CLAIM, missing=GET_CLAIM)
    if line.hcpcs.isdigit():
        return yes(f"{line.hcpcs} is no drug and takes no NDC")
    fault = _ndc_fault(q)
    evidence = sources.claim_line(q)
    charted, charted_evidence = _charted_ndc(q)
    values = {"hcpcs": line.hcpcs, "service_date": day(q.service_date), "charted_ndc": charted}
    if not fault and _names_ndc(q) and (product := other_product(q))[0]:
        return no(product[0], evidence, product[1], charted_evidence, ndc_fault=product[0], **values)
    quantity, crosswalk = _quantity_fault(q) if not fault else ("", "")
    if quantity:
        # The NDC stands; its quantity is what a coder must set, so no NDC is offered to put in its place.
        values.pop("charted_ndc")
        return no(quantity, evidence, crosswalk, ndc_fault=quantity, **values)
    if fault:
        return no(fault, evidence, charted_evidence, ndc_fault=fault, **values)
    assert line.drug is not None
    return yes(f"The line carries NDC {line.drug.ndc} with quantity and unit", evidence, ndc=line.drug.ndc, **values)


def _quantity_fault(q: Inquiry) -> tuple[str, str]:
    """Say how unit or quantity do not fit the product: by its form, the crosswalk of the quarter, or its strength."""
    if _names_ndc(q) and (form := form_fault(q))[0]:
        return form
    found = quantity_fault(q)
    return strength_fault(q) if not found[0] and _names_ndc(q) else found


def _ndc_fault(q: Inquiry) -> str:
    drug = q.subject.drug if q.subject else None
    if drug is None or not drug.ndc:
        return "no NDC was sent"
    if drug.ndc_qualifier != "N4":
        return f"the NDC's qualifier is {drug.ndc_qualifier or 'blank'}, not N4"
    if not is_claim_ndc(drug.ndc):
        return f"the NDC {drug.ndc} is not 11 digits"
    if drug.quantity is None or drug.quantity <= 0:
        return "the NDC has no quantity"
    if drug.unit not in ("UN", "ML", "GR", "ME", "F2"):
        return f"the NDC's unit is {drug.unit or 'blank'}, not one of UN, ML, GR, ME, F2"
    return ""


def _charted_ndc(q: Inquiry) -> tuple[str, str]:
    """Find the one NDC charted for the dose of that day; empty when none or several."""
    if q.case.chart is None:
        return "", ""
    doses = [
        dose
        for dose in q.case.chart.doses
        if dose.hcpcs == q.hcpcs and dose.day == q.service_date and is_claim_ndc(dose.ndc)
    ]
    if len({dose.ndc for dose in doses}) != 1:
        return "", ""
    says = f"The administration of {day(q.service_date)} records NDC {doses[0].ndc}"
    return doses[0].ndc, sources.chart(q, doses[0].resource, says, charted_ndc=doses[0].ndc)


@check
def ordering_provider_on_claim(q: Inquiry) -> Fact:
    """Whether an ordering (DK) or referring (DN) provider with an NPI is named on line or claim."""
    claim = q.case.claim
    if claim is None:
        return unknown(NO_CLAIM, missing=GET_CLAIM)
    named = {**dict(claim.providers), **dict(q.subject.providers if q.subject else ())}
    npi = named.get("DK") or named.get("DN")
    known = next((p for p in q.case.practice.providers if p.npi == npi), None)
    payer = q.case.payer
    if known is not None and payer is not None and known.payers_enrolled is not None:
        if payer.id not in known.payers_enrolled:
            fault = f"{known.name} (NPI {npi}) is not enrolled with {payer.name} by the practice's roster"
            evidence = sources.claim_header(q, f"The claim names ordering or referring NPI {npi}", "NM1*D")
            return no(fault, evidence, ordering_fault=fault, service_date=day(q.service_date))
    if npi:
        return yes(f"The claim names ordering or referring provider {npi}", sources.claim_line(q))
    return no(
        "The claim names no ordering or referring provider",
        sources.claim_header(q, "The claim names no ordering or referring provider"),
        ordering_fault="the claim names no ordering or referring provider",
        service_date=day(q.service_date),
    )


@check
def rendering_enrolled_with_payer(q: Inquiry) -> Fact:
    """Whether the practice's roster lists the rendering provider as enrolled with this payer."""
    claim, payer = q.case.claim, q.case.payer
    if claim is None or payer is None:
        return unknown(NO_CLAIM, missing=GET_CLAIM)
    named = {**dict(claim.providers), **dict(q.subject.providers if q.subject else ())}
    npi = named.get("82", "")
    provider = next((p for p in q.case.practice.providers if p.npi == npi), None)
    if not npi or provider is None:
        return unknown(
            f"Rendering provider {npi or '(none)'} is not in practice.yaml",
            missing=("the rendering provider's enrollment with the payer",),
        )
    values = {
        "rendering": f"{provider.name} (NPI {npi})",
        "payer_name": payer.name,
        "hcpcs": q.hcpcs,
        "service_date": day(q.service_date),
    }
    if provider.payers_enrolled is None or payer.id in provider.payers_enrolled:
        return yes(f"{provider.name} is enrolled with {payer.name} by the practice's roster", **values)
    says = f"{provider.name} is enrolled with {listed(provider.payers_enrolled) or 'no payer'}, not {payer.name}"
    return no(says, sources.claim_header(q, f"Rendering provider is NPI {npi}", "NM1*82"), **values)


@check
def replacement_lacks_original_number(q: Inquiry) -> Fact:
    """Whether a replacement or void (frequency 7, 8) was sent without the payer's claim number (REF*F8)."""
    claim = q.case.claim
    if claim is None:
        return unknown(NO_CLAIM, missing=GET_CLAIM)
    if claim.frequency not in ("7", "8"):
        return _sent_as_new(q)
    payer = q.case.payer
    if payer is not None and not takes_replacements(payer):
        says = f"Frequency {claim.frequency} was sent to {payer.name}, which takes no replacement claims"
        evidence = sources.payer_setting(q, "replacement_claims", f"{payer.name} takes no replacement claims")
        return yes(says, sources.claim_header(q, says), evidence, frequency=claim.frequency, replacement_fault=says)
    if claim.original_reference:
        return no(f"The replacement names original {claim.original_reference}")
    says = f"Frequency {claim.frequency} was sent without the payer's original claim number"
    fault = "it does not name the payer's original claim number"
    return yes(says, sources.claim_header(q, says), frequency=claim.frequency, replacement_fault=fault)


def _sent_as_new(q: Inquiry) -> Fact:
    """Tell whether an original (frequency 1) bills in another form what an earlier claim had billed that day.

    An exact copy corrects nothing: it is a duplicate, not a replacement that was sent as new.
    """
    claim, line = q.case.claim, q.subject
    if claim is None or line is None or claim.submitted_on is None:
        return no("The claim is an original (frequency 1)")
    for other in q.case.member_claims:
        earlier = other.submitted_on is not None and other.submitted_on < claim.submitted_on
        if not earlier or other.claim_id == claim.claim_id or other.payer_id != claim.payer_id:
            continue
        shared = next((b for b in other.lines for a in claim.lines if _same_service(a, b)), None)
        before = [_content(sent) for sent in other.lines]
        copied = all(_content(sent) in before for sent in claim.lines)
        if shared is None or (copied and _header(other) == _header(claim)):
            continue
        says = f"Claim {claim.claim_id} bills the visit of claim {other.claim_id} anew, changed, as an original"
        evidence = (sources.claim_line(q), sources.other_claim_line(q, other, shared))
        fault = "it does not name the payer's original claim number"
        return yes(says, *evidence, frequency="1", earlier_claim=other.claim_id, replacement_fault=fault)
    return no("The claim is an original (frequency 1)")


def _same_service(one: ClaimLine, other: ClaimLine) -> bool:
    return (one.hcpcs, one.start_date) == (other.hcpcs, other.start_date)


def _content(line: ClaimLine) -> tuple[object, ...]:
    return (line.hcpcs, line.modifiers, line.units, line.charge, line.start_date, line.drug, line.authorizations)


def _header(claim: SubmittedClaim) -> tuple[object, ...]:
    return (claim.diagnoses, claim.authorizations, claim.providers, claim.place_of_service)


@check
def noc_line_has_no_narrative(q: Inquiry) -> Fact:
    """Whether a not-otherwise-classified drug line names no drug (SV101-7 and NTE blank)."""
    line = q.subject
    if line is None:
        return unknown(NO_CLAIM, missing=GET_CLAIM)
    if line.hcpcs not in q.codes.hcpcs.unclassified:
        return no(f"{line.hcpcs} is a specific code")
    if line.description or line.notes:
        return no("The line names the drug", sources.claim_line(q))
    return yes("The line names no drug", sources.claim_line(q), hcpcs=line.hcpcs, service_date=day(q.service_date))


@check
def claim_carries_what_edit_misses(q: Inquiry) -> Fact:
    """Whether what the payer calls missing or invalid is on the claim and valid."""
    if q.hcpcs.isdigit() and _names_ndc(q):
        return unknown("The payer names an NDC on a line that takes none")
    if q.case.claim is None:
        return unknown(NO_CLAIM, missing=GET_CLAIM)
    if _names_ndc(q):
        return _ndc_is_known(q) or _compare(q, "the NDC is missing or invalid", "ndc-on-line-complete")
    if q.remarks & {"N350", "N850"} and q.hcpcs in q.codes.hcpcs.unclassified:
        return _named_drug(q)
    if q.remarks & {"N822", "N823"}:
        return _modifier(q)
    if q.remarks & {"N264", "N265", "N285", "N286"}:
        return _compare(q, "the ordering or referring provider is missing", "ordering-provider-on-claim")
    if "181" in q.carcs or q.remarks & {"M20", "N56", "M84"}:
        served = q.service_date
        if served is None or not q.hcpcs:
            return unknown("Code or date of service is not stated")
        state = q.codes.hcpcs.state(q.hcpcs, served)
        evidence = sources.code_table(q, "hcpcs", q.hcpcs, state.says)
        values = {
            "edit_says": f"{q.hcpcs} is not valid on {day(served)}",
            "edit_found": f"{q.hcpcs}, in force on {day(served)} by the HCPCS table",
        }
        if state.state == "active" and (newer := sources.newer_table(q, q.hcpcs)):
            return unknown(state.says, evidence, missing=newer)
        if state.state == "active":
            return yes(state.says, sources.remit_line(q), evidence, sources.claim_line(q), **values)
        return unknown(state.says) if state.state == "unknown" else no(state.says, evidence)
    return unknown("What the payer calls missing is not one element this check knows")


def _named_drug(q: Inquiry) -> Fact:
    """Answer a payer that misses the words of a not-otherwise-classified line (SV101-7 or NTE)."""
    line = q.subject
    words = (line.description or "; ".join(line.notes)) if line else ""
    if not words:
        return no("The line names no drug", sources.claim_line(q))
    found = f'the words "{words}"'
    edit = "the description of the unlisted drug is missing"
    says = f"The payer says {edit}; the line carries {found}"
    return yes(says, sources.remit_line(q), sources.claim_line(q), edit_says=edit, edit_found=found)


def _modifier(q: Inquiry) -> Fact:
    """Compare a modifier called missing: JW or JZ is there, or the drug's multi-dose containers take neither (4.3)."""
    found = _compare(q, "a modifier is missing or invalid", "wastage-modifier-on-claim")
    container = q.fact("drug-in-single-dose-container")
    if found.truth != "refuted" or container.truth != "refuted" or q.fact("trial-in-chart").truth == "confirmed":
        return found
    return yes(
        f"The payer says a modifier is missing; {container.says}, which takes neither JW nor JZ",
        sources.remit_line(q),
        sources.claim_line(q),
        *container.evidence,
        edit_says="a modifier is missing or invalid",
        edit_found="a drug from multi-dose containers, which takes neither JW nor JZ",
    )


NDC_UNKNOWN = frozenset({"N846", "N847", "N848"})
"""Remarks by which a well written NDC is of another code, withdrawn, or no product: its form says nothing of that."""


def _ndc_is_known(q: Inquiry) -> Fact | None:
    """Tell that only the crosswalk of the quarter answers a payer who does not know the NDC; None where it does."""
    line, served = q.subject, q.service_date
    if not q.remarks & NDC_UNKNOWN or line is None or line.drug is None or served is None:
        return None
    rows = q.codes.ndc.rows(line.drug.ndc, served)
    if any(row.code == q.hcpcs and row.same_quarter for row in rows):
        return None
    missing = (f"the NDC-HCPCS crosswalk of the quarter of {day(served)}",)
    return unknown(f"Whether NDC {line.drug.ndc} is a product billed as {q.hcpcs} is not known", missing=missing)


def _compare(q: Inquiry, edit: str, wanted: str) -> Fact:
    found = q.fact(wanted)
    if found.truth != "confirmed":
        return found.model_copy(update={"values": {}})
    return yes(
        f"The payer says {edit}; {found.says}",
        sources.remit_line(q),
        *found.evidence,
        edit_says=edit,
        edit_found=found.says.removeprefix("The claim carries ").removeprefix("The line carries "),
    )


def _names_ndc(q: Inquiry) -> bool:
    return any(row.category == "ndc" for code in q.remarks if (row := q.codes.rarc.lookup(code)))

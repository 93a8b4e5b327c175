"""Whether an NDC's unit and quantity fit the product: solutions in millilitres, powders in vials (facts 4.6).

Only where the payer names the NDC as the fault: a unit that another payer takes is no fault by itself.
"""

from decimal import ROUND_CEILING, Decimal

from agent.diagnosis import sources
from agent.diagnosis.given import drug_of, given_dose, names_drug
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import day, number
from knowledge.types.chart import Amount
from tools.chart.sentences import sentences
from tools.corrected_claim.product_forms import form_of, product_item
from tools.dosing.ndc import is_claim_ndc, same_product
from tools.dosing.strength import noted_strengths
from tools.dosing.units import in_mg

_FORMS = {"ML": "a solution, reported in millilitres", "UN": "a powder, reported in vials"}
_NEVER = {"GR": "grams, which are for creams and bulk powders", "ME": "milligrams, which no payer takes for a vial"}
_SLACK = Decimal("0.05")
"""How far a quantity may lie beside the dose's own: vials are overfilled and figures are rounded."""


def form_fault(q: Inquiry) -> tuple[str, str]:
    """Say how the NDC's unit does not fit what the drug is made as, with the dose's record as evidence; else empty."""
    sent, drug = q.subject.drug if q.subject else None, drug_of(q)
    if sent is None or drug is None or not sent.unit:
        return "", ""
    wanted = form_of(drug.generic)
    if wanted and sent.unit != wanted and not _by_piece(drug.container, sent.unit):
        says = f"{drug.generic} is {_FORMS[wanted]}, and the NDC's unit is {sent.unit}"
        return says, sources.code_table(q, "hcpcs", q.hcpcs, f"{q.hcpcs} is {drug.generic}, {_FORMS[wanted]} (label)")
    if not wanted and sent.unit in _NEVER and drug.unit_uom in ("mg", "mcg", "g"):
        says = f"the NDC's unit is {sent.unit}, {_NEVER[sent.unit]}"
        return says, sources.code_table(q, "hcpcs", q.hcpcs, f"{q.hcpcs} is {drug.generic}")
    return "", ""


def _by_piece(container: str, unit: str) -> bool:
    """Tell whether a syringe or kit is counted by the piece: payers take both."""
    return unit == "UN" and any(word in container.upper() for word in ("PFS", "SYRINGE", "KIT", "PEN"))


def strength_fault(q: Inquiry) -> tuple[str, str]:
    """Say how the NDC's quantity does not fit the units billed by the product's strength; empty when it may."""
    line, drug = q.subject, drug_of(q)
    sent = line.drug if line else None
    if line is None or sent is None or sent.quantity is None or line.units is None or drug is None:
        return "", ""
    unit_mg = _unit_mg(drug.unit_qty, drug.unit_uom)
    form, (noted, by_record) = form_of(drug.generic), _noted(q)
    if unit_mg is None or (form or ("ML" if noted else "")) != sent.unit:
        return "", ""
    bounds = _bounds(q, drug.generic, line.units, unit_mg, sent.unit, noted)
    if bounds is None or bounds[0] <= sent.quantity <= bounds[1]:
        return "", ""
    amount = f"{number(line.units)} units ({number(line.units * unit_mg)} mg)"
    says = (
        f"the NDC quantity {sent.unit} {number(sent.quantity)} does not fit {amount}, "
        f"which are {number(bounds[0])} to {number(bounds[1])}"
    )
    return says, by_record or sources.calculation(q, "ndc-quantity", says)


def _noted(q: Inquiry) -> tuple[Decimal | None, str]:
    """Read the vial's strength from the day's record of the drug, in mg per mL; None when unsaid or said two ways."""
    chart, served = q.case.chart, q.service_date
    if chart is None or served is None:
        return None, ""
    texts = [(text, dose.resource) for dose in given_dose(q).doses for text in dose.notes]
    for document in chart.documents:
        if document.day == served:
            texts += [(s.text, document.resource) for s in sentences(document.text) if names_drug(q, s.text)]
    said = {resource: noted_strengths([text]) for text, resource in texts}
    strengths = frozenset().union(*said.values()) if said else frozenset()
    if len(strengths) != 1:
        return None, ""
    strength = next(iter(strengths))
    resource = next(resource for resource, found in said.items() if found)
    says = f"The record of {day(served)} says the vial holds {number(strength)} mg in a millilitre"
    return strength, sources.chart(q, resource, says)


def _bounds(
    q: Inquiry, generic: str, units: Decimal, unit_mg: Decimal, unit: str, noted: Decimal | None
) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most that may be reported: billing units are rounded up, vials are opened whole.

    None where the label's strength and the record's are two: which product it was is not known.
    """
    sizes = [size for vial in q.codes.hcpcs.vials(q.hcpcs) if (size := _unit_mg(vial.amount, vial.unit))]
    least_mg, most_mg = max(units - 1, Decimal(0)) * unit_mg, units * unit_mg
    step = Decimal("0.01")
    if unit == "ML":
        item = product_item(generic, sizes, most_mg, exactly=False)
        strength = item.amount if item is not None else noted
        if strength is None or not sizes or (noted is not None and noted != strength):
            return None
        least, most = least_mg / strength, (most_mg + max(sizes)) / strength
        return (least * (1 - _SLACK)).quantize(step), (most * (1 + _SLACK)).quantize(step)
    if not sizes:
        return None
    return (least_mg / max(sizes)).quantize(step), (most_mg / min(sizes)).to_integral_value(ROUND_CEILING) + 1


def _unit_mg(amount: Decimal | None, unit: str | None) -> Decimal | None:
    return in_mg(Amount(value=amount, unit=unit)) if amount and unit else None


def other_product(q: Inquiry) -> tuple[str, str]:
    """Say that the NDC sent is not the product charted; empty when it is, or when several or none are charted.

    The last two digits name the package only: carton and vial are one product.
    """
    sent, chart = q.subject.drug if q.subject else None, q.case.chart
    if sent is None or chart is None or not is_claim_ndc(sent.ndc):
        return "", ""
    doses = [
        dose
        for dose in chart.doses
        if dose.hcpcs == q.hcpcs and dose.day == q.service_date and dose.status in ("completed", "") and dose.ndc11
    ]
    charted = {ndc for dose in doses for ndc in (dose.ndcs or (dose.ndc11,))}
    if len(charted) != 1 or same_product(sent.ndc, doses[0].ndc11):
        return "", ""
    says = f"the NDC sent is {sent.ndc}, and the product given was {doses[0].ndc11}"
    return says, sources.chart(
        q, doses[0].resource, f"The administration of {day(q.service_date)} records NDC {doses[0].ndc}"
    )

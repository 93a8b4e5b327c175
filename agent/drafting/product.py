"""Name the product of a drug line: its NDC as charted, and how much of it in the product's own unit."""

from decimal import Decimal

from agent.diagnosis.given import drug_of, given_dose
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from knowledge.types.chart import Amount
from knowledge.types.claim import ClaimLine
from knowledge.types.corrections import ClaimChange, SetNdc
from tools.corrected_claim.product_forms import product_item
from tools.dosing.ndc import is_claim_ndc, is_ndc_unit
from tools.dosing.ndc_quantity import Item, NdcQuantity, item_of, ndc_quantity, split_quantity
from tools.dosing.units import in_measure


def name_product(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Write the NDC charted with its quantity; where the NDC sent stands and its quantity is wrong, the quantity."""
    line, sent = c.line, c.line.drug
    whole = sent is not None and sent.quantity is not None and sent.quantity > 0 and is_ndc_unit(sent.unit)
    named = sent is not None and sent.ndc_qualifier == "N4" and is_claim_ndc(sent.ndc)
    ndc = c.values.get("charted_ndc") or (sent.ndc if sent is not None and named else "")
    if not ndc or not is_claim_ndc(ndc):
        raise NotCorrectable("the NDC of the product given is not charted")
    if sent is not None and sent.quantity is not None and whole and not named:
        why = "The NDC is that of the product charted"
        return (_set(c, line, ndc, sent.quantity, sent.unit, why),)
    changes = []
    for item, found in quantities(c, ndc).items():
        why = f"The product charted is NDC {ndc}: {found.says}"
        own = next(each for each in c.claim.lines if each.number == item)
        if item == line.number or own.drug is None or own.drug.ndc == ndc:
            changes.append(_set(c, own, ndc, found.quantity, found.unit, why))
    return tuple(changes)


def _set(c: CorrectionCase, line: ClaimLine, ndc: str, quantity: Decimal, unit: str, why: str) -> ClaimChange:
    return SetNdc(line=line.number, ndc=ndc, quantity=quantity, unit=unit, why=why, evidence=c.evidence)


def quantities(c: CorrectionCase, ndc: str) -> dict[str, NdcQuantity]:
    """Return, by line, how much of the product was used: the dose's line, and the discarded part's if it is billed."""
    given = given_dose(c.q)
    lines = [item for item in c.q.lines_of_code() if "JW" not in item.modifiers]
    wasted = [item for item in c.q.lines_of_code() if "JW" in item.modifiers]
    if given.amount is None or given.amount <= 0:
        raise NotCorrectable("the dose given is not charted, so the NDC's quantity is not known")
    if len(lines) != 1 or len(wasted) > 1:
        raise NotCorrectable("several lines bill the drug: which product is on which must be settled by a person")
    used = given.amount + (given.discarded or Decimal(0))
    item = _item(c, ndc, used, given.discarded is not None)
    if item is None:
        raise NotCorrectable("the NDC's own quantity and unit (vials or mL) are not in the records")
    if not wasted:
        return {lines[0].number: ndc_quantity(used, item)}
    if not given.discarded:
        raise NotCorrectable("a line bills discarded drug, and the chart does not say how much was discarded")
    first, rest = split_quantity(given.amount, given.discarded, item)
    return {lines[0].number: first, wasted[0].number: rest}


def _item(c: CorrectionCase, ndc: str, used: Decimal, accounted: bool) -> Item | None:
    """Find what one item of the product is: by the crosswalk of the quarter, else by the drug's label."""
    q, served, drug = c.q, c.q.service_date, drug_of(c.q)
    if drug is None or drug.unit_qty is None or served is None:
        return None
    row = q.codes.ndc.lookup(ndc, served)
    sent = c.line.drug.unit if c.line.drug is not None else ""
    found = item_of(row, drug.unit_qty, sent) if row is not None else None
    if found is not None or drug.unit_uom != "mg":
        return found
    packages = [_in_mg(vial.amount, vial.unit) for vial in q.codes.hcpcs.vials(q.hcpcs)]
    sizes = {size for size in packages if size is not None}
    return product_item(drug.generic, sizes, used, accounted) if len(packages) == len(sizes) else None


def _in_mg(amount: Decimal | None, unit: str | None) -> Decimal | None:
    """Return a package's amount in mg; None where it is in another measure."""
    return in_measure(Amount(value=amount, unit=unit), "mg") if amount is not None and unit else None

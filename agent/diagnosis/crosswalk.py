"""What the NDC-HCPCS crosswalk of the quarter says of the product given: its code, and how much of it was billed."""

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, no, unknown, yes
from agent.diagnosis.printed import day, listed, number
from knowledge.codes import CrosswalkRow, Drug
from knowledge.types.evidence import Fact
from tools.dosing.ndc import is_claim_ndc
from tools.dosing.ndc_quantity import quantity_bounds


def same_drug(one: Drug, other: Drug) -> bool:
    """Tell whether two codes are of one drug, by the first word of its name; suffixes of biosimilars aside."""
    return one.generic.split(",")[0].split("-")[0].split(" (")[0] in other.generic


def code_by_crosswalk(q: Inquiry) -> Fact | None:
    """Answer whether the product's NDC belongs to another code of the drug than the one billed.

    None where the crosswalk cannot tell: none is loaded, no single NDC is charted or sent, or it does not list it
    (it is not exhaustive). A crosswalk of another quarter never proves it: the package may have had another code.
    """
    served = q.service_date
    ndc, *evidence = _product(q)
    if served is None or not ndc:
        return None
    rows = q.codes.ndc.rows(ndc, served)
    if not rows:
        return None
    says = f"NDC {ndc} is billed under {listed([row.code for row in rows])}"
    if q.hcpcs in {row.code for row in rows}:
        return no(says, sources.code_table(q, "ndc", ndc, says), *evidence) if rows[0].same_quarter else None
    if not rows[0].same_quarter:
        says = f"{says} by the crosswalk of {rows[0].table_date}, not by that of the service"
        return unknown(says, *evidence, missing=(f"the NDC-HCPCS crosswalk of the quarter of {day(served)}",))
    kept = sources.code_table(q, "ndc", ndc, says)
    billed, given = q.codes.hcpcs.lookup(q.hcpcs, served), q.codes.hcpcs.lookup(rows[0].code, served)
    if len(rows) > 1 or billed is None or given is None or not same_drug(given, billed):
        says = f"{says}, which is no one other code of the drug billed as {q.hcpcs}"
        return unknown(says, kept, *evidence, missing=("the product given, by NDC",))
    return yes(
        says,
        sources.claim_line(q),
        kept,
        *evidence,
        hcpcs=q.hcpcs,
        given_code=rows[0].code,
        given_ndc=ndc,
        service_date=day(served),
    )


def _product(q: Inquiry) -> tuple[str, ...]:
    """Find the one NDC charted for the drug that day, else the one sent, with its evidence; ("",) when none."""
    served, chart = q.service_date, q.case.chart
    billed = q.codes.hcpcs.lookup(q.hcpcs, served) if served is not None else None
    if not q.codes.ndc.loaded or billed is None:
        return ("",)
    name = billed.generic.split(" ")[0].lower()
    doses = [
        dose
        for dose in (chart.doses if chart is not None else ())
        if dose.day == served and (dose.hcpcs == q.hcpcs or (not dose.hcpcs and name and name in dose.drug.lower()))
    ]
    charted = {dose.ndc11 for dose in doses if dose.ndc11}
    if charted:
        if len(charted) > 1:
            return ("",)
        dose = next(dose for dose in doses if dose.ndc11)
        says = f"The administration of {day(served)} records NDC {dose.ndc}"
        return dose.ndc11, sources.chart(q, dose.resource, says)
    drug = q.subject.drug if q.subject is not None else None
    if drug is None or drug.ndc_qualifier != "N4" or not is_claim_ndc(drug.ndc):
        return ("",)
    return drug.ndc, sources.claim_line(q)


def quantity_fault(q: Inquiry) -> tuple[str, str]:
    """Say how the NDC quantity sent does not fit the units billed, with the crosswalk as evidence; empty when it may.

    Seen so: billing units written as the quantity (ML 200 for 200 mg in vials of 4 mL).
    """
    line, served = q.subject, q.service_date
    if line is None or line.drug is None or line.drug.quantity is None or line.units is None or served is None:
        return "", ""
    row = _row(q, line.drug.ndc)
    if row is None or row.size is None or row.per_item is None:
        return "", ""
    bounds = quantity_bounds(line.units, row, line.drug.unit)
    if bounds is None or bounds[0] <= line.drug.quantity <= bounds[1]:
        return "", ""
    sent = f"{line.drug.unit} {number(line.drug.quantity)}"
    says = (
        f"An item of NDC {row.ndc} is of size {number(row.size)} and holds {number(row.per_item)} units of {row.code}"
    )
    evidence = sources.code_table(q, "ndc", row.ndc, says)
    least, most = number(bounds[0]), number(bounds[1])
    return f"the NDC quantity {sent} does not fit {number(line.units)} units, which are {least} to {most}", evidence


def _row(q: Inquiry, ndc: str) -> CrosswalkRow | None:
    served = q.service_date
    rows = q.codes.ndc.rows(ndc, served) if served is not None else ()
    return next((row for row in rows if row.code == q.hcpcs and row.same_quarter), None)

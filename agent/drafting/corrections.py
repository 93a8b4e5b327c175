"""Which changes put a claim right, for a proven cause: from the facts alone, never from an authorization's limits."""

from decimal import Decimal

from agent.diagnosis.given import drug_of, given_dose
from agent.diagnosis.inquiry import Inquiry
from knowledge.causes import Cause
from knowledge.types.claim import ClaimLine
from knowledge.types.corrections import (
    ClaimChange,
    SetAuthorization,
    SetCode,
    SetModifiers,
    SetNdc,
    SetUnits,
    SplitWaste,
)
from knowledge.types.diagnosis import Diagnosis
from tools.dosing.ndc import is_ndc_unit
from tools.dosing.ndc_quantity import item_of, ndc_quantity
from tools.dosing.units import billing_units
from tools.dosing.waste import waste_lines


class NotCorrectable(ValueError):
    """The change that would put the claim right does not follow from the records; a person must make it."""


def changes_for(q: Inquiry, cause: Cause, diagnosis: Diagnosis) -> tuple[ClaimChange, ...]:
    """Return the changes of a corrected claim; raise NotCorrectable, saying what is not known."""
    line = q.subject
    if line is None:
        raise NotCorrectable("the claim as submitted is not in the records")
    make = _MAKERS.get(cause.id)
    if make is None:
        raise NotCorrectable(f"no correction of a claim is described for {cause.id}: a person makes it")
    return make(q, line, diagnosis)


def dose_units(q: Inquiry, changes: tuple[ClaimChange, ...] = ()) -> dict[str, Decimal]:
    """Return, by LX01, the units that follow from the dose given: the only units a claim may be changed to.

    A line that takes another code counts in that code's units.
    """
    recoded = {change.line: change.units for change in changes if isinstance(change, SetCode)}
    given, drug = given_dose(q), drug_of(q)
    lines = [line for line in q.lines_of_code() if "JW" not in line.modifiers]
    if given.units is None or given.amount is None or len(lines) != 1 or drug is None or drug.unit_qty is None:
        return recoded
    wanted = {lines[0].number: given.units}
    discarded = [line for line in q.lines_of_code() if "JW" in line.modifiers]
    if given.discarded is not None and len(discarded) == 1:
        right = waste_lines(given.amount, drug.unit_qty, given.amount + given.discarded, True, given.measure)
        wanted[discarded[0].number] = right.discarded
    return wanted | recoded


def _evidence(diagnosis: Diagnosis) -> tuple[str, ...]:
    return tuple(item.id for item in diagnosis.evidence)


def _authorization(_q: Inquiry, _line: ClaimLine, diagnosis: Diagnosis) -> tuple[ClaimChange, ...]:
    number = diagnosis.values.get("auth_number")
    if not number:
        raise NotCorrectable("the authorization's number is not known")
    why = f"Authorization {number} was approved for the service and was not on the claim"
    return (SetAuthorization(number=number, why=why, evidence=_evidence(diagnosis)),)


def _units(q: Inquiry, line: ClaimLine, diagnosis: Diagnosis) -> tuple[ClaimChange, ...]:
    billed = [item for item in q.lines_of_code() if "JW" not in item.modifiers]
    units = dose_units(q).get(line.number)
    if units is None or len(billed) != 1:
        raise NotCorrectable("several lines bill the dose: which one is wrong must be decided by a person")
    why = f"The dose given comes to {units} units"
    return (SetUnits(line=line.number, units=units, why=why, evidence=_evidence(diagnosis)),)


def _waste_modifier(q: Inquiry, line: ClaimLine, diagnosis: Diagnosis) -> tuple[ClaimChange, ...]:
    given, drug = given_dose(q), drug_of(q)
    if given.amount is None or drug is None or drug.unit_qty is None:
        raise NotCorrectable("the dose given is not charted: get the administration record")
    if given.discarded is None:
        raise NotCorrectable("the chart does not say what was discarded: get the waste entry")
    right = waste_lines(given.amount, drug.unit_qty, given.amount + given.discarded, True, given.measure)
    if line.units != right.administered:
        raise NotCorrectable(
            f"{line.units} units are billed and {right.administered} were given: settle the units first"
        )
    why = right.says
    if right.discarded == 0:
        return (SetModifiers(line=line.number, add=("JZ",), why=why, evidence=_evidence(diagnosis)),)
    return (
        SplitWaste(
            line=line.number,
            administered_units=right.administered,
            wasted_units=right.discarded,
            why=why,
            evidence=_evidence(diagnosis),
        ),
    )


def _waste_units(q: Inquiry, _line: ClaimLine, diagnosis: Diagnosis) -> tuple[ClaimChange, ...]:
    given, drug = given_dose(q), drug_of(q)
    lines = [item for item in q.lines_of_code() if "JW" in item.modifiers]
    if given.amount is None or given.discarded is None or drug is None or drug.unit_qty is None or len(lines) != 1:
        raise NotCorrectable("what was discarded does not follow from the chart: get the waste entry")
    right = waste_lines(given.amount, drug.unit_qty, given.amount + given.discarded, True, given.measure)
    if right.discarded <= 0:
        raise NotCorrectable("nothing was discarded: a coder takes the JW line off the claim")
    why = right.says
    return (SetUnits(line=lines[0].number, units=right.discarded, why=why, evidence=_evidence(diagnosis)),)


def _ndc(q: Inquiry, line: ClaimLine, diagnosis: Diagnosis) -> tuple[ClaimChange, ...]:
    ndc = diagnosis.values.get("charted_ndc")
    if not ndc:
        raise NotCorrectable("the NDC of the product given is not charted")
    drug = line.drug
    if drug is not None and drug.quantity is not None and drug.quantity > 0 and is_ndc_unit(drug.unit):
        quantity, unit = drug.quantity, drug.unit
    else:
        quantity, unit = _ndc_quantity(q, ndc, drug.unit if drug else "")
    why = "The NDC is that of the product charted"
    return (SetNdc(line=line.number, ndc=ndc, quantity=quantity, unit=unit, why=why, evidence=_evidence(diagnosis)),)


def _ndc_quantity(q: Inquiry, ndc: str, unit: str) -> tuple[Decimal, str]:
    """Compute quantity and unit of the product from what was opened, by the crosswalk of the quarter when loaded."""
    served, billed, given = q.service_date, drug_of(q), given_dose(q)
    row = q.codes.ndc.lookup(ndc, served) if served is not None else None
    size = billed.unit_qty if billed is not None else None
    item = item_of(row, size, unit) if row is not None and size is not None else None
    if item is None or given.amount is None:
        raise NotCorrectable("the NDC's own quantity and unit (vials or mL) are not in the records")
    found = ndc_quantity(given.amount + (given.discarded or Decimal(0)), item)
    return found.quantity, found.unit


def _successor(q: Inquiry, line: ClaimLine, diagnosis: Diagnosis) -> tuple[ClaimChange, ...]:
    code, served = diagnosis.values.get("successor"), q.service_date
    if not code or served is None:
        raise NotCorrectable("which code replaces it depends on the product given: get its NDC")
    drug = q.codes.hcpcs.lookup(code, served)
    given = given_dose(q, code)
    if drug is None or drug.unit_qty is None or given.amount is None or drug.unit_uom != given.measure:
        raise NotCorrectable(
            f"the units of {code} must follow from the dose given, which is not charted in its measure"
        )
    units = billing_units(given.amount, drug.unit_qty)
    why = f"{line.hcpcs} was not valid that day; {code} was"
    return (SetCode(line=line.number, hcpcs=code, units=units, why=why, evidence=_evidence(diagnosis)),)


def _given_product(q: Inquiry, line: ClaimLine, diagnosis: Diagnosis) -> tuple[ClaimChange, ...]:
    """Bill the code of the product charted as given, in the units of its dose."""
    code, served = diagnosis.values.get("given_code"), q.service_date
    drug = q.codes.hcpcs.lookup(code, served) if code and served else None
    given = given_dose(q, code or "")
    if code is None or drug is None or drug.unit_qty is None or given.amount is None or drug.unit_uom != given.measure:
        raise NotCorrectable("the code and units of the product given do not follow from the chart: get its NDC")
    units = billing_units(given.amount, drug.unit_qty)
    why = f"The product given is billed as {code}"
    return (SetCode(line=line.number, hcpcs=code, units=units, why=why, evidence=_evidence(diagnosis)),)


def _purchase(_q: Inquiry, line: ClaimLine, diagnosis: Diagnosis) -> tuple[ClaimChange, ...]:
    why = "A drug bought under 340B carries TB; JG ended 2024-12-31"
    add = () if "TB" in line.modifiers else ("TB",)
    remove = ("JG",) if "JG" in line.modifiers else ()
    return (SetModifiers(line=line.number, add=add, remove=remove, why=why, evidence=_evidence(diagnosis)),)


_MAKERS = {
    "wrong-manufacturer-code": _given_product,
    "340b-modifier-wrong": _purchase,
    "auth-number-not-on-claim": _authorization,
    "billed-units-wrong": _units,
    "jw-jz-missing": _waste_modifier,
    "waste-units-wrong": _waste_units,
    "ndc-missing-or-invalid": _ndc,
    "code-deleted": _successor,
    "code-not-yet-effective": _successor,
}

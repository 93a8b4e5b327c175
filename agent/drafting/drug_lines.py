"""Put a drug line right from the dose given: units, waste, code. Never from an authorization's limits."""

import re
from decimal import Decimal

from agent.diagnosis.checks.codes import STOCK_340B, STOCK_DAYS
from agent.diagnosis.given import drug_of, given_dose, names_drug
from agent.diagnosis.inquiry import Inquiry
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from agent.drafting.narrative import describe
from agent.drafting.wastage import with_wastage
from knowledge.types.claim import ClaimLine
from knowledge.types.corrections import ClaimChange, RemoveLine, SetCode, SetModifiers, SetUnits, SplitWaste
from tools.dosing.units import billing_units
from tools.dosing.waste import waste_lines

_OUTSIDE = re.compile(r"\b(?:not|non|no|outside|without)[- ]+(?:the |of |under |bought under )*340B\b", re.IGNORECASE)


def given_units(q: Inquiry) -> dict[str, Decimal]:
    """Return, by LX01, the units that follow from the dose given and from what was discarded of it."""
    given, drug = given_dose(q), drug_of(q)
    lines = [line for line in q.lines_of_code() if "JW" not in line.modifiers]
    if given.units is None or given.amount is None or len(lines) != 1 or drug is None or drug.unit_qty is None:
        return {}
    wanted = {lines[0].number: given.units}
    discarded = [line for line in q.lines_of_code() if "JW" in line.modifiers]
    if given.discarded is not None and len(discarded) == 1:
        right = waste_lines(given.amount, drug.unit_qty, given.amount + given.discarded, True, given.measure)
        wanted[discarded[0].number] = right.discarded
    return wanted


def billed_units(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Bill the units of the dose given."""
    line = c.line
    billed = [item for item in c.q.lines_of_code() if "JW" not in item.modifiers]
    units = given_units(c.q).get(line.number)
    if units is None or len(billed) != 1:
        raise NotCorrectable("several lines bill the dose: which one is wrong must be decided by a person")
    why = f"The dose given comes to {units} units"
    return (SetUnits(line=line.number, units=units, why=why, evidence=c.evidence),)


def waste_modifier(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Add JZ, or a line with JW, by what the chart says was discarded."""
    line, given, drug = c.line, given_dose(c.q), drug_of(c.q)
    if given.amount is None or drug is None or drug.unit_qty is None:
        raise NotCorrectable("the dose given is not charted: get the administration record")
    if given.discarded is None:
        raise NotCorrectable("the chart does not say what was discarded: get the waste entry")
    right = waste_lines(given.amount, drug.unit_qty, given.amount + given.discarded, True, given.measure)
    if line.units != right.administered:
        raise NotCorrectable(
            f"{line.units} units are billed and {right.administered} were given: settle the units first"
        )
    if right.discarded == 0:
        return (SetModifiers(line=line.number, add=("JZ",), why=right.says, evidence=c.evidence),)
    return (
        SplitWaste(
            line=line.number,
            administered_units=right.administered,
            wasted_units=right.discarded,
            why=right.says,
            evidence=c.evidence,
        ),
    )


def waste_units(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Bill the units discarded on the line that bills discarded drug."""
    given, drug = given_dose(c.q), drug_of(c.q)
    lines = [item for item in c.q.lines_of_code() if "JW" in item.modifiers]
    if given.amount is None or given.discarded is None or drug is None or drug.unit_qty is None or len(lines) != 1:
        raise NotCorrectable("what was discarded does not follow from the chart: get the waste entry")
    right = waste_lines(given.amount, drug.unit_qty, given.amount + given.discarded, True, given.measure)
    if right.discarded <= 0:
        return _nothing_discarded(c, lines[0], right.says)
    return (SetUnits(line=lines[0].number, units=right.discarded, why=right.says, evidence=c.evidence),)


def _nothing_discarded(c: CorrectionCase, wasted: ClaimLine, why: str) -> tuple[ClaimChange, ...]:
    """Take a JW line off where the chart says that nothing was discarded; the dose's line then carries JZ."""
    doses = [line for line in c.q.lines_of_code() if "JW" not in line.modifiers]
    if len(doses) != 1:
        raise NotCorrectable("several lines bill the dose: which one carries JZ must be decided by a person")
    gone = RemoveLine(line=wasted.number, why=why, evidence=c.evidence)
    if "JZ" in doses[0].modifiers:
        return (gone,)
    return gone, SetModifiers(line=doses[0].number, add=("JZ",), why=why, evidence=c.evidence)


def successor(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Bill the code in force that day: in the units of the dose, or one unit in words where it is unclassified."""
    code, served, line = c.values.get("successor"), c.q.service_date, c.line
    if not code or served is None:
        raise NotCorrectable("which code replaces it depends on the product given: get its NDC")
    why = f"{line.hcpcs} was not valid that day; {code} was"
    if code in c.q.codes.hcpcs.unclassified:
        if len(c.q.lines_of_code()) != 1:
            raise NotCorrectable(f"several lines bill {line.hcpcs}: a person bills them once under {code}")
        change = SetCode(line=line.number, hcpcs=code, units=Decimal(1), why=why, evidence=c.evidence)
        return change, describe(c, line, line.hcpcs)
    return _recoded(c, code, why, f"the units of {code} must follow from the dose given, which is not charted so")


def given_product(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Bill the code of the product charted as given, in the units of its dose."""
    code = c.values.get("given_code")
    if code is None:
        raise NotCorrectable("the code and units of the product given do not follow from the chart: get its NDC")
    why = f"The product given is billed as {code}"
    return _recoded(c, code, why, "the code and units of the product given do not follow from the chart")


def _recoded(c: CorrectionCase, code: str, why: str, fault: str) -> tuple[ClaimChange, ...]:
    """Bill a drug's lines of the day under another code: the dose given, and what was discarded of it."""
    served = c.q.service_date
    drug = c.q.codes.hcpcs.lookup(code, served) if served is not None else None
    given = given_dose(c.q, code)
    if drug is None or drug.unit_qty is None or given.amount is None or drug.unit_uom != given.measure:
        raise NotCorrectable(fault)
    lines = [line for line in c.q.lines_of_code() if "JW" not in line.modifiers]
    wasted = [line for line in c.q.lines_of_code() if "JW" in line.modifiers]
    if len(lines) != 1 or len(wasted) > 1:
        raise NotCorrectable(f"several lines bill {c.line.hcpcs}: a person says what was given on which")
    units = billing_units(given.amount, drug.unit_qty)
    changes: list[ClaimChange] = [
        SetCode(line=lines[0].number, hcpcs=code, units=units, why=why, evidence=c.evidence),
        *with_wastage(c, lines[0], drug, given),
    ]
    if wasted:
        if drug.jw_jz == "no":
            raise NotCorrectable(
                f"a line bills discarded drug, and {code} comes in a multi-dose vial: a coder settles it"
            )
        if given.discarded is None or given.discarded <= 0:
            raise NotCorrectable("a line bills discarded drug, and the chart does not say how much was discarded")
        right = waste_lines(given.amount, drug.unit_qty, given.amount + given.discarded, True, given.measure)
        rest = right.discarded
        changes.append(SetCode(line=wasted[0].number, hcpcs=code, units=rest, why=why, evidence=c.evidence))
    return tuple(changes)


def purchase(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Mark a drug bought under 340B (TB) in place of the modifier that ended; only take that off one that was not."""
    line = c.line
    outside = _bought_outside(c)
    why = "A drug bought under 340B carries TB; JG ended 2024-12-31"
    if outside:
        why = f"JG ended 2024-12-31, and the drug was not bought under 340B: {outside}"
    add = () if "TB" in line.modifiers or outside else ("TB",)
    remove = ("JG",) if "JG" in line.modifiers else ()
    return (SetModifiers(line=line.number, add=add, remove=remove, why=why, evidence=c.evidence),)


def _bought_outside(c: CorrectionCase) -> str:
    """Return the words of a note on the drug's stock that says it was not bought under 340B; blank without one."""
    chart, served = c.q.case.chart, c.q.service_date
    for document in chart.documents if chart is not None else ():
        near = document.day is not None and served is not None and abs((served - document.day).days) <= STOCK_DAYS
        if near and names_drug(c.q, document.text):
            for match in STOCK_340B.finditer(document.text):
                if _OUTSIDE.search(match.group(0)):
                    return match.group(0).strip()
    return ""

"""The wastage modifier that goes with a drug's code: none, JZ, or a line of its own with JW, by what was discarded."""

from decimal import Decimal

from agent.diagnosis.given import GivenDose
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from knowledge.codes.hcpcs import Drug
from knowledge.types.claim import ClaimLine
from knowledge.types.corrections import ClaimChange, SetModifiers, SplitWaste
from tools.dosing.waste import waste_lines


def with_wastage(c: CorrectionCase, line: ClaimLine, drug: Drug, given: GivenDose) -> tuple[ClaimChange, ...]:
    """Return what a line that takes the code of `drug` needs beside it, where the payer wants JW and JZ (facts 4.3).

    The container is the new code's: a single-dose vial wants one of them, a multi-dose vial neither. What the payer's
    setting, the container or the chart leaves open is left as it was sent; a JZ that the chart refutes is not.

    Raises:
        NotCorrectable: the line says that nothing was discarded and the chart says that something was.
    """
    assert given.amount is not None
    assert drug.unit_qty is not None
    carried = set(line.modifiers) & {"JW", "JZ"}
    if drug.jw_jz == "no":
        why = f"{drug.code} comes in a multi-dose vial: neither JW nor JZ belongs on it"
        return _off(c, line, carried, why)
    if drug.jw_jz != "yes" or given.discarded is None:
        return ()
    right = waste_lines(given.amount, drug.unit_qty, given.amount + given.discarded, True, given.measure)
    if c.q.truth("payer-wants-wastage-modifiers") != "confirmed":
        if right.discarded > 0 and "JZ" in carried:
            raise NotCorrectable(f"the line carries JZ, and {right.says}: whether the payer wants JW must be settled")
        return ()
    if right.discarded <= Decimal(0):
        if "JZ" in carried:
            return ()
        return (SetModifiers(line=line.number, add=("JZ",), why=right.says, evidence=c.evidence),)
    if any("JW" in other.modifiers for other in c.q.lines_of_code()):
        return _off(c, line, carried, right.says)
    return (
        SplitWaste(
            line=line.number,
            administered_units=right.administered,
            wasted_units=right.discarded,
            why=right.says,
            evidence=c.evidence,
        ),
    )


def _off(c: CorrectionCase, line: ClaimLine, carried: set[str], why: str) -> tuple[ClaimChange, ...]:
    if not carried:
        return ()
    return (SetModifiers(line=line.number, remove=tuple(sorted(carried)), why=why, evidence=c.evidence),)

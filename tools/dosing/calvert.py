"""Carboplatin by target exposure: Cockcroft-Gault clearance and the Calvert formula."""

from decimal import Decimal
from typing import Literal

GFR_CAP = Decimal(125)
"""mL/min: the clearance carboplatin is dosed with at most (FDA, October 2010)."""

Sex = Literal["female", "male"]


def cockcroft_gault(age: int, weight_kg: Decimal, creatinine_mg_dl: Decimal, sex: Sex) -> Decimal:
    """Return creatinine clearance in mL/min, to 0.1: (140 - age) x kg / (72 x SCr), x 0.85 if female.

    Raises ValueError for an age of 140 or more, and for weight or creatinine not above zero.
    """
    if not 0 <= age < 140 or weight_kg <= 0 or creatinine_mg_dl <= 0:
        raise ValueError(f"no clearance for age {age}, {weight_kg} kg, creatinine {creatinine_mg_dl} mg/dL")
    clearance = (140 - age) * weight_kg / (72 * creatinine_mg_dl)
    if sex == "female":
        clearance *= Decimal("0.85")
    return clearance.quantize(Decimal("0.1"))


def calvert(auc: Decimal, gfr: Decimal, cap: Decimal | None = GFR_CAP) -> Decimal:
    """Return carboplatin in whole mg: AUC x (GFR + 25), GFR in mL/min and capped. `cap` None = no cap.

    Capped at 125 mL/min, AUC 4 is at most 600 mg, AUC 5 750 mg, AUC 6 900 mg. Raises ValueError below zero.
    """
    if auc <= 0 or gfr < 0:
        raise ValueError(f"no dose for AUC {auc} and a GFR of {gfr} mL/min")
    used = gfr if cap is None else min(gfr, cap)
    return (auc * (used + 25)).quantize(Decimal(1))

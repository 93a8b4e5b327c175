"""The highest single dose a label gives a body, loading doses included. As of 2026-11-23.

Source of `label_doses.csv`: section 2 of each drug's FDA prescribing information and the dosing column of the practice
fact base, section 3; where listed compendia support more for a common regimen, that is the highest. A drug that is not
in the file has no limit here, which says nothing about its dose.
"""

import csv
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import field_validator

from knowledge.types.chart import Amount
from knowledge.types.practice import Frozen
from tools.dosing.calvert import GFR_CAP, calvert
from tools.dosing.ordered import Body, OrderedDose, ordered_dose
from tools.dosing.units import in_mg
from tools.dosing.weight import adjusted_weight

ROUNDING = Decimal("0.10")
"""How far above the label's dose for a body rounding to vials may go (domain facts 4.1)."""

CAP_ROUNDING = Decimal("0.05")
"""How far above a label's limit in milligrams a dose may lie before it is surely over: a limit is no computed dose."""


class LabelDose(Frozen):
    """One row: the highest single dose, per m2, kg, AUC or flat; `cap_mg` the most of any body; `section` its place."""

    drug: str
    highest: Decimal
    unit: Literal["mg", "mcg", "mg/kg", "mg/kg-adjusted", "mg/m2", "auc"]
    cap_mg: Decimal | None = None
    loading: str = ""
    section: str

    @field_validator("cap_mg", mode="before")
    @classmethod
    def _blank(cls, value: object) -> object:
        return None if value == "" else value


class LabelLimit(Frozen):
    """The most one dose may be for a body, in mg, with the arithmetic; `milligrams` None = not computed, see `missing`.

    `over` answers for a dose given; the milligrams already respect the label's cap.
    """

    milligrams: Decimal | None = None
    how: str = ""
    missing: tuple[str, ...] = ()
    is_cap: bool = False

    def over(self, given_mg: Decimal) -> bool | None:
        """Tell whether a dose is surely above the label; None within rounding of a hard limit, or uncomputed."""
        if self.milligrams is None:
            return None
        if given_mg > self.milligrams * (1 + (CAP_ROUNDING if self.is_cap else ROUNDING)):
            return True
        return None if self.is_cap and given_mg > self.milligrams else False


@cache
def label_rows() -> tuple[LabelDose, ...]:
    """Return every row of the file."""
    text = files("tools.dosing").joinpath("label_doses.csv").read_text(encoding="utf-8")
    return tuple(LabelDose.model_validate(row) for row in csv.DictReader(text.splitlines()))


def label_doses(drug: str) -> tuple[LabelDose, ...]:
    """Find the rows of a drug by its generic name ("enfortumab vedotin-ejfv"); () when the file has none.

    The longest name that fits wins; a product mixed with another ("trastuzumab + hyaluronidase") is not its parent.
    """
    name = drug.strip().lower()
    fitting = [row for row in label_rows() if _fits(name, row.drug)]
    longest = max((len(row.drug) for row in fitting), default=0)
    return tuple(row for row in fitting if len(row.drug) == longest)


def label_limit(drug: str, body: Body) -> LabelLimit:
    """Compute the most one dose of `drug` may be for this body: the highest of its regimens, its cap respected."""
    rows = label_doses(drug)
    if not rows:
        return LabelLimit(missing=(f"the label's dose of {drug}",))
    limits = [_limit(row, body, drug) for row in rows]
    unknown = [limit for limit in limits if limit.milligrams is None]
    if unknown:
        return LabelLimit(missing=unknown[0].missing)
    return max(limits, key=lambda limit: limit.milligrams or Decimal(0))


def carboplatin_most(auc: Decimal) -> Decimal:
    """Return the most milligrams an AUC comes to at the clearance FDA caps at 125 mL/min."""
    return calvert(auc, GFR_CAP)


def _fits(name: str, drug: str) -> bool:
    if not name.startswith(drug):
        return False
    rest = name[len(drug) :]
    return rest == "" or (rest[0] in " -,(" and ("+" in drug or not rest.lstrip().startswith("+")))


def _limit(row: LabelDose, body: Body, drug: str) -> LabelLimit:
    if row.unit == "auc":
        how = f"AUC {_n(row.highest)} at a clearance of at most {GFR_CAP} mL/min"
        return LabelLimit(milligrams=carboplatin_most(row.highest), how=how, is_cap=True)
    read = _read(row, body, drug)
    if not read.milligrams:
        known = row.cap_mg is not None
        how = f"at most {_n(row.cap_mg)} mg by the label" if row.cap_mg is not None else ""
        return LabelLimit(milligrams=row.cap_mg, how=how, missing=read.missing, is_cap=known)
    computed = max(read.milligrams)
    how = read.how[read.milligrams.index(computed)]
    if row.cap_mg is not None and computed >= row.cap_mg:
        return LabelLimit(milligrams=row.cap_mg, how=f"{how}, at most {_n(row.cap_mg)} mg by the label", is_cap=True)
    return LabelLimit(milligrams=computed, how=how)


def _read(row: LabelDose, body: Body, drug: str) -> OrderedDose:
    if row.unit == "mg/kg-adjusted":
        if body.height_cm is None or body.weight_kg is None or body.sex is None:
            return OrderedDose(missing=("height, weight and sex",))
        adjusted = adjusted_weight(body.height_cm, body.weight_kg, body.sex)
        if adjusted is None:
            return OrderedDose(missing=("the adjusted ideal body weight",))
        # Orders commonly use the actual weight where it is below the ideal one: the higher of the two is the limit.
        body = body.model_copy(update={"weight_kg": max(adjusted, body.weight_kg)})
        return ordered_dose(Amount(value=row.highest, unit="mg/kg"), body)
    if row.unit in ("mg", "mcg"):
        fixed = in_mg(Amount(value=row.highest, unit=row.unit))
        return OrderedDose(milligrams=(fixed or Decimal(0),), how=(f"{_n(row.highest)} {row.unit} a dose",))
    return ordered_dose(Amount(value=row.highest, unit=row.unit), body, drug)


def _n(value: Decimal | None) -> str:
    return "?" if value is None else f"{value.normalize():f}"

"""The milligrams an order comes to: a fixed dose, or one per m2, per kg or by AUC for this body."""

from decimal import Decimal

from knowledge.types.chart import Amount
from knowledge.types.practice import Frozen
from tools.dosing.bsa import du_bois, mosteller
from tools.dosing.calvert import Sex, calvert, cockcroft_gault
from tools.dosing.caps import cap_of
from tools.dosing.units import in_mg

TOLERANCE = Decimal("0.10")
"""How far a dispensed dose may lie from the computed one: practices round to vials within 5 to 10%."""


class Body(Frozen):
    """What a dose is computed from; what is not known is None. Age in whole years on the day of the order."""

    height_cm: Decimal | None = None
    weight_kg: Decimal | None = None
    bsa_m2: Decimal | None = None
    age: int | None = None
    sex: Sex | None = None
    creatinine_mg_dl: Decimal | None = None


class OrderedDose(Frozen):
    """Milligrams by each formula that could have been meant (`how`), and what was missing."""

    milligrams: tuple[Decimal, ...] = ()
    how: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def covers(self, given_mg: Decimal, tolerance: Decimal = TOLERANCE) -> bool | None:
        """Tell whether a dose lies within `tolerance` of any reading; None when nothing was computed."""
        if not self.milligrams:
            return None
        return any(abs(given_mg - ordered) <= tolerance * ordered for ordered in self.milligrams)


def ordered_dose(dose: Amount | None, body: Body, drug: str = "") -> OrderedDose:
    """Compute an order's milligrams, to 0.01; the limits of `caps.csv` for `drug` are applied and named.

    Per m2 gives the charted surface alone when there is one, else Mosteller and DuBois: the order does not
    say which it used.
    """
    if dose is None:
        return OrderedDose(missing=("the ordered dose",))
    fixed = in_mg(dose)
    if fixed is not None:
        return OrderedDose(milligrams=(fixed,), how=(f"{dose.value} {dose.unit} as ordered",))
    if dose.unit in ("mg/m2", "g/m2", "mcg/m2"):
        read = _per_area(dose, body, drug)
    elif dose.unit in ("mg/kg", "mcg/kg"):
        read = _per_weight(dose, body)
    elif dose.unit == "auc":
        read = _by_exposure(dose, body)
    else:
        return OrderedDose(missing=(f'a dose in milligrams (the order says "{dose.value} {dose.unit}")',))
    return _limited(read, drug)


def _per_area(dose: Amount, body: Body, drug: str) -> OrderedDose:
    areas: list[tuple[str, Decimal]] = []
    if body.bsa_m2 is not None:
        areas = [("charted surface", body.bsa_m2)]
    elif body.height_cm is not None and body.weight_kg is not None:
        areas = [
            ("Mosteller", mosteller(body.height_cm, body.weight_kg)),
            ("DuBois", du_bois(body.height_cm, body.weight_kg)),
        ]
    if not areas:
        return OrderedDose(missing=("height and weight, or body surface area",))
    cap = cap_of(drug)
    limit = cap.limit if cap is not None and cap.kind == "bsa_m2" else None
    used = [(name, area if limit is None else min(area, limit)) for name, area in areas]
    per = _mg(dose)
    return OrderedDose(
        milligrams=tuple(_cents(per * area) for _, area in used),
        how=tuple(f"{dose.value} {dose.unit} x {area} m2 ({name})" for name, area in used),
    )


def _per_weight(dose: Amount, body: Body) -> OrderedDose:
    if body.weight_kg is None:
        return OrderedDose(missing=("weight",))
    milligrams = _cents(_mg(dose) * body.weight_kg)
    return OrderedDose(milligrams=(milligrams,), how=(f"{dose.value} {dose.unit} x {body.weight_kg.normalize():f} kg",))


def _by_exposure(dose: Amount, body: Body) -> OrderedDose:
    if body.weight_kg is None or body.age is None or body.sex is None or body.creatinine_mg_dl is None:
        return OrderedDose(missing=("age, sex, weight and creatinine",))
    gfr = cockcroft_gault(body.age, body.weight_kg, body.creatinine_mg_dl, body.sex)
    return OrderedDose(
        milligrams=(calvert(dose.value, gfr),), how=(f"AUC {dose.value} x (GFR {gfr}, at most 125, + 25)",)
    )


def _limited(read: OrderedDose, drug: str) -> OrderedDose:
    cap = cap_of(drug)
    if cap is None or cap.kind != "dose_mg" or all(mg <= cap.limit for mg in read.milligrams):
        return read
    return OrderedDose(
        milligrams=tuple(min(mg, cap.limit) for mg in read.milligrams),
        how=tuple(f"{how}, at most {cap.limit} mg ({cap.source})" for how in read.how),
    )


def _mg(dose: Amount) -> Decimal:
    mass = dose.unit.split("/")[0]
    return in_mg(Amount(value=dose.value, unit=mass)) or Decimal(0)


def _cents(milligrams: Decimal) -> Decimal:
    return milligrams.quantize(Decimal("0.01"))

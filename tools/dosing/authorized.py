"""What an authorization allows, in billing units and in the drug's own measure."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from knowledge.types.practice import Authorization, Frozen
from tools.dosing.units import billing_units


class Allowed(Frozen):
    """What one authorization allows; None where it does not say or the conversion is not known.

    Units are whole: an authorization of 1095 mg at 10 mg a unit allows the 110 units such a dose is billed
    with. `share_per_dose` is a total divided by the number of doses: a hint, not a limit. `doses` is the
    number of doses (or visits) it covers. `missing` says what a person must ask.
    """

    per_dose: Decimal | None = None
    total: Decimal | None = None
    per_dose_amount: Decimal | None = None
    total_amount: Decimal | None = None
    share_per_dose: Decimal | None = None
    doses: Decimal | None = None
    says: str = ""
    missing: tuple[str, ...] = ()


class UsedBefore(Frozen):
    """What earlier doses took from an authorization: units, number of doses, and their days."""

    units: Decimal = Decimal(0)
    doses: int = 0
    days: tuple[date, ...] = ()


def allowed(
    authorization: Authorization,
    per_unit: Decimal | None,
    vial_sizes: Sequence[Decimal] = (),
    mg_per_ml: Decimal | None = None,
) -> Allowed:
    """Convert an authorization's quantity into what it allows, in units and in mg.

    `per_unit` and `vial_sizes` are in mg, `mg_per_ml` is the concentration.
    Vials need exactly one size on the market, mL a concentration; "per" unsaid leaves the limit unknown.
    Doses and visits limit how often, never how much.
    """
    quantity, basis = authorization.quantity, authorization.quantity_basis
    if quantity is None or basis is None:
        return Allowed(doses=authorization.doses, missing=(_ask(authorization, "quantity and its unit"),))
    says = f"authorization {authorization.auth_number}: {_n(quantity)} {basis.replace('_', ' ')}"
    if basis in ("doses", "visits"):
        return Allowed(doses=quantity, says=says)
    amount = _amount(quantity, basis, per_unit, vial_sizes, mg_per_ml)
    units = _units(quantity, basis, amount, per_unit)
    missing = () if units is not None else (_ask(authorization, f"quantity in billing units, not {basis}"),)
    if authorization.per is None:
        asked = _ask(authorization, "whether the quantity is per dose or in total")
        return Allowed(doses=authorization.doses, says=says, missing=(*missing, asked))
    says += " a dose" if authorization.per == "dose" else " in total"
    doses = authorization.doses
    if authorization.per == "dose":
        return Allowed(
            per_dose=units,
            total=_times(units, doses),
            per_dose_amount=amount,
            total_amount=_times(amount, doses),
            doses=doses,
            says=says,
            missing=missing,
        )
    share = units / doses if units is not None and doses else None
    return Allowed(total=units, total_amount=amount, share_per_dose=share, doses=doses, says=says, missing=missing)


def used_before(
    earlier: Iterable[tuple[date, Decimal]], start: date | None, end: date | None, before: date
) -> UsedBefore:
    """Add up earlier doses (day, units) inside an authorization's dates and before this service's day.

    Doses of the same day count as one visit. Open dates bound nothing.
    """
    within = [
        (day, units)
        for day, units in earlier
        if day < before and (start is None or day >= start) and (end is None or day <= end)
    ]
    days = tuple(sorted({day for day, _ in within}))
    return UsedBefore(units=sum((units for _, units in within), Decimal(0)), doses=len(days), days=days)


def left_over(total: Decimal | None, used: UsedBefore) -> Decimal | None:
    """Return units still open of a total, below zero when earlier doses overdrew it; None without a total."""
    return None if total is None else total - used.units


def _amount(
    quantity: Decimal,
    basis: str,
    per_unit: Decimal | None,
    vial_sizes: Sequence[Decimal],
    mg_per_ml: Decimal | None,
) -> Decimal | None:
    factors = {
        "mg": Decimal(1),
        "mcg": Decimal("0.001"),
        "ml": mg_per_ml,
        "vials": vial_sizes[0] if len(set(vial_sizes)) == 1 else None,
        "billing_units": per_unit,
    }
    factor = factors[basis]
    return None if factor is None else quantity * factor


def _units(quantity: Decimal, basis: str, amount: Decimal | None, per_unit: Decimal | None) -> Decimal | None:
    if basis == "billing_units":
        return quantity
    if amount is None or per_unit is None:
        return None
    return billing_units(amount, per_unit)


def _times(value: Decimal | None, doses: Decimal | None) -> Decimal | None:
    return None if value is None or doses is None else value * doses


def _ask(authorization: Authorization, what: str) -> str:
    return f"authorization {authorization.auth_number}: {what}"


def _n(value: Decimal) -> str:
    return f"{value.normalize():f}"

"""One table of a dose: ordered, given, discarded, billed, authorized, used; and the cell that decides."""

from decimal import Decimal
from typing import Literal

from knowledge.types.practice import Frozen
from tools.dosing.authorized import Allowed, UsedBefore, left_over
from tools.dosing.ordered import TOLERANCE, OrderedDose
from tools.dosing.units import amount_of_units, billing_units, exact_units
from tools.dosing.waste import WasteLines

Cell = Literal[
    "ordered",
    "given",
    "discarded",
    "billed",
    "billed_waste",
    "authorized_per_dose",
    "authorized_total",
    "used_before",
    "left",
]

_NAMES: dict[Cell, str] = {
    "ordered": "Ordered",
    "given": "Given",
    "discarded": "Discarded",
    "billed": "Billed as given",
    "billed_waste": "Billed as discarded",
    "authorized_per_dose": "Authorized per dose",
    "authorized_total": "Authorized in total",
    "used_before": "Used by earlier doses",
    "left": "Left of the total",
}


class DoseRow(Frozen):
    """One cell of the table: in the drug's measure and in billing units; None is unknown."""

    cell: Cell
    name: str
    amount: Decimal | None = None
    units: Decimal | None = None


class Mismatch(Frozen):
    """The one cell that decides, the cell it is held against, and a sentence with both values."""

    cell: Cell
    against: Cell
    says: str
    values: dict[str, str]


class DoseTable(Frozen):
    """All rows in a fixed order, known or not; `missing` names what could not be compared.

    `mismatch` is None when everything that is known agrees; with `missing` that is no proof of agreement.
    """

    measure: str
    per_unit: Decimal | None
    rows: tuple[DoseRow, ...]
    mismatch: Mismatch | None = None
    missing: tuple[str, ...] = ()

    def row(self, cell: Cell) -> DoseRow:
        """Return one row by its cell."""
        return next(row for row in self.rows if row.cell == cell)


class DoseFacts(Frozen):
    """What is known of one drug on one day. Amounts are in `measure`, billed quantities in billing units.

    `waste` is what the containers call for (`waste_lines`), None when it is not known or wastage modifiers
    do not apply to this payer.
    """

    measure: str = "mg"
    per_unit: Decimal | None = None
    ordered: OrderedDose = OrderedDose()
    given: Decimal | None = None
    discarded: Decimal | None = None
    waste: WasteLines | None = None
    billed: Decimal | None = None
    billed_waste: Decimal | None = None
    allowed: Allowed = Allowed()
    used: UsedBefore = UsedBefore()
    tolerance: Decimal = TOLERANCE


def dose_table(facts: DoseFacts) -> DoseTable:
    """Lay out the facts and name the deciding cell.

    What is wrong with the claim is named before what is wrong with the authorization, because a claim that
    agrees with the dose given is never changed to fit an authorization: 1 billed against given, 2 billed
    waste against the containers, 3 given against ordered, 4 authorized per dose, 5 what is left of the
    total. A row that is unknown is passed over and listed in `missing`.
    """
    table = DoseTable(measure=facts.measure, per_unit=facts.per_unit, rows=_rows(facts))
    for compare in (_billed, _billed_waste, _given, _per_dose, _left):
        mismatch = compare(facts, table)
        if mismatch is not None:
            return table.model_copy(update={"mismatch": mismatch, "missing": _missing(facts)})
    return table.model_copy(update={"missing": _missing(facts)})


def _rows(facts: DoseFacts) -> tuple[DoseRow, ...]:
    ordered = facts.ordered.milligrams[0] if len(set(facts.ordered.milligrams)) == 1 else None
    left = left_over(facts.allowed.total, facts.used)
    known: dict[Cell, tuple[Decimal | None, Decimal | None]] = {
        "ordered": (ordered, _units(ordered, facts)),
        "given": (facts.given, _units(facts.given, facts)),
        "discarded": (facts.discarded, _discarded_units(facts)),
        "billed": (_amount(facts.billed, facts), facts.billed),
        "billed_waste": (_amount(facts.billed_waste, facts), facts.billed_waste),
        "authorized_per_dose": (facts.allowed.per_dose_amount, facts.allowed.per_dose),
        "authorized_total": (facts.allowed.total_amount, facts.allowed.total),
        "used_before": (_amount(facts.used.units, facts), facts.used.units),
        "left": (_amount(left, facts), left),
    }
    return tuple(
        DoseRow(cell=cell, name=_NAMES[cell], amount=amount, units=units) for cell, (amount, units) in known.items()
    )


def _billed(facts: DoseFacts, table: DoseTable) -> Mismatch | None:
    given = table.row("given").units
    if facts.billed is None or given is None or facts.billed == given:
        return None
    says = (
        f"{_n(facts.billed)} units billed, {_n(given)} units given "
        f"({_n(facts.given)} {facts.measure} at {_n(facts.per_unit)} {facts.measure} a unit)"
    )
    return _mismatch("billed", "given", says, billed=facts.billed, given=given)


def _billed_waste(facts: DoseFacts, _table: DoseTable) -> Mismatch | None:
    if facts.waste is None or not _waste_known(facts):
        return None
    billed = facts.billed_waste or Decimal(0)
    expected = facts.waste.discarded
    if billed == expected:
        return None
    says = f"{_n(billed)} units billed as discarded, {_n(expected)} by the vials: {facts.waste.says}"
    return _mismatch("billed_waste", "discarded", says, billed=billed, discarded=expected)


def _given(facts: DoseFacts, _table: DoseTable) -> Mismatch | None:
    if facts.given is None or facts.ordered.covers(facts.given, facts.tolerance) is not False:
        return None
    ordered = facts.ordered.milligrams[0]
    says = f"{_n(facts.given)} {facts.measure} given, {_n(ordered)} {facts.measure} ordered"
    return _mismatch("given", "ordered", says, given=facts.given, ordered=ordered)


def _per_dose(facts: DoseFacts, _table: DoseTable) -> Mismatch | None:
    limit, billed = facts.allowed.per_dose, _billed_in_all(facts)
    if limit is None or billed is None or billed <= limit:
        return None
    says = f"{_shown(facts, billed)} billed, {_n(limit)} units authorized a dose"
    return _mismatch("authorized_per_dose", "billed", says, authorized=limit, billed=billed)


def _left(facts: DoseFacts, table: DoseTable) -> Mismatch | None:
    left, billed = table.row("left").units, _billed_in_all(facts)
    if left is None or billed is None or billed <= left:
        return None
    says = (
        f"{_shown(facts, billed)} billed, {_n(left)} units left of {_n(facts.allowed.total)} authorized "
        f"after {_n(facts.used.units)} used by {facts.used.doses} earlier doses"
    )
    return _mismatch("left", "billed", says, left=left, billed=billed)


def _missing(facts: DoseFacts) -> tuple[str, ...]:
    asked = [
        (facts.per_unit is None, "the amount in one billing unit"),
        (facts.given is None, "the dose given"),
        (facts.billed is None, "the units billed"),
        (bool(facts.billed_waste) and not _waste_known(facts), "the containers opened and their kind"),
    ]
    missing = [what for absent, what in asked if absent]
    return tuple(dict.fromkeys((*missing, *facts.ordered.missing, *facts.allowed.missing)))


def _units(amount: Decimal | None, facts: DoseFacts) -> Decimal | None:
    return None if amount is None or facts.per_unit is None else billing_units(amount, facts.per_unit)


def _amount(units: Decimal | None, facts: DoseFacts) -> Decimal | None:
    if units is None or facts.per_unit is None:
        return None
    return amount_of_units(units, facts.per_unit) if units >= 0 else -amount_of_units(-units, facts.per_unit)


def _discarded_units(facts: DoseFacts) -> Decimal | None:
    if facts.waste is not None and _waste_known(facts):
        return facts.waste.discarded
    if facts.discarded is None or facts.per_unit is None:
        return None
    return exact_units(facts.discarded, facts.per_unit)


def _waste_known(facts: DoseFacts) -> bool:
    return facts.waste is not None and facts.waste.modifier is not None


def _billed_in_all(facts: DoseFacts) -> Decimal | None:
    return None if facts.billed is None else facts.billed + (facts.billed_waste or Decimal(0))


def _shown(facts: DoseFacts, billed: Decimal) -> str:
    if facts.billed_waste:
        return f"{_n(billed)} units ({_n(facts.billed)} given, {_n(facts.billed_waste)} discarded)"
    return f"{_n(billed)} units"


def _mismatch(cell: Cell, against: Cell, says: str, **values: Decimal) -> Mismatch:
    return Mismatch(cell=cell, against=against, says=says, values={name: _n(value) for name, value in values.items()})


def _n(value: Decimal | None) -> str:
    return "?" if value is None else f"{value.normalize():f}"

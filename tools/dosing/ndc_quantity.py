"""How much of a product a claim reports for its NDC: in the product's own unit, never in billing units (facts 4.6).

A liquid is reported in millilitres, exactly as much as was used, to three decimals. A powder vial, or a syringe
counted by the piece, is reported in whole items: one that was opened counts as one. Where the payer wants the part
used, or a line is split into what was given and what was discarded, parts of an item are reported to three decimals;
the two parts then make up the whole, so that nothing is reported twice or lost by rounding.
"""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Literal

from knowledge.codes.ndc import CrosswalkRow
from knowledge.types.practice import Frozen

NdcUnit = Literal["ML", "UN"]

_STEP = Decimal("0.001")  # the finest quantity written in CTP04
_WHOLE_UNIT: dict[NdcUnit, str] = {"ML": "mL", "UN": "item"}


class Item(Frozen):
    """One item of a package (a vial, a syringe).

    `amount` is the drug in it, in the measure the dose is in; `contents` how much of `unit` it is: 4 ML for a vial
    of 4 mL, 1 UN for a powder vial.
    """

    amount: Decimal
    contents: Decimal
    unit: NdcUnit


class NdcQuantity(Frozen):
    """A quantity for CTP04 and its unit for CTP05-1, with the arithmetic in words."""

    quantity: Decimal
    unit: NdcUnit
    says: str


def ndc_quantity(used: Decimal, item: Item, *, parts: bool = False) -> NdcQuantity:
    """Return the quantity of `used` (given and discarded together), in the measure of `item.amount`.

    Whole items for UN, unless `parts` asks for the part used; ML is always exact to three decimals.

    Raises:
        ValueError: when `used` is not above zero, or the item holds nothing.
    """
    _check(used, item)
    share = used / item.amount
    if item.unit == "UN" and not parts:
        quantity = share.quantize(_STEP, ROUND_HALF_UP).to_integral_value(ROUND_CEILING) * item.contents
    else:
        quantity = (share * item.contents).quantize(_STEP, ROUND_HALF_UP)
    says = (
        f"{_shown(used)} used, {_shown(item.amount)} in an item of {_shown(item.contents)} {_WHOLE_UNIT[item.unit]}: "
        f"{item.unit} {_shown(quantity)}"
    )
    return NdcQuantity(quantity=_plain(quantity), unit=item.unit, says=says)


def split_quantity(given: Decimal, discarded: Decimal, item: Item) -> tuple[NdcQuantity, NdcQuantity]:
    """Return the quantities of the line given and the line discarded (JW); together they are the whole.

    Raises:
        ValueError: when one of the two is not above zero, or the item holds nothing.
    """
    _check(given, item)
    _check(discarded, item)
    whole = ndc_quantity(given + discarded, item, parts=True)
    first = ndc_quantity(given, item, parts=True)
    rest = whole.quantity - first.quantity
    says = f"{whole.says}; {_shown(first.quantity)} of it given, {_shown(rest)} discarded"
    return first, NdcQuantity(quantity=_plain(rest), unit=item.unit, says=says)


def item_of(row: CrosswalkRow, billing_unit: Decimal, unit: str = "") -> Item | None:
    """Make an item of a crosswalk row. `billing_unit` is one unit of the code in the dose's measure (1 for 1 mg).

    The crosswalk does not name the NDC's unit: `unit` is that of the claim. Without it, an item of another size than 1
    is a liquid; one of size 1 may be 1 mL or one powder vial, so the answer is None. None too where the row lacks its
    numbers, and for units other than ML and UN.
    """
    if row.per_item is None or row.size is None or billing_unit <= 0:
        return None
    amount = row.per_item * billing_unit
    if unit == "UN":
        return Item(amount=amount, contents=Decimal(1), unit="UN")
    if unit == "ML" or (unit == "" and row.size != 1):
        return Item(amount=amount, contents=row.size, unit="ML")
    return None


def quantity_bounds(units: Decimal, row: CrosswalkRow, unit: str) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most NDC quantity that fits billed units; None where the row or unit does not tell.

    Billing units were rounded up from the dose, so up to one unit less may have been used; at most the opened items
    are reported whole. A payer may count packages, so a piece may be a part of one: the least allows for it.
    """
    if row.per_item is None or row.size is None or units <= 0 or unit not in ("ML", "UN"):
        return None
    contents = row.size if unit == "ML" else Decimal(1)
    items = (units / row.per_item).quantize(_STEP, ROUND_HALF_UP).to_integral_value(ROUND_CEILING)
    in_package = row.quantity if unit == "UN" and row.quantity is not None and row.quantity > 1 else Decimal(1)
    least = max(units - 1, Decimal(0)) / row.per_item * contents / in_package
    return least.quantize(_STEP, ROUND_HALF_UP), _plain(items * contents)


def _check(amount: Decimal, item: Item) -> None:
    if amount <= 0:
        raise ValueError(f"an amount used must be above zero, not {amount}")
    if item.amount <= 0 or item.contents <= 0:
        raise ValueError(f"an item must hold something, not {item.amount} in {item.contents} {item.unit}")


def _plain(value: Decimal) -> Decimal:
    return Decimal(_shown(value))


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"

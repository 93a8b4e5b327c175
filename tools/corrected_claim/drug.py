"""Name the product of a line: loop 2410, LIN (NDC) and CTP (quantity)."""

import re
from collections.abc import Sequence
from decimal import Decimal

from knowledge.types.corrections import ClaimChange, SetCode, SetNdc, SetUnits
from tools.corrected_claim.draft import Draft, DraftLine, element, number_like
from tools.corrected_claim.order import Segment, loop_end

STEP = Decimal("0.001")
"""The finest NDC quantity written."""

_NDC = re.compile(r"[0-9]{11}")
_UNITS = frozenset({"F2", "GR", "ME", "ML", "UN"})  # CTP05-1
_MOST = Decimal("9999999.999")


def set_ndc(draft: Draft, change: SetNdc) -> None:
    """Write LIN**N4 and CTP with the product's quantity, in place of those there or where the guide has them.

    Raises CorrectionRefused for an NDC that is not 11 digits, a quantity that is not positive, a unit other
    than F2, GR, ME, ML, UN, and a line whose product is named by something else than one NDC.
    """
    line = draft.line(change.line)
    _check(draft, line, change)
    start = loop_end("2400", line.segments)
    product, quantity = product_of(draft, line)
    if product is None:
        draft.insert(line.drug_loop, line.segments, ["LIN", "", "N4", change.ndc], change, at=start)
        product = line.segments[start]
    else:
        draft.set(line.drug_loop, product, 3, change.ndc, change)
    amount = number_like("", change.quantity)
    if quantity is None:
        written = ["CTP", "", "", "", amount, change.unit]
        place = next(at for at, segment in enumerate(line.segments) if segment is product) + 1
        draft.insert(line.drug_loop, line.segments, written, change, at=place)
    else:
        draft.set(line.drug_loop, quantity, 4, amount, change)
        draft.set(line.drug_loop, quantity, 5, change.unit, change, component=1)


def product_of(draft: Draft, line: DraftLine) -> tuple[Segment | None, Segment | None]:
    """Return the line's LIN and CTP. Raises CorrectionRefused for several, or a LIN that is no NDC (N4)."""
    start = loop_end("2400", line.segments)
    drug = line.segments[start : loop_end("2410", line.segments, start)]
    products = [segment for segment in drug if segment[0] == "LIN"]
    quantities = [segment for segment in drug if segment[0] == "CTP"]
    if len(products) > 1 or len(quantities) > 1:
        what = f"{len(products)} products and {len(quantities)} quantities stand on one line"
        raise draft.refusal("several-products", what, "a person must say which was given", line.loop)
    if products and element(products[0], 2) != "N4":
        what = f"the product is named by {element(products[0], 2)!r}, not by an NDC (N4)"
        raise draft.refusal("product-qualifier", what, "a person must replace it", line.loop)
    return (products[0] if products else None), (quantities[0] if quantities else None)


def check_quantities(draft: Draft, changes: Sequence[ClaimChange]) -> None:
    """Tell of lines whose units changed while the NDC quantity stayed as sent."""
    named = {change.line for change in changes if isinstance(change, SetNdc)}
    for change in changes:
        if isinstance(change, SetUnits | SetCode) and change.line not in named:
            line = draft.line(change.line)
            quantity = product_of(draft, line)[1]
            if quantity is not None:
                says = f"the NDC quantity stays {element(quantity, 4)}, as sent: check it with what was opened"
                draft.note("warning", "ndc-quantity-as-sent", says, line.loop)


def _check(draft: Draft, line: DraftLine, change: SetNdc) -> None:
    if _NDC.fullmatch(change.ndc) is None:
        what = f"{change.ndc!r} is no NDC of 11 digits"
        raise draft.refusal("ndc-malformed", what, "write it 5-4-2 without dashes, padded with zeros", line.loop)
    check_quantity(draft, line, change.quantity)
    if change.unit not in _UNITS:
        what = f"{change.unit!r} is no unit of an NDC quantity ({', '.join(sorted(_UNITS))})"
        raise draft.refusal("ndc-malformed", what, "give the product's own unit", line.loop)


def check_quantity(draft: Draft, line: DraftLine, quantity: Decimal) -> None:
    """Refuse an NDC quantity that is not positive or has more than three decimals."""
    if not 0 < quantity <= _MOST or quantity != quantity.quantize(STEP):
        what = f"{quantity} is no NDC quantity (above 0, three decimals at most)"
        raise draft.refusal("ndc-malformed", what, "give the quantity in the product's own unit", line.loop)

"""Bill the discarded part of a single-dose vial on a line of its own, with JW."""

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal

from knowledge.types.corrections import Change, ChargeRule, SplitWaste
from tools.corrected_claim.charges import set_charge, share
from tools.corrected_claim.draft import Draft, DraftLine, element, number_like, references
from tools.corrected_claim.drug import STEP, check_quantity, product_of
from tools.corrected_claim.service import (
    billed_units,
    check_given,
    check_units,
    modifiers,
    with_modifiers,
)

_WASTED, _NONE_WASTED = "JW", "JZ"
_MOST_LINES = 50  # 2400 in a professional claim
_LONGEST_CONTROL = 30  # REF*6R, REF02
_RENUMBER = Change(why="Lines are numbered from 1 without gaps")


def split_waste(
    draft: Draft,
    change: SplitWaste,
    rule: ChargeRule,
    dose_units: Mapping[str, Decimal],
    product_set: bool = False,
) -> None:
    """Split a line into what was given and what was discarded.

    The added line follows the line it comes from and repeats its segments, with JW and a line control of its
    own: the line's REF*6R and a W (cut to 30 characters, and numbered if that is taken). A JZ on the line
    goes. The price per unit stays; under `keep` the charge is split instead. NDC quantities follow the units
    unless given.

    Raises CorrectionRefused when the units given are not those of the dose, when the line bills neither the
    given units nor given and discarded together, when the waste is billed already, and when the line cannot
    be split.
    """
    line = draft.line(change.line)
    sent = billed_units(draft, line)
    given, wasted = change.administered_units, change.wasted_units
    check_units(draft, line, given)
    check_units(draft, line, wasted)
    check_given(draft, line, given, dose_units)
    _check_line(draft, line, sent, change)
    rest = _charges(draft, line, sent, change, rule)
    quantities = _quantities(draft, line, sent, change, product_set)
    kept = [each for each in modifiers(draft, line) if each != _NONE_WASTED]
    added = DraftLine(line.number, deepcopy(line.segments), cause=change)
    added.service[1] = with_modifiers(draft, line, [*kept, _WASTED])
    added.service[2] = number_like(element(line.service, 2), rest)
    added.service[4] = number_like(element(line.service, 4), wasted)
    for reference in references(added.segments, "2400", "6R"):
        reference[2] = _own_control(draft, element(reference, 2))
    draft.set(line.loop, line.service, 4, number_like(element(line.service, 4), given), change)
    if kept != modifiers(draft, line):
        draft.set(line.loop, line.service, 1, with_modifiers(draft, line, kept), change)
    if quantities is not None:
        _write_quantities(draft, line, added, quantities, change)
    draft.lines.insert(draft.lines.index(line) + 1, added)


def _check_line(draft: Draft, line: DraftLine, sent: Decimal, change: SplitWaste) -> None:
    given, wasted = change.administered_units, change.wasted_units
    if sent not in (given, given + wasted):
        what = f"the line bills {sent} units: neither the {given} given nor these and {wasted} discarded"
        raise draft.refusal("waste-does-not-add-up", what, "compare the vials opened with the chart", line.loop)
    code = element(line.service, 1).split(draft.component)[:2]
    for other in draft.lines:
        if element(other.service, 1).split(draft.component)[:2] == code and _WASTED in modifiers(draft, other):
            what = f"line {other.number} bills discarded units of {code[-1]} already"
            raise draft.refusal("waste-billed-already", what, "correct that line instead", line.loop)
    if line.has("SVD") or line.has("HCP"):
        what = "the line carries another payer's adjudication or pricing, which cannot be split"
        raise draft.refusal("other-payer-adjudicated", what, "correct it with that payer first", line.loop)
    if len(draft.lines) >= _MOST_LINES:
        what = f"a claim has room for {_MOST_LINES} lines, and all are taken"
        raise draft.refusal("lines-too-many", what, "split the claim by hand", line.loop)


def _charges(draft: Draft, line: DraftLine, sent: Decimal, change: SplitWaste, rule: ChargeRule) -> Decimal:
    """Write the charge of the line and return that of the discarded units; both together lose no cent."""
    charge = draft.amount(line.service, 2, line.loop)
    both = change.administered_units + change.wasted_units
    together, whole_exact = (charge, True) if rule == "keep" else share(charge, both, sent)
    rest, exact = share(together, change.wasted_units, both)
    if not (exact and whole_exact):
        says = f"{charge} does not divide to the cent: {together - rest} for what was given, {rest} discarded"
        draft.note("warning", "charge-rounded", says, line.loop)
    set_charge(draft, line, together - rest, change)
    return rest


def _quantities(
    draft: Draft, line: DraftLine, sent: Decimal, change: SplitWaste, product_set: bool
) -> tuple[Decimal, Decimal] | None:
    """Return the NDC quantities of the given and the discarded part; None when the line has none.

    A quantity as sent belongs to the units as sent, one that was just set (`product_set`) to both lines.
    """
    stated = (change.administered_ndc_quantity, change.wasted_ndc_quantity)
    segment = product_of(draft, line)[1]
    if segment is None:
        return None
    if (stated[0] is None) != (stated[1] is None):
        what = "one NDC quantity was given for two lines"
        raise draft.refusal("ndc-malformed", what, "give both, or none to divide the one sent", line.loop)
    if stated[0] is not None and stated[1] is not None:
        for quantity in (stated[0], stated[1]):
            check_quantity(draft, line, quantity)
        return stated[0], stated[1]
    quantity = draft.amount(segment, 4, line.drug_loop)
    both = change.administered_units + change.wasted_units
    together, whole_exact = share(quantity, both, both if product_set else sent, STEP)
    rest, exact = share(together, change.wasted_units, both, STEP)
    if not (exact and whole_exact):
        says = f"NDC quantity {quantity} does not divide: {together - rest} given, {rest} discarded; check it"
        draft.note("warning", "ndc-quantity-rounded", says, line.loop)
    return together - rest, rest


def _write_quantities(
    draft: Draft, line: DraftLine, added: DraftLine, quantities: tuple[Decimal, Decimal], change: Change
) -> None:
    """Write CTP04 of both lines; a line that was added is told as a whole later."""
    given, wasted = (number_like("", quantity) for quantity in quantities)
    sent, copied = product_of(draft, line)[1], product_of(draft, added)[1]
    if sent is not None and copied is not None:
        draft.set(line.drug_loop, sent, 4, given, change)
        copied[4] = wasted


def _own_control(draft: Draft, control: str) -> str:
    """Return a line control no line of the claim has: the original's with W, within 30 characters."""
    taken = {element(each, 2) for line in draft.lines for each in references(line.segments, "2400", "6R")}
    for number in range(1, _MOST_LINES + 1):
        suffix = "W" if number == 1 else f"W{number}"
        own = control[: _LONGEST_CONTROL - len(suffix)] + suffix
        if own not in taken:
            return own
    raise draft.refusal("line-control-taken", f"no free line control after {control!r}", "give lines other ones")


def number_lines(draft: Draft) -> None:
    """Number the lines from 1 where one was added or went; line controls, by which the payer answers, stay."""
    if not draft.renumber and all(line.cause is None for line in draft.lines):
        return
    for number, line in enumerate(draft.lines, start=1):
        if line.cause is None:
            draft.set(line.loop, line.segments[0], 1, str(number), _RENUMBER)
            continue
        line.number = f"{number} (added)"
        line.segments[0][1] = str(number)
        for segment in line.segments:
            draft.keep_added(line.loop, segment, line.cause)

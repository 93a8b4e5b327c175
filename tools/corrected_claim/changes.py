"""Apply typed changes to a draft, and check what they make together."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal

from knowledge.types.corrections import (
    ChargeRule,
    ClaimChange,
    SetAuthorization,
    SetCode,
    SetDiagnoses,
    SetModifiers,
    SetNdc,
    SetPointers,
    SetUnits,
    SplitWaste,
)
from tools.corrected_claim.authorization import set_authorization
from tools.corrected_claim.diagnoses import check_pointers, set_diagnoses, set_pointers
from tools.corrected_claim.draft import Draft
from tools.corrected_claim.drug import check_quantities, set_ndc
from tools.corrected_claim.service import check_modifiers, set_code, set_modifiers, set_units
from tools.corrected_claim.waste import number_lines, split_waste


def apply_changes(
    draft: Draft, changes: Sequence[ClaimChange], rule: ChargeRule, dose_units: Mapping[str, Decimal]
) -> None:
    """Apply all changes; waste is split last, so that the added line has what the others gave its line.

    Raises CorrectionRefused for changes that contradict each other or would not be right.
    """
    _check_contradictions(draft, changes)
    named = {change.line for change in changes if isinstance(change, SetNdc)}
    for change in sorted(changes, key=lambda change: isinstance(change, SplitWaste)):
        _apply(draft, change, rule, dose_units, named)
    check_modifiers(draft)
    check_pointers(draft, changes)
    check_quantities(draft, changes)
    number_lines(draft)


def _apply(
    draft: Draft,
    change: ClaimChange,
    rule: ChargeRule,
    dose_units: Mapping[str, Decimal],
    named: Set[str],
) -> None:
    match change:
        case SetAuthorization():
            set_authorization(draft, change)
        case SetCode():
            set_code(draft, change, dose_units)
        case SetUnits():
            set_units(draft, change, rule, dose_units)
        case SetModifiers():
            set_modifiers(draft, change)
        case SetNdc():
            set_ndc(draft, change)
        case SetDiagnoses():
            set_diagnoses(draft, change)
        case SetPointers():
            set_pointers(draft, change)
        case SplitWaste():
            split_waste(draft, change, rule, dose_units, change.line in named)


def _check_contradictions(draft: Draft, changes: Sequence[ClaimChange]) -> None:
    """Refuse two changes of one kind for one place, and units that are set besides by a code or a split."""
    kinds = Counter((change.kind, getattr(change, "line", None)) for change in changes)
    for (kind, line), count in kinds.items():
        if count > 1:
            what = f"{count} changes of kind {kind} for {f'line {line}' if line else 'the claim'}"
            raise draft.refusal("changes-contradict", what, "give one of them")
    deciding = {change.line for change in changes if isinstance(change, SetCode | SplitWaste)}
    for change in changes:
        if isinstance(change, SetUnits) and change.line in deciding:
            what = f"set_units and another change both decide the units of line {change.line}"
            raise draft.refusal("changes-contradict", what, "give one of them")

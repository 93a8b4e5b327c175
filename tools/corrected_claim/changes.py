"""Apply typed changes to a draft, and check what they make together."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal

from knowledge.types.corrections import (
    ChargeRule,
    ClaimChange,
    RemoveLine,
    SetAuthorization,
    SetCode,
    SetDescription,
    SetDiagnoses,
    SetModifiers,
    SetNdc,
    SetOriginal,
    SetPatient,
    SetPlace,
    SetPointers,
    SetProvider,
    SetTestResult,
    SetTrial,
    SetUnits,
    SplitWaste,
)
from tools.corrected_claim.authorization import set_authorization
from tools.corrected_claim.diagnoses import check_pointers, set_diagnoses, set_pointers
from tools.corrected_claim.draft import Draft
from tools.corrected_claim.drug import check_quantities, set_ndc
from tools.corrected_claim.patient import set_patient
from tools.corrected_claim.place import set_place
from tools.corrected_claim.providers import set_provider
from tools.corrected_claim.removal import remove_line
from tools.corrected_claim.service import check_modifiers, set_code, set_description, set_modifiers, set_units
from tools.corrected_claim.test_result import set_test_result
from tools.corrected_claim.trial import set_trial
from tools.corrected_claim.waste import number_lines, split_waste


def apply_changes(
    draft: Draft, changes: Sequence[ClaimChange], rule: ChargeRule, dose_units: Mapping[str, Decimal]
) -> None:
    """Apply all changes; waste is split last, so that the added line has what the others gave its line.

    A line that goes is taken off first, so that nothing else is written into it.

    Raises CorrectionRefused for changes that contradict each other or would not be right.
    """
    _check_contradictions(draft, changes)
    named = {change.line for change in changes if isinstance(change, SetNdc)}
    for change in sorted(changes, key=_turn):
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
    if isinstance(change, SetCode | SetUnits | SetModifiers | SetNdc | SplitWaste | SetDescription | SetTestResult):
        _apply_to_line(draft, change, rule, dose_units, named)
        return
    match change:
        case SetAuthorization():
            set_authorization(draft, change)
        case SetDiagnoses():
            set_diagnoses(draft, change)
        case SetPointers():
            set_pointers(draft, change)
        case SetPatient():
            set_patient(draft, change)
        case SetPlace():
            set_place(draft, change)
        case SetProvider():
            set_provider(draft, change)
        case SetTrial():
            set_trial(draft, change)
        case RemoveLine():
            remove_line(draft, change)
        case SetOriginal():
            pass  # CLM05-3 and REF*F8 are written together, before all else


def _apply_to_line(
    draft: Draft,
    change: SetCode | SetUnits | SetModifiers | SetNdc | SplitWaste | SetDescription | SetTestResult,
    rule: ChargeRule,
    dose_units: Mapping[str, Decimal],
    named: Set[str],
) -> None:
    match change:
        case SetCode():
            set_code(draft, change, dose_units)
        case SetUnits():
            set_units(draft, change, rule, dose_units)
        case SetModifiers():
            set_modifiers(draft, change)
        case SetNdc():
            set_ndc(draft, change)
        case SplitWaste():
            split_waste(draft, change, rule, dose_units, change.line in named)
        case SetDescription():
            set_description(draft, change)
        case SetTestResult():
            set_test_result(draft, change)


def _check_contradictions(draft: Draft, changes: Sequence[ClaimChange]) -> None:
    """Refuse two changes of one kind for one place, and units that are set besides by a code or a split."""
    kinds = Counter((_kind(change), getattr(change, "line", None)) for change in changes)
    for (kind, line), count in kinds.items():
        if count > 1:
            what = f"{count} changes of kind {kind} for {f'line {line}' if line else 'the claim'}"
            raise draft.refusal("changes-contradict", what, "give one of them")
    gone = {change.line for change in changes if isinstance(change, RemoveLine)}
    for change in changes:
        if not isinstance(change, RemoveLine) and getattr(change, "line", None) in gone:
            what = f"line {getattr(change, 'line', '')} is to be taken off and changed"
            raise draft.refusal("changes-contradict", what, "give one of them")
    deciding = {change.line for change in changes if isinstance(change, SetCode | SplitWaste)}
    for change in changes:
        if isinstance(change, SetUnits) and change.line in deciding:
            what = f"set_units and another change both decide the units of line {change.line}"
            raise draft.refusal("changes-contradict", what, "give one of them")


def _turn(change: ClaimChange) -> int:
    return 0 if isinstance(change, RemoveLine) else 2 if isinstance(change, SplitWaste) else 1


def _kind(change: ClaimChange) -> str:
    """Tell kinds apart that may stand once at a place: a provider once in each role, each test once."""
    if isinstance(change, SetProvider):
        return f"{change.kind} {change.role}"
    return f"{change.kind} {change.test}" if isinstance(change, SetTestResult) else change.kind

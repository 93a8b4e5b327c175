"""Write diagnoses (HI) and the pointers of lines at them (SV107): only what a person decided, or has yet to see."""

import re
from collections.abc import Sequence

from knowledge.types.corrections import ClaimChange, SetDiagnoses, SetPointers
from tools.corrected_claim.draft import Draft, element
from tools.corrected_claim.order import Segment, loop_end

_CODE = re.compile(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}")
_PRINCIPAL, _OTHER = "ABK", "ABF"
_MOST_DIAGNOSES, _MOST_POINTERS = 12, 4


def set_diagnoses(draft: Draft, change: SetDiagnoses) -> None:
    """Write the claim's diagnoses, the principal first, in the HI that holds them.

    Raises CorrectionRefused when no person decided, a code is malformed or repeated, or there are more than
    12.
    """
    _check_person(draft, change)
    codes = [code.replace(".", "").upper() for code in change.codes]
    bad = [code for code in codes if _CODE.fullmatch(code) is None]
    if bad or len(set(codes)) < len(codes) or not 1 <= len(codes) <= _MOST_DIAGNOSES:
        what = f"{', '.join(change.codes) or 'no codes'}: not 1 to {_MOST_DIAGNOSES} different ICD-10-CM codes"
        raise draft.refusal("diagnosis-malformed", what, "give each code once, the principal first", "2300")
    segment = _diagnoses(draft)
    if segment is None:
        what = "the claim has no HI with ICD-10-CM diagnoses (ABK)"
        raise draft.refusal("diagnoses-not-found", what, "correct this claim in the system that made it", "2300")
    wanted = [draft.component.join((_OTHER if at else _PRINCIPAL, code)) for at, code in enumerate(codes)]
    for index in range(max(len(wanted), len(segment) - 1)):
        draft.set("2300", segment, index + 1, wanted[index] if index < len(wanted) else "", change)
    del segment[len(wanted) + 1 :]


def set_pointers(draft: Draft, change: SetPointers) -> None:
    """Point a line at diagnoses by position (1 to 4 of them). Raises CorrectionRefused without a person."""
    _check_person(draft, change)
    line = draft.line(change.line)
    if not 1 <= len(change.pointers) <= _MOST_POINTERS or len(set(change.pointers)) < len(change.pointers):
        what = f"{change.pointers} are not 1 to {_MOST_POINTERS} different diagnosis pointers"
        raise draft.refusal("pointers-malformed", what, "give positions from 1, the main one first", line.loop)
    written = draft.component.join(str(pointer) for pointer in change.pointers)
    draft.set(line.loop, line.service, 7, written, change)


def check_pointers(draft: Draft, changes: Sequence[ClaimChange]) -> None:
    """Refuse a pointer at a diagnosis that is not there, once diagnoses or pointers have changed."""
    if not any(isinstance(change, SetDiagnoses | SetPointers) for change in changes):
        return
    segment = _diagnoses(draft)
    count = len(segment) - 1 if segment else 0
    for line in draft.lines:
        for pointer in element(line.service, 7).split(draft.component):
            if pointer and not (pointer.isdecimal() and 1 <= int(pointer) <= count):
                what = f"the line points at diagnosis {pointer}, and the claim has {count}"
                raise draft.refusal("pointer-without-diagnosis", what, "set the line's pointers too", line.loop)


def _check_person(draft: Draft, change: SetDiagnoses | SetPointers) -> None:
    if not change.decided_by:
        what = "a change of diagnoses or of their pointers needs a person"
        draft.leave_to_person(what, "have a certified coder decide and name them", "2300")


def _diagnoses(draft: Draft) -> Segment | None:
    own = draft.head[: loop_end("2300", draft.head)]
    for segment in own:
        if segment[0] == "HI" and element(segment, 1).split(draft.component)[0] == _PRINCIPAL:
            return segment
    return None

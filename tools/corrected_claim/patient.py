"""Name the patient as the payer has verified them: member id (NM1*IL), name and birth date (DMG)."""

from knowledge.types.corrections import SetPatient
from tools.corrected_claim.draft import Draft, element, same_case
from tools.corrected_claim.order import Segment

_LONGEST_ID, _LONGEST_LAST, _LONGEST_FIRST = 80, 60, 35  # NM109, NM103, NM104
_SUBSCRIBER, _PATIENT = "2010BA", "2010CA"
_ELSEWHERE = "correct this claim in the system that made it"


def set_patient(draft: Draft, change: SetPatient) -> None:
    """Write the verified member id, name and birth date; address, sex and the relationship stay as sent.

    The subscriber's level holds the member id, the innermost level the patient's name and birth date (one and the
    same where the patient is the subscriber). Raises CorrectionRefused when a level lacks its NM1 or DMG, when the
    subscriber is no person and a name is to be changed there, and for values the segments cannot hold.
    """
    if change.member_id is None and change.last is None and change.first is None and change.birth_date is None:
        raise draft.refusal("nothing-to-correct", "a patient without anything to set", "say what was verified")
    if change.member_id is not None:
        _set_member(draft, change, change.member_id)
    loop, level, name = _person(draft)
    if change.last is not None:
        _set_name(draft, change, loop, name, 3, change.last, _LONGEST_LAST)
    if change.first is not None:
        _set_name(draft, change, loop, name, 4, change.first, _LONGEST_FIRST)
    if change.birth_date is not None:
        born = next((segment for segment in level if segment[0] == "DMG"), None)
        if born is None or element(born, 1) != "D8":
            raise draft.refusal("birth-date-not-found", "the patient has no DMG with a birth date", _ELSEWHERE, loop)
        draft.set(loop, born, 2, change.birth_date.strftime("%Y%m%d"), change)


def _set_member(draft: Draft, change: SetPatient, number: str) -> None:
    draft.check_value(number, _LONGEST_ID, "member id", _SUBSCRIBER)
    subscriber = _named(draft, draft.levels[1], "IL", _SUBSCRIBER)
    sent = element(subscriber, 9)
    if element(subscriber, 8) not in ("", "MI"):
        what = f"the subscriber is identified by {element(subscriber, 8)!r}, not by a member id (MI)"
        raise draft.refusal("member-id-qualifier", what, _ELSEWHERE, _SUBSCRIBER)
    draft.set(_SUBSCRIBER, subscriber, 8, "MI", change)
    draft.set(_SUBSCRIBER, subscriber, 9, number, change)
    loop, _, person = _person(draft)
    if loop == _PATIENT and sent and element(person, 9) == sent:
        draft.set(loop, person, 9, number, change)


def _set_name(
    draft: Draft, change: SetPatient, loop: str, person: Segment, index: int, value: str, longest: int
) -> None:
    written = same_case(element(person, 3), value)
    draft.check_value(written, longest, "name", loop)
    if element(person, 2) != "1":
        raise draft.refusal("patient-no-person", "the patient's NM102 is not 1 (a person)", _ELSEWHERE, loop)
    draft.set(loop, person, index, written, change)


def _person(draft: Draft) -> tuple[str, list[Segment], Segment]:
    """Return loop, level and NM1 of the patient: the subscriber unless a patient level follows."""
    if len(draft.levels) > 2:
        return _PATIENT, draft.levels[2], _named(draft, draft.levels[2], "QC", _PATIENT)
    return _SUBSCRIBER, draft.levels[1], _named(draft, draft.levels[1], "IL", _SUBSCRIBER)


def _named(draft: Draft, level: list[Segment], entity: str, loop: str) -> Segment:
    found = [segment for segment in level if segment[0] == "NM1" and element(segment, 1) == entity]
    if len(found) != 1:
        what = f"the level has {len(found)} NM1*{entity}"
        raise draft.refusal("patient-not-found", what, _ELSEWHERE, loop)
    return found[0]

"""What a reviewer's edit changes: remedy, what follows, cause or a note; the draft is then made anew."""

from typing import Any, get_args

from agent.closing.bars import patient_bars
from agent.decision import decide
from agent.desk import Desk
from knowledge.records import Repository
from knowledge.types.diagnosis import Diagnosis, Remedy, ReviewReason

EDITABLE = ("remedy", "then", "root_cause", "note")

LETTER = "letter"
"""With this alone an edit names an edited letter by its key in the records."""


class BadChange(ValueError):
    """An edit that cannot be applied: it names a field or a value the denial record does not know."""


def check_changes(desk: Desk, changes: dict[str, Any], denial_id: str) -> None:
    """Refuse an edit before anything is stored; raise BadChange naming the field and what it may be.

    No edit bills a patient who may not be billed, whoever makes it.
    """
    if set(changes) == {LETTER}:
        return  # it was verified when it came
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise BadChange(f"{unknown[0]} cannot be edited; only {', '.join(EDITABLE)} can")
    if not changes:
        raise BadChange(f"an edit changes something: {', '.join(EDITABLE)}")
    remedies = get_args(Remedy)
    for name in ("remedy", "then"):
        value = changes.get(name)
        if name in changes and value not in remedies and not (name == "then" and value is None):
            raise BadChange(f"{name} {value!r} is no remedy; it is one of {', '.join(remedies)}")
    if "bill_patient" in (changes.get("remedy"), changes.get("then")):
        bars = patient_bars(desk.casebook.case(denial_id))
        if bars:
            raise BadChange(f"the patient may not be billed: {bars[0].says} ({bars[0].source})")
    cause = changes.get("root_cause")
    if "root_cause" in changes and cause not in {entry.id for entry in desk.catalogue.causes}:
        raise BadChange(f"root_cause {cause!r} is not in the catalogue")


def apply_edit(repository: Repository, desk: Desk, denial_id: str, revision: int, changes: dict[str, Any]) -> None:
    """Write an edit into diagnosis and decision; what a person has decided no longer asks for a person.

    Raises:
        BadChange: the edit does not fit the record.
    """
    check_changes(desk, changes, denial_id)
    diagnosis = repository.casework.work(desk.practice_id, denial_id, "diagnose", Diagnosis)
    if diagnosis is None:
        raise BadChange(f"denial {denial_id} has not been worked yet")
    if cause_id := changes.get("root_cause"):
        cause = desk.catalogue.get(cause_id)
        diagnosis = diagnosis.model_copy(update={"root_cause": cause.id, "category": cause.category})
    diagnosis = diagnosis.model_copy(update={name: changes[name] for name in ("remedy", "then") if name in changes})
    usual = "Its letter was edited: read it" if LETTER in changes else "Edited by a reviewer: approve or reject"
    note = ReviewReason(code="edited", says=str(changes.get("note") or usual))
    fresh = decide(desk.casebook.case(denial_id), diagnosis, desk.as_of)  # another remedy has another clock
    decision = fresh.model_copy(update={"review_reasons": (note,)})
    repository.casework.save_work(desk.practice_id, denial_id, "diagnose", revision, diagnosis)
    repository.casework.save_work(desk.practice_id, denial_id, "decide", revision, decision)

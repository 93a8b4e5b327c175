"""Which edited letter stands in place of the draft's own: the last edit's, while its records are the same."""

from collections.abc import Sequence

from agent.approving.records_print import records_print
from agent.desk import Desk
from agent.diagnosis.printed import day
from agent.review import LETTER
from agent.work import Draft
from knowledge.records import LetterEdit


def edit_in_force(desk: Desk, denial_id: str, remedy: str, answered: Sequence[str]) -> tuple[LetterEdit | None, str]:
    """Return the edited letter that holds, and, where one no longer does, a sentence that says so.

    An edit of anything else after it (cause, remedy) takes its place; so do other records, or another remedy.
    """
    with desk.records.reading() as repository:
        reviews = {one.key: one for one in repository.casework.reviews(desk.practice_id, denial_id)}
        last = next(
            (reviews[key] for key in reversed(answered) if key in reviews and reviews[key].decision == "edit"), None
        )
        if last is None or LETTER not in last.changes:
            return None, ""
        edit = repository.correspondence.edit(desk.practice_id, denial_id, str(last.changes[LETTER]))
    if edit is None:
        return None, ""
    if edit.remedy != remedy or edit.rests_on != records_print(desk.casebook.case(denial_id)):
        return None, f"{_edited(edit)} was set aside: the records it rests on have changed since"
    return edit, ""


def with_edit(made: Draft, edit: LetterEdit | None, set_aside: str) -> Draft:
    """Return the draft with a note of who edited its letter, or of whose edit was set aside."""
    if edit is not None and made.letter is not None and made.letter.person_wrote == edit.content.person_wrote:
        return made.model_copy(update={"notes": (*made.notes, f"{_edited(edit)} stands in place of the one drafted")})
    return made.model_copy(update={"notes": (*made.notes, set_aside)}) if set_aside else made


def _edited(edit: LetterEdit) -> str:
    return f"The letter as {edit.by} edited it on {day(edit.at.date())}"

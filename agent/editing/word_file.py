"""Give a denial's letter out as a Word file, as it stands now."""

from agent.desk import Desk
from agent.drafting.letters import letter_evidence
from agent.nodes.stored import stored
from agent.work import Draft
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent
from tools.packet.word.writing import write_word


class NoLetter(LookupError):
    """The denial has no letter: it has not been worked, or its remedy needs none."""


def letter_of(desk: Desk, denial_id: str) -> tuple[LetterContent, tuple[Evidence, ...]]:
    """Return a denial's letter and the evidence it may rest on.

    Raises:
        NoLetter: there is none.
    """
    with desk.records.reading() as repository:
        made = repository.casework.work(desk.practice_id, denial_id, "draft", Draft)
    if made is None or made.letter is None or denial_id not in desk.casebook.denials:
        raise NoLetter(f"denial {denial_id} has no letter: its remedy needs none, or it could not be written")
    diagnosis = stored(desk, denial_id, "diagnose", Diagnosis)
    return made.letter, letter_evidence(desk.casebook.case(denial_id), diagnosis)


def letter_word(desk: Desk, denial_id: str) -> bytes:
    """Return a denial's letter as DOCX for editing, the same bytes for the same letter.

    Raises:
        NoLetter: there is none.
    """
    content, evidence = letter_of(desk, denial_id)
    return write_word(content, evidence)

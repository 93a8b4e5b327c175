"""Take an edited letter back: read, held against the evidence as a draft is, recorded, and made the packet's letter."""

import hashlib
from collections.abc import Callable, Sequence
from itertools import count

import msgspec

from agent.approving.records_print import records_print
from agent.decision import Decision
from agent.desk import Desk
from agent.drafting.letters import letter_facts
from agent.drafting.make import shown_in_exhibits, to_enclose
from agent.editing.parts import LetterParts, applied
from agent.editing.word_file import letter_of
from agent.nodes.stored import stored
from agent.office import NotWaiting, Office
from agent.review import LETTER
from knowledge.records import LetterEdit, Role, UnknownDenial
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent
from knowledge.types.record import DenialRecord
from tools.packet.enclosing import enclose
from tools.packet.packet import build_packet
from tools.packet.rendered import verify_rendered
from tools.packet.typesetting import TypesettingError
from tools.packet.verification import verify as unsupported_in
from tools.packet.word.archive import WordRefused
from tools.packet.word.editing import Edited, read_edit
from tools.packet.word.explaining import FailedSentence, explain
from tools.packet.word.outline import letter_print

_TAKEN = ("in_review", "approved", "worked")


class LetterRefused(ValueError):
    """An edited letter says what its evidence does not: `sentences` names each, with why and what would carry it."""

    def __init__(self, sentences: tuple[FailedSentence, ...]) -> None:
        """Name the sentences that do not stand."""
        super().__init__(
            f"{len(sentences)} of the letter's sentences do not stand by the evidence; nothing was changed"
        )
        self.sentences = sentences


def edit_letter(
    office: Office,
    practice_id: str,
    denial_id: str,
    word: bytes,
    *,
    reason: str,
    by: str,
    role: Role | None = None,
    key: str | None = None,
) -> DenialRecord:
    """Take an edited letter (DOCX): once it is verified, the packet is made of it and waits to be approved anew.

    The same file with the same words of the same person counts once. What was approved before is void from then on.

    Raises:
        UnknownDenial, NotWaiting: there is no such denial, or it is sent or closed.
        NoLetter: it has no letter to edit.
        WordRefused: the file cannot be read whole, or changes what is not for editing.
        LetterRefused: a sentence in it does not stand by its evidence.
    """
    return _take(
        office,
        practice_id,
        denial_id,
        word,
        lambda before: read_edit(word, before),
        reason=reason,
        by=by,
        role=role,
        key=key,
    )


class LetterMoved(RuntimeError):
    """The letter is not the one that was opened for editing: it was edited or made anew since."""


class NothingChanged(ValueError):
    """The letter is as it was made: there is nothing to save."""


def edit_letter_parts(
    office: Office,
    practice_id: str,
    denial_id: str,
    parts: LetterParts,
    *,
    of_letter: str,
    reason: str,
    by: str,
    role: Role | None = None,
) -> DenialRecord:
    """Take a letter edited on a page, as `edit_letter` takes one edited as a Word file.

    `of_letter` is the print of the letter that was opened (`letter_print`): another one is never overwritten.

    Raises:
        LetterMoved: the letter has changed since it was opened.
        NothingChanged: no word differs.
        UnknownDenial, NotWaiting, NoLetter, WordRefused, LetterRefused: as `edit_letter`.
    """

    def read(before: LetterContent) -> Edited:
        if letter_print(before) != of_letter:
            raise LetterMoved("the letter was edited or made anew since this page was opened")
        edited = applied(before, parts)
        if not edited.diff:
            raise NothingChanged("no word of the letter has been changed")
        return edited

    written = msgspec.json.encode([of_letter, parts.model_dump(mode="json")])
    return _take(office, practice_id, denial_id, written, read, reason=reason, by=by, role=role, key=None)


def _take(
    office: Office,
    practice_id: str,
    denial_id: str,
    written: bytes,
    read: Callable[[LetterContent], Edited],
    *,
    reason: str,
    by: str,
    role: Role | None,
    key: str | None,
) -> DenialRecord:
    sha256 = hashlib.sha256(written).hexdigest()
    with office.at_desk(practice_id) as desk:
        with desk.records.reading() as repository:
            found = repository.denials.get(practice_id, denial_id)
            edits = repository.correspondence.edits(practice_id, denial_id)
        key = key or _key(edits, [denial_id, sha256, by, reason])
        known = next((one for one in edits if one.key == key), None)
        if found is None:
            raise UnknownDenial(f"practice {practice_id} has no denial {denial_id}")
        if known is None:
            if found.status not in _TAKEN:
                raise NotWaiting(f"denial {denial_id} is {found.status.replace('_', ' ')}: its letter cannot be edited")
            edit = _verified(desk, denial_id, read, sha256, key, reason, by, role)
            with desk.records.transaction() as repository:
                repository.correspondence.add_edit(practice_id, denial_id, edit)
        return office.review(
            practice_id, denial_id, key=key, decision="edit", reason=reason, by=by, role=role, changes={LETTER: key}
        )


def _key(edits: Sequence[LetterEdit], edit: Sequence[str]) -> str:
    """Name an edit by what it says: sent twice it counts once, unless another edit came in between."""
    last, known = edits[-1].key if edits else None, {one.key for one in edits}
    for number in count():
        key = hashlib.sha256(msgspec.json.encode([*edit, *([number] if number else [])])).hexdigest()[:32]
        if key == last or key not in known:
            return key
    raise AssertionError("there is no end of numbers")


def _verified(
    desk: Desk,
    denial_id: str,
    read: Callable[[LetterContent], Edited],
    sha256: str,
    key: str,
    reason: str,
    by: str,
    role: Role | None,
) -> LetterEdit:
    before, evidence = letter_of(desk, denial_id)
    edited = read(before)
    case, decision = desk.casebook.case(denial_id), stored(desk, denial_id, "decide", Decision)
    _hold(desk, denial_id, edited.content, evidence)
    return LetterEdit(
        key=key,
        by=by,
        role=role,
        reason=reason,
        at=desk.clock(),
        word_sha256=sha256,
        letter_before=letter_print(before),
        rests_on=records_print(case),
        remedy=decision.remedy,
        diff=edited.diff,
        content=edited.content,
    )


def _hold(desk: Desk, denial_id: str, content: LetterContent, evidence: tuple[Evidence, ...]) -> None:
    """Hold an edited letter as a draft is held: as data, and as printed."""
    case, decision = desk.casebook.case(denial_id), stored(desk, denial_id, "decide", Decision)
    diagnosis = stored(desk, denial_id, "diagnose", Diagnosis)
    faults = unsupported_in(content, evidence, letter_facts(case, diagnosis, decision.remedy))
    if faults:
        raise LetterRefused(explain(faults, content, evidence))
    exhibits = enclose(evidence, to_enclose(case), shown_in_exhibits(content, evidence))
    try:
        printed = build_packet(content, exhibits, evidence).letter
    except TypesettingError as fault:
        raise WordRefused(f"the letter cannot be set: {fault}") from fault
    if faults := verify_rendered(printed, content, evidence):
        raise LetterRefused(explain(faults, content, evidence))

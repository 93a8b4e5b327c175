"""What `overturn review DENIAL edit --letter FILE` does: read the file, hand it in, print what does not stand."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from api.offices import Named
from api.terminal.consoles import aside, fail
from api.terminal.words import plain
from knowledge.records import Role
from knowledge.types.record import DenialRecord

if TYPE_CHECKING:
    from agent.office import Office
    from tools.packet.word.explaining import FailedSentence


def edit_by_letter(
    office: "Office", found: Named, letter: Path, reason: str, by: str, role: Role | None
) -> DenialRecord:
    """Hand an edited letter in; a refusal ends the command with each sentence that does not stand."""
    from agent.editing.taking import LetterRefused, edit_letter
    from agent.editing.word_file import NoLetter
    from agent.office import NotWaiting
    from tools.packet.word.archive import WordRefused

    try:
        word = letter.read_bytes()
    except OSError as error:
        fail(f"{letter} cannot be read: {error.strerror}")
    try:
        return edit_letter(office, found.practice_id, found.denial_id, word, reason=reason, by=by, role=role)
    except LetterRefused as refusal:
        show_failed(aside(), refusal.sentences)
        fail(str(refusal))
    except WordRefused as refusal:
        fail(f"{letter}: {refusal}")
    except (NoLetter, NotWaiting) as error:
        fail(str(error))


def show_failed(console: Console, sentences: "tuple[FailedSentence, ...]") -> None:
    """Print each sentence that does not stand: where, what is wrong, what to do."""
    for one in sentences:
        console.print(Text.assemble((plain(one.where), "bold"), ": ", plain(one.sentence)), soft_wrap=True)
        for says in one.says:
            console.print(Text.assemble("  ", (plain(says), "red")), soft_wrap=True)
        console.print(Text.assemble("  ", plain(one.advice)), soft_wrap=True)

"""`overturn letter`: a denial's letter as a Word file, to edit and give back."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import DEFAULT_HOME, DenialName, Home, opened
from api.offices import find_denial
from api.terminal.consoles import aside, fail


def letter(
    denial: DenialName,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write it (.docx); left out: standard output.", dir_okay=False),
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Write a denial's letter as a Word file for editing, with the evidence it may cite listed at its end.

    Give it back with `overturn review DENIAL edit --letter FILE`: every sentence is held to its evidence again.
    """
    with opened(home) as office:
        from agent.editing.word_file import NoLetter, letter_word

        found = find_denial(office, denial)
        try:
            with office.at_desk(found.practice_id) as desk:
                content = letter_word(desk, found.denial_id)
        except NoLetter as error:
            fail(str(error))
    if to is None:
        sys.stdout.buffer.write(content)
        return
    try:
        to.write_bytes(content)
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror}")
    aside().print(f"Edit {to}, then: overturn review {found.denial_id} edit --letter {to} --reason ...", soft_wrap=True)

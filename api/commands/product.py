"""`overturn product`: one file made for a denial, in plain, at a place that the caller names."""

import os
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import DEFAULT_HOME, DenialName, Home, opened, whoever
from api.offices import find_denial
from api.terminal.consoles import aside, fail


def product(
    denial: DenialName,
    kind: Annotated[str, typer.Argument(help="Which file: packet, letter, corrected_claim, ...", metavar="KIND")],
    to: Annotated[Path, typer.Option("--output", "-o", help="The new file to write; never one that is there.")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Write one file made for a denial, decrypted, for you alone to read.

    What is written lies outside the home: nothing encrypts, follows or erases it. The trail says who took out what.
    """
    with opened(home) as office:
        from agent.vault import Changed
        from knowledge.sealing import BrokenSeal

        found = find_denial(office, denial)
        with office.records.reading() as repository:
            made = repository.casework.products(found.practice_id, found.denial_id)
        wanted = next((one for one in made if one.kind == kind), None)
        if wanted is None:
            kinds = ", ".join(sorted(one.kind for one in made)) or "none"
            fail(f"{found.denial_id} has no file of kind {kind}; it has: {kinds}")
        try:
            content = office.files.read_as(wanted.path, wanted.sha256)
        except (FileNotFoundError, Changed, BrokenSeal) as fault:
            fail(f"{wanted.path} cannot be given out ({fault}): work the practice again, or restore a backup")
        detail = {"product": kind, "sha256": wanted.sha256}
        # The entry first: what is taken out without one would be seen by nobody.
        office.records.note(
            whoever().draft("E", practice_id=found.practice_id, subjects=(found.denial_id,), count=1, detail=detail)
        )
    try:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        fail(f"{to} is there already: name a new file")
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror}")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    aside().print(f"{kind} of {found.denial_id} in {to}, in plain: it is yours to keep safe", soft_wrap=True)

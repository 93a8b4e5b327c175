"""`overturn backup` and `overturn restore`: one sealed archive of a home, and a new home from it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import DEFAULT_HOME, Home, opened
from api.offices import now
from api.terminal.consoles import aside, fail, output
from knowledge.sealing import BadKey, HomeKey, WrongKey, key_in, key_in_file

KeyFile = Annotated[
    Path | None,
    typer.Option("--key-file", help="A key file for the archive alone; the home's own key when left out."),
]


def backup(
    to: Annotated[Path, typer.Option("--to", help="The new file to write.", dir_okay=False)],
    home: Home = DEFAULT_HOME,
    key_file: KeyFile = None,
) -> None:
    """Write everything a home holds into one encrypted archive, while it is served.

    The archive is one moment of the home: records, checkpoints, files made and sent, with a manifest of every file's
    sha256. It is encrypted with the home's key, or that of --key-file (a plain home needs one: `overturn keys new`).
    """
    from agent.vault.backed_up import note_backup
    from agent.vault.backing_up import back_up

    with opened(home) as office:
        key = _archive_key(key_file)
        try:
            begun = now()
            made = back_up(home, office.key, to, key, begun)
            note_backup(home, begun)
        except FileExistsError as error:
            fail(str(error))
    size = sum(one.size for one in made.files)
    aside().print(
        f"{len(made.files):,} files, {size / 1e6:,.1f} MB in {to}, encrypted with key {key.id}", soft_wrap=True
    )


def restore(
    archive: Annotated[Path, typer.Argument(help="A file that `overturn backup` made.", exists=True, dir_okay=False)],
    home: Annotated[Path, typer.Option(help="The new home; it must not be there yet.")],
    key_file: KeyFile = None,
) -> None:
    """Make a new home from a backup, with everything in it verified first; an existing home is never written over."""
    from agent.vault.backing_up import NotRestored
    from agent.vault.backing_up import restore as restored
    from knowledge.records.audit_check import verify_audit

    try:
        made = restored(archive, _archive_key(key_file), key_in(os.environ), home)
    except (NotRestored, WrongKey, BadKey) as error:
        fail(str(error))
    with opened(home) as office:
        assert office.records.auditing is not None  # an office always keeps a trail
        with office.records.reading() as repository:
            trail = verify_audit(repository, office.records.auditing)
    output().print(f"{len(made.files):,} files as they were on {made.made_at}, in {home}", soft_wrap=True)
    if trail.faults:
        fail(f"the audit trail in it does not hold from entry {trail.faults[0].number} on", 1)


def _archive_key(key_file: Path | None) -> HomeKey:
    try:
        key = key_in_file(key_file) if key_file is not None else key_in(os.environ)
    except BadKey as error:
        fail(str(error))
    if key is None:
        fail("an archive is always encrypted: set OVERTURN_KEY or OVERTURN_KEY_FILE, or give --key-file")
    return key

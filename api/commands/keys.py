"""`overturn keys`: make the key a home is encrypted with, and change it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from agent.vault.files import write_safely
from api.commands.options import DEFAULT_HOME, Home, whoever
from api.offices import RECORDS_FILE, open_office
from api.terminal.consoles import aside, fail, output
from knowledge.sealing import VARIABLE, BadKey, BrokenSeal, HomeKey, WrongKey, key_in, key_in_file

keys = typer.Typer(no_args_is_help=True, help="The key a home is encrypted with: make one, encrypt, change it.")


@keys.command(epilog="Example: `overturn keys new --output /etc/overturn/key`")
def new(
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file to write it to, for you alone; standard output when left out."),
    ] = None,
) -> None:
    """Make a key. Keep a copy away from the machine: without it nobody can read the home, or its backups."""
    key = HomeKey.fresh()
    if to is None:
        output().print(key.material.hex(), highlight=False)
        return
    if to.exists():
        fail(f"{to} is there already: a key is never written over")
    try:
        write_safely(to, f"{key.material.hex()}\n".encode())
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror or error}")
    aside().print(f"key {key.id} in {to}; keep a copy away from this machine", soft_wrap=True, highlight=False)


@keys.command(epilog="Example: `OVERTURN_KEY_FILE=old.key overturn keys rotate --to new.key --home ./cedar`")
def rotate(
    to: Annotated[Path, typer.Option("--to", help="The file of the new key.", exists=True, dir_okay=False)],
    home: Home = DEFAULT_HOME,
) -> None:
    """Encrypt a home with another key: records and every file. Without an old key set, a plain home is encrypted.

    The home must not be in use. Cut off, the same command goes on where it was. Afterwards the old key opens nothing;
    backups made before still need it.
    """
    from agent.home_lock import HomeClosed
    from agent.vault.rotating import rotate as sealed_anew

    if not (home / RECORDS_FILE).is_file():
        fail(f"there is no home at {home}")
    try:
        sealed = sealed_anew(home, key_in(os.environ), key_in_file(to))
        key = key_in_file(to)
    except (BadKey, WrongKey, BrokenSeal, HomeClosed) as error:
        fail(str(error))
    with open_office(home, environment={VARIABLE: key.material.hex()}) as office:
        office.records.note(whoever().draft("E", detail={"key": key.id}))
    aside().print(f"{home} is encrypted with key {key.id}: the records, and {sealed} files", highlight=False)

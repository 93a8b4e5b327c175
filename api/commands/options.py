"""Options several commands share, and the home they open."""

import errno
import getpass
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.offices import CannotOpen, NotFound, now, open_office
from api.terminal.consoles import aside, fail
from knowledge.records.audit import Acting, Seen, acting
from knowledge.types.practice import Practice

if TYPE_CHECKING:
    from agent.office import Office

_KEPT = "what was done before is kept: see to the disk, and run the same command again"
_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO))

_command: ContextVar[str] = ContextVar("overturn_command", default="unnamed")

DEFAULT_HOME = Path(".overturn")

Home = Annotated[
    Path,
    typer.Option(
        help="The folder that holds all state: records, checkpoints, files made.",
        envvar="OVERTURN_HOME",
        file_okay=False,
    ),
]
PracticeName = Annotated[
    str | None,
    typer.Option("--practice", help="Id or name of a practice, where the home holds several.", metavar="PRACTICE"),
]
DenialName = Annotated[
    str,
    typer.Argument(help="A denial's id or the start of it, or a claim number with one denial.", metavar="DENIAL"),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars and no table: only what went wrong.")]


@contextmanager
def opened(home: Path, *, make: bool = False) -> Iterator["Office"]:
    """Open a home for one command; what the caller got wrong ends the command with one line and exit code 2."""
    console = aside()
    try:
        with console.status("Starting") if console.is_terminal else nullcontext():
            office = open_office(home, make=make)
    except CannotOpen as error:
        fail(str(error))
    # Loaded with the office.
    from sqlalchemy.exc import OperationalError

    who = whoever()
    with office, acting(who):
        try:
            office.records.note(who.draft("E", detail={"begins": True}))
            yield office
            if who.seen is not None and who.seen.subjects:
                office.records.note(who.shown("R"))
        except NotFound as error:
            fail(str(error))
        except OperationalError as error:
            fail(f"{home} cannot be written ({error.orig}); {_KEPT}")
        except sqlite3.OperationalError as error:
            fail(f"{home} cannot be written ({error}); {_KEPT}")
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            fail(f"{home} cannot be written ({error.strerror}); {_KEPT}")


def name_command(name: str) -> None:
    """Say which command runs, for the audit trail: its name, without what was given to it."""
    _command.set(name)


def whoever() -> Acting:
    """Name who gives the command: their login on this machine, and the command without what was given to it."""
    login, command = f"login:{getpass.getuser()}", f"command {_command.get()}"
    return Acting("person", login, command, address="command line", seen=Seen())


def worked_on(practice: Practice) -> date:
    """Give the day ages and deadlines count from: the practice's own `as_of`, else today (UTC)."""
    return practice.as_of or now().date()

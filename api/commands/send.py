"""`overturn send`: hand approved packets over by one channel, each once."""

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from api.commands.options import DEFAULT_HOME, Home, PracticeName, opened
from api.offices import find_denial, now, practice_of
from api.terminal.consoles import aside, fail, output
from api.terminal.outbox import show_sends
from api.written import seen_only

if TYPE_CHECKING:
    from agent.sending.channels.driver import Driver

SECRET = "OVERTURN_WEBHOOK_SECRET"
_NOT_ALL_WENT = 1


def send(
    to: Annotated[str, typer.Option(help="The watched folder, the printer's folder, or the address to post to.")],
    denials: Annotated[
        list[str] | None,
        typer.Argument(help="Only these denials; one that is sent already goes by this channel too.", metavar="DENIAL"),
    ] = None,
    channel: Annotated[
        Literal["folder", "webhook", "print"],
        typer.Option(help="folder: an SFTP drop. webhook: a signed note of ids. print: PDFs with a cover page."),
    ] = "folder",
    address: Annotated[
        str | None,
        typer.Option(help="With print: where it goes when nothing else tells; lines apart by a semicolon."),
    ] = None,
    fax: Annotated[str | None, typer.Option(help="With print: the fax number when nothing else tells.")] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Who gives the address; the name you are logged in with.", envvar="OVERTURN_USER"),
    ] = None,
    home: Home = DEFAULT_HOME,
    practice: PracticeName = None,
) -> None:
    """Hand over what is approved: each packet once by this channel, whatever is cut off in between.

    Only what is approved, unchanged since, and in time goes. A webhook is signed with OVERTURN_WEBHOOK_SECRET.
    Exit code 1: a hand-over failed, or is to be tried again.
    """
    given = _given(channel, denials, address, fax, by)
    with opened(home) as office:
        from agent.sending.channels.driver import Unsendable
        from agent.sending.direction import BadDirection
        from agent.sending.outbox import Given
        from agent.sending.outbox import send as send_all

        try:
            driver = _driver(channel, to)
        except Unsendable as error:
            fail(str(error))
        found = [find_denial(office, name) for name in denials or ()]
        practice_id = found[0].practice_id if found else practice_of(office, practice)[0]
        if any(one.practice_id != practice_id for one in found):
            fail("these denials are of several practices: send for one practice at a time")
        only = frozenset(one.denial_id for one in found)
        try:
            sent = send_all(office, practice_id, driver, only, Given(**given) if given else None)
        except BadDirection as error:
            fail(str(error))
    if sent.sends:
        show_sends(output(), sent.sends)
    for held in sent.held:
        aside().print(Text.assemble((held.denial_id, "cyan"), f" is held: {held.says}"), soft_wrap=True)
    if not sent.sends and not sent.held:
        output().print("Nothing is waiting to be sent.")
    if any(one.state in ("queued", "failed") for one in sent.sends):
        raise typer.Exit(_NOT_ALL_WENT)


def _given(
    channel: str, denials: list[str] | None, address: str | None, fax: str | None, by: str | None
) -> dict[str, str]:
    """Give what a person says of where it goes; nothing when they say nothing."""
    if address is None and fax is None:
        return {}
    if channel != "print" or len(denials or ()) != 1:
        fail("--address and --fax go with --channel print and one denial")
    given = {"by": by or getpass.getuser(), "address": address or "", "fax": fax or ""}
    for name, value in given.items():
        try:
            seen_only(value)
        except ValueError as error:
            fail(f"--{name} {error}")
    return given


def _driver(channel: str, to: str) -> "Driver":
    from agent.sending.channels.folder import Folder
    from agent.sending.channels.print_queue import PrintQueue
    from agent.sending.channels.webhook import Webhook

    if channel == "webhook":
        return Webhook(to, os.environ.get(SECRET, ""), now)
    return (PrintQueue if channel == "print" else Folder)(Path(to), now)

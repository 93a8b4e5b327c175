"""`overturn outbox`: what was sent, byte for byte, and what came back."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.commands.options import DEFAULT_HOME, Home, opened
from api.terminal.consoles import data_output, fail, output
from api.terminal.outbox import show_sends

outbox = typer.Typer(invoke_without_command=True, help="List what was sent; show its bytes; take a receipt in.")

Key = Annotated[str, typer.Argument(help="A send's key, or the start of it.", metavar="KEY")]


@outbox.callback(epilog="Example: `overturn outbox --home ./cedar`")
def list_sends(
    context: typer.Context,
    home: Home = DEFAULT_HOME,
    state: Annotated[str | None, typer.Option(help="Only sends of this state, such as handed_over.")] = None,
    format: Annotated[Literal["table", "json"], typer.Option(help="json: every field, one send a line.")] = "table",
) -> None:
    """List every send: queued, handed over, receipted, failed or voided."""
    if context.invoked_subcommand is not None:
        return
    with opened(home) as office:
        from agent.sending.outbox import sends

        found = [one for one in sends(office) if state in (None, one.state)]
    if format == "json":
        for one in found:
            data_output().write(one.model_dump_json() + "\n")
    elif found:
        show_sends(output(), found)
    else:
        output().print("Nothing has been sent.")


@outbox.command(epilog="Example: `overturn outbox show snd_5be1 --output packet.pdf --home ./cedar`")
def show(
    key: Key,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write it; left out: standard output.", dir_okay=False),
    ] = None,
    part: Annotated[
        Literal["handed", "file", "receipt"],
        typer.Option(help="handed: the bytes as they left. file: the approved file. receipt: what came back."),
    ] = "handed",
    along: Annotated[
        str | None,
        typer.Option(help="Instead, a file of data that belongs to it: its kind, name or sha256.", metavar="FILE"),
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Write what was sent, byte for byte as it left."""
    with opened(home) as office:
        from agent.sending.kept import Altered
        from agent.sending.outbox import UnknownSend, along_of, find_send, part_of

        try:
            found = find_send(office, key)
            content = along_of(office, found, along)[1] if along else part_of(office, found, part)
        except (UnknownSend, Altered) as error:
            fail(str(error))
        except FileNotFoundError as error:
            fail(f"{error.filename} is gone from the home: restore it from a backup")
    if to is None:
        sys.stdout.buffer.write(content)
        return
    try:
        to.write_bytes(content)
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror}")


@outbox.command(epilog="Example: `overturn outbox receipt snd_5be1 fax-confirmation.pdf --home ./cedar`")
def receipt(
    key: Key,
    file: Annotated[Path, typer.Argument(help="What the other side gave.", exists=True, dir_okay=False)],
    home: Home = DEFAULT_HOME,
) -> None:
    """Keep a receipt with its send: a fax confirmation, a return receipt, an acknowledgement."""
    with opened(home) as office:
        from agent.sending.outbox import UnknownSend, find_send, take_receipt

        try:
            ended = take_receipt(office, find_send(office, key), file.read_bytes())
        except UnknownSend as error:
            fail(str(error))
    show_sends(output(), [ended])

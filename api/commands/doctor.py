"""`overturn doctor`: what is misconfigured, what it leads to, and what to do about it."""

import json
import os
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.padding import Padding
from rich.text import Text

from api.commands.options import DEFAULT_HOME, Home
from api.offices import now
from api.terminal.consoles import data_output, output

_STYLES = {"wrong": "bold red", "unwise": "yellow", "note": "cyan"}


def doctor(
    home: Home = DEFAULT_HOME,
    host: Annotated[str, typer.Option(help="The address the server is to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port it is to listen on.", min=1, max=65535)] = 8710,
    watch: Annotated[Path | None, typer.Option(help="The folder it is to take remittances from.")] = None,
    watch_move: Annotated[
        bool, typer.Option("--watch-move", help="It is to put what was taken into the folder's `processed`.")
    ] = False,
    online: Annotated[
        bool, typer.Option("--online", help="Ask practices' sign-ons and the model's endpoint whether they answer.")
    ] = False,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")] = "text",
) -> None:
    """Find what is misconfigured: keys, permissions, disk, clock, encryption, TLS, backups, code tables, payers, model.

    Looks, changes nothing, and asks no other machine unless --online. Give the options that `overturn serve` is to
    have. Exit code 1: something is wrong; 0: nothing, or only what is unwise or good to know.
    """
    # Imported when called: the records and code tables are slow to import.
    import httpx

    from api.examining import Examined, examine

    with httpx.Client(follow_redirects=False) if online else nullcontext() as client:
        looked_at = Examined(
            home=home, environment=os.environ, now=now(), host=host, port=port, watch=watch, watch_move=watch_move,
            online=client,
        )  # fmt: skip
        found = examine(looked_at)
    wrong = sum(finding.grade == "wrong" for finding in found)
    if form == "json":
        data_output().write(json.dumps([asdict(finding) for finding in found], indent=1) + "\n")
    else:
        console = output()
        for finding in found:
            console.print(
                Text.assemble((f"{finding.grade:7}", _STYLES[finding.grade]), f"{finding.about}: {finding.says}")
            )
            console.print(Padding(Text(finding.means, style="dim"), (0, 0, 0, 7)))
            console.print(Padding(Text(f"→ {finding.does}"), (0, 0, 0, 7)))
        unwise = sum(finding.grade == "unwise" for finding in found)
        console.print(f"{wrong} wrong, {unwise} unwise" if found else "Nothing is amiss")
    raise typer.Exit(1 if wrong else 0)

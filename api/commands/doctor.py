"""`overturn doctor`: what is misconfigured, and what to do about it."""

import json
import os
from dataclasses import asdict
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
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")] = "text",
) -> None:
    """Find what is misconfigured: keys, permissions, disk, clock, encryption, TLS, code tables, payers, the model.

    Looks, changes nothing, and asks no other machine. Exit code 1: something is wrong; 0: nothing, or only what is
    unwise or good to know.
    """
    # Imported when called: the records and code tables are slow to import.
    from api.examining import Examined, examine

    found = examine(Examined(home=home, environment=os.environ, now=now(), host=host))
    wrong = sum(finding.grade == "wrong" for finding in found)
    if form == "json":
        data_output().write(json.dumps([asdict(finding) for finding in found], indent=1) + "\n")
    else:
        console = output()
        for finding in found:
            console.print(
                Text.assemble((f"{finding.grade:7}", _STYLES[finding.grade]), f"{finding.about}: {finding.says}")
            )
            console.print(Padding(Text(f"→ {finding.does}"), (0, 0, 0, 7)))
        unwise = sum(finding.grade == "unwise" for finding in found)
        console.print(f"{wrong} wrong, {unwise} unwise" if found else "Nothing is amiss")
    raise typer.Exit(1 if wrong else 0)

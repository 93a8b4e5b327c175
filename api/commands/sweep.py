"""`overturn sweep`: every open denial by how soon its clock runs out, so that none ages out unseen."""

from datetime import datetime
from typing import Annotated, Literal

import typer
from rich.console import Console

from api.commands.options import DEFAULT_HOME, Home, PracticeName, opened, worked_on
from api.offices import practice_of
from api.terminal.consoles import data_output, output
from knowledge.records.audit import saw

Format = Annotated[Literal["table", "json"], typer.Option(help="table: for people. json: for programs.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="The day to count from; the practice's own as_of, else today, if left out."
    ),
]


def sweep(
    home: Home = DEFAULT_HOME, practice: PracticeName = None, as_of: AsOf = None, format: Format = "table"
) -> None:
    """List open denials by days left (7, 14, 30, later, run out), small ones in batches; and what nobody answered."""
    with opened(home) as office:
        # Imported here because it needs the state machine's tables, which are slow to import.
        from agent.watching.sweeping import sweep_practice

        practice_id, known = practice_of(office, practice)
        day = as_of.date() if as_of is not None else worked_on(known)
        found = sweep_practice(office.records, practice_id, day)
        saw(practice_id, found.denial_ids())
        if format == "json":
            data_output().write(found.model_dump_json(indent=2) + "\n")
            return
        from api.terminal.sweep import show_sweep

        console: Console = output()
        show_sweep(console, found)

"""`overturn timeline`: everything that happened to one denied line, oldest first."""

from typing import Annotated, Literal

import typer

from api.commands.options import DEFAULT_HOME, DenialName, Home, opened
from api.offices import find_denial
from api.terminal.consoles import data_output, output


def timeline(
    denial: DenialName,
    home: Home = DEFAULT_HOME,
    format: Annotated[Literal["table", "json"], typer.Option(help="json: every field, one entry a line.")] = "table",
) -> None:
    """Show a line's life: denied, approved, sent, decided, paid, taken back; each with day, money and source."""
    with opened(home) as office:
        # Imported here because it needs the state machine's tables, which are slow to import.
        from agent.following.timeline import timeline as life

        found = find_denial(office, denial)
        entries = life(office.records, found.practice_id, found.denial_id)
        with office.records.reading() as repository:
            account = repository.outcomes.account(found.practice_id, found.denial_id)
    if format == "json":
        for entry in entries:
            data_output().write(entry.model_dump_json() + "\n")
        return
    from api.terminal.timeline import show_timeline

    show_timeline(output(), entries, account)

"""`overturn queue` and `overturn findings`: what is in a home, without working anything."""

from typing import Annotated

import typer

from api.commands.options import DEFAULT_HOME, Home, PracticeName, opened, worked_on
from api.offices import practice_of
from api.terminal.consoles import output
from api.terminal.findings import counts, show_findings
from api.terminal.queue import show_queue, total, totals_lines


def queue(
    home: Home = DEFAULT_HOME,
    practice: PracticeName = None,
    status: Annotated[str | None, typer.Option(help="Only denials of this status, such as in_review.")] = None,
    route: Annotated[str | None, typer.Option(help="Only straight_through or review.")] = None,
    cause: Annotated[str | None, typer.Option(help="Only denials with this root cause.")] = None,
) -> None:
    """List the denials of a home, the one to work first on top; small ones of a payer and cause as one row each."""
    with opened(home) as office:
        # Imported here because it needs the state machine's tables, which are slow to import.
        from agent.series.telling import listed_groups
        from api.terminal.series import show_groups

        practice_id, known = practice_of(office, practice)
        records = [
            record
            for record in office.records_of(practice_id)
            if status in (None, record.status) and route in (None, record.route) and cause in (None, record.root_cause)
        ]
        console, as_of = output(), worked_on(known)
        batches = [row for row in listed_groups(tuple(records), as_of) if row.kind == "batch"]
        together = {member.denial_id for row in batches for member in row.members}
        alone = [record for record in records if record.denial_id not in together]
        if alone:
            show_queue(console, alone, as_of)
        if batches:
            show_groups(console, batches)
        for line in totals_lines(total(records, as_of)):
            console.print(line, style="bold")


def findings(home: Home = DEFAULT_HOME, practice: PracticeName = None) -> None:
    """List everything noticed in the files taken in: errors first, each with file and line."""
    with opened(home) as office:
        practice_id, _ = practice_of(office, practice)
        with office.records.reading() as repository:
            found = repository.files.findings(practice_id)
        console = output()
        show_findings(console, found, cap=None)
        console.print(counts(found), style="bold")

"""`overturn audit`: verify who saw and changed what, and give it out."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.commands.export import written_to
from api.commands.options import DEFAULT_HOME, Home, opened
from api.terminal.consoles import aside, fail, output
from api.terminal.words import count

if TYPE_CHECKING:
    from knowledge.records.repository.audit import StoredEntry

audit = typer.Typer(no_args_is_help=True, help="Who saw and changed what: verify the trail, export it.")


@audit.command(epilog="Example: `overturn audit verify --home ./cedar`")
def verify(home: Home = DEFAULT_HOME) -> None:
    """Hold every entry to the one before it, and the last to the heads; exit code 1 when anything does not fit."""
    from knowledge.records.audit_check import verify_audit

    with opened(home) as office:
        assert office.records.auditing is not None  # an office always keeps a trail
        with office.records.reading() as repository:
            found = verify_audit(repository, office.records.auditing)
    if not found.faults:
        output().print(f"{count(found.entries, 'entry', 'entries')}: every one as it was written, none lacking")
        return
    for fault in found.faults[:_SHOWN]:
        output().print(f"entry {fault.number}: {fault.says}", soft_wrap=True, highlight=False)
    if len(found.faults) > _SHOWN:
        output().print(f"and {len(found.faults) - _SHOWN:,} more")
    fail(f"the trail does not hold from entry {min(fault.number for fault in found.faults)} on", 1)


@audit.command(epilog="Example: `overturn audit export --format fhir --output trail.ndjson --home ./cedar`")
def export(
    home: Home = DEFAULT_HOME,
    format: Annotated[
        Literal["fhir", "jsonl"], typer.Option(help="fhir: AuditEvent (R4), one a line. jsonl: entries as kept.")
    ] = "fhir",
    since: Annotated[int, typer.Option(help="Only entries after this number.", min=0)] = 0,
    to: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; standard output when left out.")
    ] = None,
) -> None:
    """Write the trail, oldest entry first."""
    with opened(home) as office, office.records.reading() as repository, written_to(to) as stream:
        number = 0
        for line in _lines(repository.audit.stored(since or None), format):
            stream.write(line + "\n")
            number += 1
    if to is not None:
        aside().print(f"{count(number, 'entry', 'entries')} in {to}", soft_wrap=True)


def _lines(stored: "Iterator[StoredEntry]", format: str) -> Iterator[str]:
    from api.audit_fhir import audit_event

    for one in stored:
        entry = one.read()
        if entry is None:
            fail(f"entry {one.number} cannot be read: `overturn audit verify` says why", 1)
        yield audit_event(entry, one.sha256) if format == "fhir" else one.said


_SHOWN = 20

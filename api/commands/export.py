"""`overturn export`: the denial records as JSON Lines (contract 1) or as one flat table."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, TextIO

import typer

from api.commands.options import DEFAULT_HOME, Home, PracticeName, opened
from api.export_rows import COLUMNS, flat_row
from api.offices import practice_of
from api.terminal.consoles import aside, data_output, fail
from api.terminal.words import count
from knowledge.types.record import DenialRecord


def export(
    home: Home = DEFAULT_HOME,
    format: Annotated[
        Literal["jsonl", "csv"],
        typer.Option(
            help="jsonl: every field, exactly the denial record. csv: one flat row a denial, for a spreadsheet."
        ),
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; standard output when left out.")
    ] = None,
    practice: PracticeName = None,
) -> None:
    """Write the denial records, first in the queue first.

    Without --practice, those of every practice in the home.
    """
    with opened(home) as office:
        chosen = [practice_of(office, practice)[0]] if practice else [name for name, _ in office.practices()]
        records = (record for name in chosen for record in office.records_of(name))
        with written_to(output) as stream:
            number = _write_jsonl(records, stream) if format == "jsonl" else _write_csv(records, stream)
        if output is not None:
            aside().print(f"{count(number, 'denial record')} in {output}", soft_wrap=True)


@contextmanager
def written_to(path: Path | None) -> Iterator[TextIO]:
    """Give a file to write text to, or standard output; a file that cannot be written ends the command."""
    if path is None:
        yield data_output()
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            yield stream
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror or error}")


def _write_jsonl(records: Iterable[DenialRecord], stream: TextIO) -> int:
    return sum(1 for record in records if stream.write(record.model_dump_json() + "\n"))


def _write_csv(records: Iterable[DenialRecord], stream: TextIO) -> int:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    return sum(1 for record in records if writer.writerow(flat_row(record)))

"""`overturn check`: what would be denied of claims not yet sent, and how to put it right."""

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.commands.options import DEFAULT_HOME, Home, PracticeName, opened
from api.offices import now, practice_of
from api.terminal.consoles import aside, fail, output
from api.terminal.findings import show_findings
from api.terminal.words import count, plain

if TYPE_CHECKING:
    from agent.prevention.found import CheckedLine
    from agent.prevention.opening import Checked

WARNED = 1

Claims = Annotated[
    Path,
    typer.Argument(help="A practice folder, or one claim file (837P) to hold against a home.", metavar="FOLDER|FILE"),
]


def check(
    claims: Claims,
    home: Home = DEFAULT_HOME,
    practice: PracticeName = None,
    format: Annotated[Literal["table", "json"], typer.Option(help="json for programs, table for people.")] = "table",
) -> None:
    """Check claims before they are sent: what would be denied, what it rests on, and how to put it right.

    A file is held against the records of --home; a folder against its own, each claim as of the day it was made, and
    nothing of it is kept. Only what is proven warns; what cannot be told from the records is named apart.

    Exit code 0: nothing found; 1: there are warnings; 2: nothing could be checked.
    """
    found = _checked(claims, home, practice)
    if format == "json":
        typer.echo(json.dumps(as_json(found.lines), indent=2))
    else:
        _show(output(), found)
    if any(line.warnings for line in found.lines):
        raise typer.Exit(WARNED)


def as_json(lines: "tuple[CheckedLine, ...]") -> dict[str, object]:
    """Return the check as plain values: how many lines, how many warned, and every line with what was found."""
    warned = sum(bool(line.warnings) for line in lines)
    return {
        "checked": len(lines),
        "warned": warned,
        "lines": [line.model_dump(mode="json") for line in lines],
    }


def _checked(claims: Path, home: Path, practice: str | None) -> "Checked":
    # Imported here because it needs the machine's records, which are slow to import.
    from agent.prevention.opening import CannotCheck, file_checked, folder_checked
    from knowledge.codes import load_codes

    try:
        if claims.is_dir():
            with tempfile.TemporaryDirectory(prefix="overturn-check-") as scratch:
                return folder_checked(claims, Path(scratch), now)
        if not claims.exists():
            fail(f"{claims} does not exist; give a practice folder or a claim file (837)")
        with opened(home) as office:
            practice_id, _ = practice_of(office, practice)
            return file_checked(claims, office.records, practice_id, load_codes(home / "codes"), now)
    except CannotCheck as error:
        fail(str(error))


def _show(console: Console, found: "Checked") -> None:
    show_findings(aside(), [finding for finding in found.findings if finding.severity == "error"])
    warned = [line for line in found.lines if line.warnings]
    if warned:
        console.print(_table(warned))
    claims = len({(line.file, line.claim_id, line.frequency) for line in found.lines})
    said = f"{count(len(found.lines), 'line')} of {count(claims, 'claim')} checked: "
    said += f"{count(len(warned), 'line')} would be denied" if warned else "nothing found that would be denied"
    console.print(said, style="bold")
    _show_not_told(console, found.lines)


def _table(lines: "list[CheckedLine]") -> Table:
    table = Table(show_lines=True, expand=True)
    for name in ("Claim", "Line", "Would be denied because", "What to do"):
        table.add_column(name, overflow="fold", ratio=2 if name in ("Claim", "Line") else 5)
    for line in lines:
        code = "-".join((line.hcpcs, *line.modifiers))
        for number, warning in enumerate(line.warnings):
            why = Text.assemble((warning.cause, "bold"), f" ({warning.severity})\n{plain(warning.says)}\n")
            why.append("; ".join(dict.fromkeys(plain(item.source) for item in warning.evidence)), style="dim")
            first = number == 0
            table.add_row(
                f"{plain(line.claim_id)}\n{plain(line.payer_name)}" if first else "",
                f"{plain(line.line)}: {plain(code)}\n{line.service_date or 'no date'}" if first else "",
                why,
                plain(warning.fix),
            )
    return table


def _show_not_told(console: Console, lines: "tuple[CheckedLine, ...]") -> None:
    """Say once for each cause and reason what could not be told, with how many lines it holds for."""
    reasons = Counter((item.cause, item.because) for line in lines for item in line.not_checked)
    if not reasons:
        return
    shown = reasons.most_common(12)
    console.print("Not checked, because the records do not tell:", style="bold")
    for (cause, because), number in shown:
        console.print(f"  {cause}: {plain(because)} ({count(number, 'line')})")
    if len(reasons) > len(shown):
        console.print(f"  and {len(reasons) - len(shown):,} more: --format json", style="dim")

"""`overturn codes`: which code tables a home works by, and loading newer ones from the published files."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.commands.options import DEFAULT_HOME, Home
from api.terminal.consoles import aside, fail, output
from api.terminal.words import count, plain
from knowledge.codes import CodeTableError, load_codes
from knowledge.codes.loading import Kind, LoadError, NothingUsable, RowFault, Update, update_tables
from knowledge.codes.overview import TableInfo, table_infos

FOLDER = "codes"
"""Where a home keeps what was loaded."""
_SHOWN = 20
_NOTHING_READ = 1

codes = typer.Typer(no_args_is_help=True, help="Show the code tables, or load newer ones from the published files.")


@codes.command(name="list", epilog="Example: `overturn codes list --home ./cedar`")
def list_tables(home: Home = DEFAULT_HOME) -> None:
    """List every code table: the day it stands for, its rows, where it came from, how sure it is.

    What ships with the product comes first; what was loaded into the home is laid over it row by row.
    """
    try:
        infos = table_infos(home / FOLDER)
    except CodeTableError as error:
        fail(str(error))
    console = output()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("Table", "As of", "Rows", "From", "Sure"):
        table.add_column(title, justify="right" if title == "Rows" else "left", no_wrap=title != "From")
    for info in infos:
        origin = plain(info.origin) or "shipped"
        table.add_row(info.name, info.as_of, f"{info.rows:,}", origin, info.confidence)
    console.print(table)
    console.print()
    for info in infos:
        console.print(_words(info))
    if not any(info.table == "ndc" for info in infos):
        console.print("ndc: none loaded; load the ASP NDC-HCPCS crosswalk of the quarter of service")


def _words(info: TableInfo) -> Text:
    gaps = f" {info.gaps}" if info.gaps else ""
    return Text.assemble((info.name, "bold"), f": {plain(info.source)}{plain(gaps)}")


@codes.command(epilog="Example: `overturn codes update MCR_MUE_PractitionerServices_Eff_10-01-2026.csv --home ./cedar`")
def update(
    file: Annotated[
        Path,
        typer.Argument(
            help="A published file, or the zip it comes in: HCPCS (text, workbook, CSV), MUE, ASP NDC-HCPCS "
            "crosswalk; or your licensed reason or remark list as CSV.",
            metavar="FILE",
        ),
    ],
    kind: Annotated[Kind | None, typer.Option(help="Which table it is; told by its content when left out.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day it stands for, where name and notice do not tell it."),
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Load a published code file into the home; denials that rest on the tables are worked anew at the next run.

    A list of reasons or remarks has the columns code, start, stop, meaning; for codes the product does not know yet
    also nature, denial_by_default, category and action (reasons) or alert (remarks). Exit code 0: loaded, or there
    already; 1: no row of the file could be used; 2: the file cannot be opened or told apart.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror or error}")
    try:
        done = _load(data, file.name, home, kind, as_of.date() if as_of else None)
        listed = _undescribed(done.source.table, home)
    except NothingUsable as error:
        fail(plain(str(error)), _NOTHING_READ)
    except (LoadError, CodeTableError) as error:
        fail(plain(str(error)))
    _tell(done, listed, home)


def _load(data: bytes, name: str, home: Path, kind: Kind | None, as_of: date | None) -> Update:
    """Load while nothing else writes in the home."""
    from agent.home_lock import HomeLock

    folder = home / FOLDER
    try:
        home.mkdir(parents=True, exist_ok=True)
        with HomeLock(home / "writing.lock").held():
            return update_tables(data, name, folder, kind=kind, as_of=as_of, known=load_codes().hcpcs.codes)
    except OSError as error:
        fail(f"{home} cannot be used as a home: {error.strerror or error}; choose another")


def _tell(done: Update, listed: list[str], home: Path) -> None:
    source, console = done.source, output()
    what = f"{source.name}: {count(source.rows, 'row')} of {plain(source.origin)}, as of {source.as_of}"
    console.print(what if done.changed else f"{what}: there already, nothing changed", soft_wrap=True, markup=False)
    if done.passed_over:
        console.print(f"{count(done.passed_over, 'row')} passed over: of no use for drug claims", style="dim")
    _show_faults(done.faults)
    if listed:
        some = ", ".join(listed[:_SHOWN])
        console.print(
            f"Unknown until the list says what they are: {count(len(listed), 'code')} ({some})", soft_wrap=True
        )
    if done.changed:
        says = f"Next: overturn work FOLDER --home {home} works what rests on the tables anew"
        console.print(says, style="dim", markup=False, soft_wrap=True)


def _undescribed(table: str, home: Path) -> list[str]:
    tables = load_codes(home / FOLDER)
    listed = {"carc": tables.carc.listed, "rarc": tables.rarc.listed}.get(table, frozenset())
    return sorted(listed)


def _show_faults(faults: tuple[RowFault, ...]) -> None:
    if not faults:
        return
    console = aside()
    console.print(f"{count(len(faults), 'row')} left out:", style="bold")
    for fault in faults[:_SHOWN]:
        console.print(plain(str(fault)), soft_wrap=True, markup=False)
    if len(faults) > _SHOWN:
        console.print(f"and {len(faults) - _SHOWN} more")

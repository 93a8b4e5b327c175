"""`overturn work` and `overturn demo`: take a folder in, work every denial, show the queue."""

import sys
from importlib.resources import files
from pathlib import Path
from shlex import quote
from shutil import which
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from api.commands.options import DEFAULT_HOME, Home, Quiet, opened, worked_on
from api.terminal.consoles import aside, fail, output, progress_bar
from api.terminal.findings import counts, show_findings
from api.terminal.queue import show_queue, total, totals_lines
from api.terminal.words import count, plain

STOPPED = 130
_DEMO_HOME = Path(".overturn-demo")
_DEMO_PRACTICE = "evals.practices.cedar"

Rows = Annotated[int, typer.Option(help="Show at most this many denials in the table.", min=0)]


def work(
    folder: Annotated[
        Path, typer.Argument(help="A practice folder: practice.yaml, payers.yaml, remits/ and more.", metavar="FOLDER")
    ],
    home: Home = DEFAULT_HOME,
    quiet: Quiet = False,
    rows: Rows = 200,
) -> None:
    """Take in what is new in a practice folder, work every denial, and show the queue.

    Run it again whenever files are added: what is known is passed over, what was left unfinished goes on, and
    remits that pay or take back close or reopen denials. Exit code 0: worked, with any findings listed; 2: the
    folder or the home cannot be used.
    """
    _run(folder, home, quiet, rows, serve="serve")


def demo(
    home: Home = _DEMO_HOME,
    quiet: Quiet = False,
    rows: Rows = 200,
) -> None:
    """Work the sample practice that comes with the program (invented patients), and say what to try next.

    The sample is Cedar Oncology Associates: four payers, twenty patients, some sixty denied lines.
    """
    folder = _sample()
    if folder is None:
        fail("the sample practice is not installed with this copy; run from a checkout of the project")
    _run(folder, home, quiet, rows, serve="serve --demo")


def _sample() -> Path | None:
    # By name, because measuring (evals) and the ways in (api) may not import each other.
    try:
        folder = Path(str(files(_DEMO_PRACTICE).joinpath("folder")))
    except ModuleNotFoundError:
        return None
    return folder if folder.is_dir() else None


def _run(folder: Path, home: Path, quiet: bool, rows: int, serve: str) -> None:
    try:
        _work(folder, home, quiet, rows, serve)
    except KeyboardInterrupt:
        fail("stopped; what was done is kept: run the same command again to go on", STOPPED)


def _work(folder: Path, home: Path, quiet: bool, rows: int, serve: str) -> None:
    if not folder.is_dir():
        fail(f"{folder} is no folder" if folder.exists() else f"{folder} does not exist; give a practice folder")
    with opened(home, make=True) as office:
        with progress_bar("Taking files in", quiet) as told:
            report = office.take_folder(folder, told)
        if not report.usable or report.practice_id is None:
            show_findings(aside(), report.findings)
            fail(f"{folder} is not a practice folder that can be worked; nothing was taken in")
        with progress_bar("Working denials", quiet) as told:
            office.work(report.practice_id, told)
        problems = [finding for finding in report.findings if finding.severity != "info"]
        if quiet:
            show_findings(aside(), problems)
            return
        practice = next(found for name, found in office.practices() if name == report.practice_id)
        records = list(office.records_of(report.practice_id))
        console, as_of = output(), worked_on(practice)
        console.print(Text.assemble((plain(practice.name), "bold"), f", worked as of {as_of}"))
        known, aside_set = report.count("known"), report.count("quarantined")
        taken = f"{count(len(report.files), 'file')}: {len(report.files) - known - aside_set:,} taken in"
        taken += f", {known:,} known before" + (f", {aside_set:,} set aside" if aside_set else "")
        console.print(f"{taken}; {counts(report.findings)}")
        show_findings(console, problems, more=f": overturn findings --home {home}")
        if records:
            show_queue(console, records, as_of, rows)
        if len(records) > rows:
            console.print(f"and {len(records) - rows:,} more: overturn queue --home {home}", style="dim")
        for line in totals_lines(total(records, as_of)):
            console.print(line, style="bold")
        _say_next(console, home, records[0].denial_id if records else "DENIAL", serve)


def _say_next(console: Console, home: Path, denial_id: str, serve: str) -> None:
    packets = sum(1 for _ in (home / "products").glob("*/*/packet.pdf"))
    console.print()
    console.print(f"{count(packets, 'packet')} in {home / 'products'}", soft_wrap=True)
    called = _called()
    for command, why in (
        (f"{called} show {denial_id} --home {_quoted(home)}", "one denial in full"),
        (f"{called} export --home {_quoted(home)} --format jsonl", "all denial records"),
        (f"{called} {serve} --home {_quoted(home)}", "the review API on http://127.0.0.1:8710"),
    ):
        console.print(Text.assemble((f"  {command}", "cyan"), (f"   {why}", "dim")), soft_wrap=True)


def _called() -> str:
    """Name this program as it can be called again: by its path where the shell does not find it (`make demo`)."""
    program = sys.argv[0]
    return program if Path(program).name == "overturn" and which("overturn") is None else "overturn"


def _quoted(home: Path) -> str:
    return quote(str(home))

"""Where the command line writes: results to standard output, everything about them to standard error."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import NoReturn, Protocol, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

USER_ERROR = 2
_WIDTH_WITHOUT_TERMINAL = 120


class Told(Protocol):
    """Is told, after each piece of work, how many are done."""

    def __call__(self, name: str, done: int, total: int) -> None:
        """Note that `name` is done, as number `done` of `total`."""
        ...


def tolerate() -> None:
    """Let text that the terminal or pipe has no characters for be shown with marks in their place, not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def data_output() -> TextIO:
    """Give standard output for files (JSON, CSV): UTF-8, whatever the terminal speaks."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict")
    return sys.stdout


def output() -> Console:
    """Give the console for results (standard output)."""
    return _console(stderr=False)


def aside() -> Console:
    """Give the console for errors, progress and hints (standard error)."""
    return _console(stderr=True)


def fail(says: str, code: int = USER_ERROR) -> NoReturn:
    """Say in one line what was wrong and what to do, and end with an exit code (2: the caller's mistake)."""
    aside().print(Text.assemble(("overturn: ", "bold red"), says), soft_wrap=True)
    raise typer.Exit(code)


@contextmanager
def progress_bar(title: str, quiet: bool = False) -> Iterator[Told]:
    """Show a bar on a terminal while the block runs; elsewhere, or `quiet`, show nothing."""
    console = aside()
    columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task(title, total=None)

        def told(name: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield told


def _console(stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        # A file or a pipe has no width: give it one that tables fit in.
        console = Console(stderr=stderr, highlight=False, width=_WIDTH_WITHOUT_TERMINAL)
    return console

"""`overturn eval`: measure the program on labelled cases."""

from importlib import import_module
from typing import Annotated, Literal

import typer

from api.terminal.consoles import fail


def evaluate(
    suite: Annotated[str | None, typer.Option(help="One suite by name; all of them when left out.")] = None,
    format: Annotated[Literal["json", "text"], typer.Option(help="json for programs, text for people.")] = "text",
) -> None:
    """Work labelled practices and score the records against their labels.

    Exit code 0: every bar of the suites is met; 1: one is not; 2: there is no such suite.
    """
    # Imported by name when called: measuring (evals) and the ways in (api) stand side by side, and neither may
    # import the other. An installation may also leave the labelled practices out.
    try:
        run = import_module("evals.run")
    except ModuleNotFoundError as error:
        if error.name not in ("evals", "evals.run"):
            raise
        fail("the eval suites are not installed with this copy; run from a checkout of the project")
    arguments = ["--format", format, *(["--suite", suite] if suite else [])]
    raise typer.Exit(int(run.main(arguments)))

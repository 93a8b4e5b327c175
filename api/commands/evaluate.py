"""`overturn eval`: measure the program on labelled cases."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.terminal.consoles import fail


def evaluate(
    suite: Annotated[str | None, typer.Option(help="One suite by name; all of them when left out.")] = None,
    format: Annotated[Literal["json", "text"], typer.Option(help="json for programs, text for people.")] = "text",
    model: Annotated[str | None, typer.Option(help="Work with this model as well, and compare.")] = None,
    repeat: Annotated[int, typer.Option(min=1, help="How often to work with the model.")] = 1,
    cost_cap: Annotated[float | None, typer.Option(help="Stop when the model has cost this much, in dollars.")] = None,
    record: Annotated[Path | None, typer.Option(help="Write the model's answers to this folder.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Take answers from this folder; ask no model.")] = None,
) -> None:
    """Work labelled practices and score the records against their labels.

    With --model (or --replay) everything is worked without a model and with it, and the scores stand side by side.

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
    given = {"suite": suite, "model": model, "cost-cap": cost_cap, "record": record, "replay": replay}
    options = [word for name, value in given.items() if value is not None for word in (f"--{name}", str(value))]
    arguments = ["--format", format, *options, *(["--repeat", str(repeat)] if repeat != 1 else [])]
    raise typer.Exit(int(run.main(arguments)))

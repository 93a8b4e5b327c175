"""The command line: `overturn COMMAND`. Exit codes: 0 done, 1 nothing could be read, 2 the caller's mistake."""

from typing import Annotated

import typer

from api.commands.audit import audit
from api.commands.backup import backup, restore
from api.commands.check import check
from api.commands.codes import codes
from api.commands.doctor import doctor
from api.commands.erase import erase
from api.commands.evaluate import evaluate
from api.commands.export import export
from api.commands.keys import keys
from api.commands.letter import letter
from api.commands.options import name_command
from api.commands.outbox import outbox
from api.commands.outcome import cash, outcome
from api.commands.product import product
from api.commands.queue import findings, queue
from api.commands.remit import remit
from api.commands.retention import retention
from api.commands.review import review
from api.commands.rules import rules
from api.commands.send import send
from api.commands.series import series
from api.commands.serve import openapi, serve
from api.commands.show import show
from api.commands.sweep import sweep
from api.commands.timeline import timeline
from api.commands.users import users
from api.commands.watch import watch
from api.commands.work import demo, work
from api.terminal.consoles import tolerate

app = typer.Typer(
    name="overturn",
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local values would print patients: the plain one shows code only.
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `overturn demo`, then `overturn work FOLDER`.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"overturn {version('overturn')}")
        raise typer.Exit


@app.callback()
def _overturn(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it and end.")
    ] = False,
) -> None:
    """Work denied oncology claims: read the remittance, prove the cause, make the appeal, follow it to cash.

    All state lives in one home folder (--home, or OVERTURN_HOME). Nothing leaves it but by
    `overturn send`.
    """
    tolerate()
    name_command(context.invoked_subcommand or "none")


def _example(line: str) -> str:
    return f"Example: `{line}`"


app.command(epilog=_example("overturn work ./practice --home ./cedar"))(work)
app.command(epilog=_example("overturn queue --home ./cedar --status in_review"))(queue)
app.command(epilog=_example("overturn show 9d715c --home ./cedar"))(show)
app.command(epilog=_example('overturn review 9d715c edit --set remedy=appeal --reason "Second level" --home ./cedar'))(
    review
)
app.command(epilog=_example("overturn letter 9d715c --output letter.docx --home ./cedar"))(letter)
app.command(epilog=_example("overturn product 9d715c packet --output packet.pdf --home ./cedar"))(product)
app.command(epilog=_example("overturn send --channel folder --to ./drop --home ./cedar"))(send)
app.command(epilog=_example("overturn outcome 9d715c upheld --on 2026-05-01 --as Ruiz --home ./cedar"))(outcome)
app.command(epilog=_example("overturn timeline 9d715c --home ./cedar"))(timeline)
app.command(epilog=_example("overturn cash --home ./cedar"))(cash)
app.command(epilog=_example("overturn export --home ./cedar --format csv --output denials.csv"))(export)
app.command(epilog=_example("overturn findings --home ./cedar"))(findings)
app.command(epilog=_example("overturn sweep --home ./cedar --as-of 2026-05-04"))(sweep)
app.command(epilog=_example("overturn watch --home ./cedar"))(watch)
app.command(epilog=_example("overturn check claim.837 --home ./cedar --format json"))(check)
app.command(epilog=_example("overturn remit era_0403.835 --format json"))(remit)
app.command(epilog=_example("OVERTURN_API_KEY=... overturn serve --home ./cedar"))(serve)
app.command(epilog=_example("overturn doctor --home ./cedar"))(doctor)
app.command(epilog=_example("overturn openapi --output openapi.json"))(openapi)
app.command(name="eval", epilog=_example("overturn eval --suite cedar --format json"))(evaluate)
app.command(epilog=_example("overturn demo --home ./demo"))(demo)
app.command(epilog=_example("overturn backup --to cedar.backup --home ./cedar"))(backup)
app.command(epilog=_example("overturn restore cedar.backup --home ./cedar-again"))(restore)
app.command(epilog=_example("overturn erase --member CHP400118 --home ./cedar --carry-out"))(erase)
app.add_typer(retention, name="retention")
app.add_typer(keys, name="keys")
app.add_typer(audit, name="audit")
app.add_typer(codes, name="codes")
app.add_typer(outbox, name="outbox")
app.add_typer(series, name="series")
app.add_typer(rules, name="rules")
app.add_typer(users, name="users")

if __name__ == "__main__":
    app()

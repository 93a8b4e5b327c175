"""`overturn outcome`: enter what the payer decided, or withdraw an entry. `overturn cash`: what came in."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from api.commands.options import DEFAULT_HOME, DenialName, Home, PracticeName, opened
from api.offices import find_denial, practice_of
from api.terminal.consoles import data_output, fail, output
from api.written import seen_only
from knowledge.types.outcomes import Result

What = Literal["upheld", "partly_overturned", "overturned", "dismissed", "withdraw"]


def outcome(
    denial: DenialName,
    result: Annotated[
        What,
        typer.Argument(help="What the payer decided; withdraw: take an entry back that was wrong (--key)."),
    ],
    by: Annotated[str, typer.Option("--as", help="Who enters it.", envvar="OVERTURN_USER")],
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of the decision: the next clock runs from it."),
    ] = None,
    reference: Annotated[str, typer.Option(help="The payer's reference of the decision.")] = "",
    level: Annotated[
        str, typer.Option(help="The appeal level that decided, as in payers.yaml, or peer-to-peer; else the one out.")
    ] = "",
    reason: Annotated[str, typer.Option(help="The reason stated, in the payer's own words; withdraw: why.")] = "",
    code: Annotated[list[str] | None, typer.Option(help="A CARC or RARC the decision names; may be repeated.")] = None,
    letter: Annotated[
        Path | None, typer.Option(help="The decision letter, a PDF: enclosed at the next level.", dir_okay=False)
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(help="A key of your own: entered again with it, it counts once. withdraw: the entry's."),
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Enter what the payer decided on a denial; the case then goes on: the next level opens, or payment is awaited.

    Dollars are not entered: they are counted when a remit pays them.
    """
    for name, text in (("--as", by), ("--reference", reference), ("--reason", reason), ("--level", level)):
        if text:
            try:
                seen_only(text)
            except ValueError as error:
                fail(f"{name} {error}")
    with opened(home) as office:
        # Named here because importing the state machine is slow, and only this needs it.
        from agent.following.entering import BadOutcome, Given, OutcomeKeyReused, enter_outcome, withdraw_outcome

        found = find_denial(office, denial)
        try:
            if result == "withdraw":
                if not key or not reason.strip():
                    fail("withdraw needs --key of the entry and --reason; `overturn timeline` shows the entries")
                entry = withdraw_outcome(office, found.practice_id, found.denial_id, key, by=by, reason=reason)
            else:
                if on is None:
                    fail("--on is missing: the day of the decision, as YYYY-MM-DD")
                assert result in get_args(Result)
                given = Given(
                    result=result,
                    on=on.date(),
                    by=by,
                    reference=reference,
                    level=level,
                    reason=reason,
                    codes=tuple(code or ()),
                    letter=_read(letter),
                    letter_name=letter.name if letter else "",
                )
                entry = enter_outcome(office, found.practice_id, found.denial_id, given, key)
        except (BadOutcome, OutcomeKeyReused) as error:
            fail(str(error))
        record = office.record(found.practice_id, found.denial_id)
    from api.terminal.timeline import show_entered

    show_entered(output(), found.denial_id, entry, record)


def _read(letter: Path | None) -> bytes | None:
    if letter is None:
        return None
    try:
        return letter.read_bytes()
    except OSError as error:
        fail(f"{letter} cannot be read: {error.strerror}")


def cash(
    home: Home = DEFAULT_HOME,
    practice: PracticeName = None,
    format: Annotated[Literal["table", "json"], typer.Option(help="table: for people. json: for programs.")] = "table",
) -> None:
    """Show the cash of all remits: recovered after denials, paid otherwise, and what could not be placed."""
    with opened(home) as office:
        practice_id, _ = practice_of(office, practice)
        with office.records.reading() as repository:
            whole = repository.outcomes.cash(practice_id)
            accounts = repository.outcomes.accounts(practice_id)
        if whole is None:
            fail("no cash has been counted yet; run `overturn work` first")
        if format == "json":
            data_output().write(whole.model_dump_json(indent=2) + "\n")
            return
        from api.terminal.timeline import show_cash

        show_cash(output(), whole, accounts)

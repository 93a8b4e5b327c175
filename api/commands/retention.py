"""`overturn retention`: what has reached the end of its term; holds that keep it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from api.commands.erase import LEFT_OUT, erase_one, tell_erased
from api.commands.options import DEFAULT_HOME, Home, PracticeName, opened, whoever
from api.offices import now, practice_of
from api.terminal.consoles import aside, fail, output
from api.terminal.words import count

if TYPE_CHECKING:
    from agent.retention import Standing

retention = typer.Typer(
    help="What has reached the end of its term, and holds that keep it. HOME/retention.yaml sets the terms."
)

Why = Annotated[str, typer.Option("--why", help="The reason, which is kept with it.")]


@retention.callback(
    invoke_without_command=True, epilog="Example: `overturn retention --as-of 2036-01-01 --home ./cedar`"
)
def due(
    context: typer.Context,
    practice: PracticeName = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", help="The day to judge by; today (UTC).", formats=["%Y-%m-%d"])
    ] = None,
    carry_out: Annotated[
        bool, typer.Option("--carry-out", help="Erase what is listed as ended. Without it nothing is changed.")
    ] = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """List, by practice, the patients whose records have reached the end of their term; change nothing.

    Terms are years after the last thing that happened (HOME/retention.yaml; 10 when it says nothing, never less than
    the law asks). What is not settled or held is kept and said.
    """
    if context.invoked_subcommand is not None:
        return
    from agent.retention import BadPolicy, standing_on

    today = now().date()
    day = as_of.date() if as_of else today
    if carry_out and day > today:
        fail(f"{day} has not come yet: --carry-out erases what has ended by today")
    with opened(home) as office:
        chosen = [practice_of(office, practice)[0]] if practice else [name for name, _ in office.practices()]
        try:
            found = [standing_on(office.records, home, practice_id, day) for practice_id in chosen]
        except BadPolicy as fault:
            fail(str(fault))
        key = office.key
    for standing in found:
        _show(standing)
    ended = [one for standing in found for one in standing.ended]
    if carry_out:
        for one in ended:
            tell_erased(erase_one(home, key, one.asked))
    elif ended:
        aside().print("Nothing was changed: --carry-out erases what has ended.")
    if ended:
        aside().print(LEFT_OUT, soft_wrap=True)


@retention.command(epilog='Example: `overturn retention hold --member CHP400118 --why "Doe v. Plan" --home ./cedar`')
def hold(
    why: Why,
    denial: Annotated[str, typer.Option("--denial", help="A denial's whole id: its patient is held.")] = "",
    member: Annotated[str, typer.Option("--member", help="A member id.")] = "",
    practice: PracticeName = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Hold a patient: nothing of them is removed, by term or by `overturn erase`, until the hold is lifted."""
    if bool(denial) == bool(member):
        fail("name either --denial or --member")
    with opened(home) as office:
        from agent.retention import place_hold
        from agent.retention.holds import NothingToHold

        practice_id, _ = practice_of(office, practice)
        subject = "denial" if denial else "member"
        try:
            placed = place_hold(
                office.records,
                practice_id,
                "denial" if denial else "member",
                denial or member,
                why=why,
                by=whoever().actor,
                now=now(),
            )
        except NothingToHold as refused:
            fail(str(refused))
    output().print(f"{placed.hold_id}: the {subject} is held", highlight=False)


@retention.command(epilog='Example: `overturn retention lift hld_01m... --why "Settled" --home ./cedar`')
def lift(
    hold_id: Annotated[str, typer.Argument(help="The hold's id.", metavar="HOLD")],
    why: Why,
    home: Home = DEFAULT_HOME,
) -> None:
    """Lift a hold."""
    with opened(home) as office:
        from agent.retention import lift_hold
        from agent.retention.holds import NothingToHold
        from knowledge.records.repository import UnknownHold

        try:
            lift_hold(office.records, hold_id, why=why, by=whoever().actor, now=now())
        except (UnknownHold, NothingToHold) as refused:
            fail(str(refused))
    output().print(f"{hold_id}: lifted", highlight=False)


@retention.command(epilog="Example: `overturn retention holds --home ./cedar`")
def holds(
    practice: PracticeName = None,
    lifted: Annotated[bool, typer.Option("--lifted", help="Those that were lifted too.")] = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """List the holds: on whom, by whom, since when, why."""
    with opened(home) as office:
        chosen = [practice_of(office, practice)[0]] if practice else [name for name, _ in office.practices()]
        with office.records.reading() as repository:
            found = [one for name in chosen for one in repository.keeping.holds(name, standing=not lifted)]
    table = Table("hold", "practice", "on", "placed", "why", "lifted")
    for one in found:
        ended = f"{one.lifted_at:%Y-%m-%d} {one.lifted_by}: {one.lifted_why}" if one.lifted_at else ""
        placed = f"{one.placed_at:%Y-%m-%d} {one.placed_by}"
        table.add_row(one.hold_id, one.practice_id, f"{one.subject} {one.named}", placed, one.why, ended)
    output().print(table if found else "No holds")


def _show(standing: "Standing") -> None:
    rule, ended = standing.rule, count(len(standing.ended), "patient")
    output().print(
        f"{standing.practice_id}: {count(rule.years, 'year')} ({rule.why}); {ended} ended, "
        f"{len(standing.kept):,} kept all the same",
        soft_wrap=True,
        highlight=False,
    )
    if standing.ended:
        table = Table("member", "last on", "ended on", "claims", "denials")
        for one in standing.ended:
            table.add_row(one.asked.member, str(one.latest), str(one.ended_on), str(one.claims), str(len(one.denials)))
        output().print(table)
    for kept in standing.kept:
        output().print(f"kept: member {kept.member}: {kept.why}", soft_wrap=True, highlight=False)

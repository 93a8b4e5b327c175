"""`overturn series`: denials worked once and sent together, as series of one shared record or batches of small ones."""

import getpass
from typing import Annotated, Literal

import typer

from api.commands.options import DEFAULT_HOME, Home, PracticeName, opened, worked_on
from api.commands.sweep import Format
from api.offices import practice_of
from api.terminal import words
from api.terminal.consoles import data_output, fail, output
from api.written import seen_only

series = typer.Typer(
    no_args_is_help=True,
    help="Denials worked once and sent together: series of one shared record, batches of small ones.",
)
GroupName = Annotated[
    str, typer.Argument(help="A series or batch by its id or the start of it, or a denial in it.", metavar="SERIES")
]
Reason = Annotated[str, typer.Option(help="Why, in a sentence; it stays in each member's timeline.")]
By = Annotated[
    str | None,
    typer.Option(help="Who decides; the name you are logged in with when left out.", envvar="OVERTURN_USER"),
]


@series.command(name="list", epilog="Example: `overturn series list --home ./cedar`")
def list_(home: Home = DEFAULT_HOME, practice: PracticeName = None, format: Format = "table") -> None:
    """List every series and batch of open denials as one row, the one to work first on top."""
    with opened(home) as office:
        from agent.ranking import rankings_of
        from agent.series.corrections import offers
        from agent.series.telling import listed_groups
        from api.terminal.series import as_json, show_groups, show_offers

        practice_id, known = practice_of(office, practice)
        found = listed_groups(tuple(office.records_of(practice_id)), worked_on(known))
        if format == "json":
            data_output().write(as_json(found) + "\n")
            return
        show_groups(output(), found)
        with office.at_desk(practice_id) as desk:
            with rankings_of(office.records).at(practice_id) as ranking:
                show_offers(output(), offers(desk, ranking.kinship))


@series.command(epilog="Example: `overturn series show ser_0d3e --home ./cedar`")
def show(
    group: GroupName,
    home: Home = DEFAULT_HOME,
    practice: PracticeName = None,
    format: Format = "table",
    draft: Annotated[
        bool, typer.Option("--draft", help="Make the joint packet as a draft and say where it is.")
    ] = False,
) -> None:
    """Show a series or batch in full: its schedule, who falls out and why, corrections that others could take over."""
    with opened(home) as office:
        from agent.series.approving import draft_of, look_at
        from agent.series.members import UnknownGroup
        from agent.series.packet import NotTogether
        from agent.series.telling import shown_group
        from api.terminal.series import show_group

        practice_id, _ = practice_of(office, practice)
        with office.at_desk(practice_id) as desk:
            try:
                found = shown_group(desk, group)
                path = draft_of(desk, look_at(desk, group)) if draft else None
            except (UnknownGroup, NotTogether) as error:
                fail(str(error))
        if format == "json":
            data_output().write(found.model_dump_json(indent=2) + "\n")
        else:
            show_group(output(), found)
        if path is not None:
            output().print(f"{home / path}", soft_wrap=True)


@series.command(epilog='Example: `overturn series approve ser_0d3e --reason "checked" --as biller --home ./cedar`')
def approve(
    group: GroupName,
    reason: Reason,
    home: Home = DEFAULT_HOME,
    practice: PracticeName = None,
    by: By = None,
    role: Annotated[
        Literal["biller", "coder", "clinician", "manager"] | None,
        typer.Option("--as", help="Your role. Some decisions are for one role alone."),
    ] = None,
    signed_by: Annotated[
        str | None, typer.Option(help="The physician whose signature was obtained, where the letter needs one.")
    ] = None,
) -> None:
    """Approve a series or batch as a whole: each member over its own files, and one packet for all of them.

    All are checked first; none is approved when one is refused. `overturn send` then hands the one packet over.
    """
    by = _person(by, reason, signed_by)
    with opened(home) as office:
        from agent.approving.refusal import ApprovalRefused
        from agent.office import NotWaiting
        from agent.series.approving import approve_together
        from agent.series.members import UnknownGroup
        from agent.series.packet import NotTogether

        practice_id, _ = practice_of(office, practice)
        try:
            joint = approve_together(office, practice_id, group, by=by, reason=reason, role=role, signed_by=signed_by)
        except (UnknownGroup, NotTogether, NotWaiting, ApprovalRefused) as error:
            fail(str(error))
    goes = "go in one packet" if joint.file else "each go by their own file"
    output().print(f"{joint.group_id}: {len(joint.members)} denials approved, {goes}")
    if joint.file:
        output().print(f"{home / joint.file.path}  sha256 {joint.file.sha256}", soft_wrap=True)


@series.command(epilog='Example: `overturn series reject ser_0d3e --reason "patient balance settled" --home ./cedar`')
def reject(
    group: GroupName, reason: Reason, home: Home = DEFAULT_HOME, practice: PracticeName = None, by: By = None
) -> None:
    """Reject every member that waits for a person: nothing is done about them."""
    by = _person(by, reason, None)
    with opened(home) as office:
        from agent.approving.refusal import ApprovalRefused
        from agent.office import NotWaiting
        from agent.series.approving import reject_together
        from agent.series.members import UnknownGroup

        practice_id, _ = practice_of(office, practice)
        try:
            closed = reject_together(office, practice_id, group, by=by, reason=reason)
        except (UnknownGroup, NotWaiting, ApprovalRefused) as error:
            fail(str(error))
    output().print(f"{len(closed)} denials rejected")


@series.command(epilog='Example: `overturn series correct 9d715c --reason "same error" --home ./cedar`')
def correct(
    denial: Annotated[str, typer.Argument(help="The denial that was corrected.", metavar="DENIAL")],
    reason: Reason,
    home: Home = DEFAULT_HOME,
    practice: PracticeName = None,
    by: By = None,
) -> None:
    """Make the correction of one denial on the others of its record that wait; each is drafted anew and waits again."""
    by = _person(by, reason, None)
    with opened(home) as office:
        from agent.office import NotWaiting
        from agent.ranking import rankings_of
        from agent.review import BadChange
        from agent.series.corrections import offers, take_over

        practice_id, _ = practice_of(office, practice)
        with office.at_desk(practice_id) as desk:
            with rankings_of(office.records).at(practice_id) as ranking:
                found = offers(desk, ranking.kinship)
        wanted = denial.removeprefix("den_")
        named = [one for one in found if wanted and one.denial_id.removeprefix("den_").startswith(wanted)]
        if len(named) != 1:
            fail(f"no correction of {denial} is open for others; `overturn series list` tells which are")
        try:
            changed = take_over(office, practice_id, named[0], by=by, reason=reason)
        except (NotWaiting, BadChange) as error:
            fail(str(error))
    output().print(f"{words.count(len(changed), 'denial')} corrected as {named[0].denial_id} was, and drafted anew")


def _person(by: str | None, reason: str, signed_by: str | None) -> str:
    """Check what a person wrote, and say who they are."""
    by = by or getpass.getuser()
    if not reason.strip():
        fail("--reason is empty; say why in a sentence")
    for name, text in (("--reason", reason), ("--by", by), ("--signed-by", signed_by or "")):
        try:
            seen_only(text)
        except ValueError as error:
            fail(f"{name} {error}")
    return by

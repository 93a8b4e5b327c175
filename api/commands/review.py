"""`overturn review`: a person's decision on a denial that waits for one."""

import getpass
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.text import Text

from api.commands.edited import edit_by_letter
from api.commands.options import DEFAULT_HOME, DenialName, Home, opened
from api.offices import find_denial
from api.terminal import words
from api.terminal.consoles import fail, output
from api.written import seen_only
from knowledge.records import Role


def review(
    denial: DenialName,
    decision: Annotated[
        Literal["approve", "edit", "reject"],
        typer.Argument(help="approve: it may go. edit: change it and draft anew. reject: nothing is done."),
    ],
    reason: Annotated[str, typer.Option(help="Why, in a sentence; it stays in the timeline.")],
    home: Home = DEFAULT_HOME,
    by: Annotated[
        str | None,
        typer.Option(help="Who decides; the name you are logged in with when left out.", envvar="OVERTURN_USER"),
    ] = None,
    role: Annotated[
        Role | None,
        typer.Option("--as", help="With approve or --letter: your role. Some decisions are for one role alone."),
    ] = None,
    signed_by: Annotated[
        str | None,
        typer.Option(help="With approve: the physician whose signature was obtained, where the letter needs one."),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help="With edit: remedy, then, root_cause or note.", metavar="FIELD=VALUE"),
    ] = None,
    letter: Annotated[
        Path | None,
        typer.Option(help="With edit: the letter edited in Word, from `overturn letter`.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Decide on a denial that waits for a person; its case then goes on.

    An edit changes the remedy, what follows it, the cause, or adds a note; the work product is made anew and the
    denial waits for review again. An edited letter is held to its evidence, sentence by sentence, before it is taken.
    """
    edits = _parsed(changes or [])
    _check_together(decision, edits, letter, role, signed_by)
    if not reason.strip():
        fail("--reason is empty; say why in a sentence")
    by = by or getpass.getuser()
    for name, text in (
        ("--reason", reason),
        ("--by", by),
        ("--signed-by", signed_by or ""),
        *(("--set", value or "") for value in edits.values()),
    ):
        try:
            seen_only(text)
        except ValueError as error:
            fail(f"{name} {error}")
    with opened(home) as office:
        # Named here because importing the state machine is slow, and only this needs it.
        from agent.approving.refusal import ApprovalRefused
        from agent.office import NotWaiting
        from agent.review import BadChange
        from api.reviewing import Submitted, submit

        found = find_denial(office, denial)
        if letter is not None:
            record = edit_by_letter(office, found, letter, reason, by, role)
            output().print(Text.assemble((record.denial_id, "cyan"), f": {words.spoken(record.status)}, letter edited"))
            return
        submitted = Submitted(decision=decision, reason=reason, by=by, changes=edits, role=role, signed_by=signed_by)
        try:
            record = submit(office, found.practice_id, found.denial_id, submitted)
        except (NotWaiting, BadChange, ApprovalRefused) as error:
            fail(str(error))
    says = f": {words.spoken(record.status)}, {words.remedy(record)}"
    output().print(Text.assemble((record.denial_id, "cyan"), says))


def _check_together(
    decision: str, edits: dict[str, str | None], letter: Path | None, role: Role | None, signed_by: str | None
) -> None:
    if letter is not None and (edits or decision != "edit"):
        fail("--letter goes with edit, and alone: change remedy or cause in an edit of its own")
    if (decision == "edit") != bool(edits or letter):
        lacks = "edit needs --set FIELD=VALUE or --letter FILE"
        fail(lacks if decision == "edit" else f"--set goes with edit, not with {decision}")
    if decision != "approve" and signed_by:
        fail(f"--as and --signed-by go with approve, not with {decision}")
    if decision != "approve" and role and letter is None:
        fail(f"--as and --signed-by go with approve, not with {decision}")


def _parsed(changes: list[str]) -> dict[str, str | None]:
    edits: dict[str, str | None] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or not name:
            fail(f"--set {change} is not FIELD=VALUE, such as remedy=appeal")
        if name == "letter":
            fail("letter is not set but given back as a file: --letter FILE")
        # An empty value takes away what may be absent: `then=` means that nothing follows.
        edits[name] = value or None
    return edits

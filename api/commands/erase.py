"""`overturn erase`: everything of one patient, out of a home."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import DEFAULT_HOME, Home, PracticeName, opened, whoever
from api.offices import find_denial, now, open_office, practice_of
from api.terminal.consoles import aside, fail, output
from api.terminal.words import count

if TYPE_CHECKING:
    from agent.erasure import Asked, Erased, Patient
    from knowledge.sealing import HomeKey

LEFT_OUT = (
    "Not reached from here: backups made before, the practice folder the files came from (the same files are not taken "
    "in again, newer ones are), and what was handed over to payers, folders, webhooks or the printer."
)


def erase(
    denial: Annotated[
        str | None, typer.Argument(help="A denial of the patient: its id or the start of it.", metavar="DENIAL")
    ] = None,
    member: Annotated[str, typer.Option("--member", help="The patient's member id, instead of a denial.")] = "",
    practice: PracticeName = None,
    born: Annotated[
        datetime | None,
        typer.Option("--born", help="Birth date, where several people go by the member id.", formats=["%Y-%m-%d"]),
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("--given", help="Given name, where several people go by the member id.")
    ] = None,
    also: Annotated[
        list[str] | None, typer.Option("--also", help="A member id, claim number or file that is theirs too.")
    ] = None,
    apart: Annotated[
        list[str] | None, typer.Option("--apart", help="A member id, claim number or file that is not theirs.")
    ] = None,
    carry_out: Annotated[
        bool, typer.Option("--carry-out", help="Erase. Without it nothing is changed: what would go is shown.")
    ] = False,
    finish: Annotated[bool, typer.Option("--finish", help="Only finish an erasure that was cut off.")] = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Erase one patient: denials, files made and sent, charts, claims, every word they are found by.

    Files that hold others too keep every byte of the others where it stood; the patient's are overwritten with filler.
    Amounts the payer paid stay, without a person, so that cash adds up. The home must not be in use. It cannot be
    undone; cut off, it goes on where it was when it is given again (or with --finish).
    """
    if finish:
        _finish(home)
        return
    if bool(denial) == bool(member):
        fail("name the patient either by a DENIAL or by --member ID")
    from agent.erasure import Asked, NotExact, UnderHold, look_at

    with opened(home) as office:
        found = find_denial(office, denial) if denial else None
        asked = Asked(
            practice_id=found.practice_id if found else practice_of(office, practice)[0],
            member=member,
            denial_id=found.denial_id if found else "",
            born=born.date() if born else None,
            given=tuple(given or ()),
            also=tuple(also or ()),
            apart=tuple(apart or ()),
        )
        key = office.key
        try:
            with office.records.reading() as repository:
                patient = look_at(repository, asked)
        except (NotExact, UnderHold) as refused:
            fail(str(refused))
    if not carry_out:
        _show(patient)
        aside().print("Nothing was changed: --carry-out erases. " + LEFT_OUT, soft_wrap=True)
        return
    tell_erased(erase_one(home, key, asked))
    aside().print(LEFT_OUT, soft_wrap=True)


def erase_one(home: Path, key: "HomeKey | None", asked: "Asked") -> "Erased":
    """Erase a patient in the name of whoever gives the command; what refuses it ends the command."""
    from agent.erasure import NotExact, UnderHold
    from agent.erasure.erasing import count_anew
    from agent.erasure.erasing import erase as erased
    from agent.home_lock import HomeClosed
    from knowledge.records.audit import acting

    who = whoever()
    try:
        with acting(who):
            done = erased(home, key, asked, who.actor, now)
    except (NotExact, UnderHold, HomeClosed) as refused:
        fail(str(refused))
    with open_office(home) as office, acting(who):
        count_anew(office, done.practice_id)
    return done


def tell_erased(done: "Erased") -> None:
    """Say what went."""
    parts = ", ".join(f"{number:,} {what}" for what, number in sorted(done.counts.items()) if number)
    output().print(f"{done.erasure_id}: erased ({parts})", soft_wrap=True, highlight=False)


def _show(patient: "Patient") -> None:
    kinds: dict[str, int] = {}
    for mention in patient.theirs:
        kinds[mention.kind] = kinds.get(mention.kind, 0) + 1
    found = ", ".join(f"{number:,} of kind {kind}" for kind, number in sorted(kinds.items()))
    output().print(f"{count(len(patient.denials), 'denial')}; rows: {found}", soft_wrap=True, highlight=False)
    for denial_id in patient.denials:
        output().print(denial_id, highlight=False)


def _finish(home: Path) -> None:
    from agent.erasure.erasing import count_anew, finish_erasures
    from agent.home_lock import HomeClosed
    from knowledge.records.audit import acting

    with opened(home) as office:
        key, practices = office.key, [practice_id for practice_id, _ in office.practices()]
    who = whoever()
    try:
        with acting(who):
            done = finish_erasures(home, key, now)
    except HomeClosed as refused:
        fail(str(refused))
    if done:
        with open_office(home) as office, acting(who):
            for practice_id in practices:
                count_anew(office, practice_id)
    output().print(f"{count(len(done), 'erasure')} finished" if done else "No erasure was cut off")

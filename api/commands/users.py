"""`overturn users`: who may sign in. The first administrator is made here; later ones at /users too."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from api.commands.options import DEFAULT_HOME, Home, opened
from api.offices import practice_of
from api.terminal.consoles import aside, fail, output

if TYPE_CHECKING:
    from agent.office import Office
    from api.access.users import Users

users = typer.Typer(
    no_args_is_help=True, help="Who may sign in: add, list, reset, disable. The first administrator is made here."
)

Login = Annotated[str, typer.Argument(help="The login: an e-mail address or a short name.", metavar="LOGIN")]
PersonRole = Literal["biller", "coder", "clinician", "manager", "administrator"]


@users.command(
    "add", epilog='Example: `overturn users add mara --name "Mara Olin" --role administrator --home ./cedar`'
)
def add_user(
    login: Login,
    name: Annotated[str, typer.Option(help="The name that stands under their decisions.")],
    role: Annotated[PersonRole, typer.Option(help="What they may do (api/access/roles.yaml).")],
    practice: Annotated[
        list[str] | None,
        typer.Option("--practice", help="Id or name of a practice that is theirs; every one when left out."),
    ] = None,
    link: Annotated[
        bool, typer.Option("--link", help="Ask for no password: print a one-time code to set it with.")
    ] = False,
    address: Annotated[
        str, typer.Option(help="Where the server is reached, for the link.", envvar="OVERTURN_ADDRESS")
    ] = "http://127.0.0.1:8710",
    home: Home = DEFAULT_HOME,
) -> None:
    """Add a user, with a password that is asked for, or a link to set one."""
    with _managed(home) as (office, managed):
        practices = None if not practice else [practice_of(office, each)[0] for each in practice]
        password = None
        if not link:
            password = typer.prompt("Password (at least 12 characters)", hide_input=True, confirmation_prompt=True)
        user, code = managed.add(login, name, role, practices, password)
    aside().print(f"{user.login} may sign in as {user.role}", style="green", highlight=False)
    if code is not None:
        _tell_link(address, code)


@users.command("list")
def list_users(home: Home = DEFAULT_HOME) -> None:
    """List the users."""
    with _managed(home) as (office, managed):
        names = {id_: practice.name for id_, practice in office.practices()}
        found = managed.all()
    table = Table("login", "name", "role", "practices", "second factor", "standing")
    for user in found:
        theirs = "every" if user.practices is None else ", ".join(sorted(names.get(id_, id_) for id_ in user.practices))
        standing = "disabled" if user.disabled_at else "no password yet" if not user.password_hash else "active"
        standing = "active (own sign-on)" if user.subject and standing == "no password yet" else standing
        table.add_row(user.login, user.name, user.role, theirs, "yes" if user.totp_since else "no", standing)
    output().print(table if found else "No users yet: `overturn users add` makes the first administrator")


@users.command("reset")
def reset_user(
    login: Login,
    address: Annotated[
        str, typer.Option(help="Where the server is reached, for the link.", envvar="OVERTURN_ADDRESS")
    ] = "http://127.0.0.1:8710",
    home: Home = DEFAULT_HOME,
) -> None:
    """Take password and second factor away, sign them out everywhere, and print a link to begin anew."""
    with _managed(home) as (_, managed):
        user, code = managed.reset(login)
    aside().print(f"{user.login} is signed out everywhere", style="green", highlight=False)
    _tell_link(address, code)


@users.command("disable")
def disable_user(
    login: Login,
    undo: Annotated[bool, typer.Option("--undo", help="Let them sign in again.")] = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Keep a user from signing in; every session of theirs ends at once."""
    with _managed(home) as (_, managed):
        user = managed.enable(login) if undo else managed.disable(login)
    says = "may sign in again" if undo else "may not sign in any more, and is signed out everywhere"
    aside().print(f"{user.login} {says}", style="green", highlight=False)


@contextmanager
def _managed(home: Path) -> Iterator[tuple["Office", "Users"]]:
    # Imported when called: the web framework is slow to import.
    from api.access.passwords import WeakPassword
    from api.access.users import UserRefused, Users

    with opened(home) as office:
        try:
            yield office, Users(office.records, office.clock)
        except (UserRefused, WeakPassword) as refused:
            fail(str(refused))


def _tell_link(address: str, code: str) -> None:
    aside().print("Hand this over by a way you trust; it is good for one day, once:")
    output().print(f"{address.rstrip('/')}/sign-in/password#{code}", soft_wrap=True, highlight=False)

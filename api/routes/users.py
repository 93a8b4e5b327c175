"""The users of the home, for those who manage them."""

from collections.abc import Callable
from typing import Annotated, get_args

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.access.at_door import UsersOf
from api.access.needs import PrincipalOf, needs
from api.access.passwords import WeakPassword
from api.access.principal import Principal
from api.access.users import UserRefused, Users
from api.problems import ProblemError
from api.service import Service, ServiceOf
from api.web.pages import page
from knowledge.records.access import AccessRole, User

router = APIRouter(include_in_schema=False, dependencies=[needs("users.manage")])

Typed = Annotated[str, Form(max_length=200)]
RoleTyped = Annotated[AccessRole, Form()]
Chosen = Annotated[list[str], Form()]
Ticked = Annotated[bool, Form()]

PEOPLE = tuple(role for role in get_args(AccessRole) if role != "service")


@router.get("/users")
def list_users(request: Request, service: ServiceOf, users: UsersOf, principal: PrincipalOf) -> Response:
    """List the users."""
    return _page(request, service, users, principal)


@router.post("/users")
def add_user(
    request: Request,
    service: ServiceOf,
    users: UsersOf,
    principal: PrincipalOf,
    role: RoleTyped,
    login: Typed = "",
    name: Typed = "",
    practices: Chosen = [],  # noqa: B006 - read by the framework, never changed
    every: Ticked = False,
) -> Response:
    """Add a user; the one-time code to set a password with is shown, once."""
    try:
        user, code = users.add(login, name, role, None if every else practices)
    except (UserRefused, WeakPassword) as refused:
        return _page(request, service, users, principal, wrong=str(refused))
    return _page(request, service, users, principal, made=user, code=code)


@router.post("/users/{user_id}/change")
def change_user(
    request: Request,
    service: ServiceOf,
    users: UsersOf,
    principal: PrincipalOf,
    user_id: str,
    role: RoleTyped,
    practices: Chosen = [],  # noqa: B006 - read by the framework, never changed
    every: Ticked = False,
) -> Response:
    """Give a user another role or other practices; they sign in anew."""
    _found(users, user_id)
    return _changed(
        request, service, users, principal, lambda: users.change(user_id, role, None if every else practices)
    )


@router.post("/users/{user_id}/disable")
def disable_user(
    request: Request, service: ServiceOf, users: UsersOf, principal: PrincipalOf, user_id: str
) -> Response:
    """Keep a user out, from now on."""
    _found(users, user_id)
    return _changed(request, service, users, principal, lambda: users.disable(user_id))


@router.post("/users/{user_id}/enable")
def enable_user(request: Request, service: ServiceOf, users: UsersOf, principal: PrincipalOf, user_id: str) -> Response:
    """Let a user in again."""
    _found(users, user_id)
    return _changed(request, service, users, principal, lambda: users.enable(user_id))


@router.post("/users/{user_id}/reset")
def reset_user(request: Request, service: ServiceOf, users: UsersOf, principal: PrincipalOf, user_id: str) -> Response:
    """Take password and second factor away; the one-time code to begin anew with is shown, once."""
    _found(users, user_id)
    user, code = users.reset(user_id)
    return _page(request, service, users, principal, made=user, code=code)


def _changed(
    request: Request, service: Service, users: Users, principal: Principal, change: Callable[[], User]
) -> Response:
    try:
        change()
    except UserRefused as refused:
        return _page(request, service, users, principal, wrong=str(refused))
    return RedirectResponse("/users", 303)


def _found(users: Users, user_id: str) -> None:
    try:
        users.find(user_id)
    except UserRefused as refused:
        raise ProblemError("not-found", str(refused)) from refused


def _page(
    request: Request,
    service: Service,
    users: Users,
    principal: Principal,
    *,
    wrong: str | None = None,
    made: User | None = None,
    code: str | None = None,
) -> Response:
    practices = [(id_, practice.name) for id_, practice in service.office.practices() if principal.sees(id_)]
    return page(
        request,
        "users.html",
        200 if wrong is None else 422,
        users=users.all(),
        roles=PEOPLE,
        practices=practices,
        may_give_every=principal.practices is None,
        wrong=wrong,
        made=made,
        code=code,
    )

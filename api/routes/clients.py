"""Clients of the API, for those who manage them. Programs ask for tokens at /oauth/token (api/routes/tokens.py)."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.access.at_door import ApiClientsOf
from api.access.clients import ApiClients, BadClient
from api.access.needs import PrincipalOf, needs
from api.access.permissions import permissions_by_role
from api.access.principal import Principal
from api.problems import ProblemError
from api.service import Service, ServiceOf
from api.web.pages import page
from knowledge.records.access import Client

router = APIRouter(include_in_schema=False, dependencies=[needs("clients.manage")])

Typed = Annotated[str, Form(max_length=200)]
Keys = Annotated[str, Form(max_length=20_000)]
Chosen = Annotated[list[str], Form()]
Ticked = Annotated[bool, Form()]


@router.get("/clients")
def list_clients(request: Request, service: ServiceOf, clients: ApiClientsOf, principal: PrincipalOf) -> Response:
    """List the clients."""
    return _page(request, service, clients, principal)


@router.post("/clients")
def add_client(
    request: Request,
    service: ServiceOf,
    clients: ApiClientsOf,
    principal: PrincipalOf,
    name: Typed = "",
    jwks: Keys = "",
    scopes: Chosen = [],  # noqa: B006 - read by the framework, never changed
    practices: Chosen = [],  # noqa: B006 - read by the framework, never changed
    every: Ticked = False,
) -> Response:
    """Make a client; its secret, if it has one, is shown once."""
    try:
        client, secret = clients.add(name, scopes, None if every else practices, jwks.strip() or None)
    except BadClient as refused:
        return _page(request, service, clients, principal, wrong=str(refused))
    return _page(request, service, clients, principal, made=client, secret=secret)


@router.post("/clients/{client_id}/disable")
def disable_client(clients: ApiClientsOf, client_id: str) -> Response:
    """End a client and its tokens."""
    try:
        clients.disable(client_id)
    except BadClient as refused:
        raise ProblemError("not-found", str(refused)) from refused
    return RedirectResponse("/clients", 303)


def _page(
    request: Request,
    service: Service,
    clients: ApiClients,
    principal: Principal,
    *,
    wrong: str | None = None,
    made: Client | None = None,
    secret: str | None = None,
) -> Response:
    practices = [(id_, practice.name) for id_, practice in service.office.practices() if principal.sees(id_)]
    return page(
        request,
        "clients.html",
        200 if wrong is None else 422,
        clients=clients.all(),
        scopes=sorted(permissions_by_role()["service"]),
        practices=practices,
        may_give_every=principal.practices is None,
        wrong=wrong,
        made=made,
        secret=secret,
    )

"""What routes about signing in work with, made from the running server."""

from typing import Annotated

from fastapi import Depends, Request

from api.access.authenticating import NOBODY, Identity
from api.access.clients import ApiClients
from api.access.needs import PrincipalOf
from api.access.signing_in import SigningIn
from api.access.users import Users
from api.service import ServiceOf


def identity_of(request: Request) -> Identity:
    """Give what was established about the sender (api/security.py)."""
    found: Identity = getattr(request.state, "identity", NOBODY)
    return found


def sender_address(request: Request) -> str:
    """Give the network address a request comes from; failures are counted by it."""
    return request.client.host if request.client else "unknown"


def _signing_in(service: ServiceOf) -> SigningIn:
    return SigningIn(service.office.records, service.office.clock, service.settings.access)


def _users(service: ServiceOf, principal: PrincipalOf) -> Users:
    return Users(service.office.records, service.office.clock, principal)


def _clients(service: ServiceOf, principal: PrincipalOf) -> ApiClients:
    return ApiClients(service.office.records, service.office.clock, principal)


IdentityOf = Annotated[Identity, Depends(identity_of)]
SigningInOf = Annotated[SigningIn, Depends(_signing_in)]
UsersOf = Annotated[Users, Depends(_users)]
ApiClientsOf = Annotated[ApiClients, Depends(_clients)]

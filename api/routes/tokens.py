"""Tokens for programs: OAuth 2 client credentials (RFC 6749, 7523), and their end (RFC 7009).

Errors here are those of the standard, not problem documents: clients' libraries read them.
"""

import base64
from typing import Annotated
from urllib.parse import unquote_plus

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from api.access.clients import ASSERTION, ApiClients, ClientRefused, claimed_client
from api.access.own_address import own_address
from api.refused import claim
from api.service import Service, ServiceOf
from knowledge.records.access import Client

router = APIRouter(include_in_schema=False)

Given = Annotated[str | None, Form(max_length=10_000)]


@router.post("/oauth/token")
def token(
    request: Request,
    service: ServiceOf,
    grant_type: Given = None,
    scope: Given = None,
    client_id: Given = None,
    client_secret: Given = None,
    client_assertion_type: Given = None,
    client_assertion: Given = None,
) -> Response:
    """Give a client a token."""
    clients = ApiClients(service.office.records, service.office.clock)
    try:
        if not grant_type:
            raise ClientRefused("invalid_request", "grant_type is missing")
        client = _client(
            request, service, clients, (client_id, client_secret), (client_assertion_type, client_assertion)
        )
        if grant_type != "client_credentials":
            raise ClientRefused("unsupported_grant_type", "client_credentials is the one that is served")
        issued = clients.issue(client, scope)
    except ClientRefused as refused:
        return _refusal(refused)
    return JSONResponse(
        {
            "access_token": issued.token,
            "token_type": "Bearer",
            "expires_in": issued.seconds,
            "scope": " ".join(sorted(issued.scopes)),
        },
        headers={"pragma": "no-cache"},
    )


@router.post("/oauth/revoke")
def revoke(
    request: Request,
    service: ServiceOf,
    token: Given = None,
    client_id: Given = None,
    client_secret: Given = None,
    client_assertion_type: Given = None,
    client_assertion: Given = None,
) -> Response:
    """End a token; one that is not there is as good as ended."""
    clients = ApiClients(service.office.records, service.office.clock)
    try:
        client = _client(
            request, service, clients, (client_id, client_secret), (client_assertion_type, client_assertion)
        )
        if not token:
            raise ClientRefused("invalid_request", "token is missing")
    except ClientRefused as refused:
        return _refusal(refused)
    clients.revoke(client, token)
    return Response(status_code=200)


def _client(
    request: Request,
    service: Service,
    clients: ApiClients,
    by_form: tuple[str | None, str | None],
    asserted: tuple[str | None, str | None],
) -> Client:
    basic = _basic(request.headers.get("authorization", ""))
    kind, assertion = asserted
    if sum((basic is not None, by_form[1] is not None, assertion is not None)) > 1:
        raise ClientRefused("invalid_request", "show one of: Authorization: Basic, client_secret, client_assertion")
    if assertion is not None:
        if kind != ASSERTION:
            raise ClientRefused("invalid_request", f"client_assertion_type is {ASSERTION}")
        address = own_address(request, service.settings.access)
        if address is None:
            raise ClientRefused("invalid_client", "OVERTURN_ADDRESS is not set: no assertion can be for this server")
        _claimed(request, service, claimed_client(assertion))
        client = clients.by_assertion(assertion, (f"{address}/oauth/token", address))
        if by_form[0] not in (None, client.client_id):
            raise ClientRefused("invalid_client", "client_id is not who signed the assertion")
        return client
    client_id, secret = basic or by_form
    _claimed(request, service, client_id or "")
    if not client_id or not secret:
        raise ClientRefused("invalid_client", "show the client's id and secret, or an assertion it signed")
    return clients.by_secret(client_id, secret)


def _claimed(request: Request, service: Service, client_id: str) -> None:
    """Leave for the audit trail who was tried: a client that there is, never what was sent."""
    with service.office.records.reading() as repository:
        if repository.clients.get(client_id) is not None:
            claim(request, "client", client_id)


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except ValueError as error:
        raise ClientRefused("invalid_client", "Authorization: Basic cannot be read") from error
    return unquote_plus(client_id), unquote_plus(secret)


def _refusal(refused: ClientRefused) -> JSONResponse:
    body = {"error": refused.error, "error_description": str(refused)}
    if refused.error == "invalid_client":
        return JSONResponse(body, 401, {"www-authenticate": 'Basic realm="overturn", charset="UTF-8"'})
    return JSONResponse(body, 400)

"""The API's description (OpenAPI): FastAPI's own, with one error shape and the ways to show the key."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.access.permissions import permissions_by_role
from api.bulk_schemas import BulkRequest
from api.description_parts import complete
from api.problems import Problem, responses
from api.security import OPEN

TAGS = [
    {"name": "Denials", "description": "The queue: denial records, files made, decisions."},
    {"name": "Coming", "description": "What will be denied next, and whose clock runs out."},
    {"name": "Files", "description": "Files in. Each counts once, however often it is sent."},
    {"name": "Events", "description": "What happened, read in order or brought by webhooks."},
    {"name": "Rules", "description": "What corrections taught about payers; a person puts it in force."},
    {"name": "Insight", "description": "Sums over all denials: dollars, overturn rates, what recurs and its fix."},
    {"name": "Practices", "description": "Whose denials they are, and how the work on them stands."},
    {"name": "Health", "description": "For whoever keeps the server running. No key needed."},
]

ABOUT = """Works denied oncology claims: a remittance comes in; for every denied line a proven cause, a remedy, and a
finished work product or a reasoned hand-over to a person comes out.

**Who calls**: a program, with a token from `POST /oauth/token` (OAuth 2, client credentials; its scopes are
permissions, its practices are set with it); or whoever keeps the server, with the key. Both go as
`Authorization: Bearer ...` on every address below `/v1`; the key may go as `X-API-Key` too. What belongs to another
practice is as if it were not there.
**Errors** are problem documents (`application/problem+json`, RFC 9457); decide by `type`, report the `request_id`.
**Repeats**: every POST takes an `Idempotency-Key` of yours; the same request with the same key counts once, and is
answered as it was (`Idempotency-Replayed: true`). Where two could not be told apart afterwards, it is demanded.
**Versions**: edits and approvals need `If-Match` with the `ETag` of what was seen. **Listings** come by the page: hand
`next_cursor` back as `cursor`. **Rates**: `RateLimit` says what is left, 429 and `Retry-After` when to come again; each
process of the server counts for itself.
**Amounts** are decimal strings in dollars, **dates** ISO days, unknown is `null`.
Nothing is sent to a payer from here."""

_GENERATED = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> None:
    """Give an app its description, made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend its description


def _described(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title,
        version=app.version,
        description=ABOUT,
        routes=app.routes,
        tags=TAGS,
        license_info=None,
    )
    parts = schema["components"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"].update(problem.pop("$defs"))
    parts["schemas"]["Problem"] = problem
    for name in _GENERATED:  # what FastAPI would answer; here every error is a Problem
        parts["schemas"].pop(name, None)
    bulk = BulkRequest.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"].update(bulk.pop("$defs"))
    parts["schemas"]["BulkRequest"] = bulk
    parts["schemas"] = dict(sorted(parts["schemas"].items()))
    parts["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    parts["securitySchemes"]["client"] = {
        "type": "oauth2",
        "description": "Tokens for programs: client credentials, by secret or by an assertion signed with a key "
        "(private_key_jwt). Scopes are permissions.",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": _scopes()}},
    }
    schema["security"] = [{"bearer": []}, {"header": []}, {"client": []}]
    for operation in (each for methods in schema["paths"].values() for each in methods.values()):
        _say_who_may(operation)
    complete(schema)
    for address in OPEN & set(schema["paths"]):
        for operation in schema["paths"][address].values():
            operation["security"] = []
    return schema


def _scopes() -> dict[str, str]:
    return {scope: f"Routes that need {scope}." for scope in sorted(permissions_by_role()["service"])}


def _say_who_may(operation: dict[str, Any]) -> None:
    """Say with every closed operation that a role may lack the permission."""
    answers = operation["responses"]
    if "401" not in answers:
        return
    (said,) = responses("forbidden").values()
    if "403" in answers:
        answers["403"]["description"] = f"{said['description']} {answers['403']['description']}"
    else:
        answers["403"] = said
    operation["responses"] = dict(sorted(answers.items()))

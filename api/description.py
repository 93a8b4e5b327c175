"""The API's description (OpenAPI): FastAPI's own, with one error shape and the ways to show the key."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import Problem
from api.security import OPEN

TAGS = [
    {"name": "Denials", "description": "The queue: denial records, files made, decisions."},
    {"name": "Coming", "description": "What will be denied next, and whose clock runs out."},
    {"name": "Files", "description": "Files in. Each counts once, however often it is sent."},
    {"name": "Practices", "description": "Whose denials they are, and how the work on them stands."},
    {"name": "Health", "description": "For whoever keeps the server running. No key needed."},
]

ABOUT = """Works denied oncology claims: a remittance comes in; for every denied line a proven cause, a remedy, and a
finished work product or a reasoned hand-over to a person comes out.

**Key**: `Authorization: Bearer KEY` or `X-API-Key: KEY` on every address below `/v1`.
**Errors** are problem documents (`application/problem+json`, RFC 9457); decide by `type`, report the `request_id`.
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
    parts["schemas"] = dict(sorted(parts["schemas"].items()))
    parts["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    schema["security"] = [{"bearer": []}, {"header": []}]
    for address in OPEN & set(schema["paths"]):
        for operation in schema["paths"][address].values():
            operation["security"] = []
    return schema

"""What every operation of the API's description says besides its own: repeats, rates, headers, examples."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.idempotency import HEADER, LONGEST_KEY
from api.keyed import KEY_MISSING
from api.problem_kinds import KINDS, URN
from api.problems import MEDIA_TYPE, responses

_METHODS = frozenset(("get", "put", "post", "patch", "delete"))
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your own, a UUID for example: sent again with it, the same request counts once and is "
    "answered as it was. With another request it is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": r"^[\x21-\x7e]{1,200}$"},
    "example": "8f14e45f-ceea-467f-a8d5-a0b3c6f1d2e4",
}
_HEADERS: dict[str, Any] = {
    "X-Request-Id": {"description": "Name it when you report something.", "schema": {"type": "string"}},
}
_RATE_HEADERS: dict[str, Any] = {
    "RateLimit-Policy": {"description": 'How much may be asked: `"read";q=3000;w=60`.', "schema": {"type": "string"}},
    "RateLimit": {"description": 'What is left of it: `"read";r=2999;t=60`.', "schema": {"type": "string"}},
}
_RETRY_AFTER = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
_ETAG = {"description": "Names the version; send it as `If-Match`.", "schema": {"type": "string"}}

_ANYWHERE = ("too-many-requests", "internal", "not-ready")
_WITH_A_BODY = ("too-large", "too-slow")
_BY_BROWSERS = ("origin-refused", "page-outdated")
ELSEWHERE = frozenset(("not-found", "method-not-allowed", "host-refused"))
"""Problems of no operation: of addresses that there are not, and of the demo."""


def complete(schema: dict[str, Any]) -> None:
    """Add to a description, in place, what holds for all its operations."""
    schemas = schema["components"]["schemas"]
    schemas["Problem"]["properties"]["type"] |= {
        "description": "Stable. There may be others in time: go by `status` then. /api says of each how it comes about "
        "and what to do.",
        "x-extensible-enum": [f"{URN}{name}" for name in KINDS],
    }
    for one in schemas.values():
        if one.get("examples"):
            one["examples"] = [_with_nulls(example, one, schemas) for example in one["examples"]]
    for path, method, operation in _operations(schema):
        if path.startswith("/v1/"):
            _add_problems(operation, *_ANYWHERE)
            if "requestBody" in operation:
                _add_problems(operation, *_WITH_A_BODY)
            if method != "get":
                _add_problems(operation, *_BY_BROWSERS)
            if method == "post":
                _add_key(operation)
        _add_headers(path, operation)
        _add_examples(path, operation, schemas)


def _operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if method in _METHODS:
                yield path, method, operation


def _add_key(operation: dict[str, Any]) -> None:
    _add_problems(operation, "key-reused", "key-in-progress", "invalid-request")
    others = [one for one in operation.get("parameters", ()) if one["name"].lower() != HEADER]
    demanded = f"`{KEY_MISSING}`" in operation["responses"].get("400", {}).get("description", "")
    operation["parameters"] = [*others, {**_KEY_PARAMETER, "required": demanded}]


def _add_problems(operation: dict[str, Any], *names: str) -> None:
    """Say that an operation may answer with these problems too, unless it says so."""
    answers = operation["responses"]
    for name in names:
        ((status, said),) = responses(name).items()
        held = answers.get(str(status))
        if held is None:
            answers[str(status)] = said
        elif f"`{name}`" not in held["description"]:
            held["description"] = f"{held['description']} {said['description']}"
    operation["responses"] = dict(sorted(answers.items()))


def _add_headers(path: str, operation: dict[str, Any]) -> None:
    tagged = any(one["name"] == "If-Match" for one in operation.get("parameters", ()))
    for status, said in operation["responses"].items():
        headers = {**_HEADERS, **(_RATE_HEADERS if path.startswith("/v1/") else {})}
        if status in ("429", "503"):
            headers["Retry-After"] = _RETRY_AFTER
        if tagged and status in ("200", "412"):
            headers["ETag"] = _ETAG
        said["headers"] = {**headers, **said.get("headers", {})}


def _add_examples(path: str, operation: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    body = operation.get("requestBody", {})
    for content in body.get("content", {}).values():
        _exemplify(content, schemas)
    for parameter in operation.get("parameters", ()):
        if "example" not in parameter and "examples" not in parameter:
            parameter["example"] = example_of(parameter["schema"], schemas)
        elif isinstance(parameter.get("examples"), list):  # a JSON Schema keyword, not one of parameters
            parameter["example"] = parameter.pop("examples")[0]
    for status, said in operation["responses"].items():
        for kind, content in said.get("content", {}).items():
            if kind == MEDIA_TYPE:
                content["examples"] = _problem_examples(path, int(status), said["description"])
            else:
                _exemplify(content, schemas)


def _exemplify(content: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    if "example" not in content and "examples" not in content:
        content["example"] = example_of(content["schema"], schemas)


def _problem_examples(path: str, status: int, description: str) -> dict[str, Any]:
    """Give one example of each problem a status is answered with."""
    return {
        name: {
            "value": {
                "type": f"{URN}{name}",
                "title": kind.title,
                "status": status,
                "detail": kind.title,
                "instance": path,
                "request_id": "4f0c2a6e9d1b4c3f8a7e5d6c9b0a1f2e",
            }
        }
        for name, kind in KINDS.items()
        if int(kind.status) == status and f"`{name}`" in description
    }


_TEXTS = {
    "date": "2026-05-01",
    "date-time": "2026-05-01T09:00:00Z",
    "binary": "%PDF-1.7 ...",
    "uuid": "8f14e45f-ceea-467f-a8d5-a0b3c6f1d2e4",
}


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int = 0) -> Any:
    """Make an example of a schema: its own where it has one, else one put together from its parts."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, depth + 1)
    if schema.get("examples"):
        return schema["examples"][0]
    for name in ("example", "default", "const"):
        if schema.get(name) is not None:
            return schema[name]
    if "enum" in schema:
        return schema["enum"][0]
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema:
            return example_of(schema[name][0], schemas, depth)
    return _of_type(schema, schemas, depth)


def _with_nulls(example: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """Put back the nulls of an example: the framework leaves them out of what it describes."""
    if "$ref" in schema:
        return _with_nulls(example, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for name in ("anyOf", "oneOf"):
        for one in schema.get(name, ()):
            if "$ref" in one or one.get("type") in ("object", "array"):
                return _with_nulls(example, one, schemas)
    if isinstance(example, list) and "items" in schema:
        return [_with_nulls(one, schema["items"], schemas) for one in example]
    if isinstance(example, dict) and "properties" in schema:
        whole = {name: example.get(name) for name in schema.get("required", ())} | example
        parts = schema["properties"]
        return {name: _with_nulls(one, parts[name], schemas) if name in parts else one for name, one in whole.items()}
    return example


def _of_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        required = set(schema.get("required", ()))
        inner = {name: one for name, one in schema.get("properties", {}).items() if name in required or depth < 2}
        return {name: example_of(one, schemas, depth + 1) for name, one in inner.items()}
    if kind == "array":
        if "prefixItems" in schema:
            return [example_of(one, schemas, depth + 1) for one in schema["prefixItems"]]
        few = schema.get("minItems", 0) or (1 if depth < 4 else 0)
        return [example_of(schema["items"], schemas, depth + 1)] * few if "items" in schema else []
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 1))
    if kind == "boolean":
        return False
    return None if kind == "null" else _text(schema)


def _text(schema: Mapping[str, Any]) -> str:
    """Give a text of a schema: of its format; an id with its prefix; an amount; else a word."""
    if schema.get("format") in _TEXTS:
        return _TEXTS[str(schema["format"])]
    pattern = str(schema.get("pattern", ""))
    if pattern == "^[0-9a-f]{64}$":
        return "0" * 64
    if "_[0-7]" in pattern:
        return f"{pattern[1:4]}_01kqf0vcx0e8y9a7m3n5p2r4s6"
    return "0.00" if pattern.startswith("^(?!^[-+.]*$)") else "text"

"""The bodies of chat completions: a text, a typed answer, tool calls; and values that fit a schema, made up."""

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from evals.fake_model.server import NAME, Received, Response

LIE = "This sentence stands in no document of the case."


def completion(
    content: str | None = None,
    *,
    calls: Sequence[tuple[str, str]] = (),
    finish: str | None = None,
    refusal: str | None = None,
    usage: tuple[int, int, int] = (1000, 0, 100),
) -> dict[str, Any]:
    """Return the body of a chat completion. `calls` are names and arguments as text; `usage` input, cached, output."""
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": refusal}
    if calls:
        message["tool_calls"] = [
            {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for number, (name, arguments) in enumerate(calls)
        ]
    given, cached, made = usage
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": NAME,
        "choices": [{"index": 0, "message": message, "finish_reason": finish or ("tool_calls" if calls else "stop")}],
        "usage": {
            "prompt_tokens": given,
            "completion_tokens": made,
            "total_tokens": given + made,
            "prompt_tokens_details": {"cached_tokens": cached},
        },
    }


def answer_of(value: Mapping[str, Any] | str) -> Response:
    """Return a right answer: a text, or an object as JSON."""
    return Response.of(completion(value if isinstance(value, str) else json.dumps(value)))


def calls_of(*calls: tuple[str, Mapping[str, Any]]) -> Response:
    """Return an answer that calls tools."""
    return Response.of(completion(calls=[(name, json.dumps(arguments)) for name, arguments in calls]))


def filled(schema: Mapping[str, Any], text: str = LIE) -> Any:
    """Return a value that fits a JSON schema of the strict kind, every text in it `text` where the schema lets it.

    Lists hold one element where they may, numbers the least allowed, choices the first.
    """
    return _filled(schema, schema, text)


def _filled(schema: Mapping[str, Any], root: Mapping[str, Any], text: str) -> Any:
    if "$ref" in schema:
        found: Any = root
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            found = found[step]
        return _filled(found, root, text)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for way in ("anyOf", "oneOf", "allOf"):
        if way in schema:
            return _filled(schema[way][0], root, text)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    return _of_kind(str(kind), schema, root, text)


def _of_kind(kind: str, schema: Mapping[str, Any], root: Mapping[str, Any], text: str) -> Any:
    if kind == "object":
        return {name: _filled(part, root, text) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        least = max(1, int(schema.get("minItems", 1)))
        return [_filled(schema.get("items", {"type": "string"}), root, text) for _ in range(least)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 0)
    return {"boolean": True, "null": None}.get(kind, text)


def schema_in(request: Received) -> Mapping[str, Any] | None:
    """Return the schema a request asks its answer to fit; None where it asks for none."""
    form = request.body.get("response_format") or {}
    schema = form.get("json_schema", {}).get("schema")
    return schema if isinstance(schema, dict) else None


def tools_in(request: Received) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the tools a request offers: name and schema of the arguments."""
    functions = [tool.get("function", {}) for tool in request.body.get("tools") or ()]
    return [(str(one["name"]), one.get("parameters", {})) for one in functions if "name" in one]


def turns_in(request: Received) -> int:
    """Return how many rounds of tool results a request carries."""
    roles = [message.get("role") for message in request.body.get("messages", ())]
    return sum(1 for role, _ in itertools.groupby(roles) if role == "tool")

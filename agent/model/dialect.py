"""What an endpoint understands of chat completions, and the request written so that it does.

Servers differ: older ones know only `max_tokens`, reasoning models reject `temperature`, some have no `json_schema`.
A rejected parameter is written another way or left out, and what then worked is remembered.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from agent.model.asking import Message, ResponseSchema, Tool
from agent.model.failures import Failure
from agent.model.settings import ModelSettings

Form = Literal["json_schema", "json_object", "prompt"]
_FORMS: tuple[Form, ...] = ("json_schema", "json_object", "prompt")
_OPTIONAL = ("temperature", "seed", "parallel_tool_calls", "reasoning_effort", "store")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is known of an endpoint. Begins with the newest form and only ever steps back.

    `spoken` = the schema is also written into the prompt, because the endpoint does not hold the model to it.
    """

    tokens_field: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"
    form: Form = "json_schema"
    strict_tools: bool = True
    spoken: bool = False
    left_out: frozenset[str] = frozenset()

    def without(self, failure: Failure, keep_store: bool) -> "Dialect | None":
        """Return the dialect without what the endpoint rejects, or None where nothing here was rejected."""
        if failure.kind != "rejected":
            return None
        for name in (failure.parameter, failure.about):
            stepped = self._back(name, keep_store) if name else None
            if stepped is not None:
                return stepped
        return None

    def _back(self, words: str, keep_store: bool) -> "Dialect | None":
        if self.tokens_field == "max_completion_tokens" and "max_completion_tokens" in words:
            return replace(self, tokens_field="max_tokens")
        for name in _OPTIONAL:
            if name == "store" and keep_store:
                continue
            if name not in self.left_out and re.search(rf"\b{name}\b", words):
                return replace(self, left_out=self.left_out | {name})
        if self.form != "prompt" and re.search(r"response_format|json_schema|json_object|structured output", words):
            return replace(self, form=_FORMS[_FORMS.index(self.form) + 1])
        if self.strict_tools and re.search(r"\bstrict\b", words):
            return replace(self, strict_tools=False)
        return None


def request(
    settings: ModelSettings,
    dialect: Dialect,
    messages: Sequence[Message],
    tools: Sequence[Tool],
    schema: ResponseSchema | None,
    max_tokens: int,
) -> dict[str, Any]:
    """Return the arguments of one chat completion, in the endpoint's dialect."""
    optional: dict[str, Any] = {"temperature": settings.temperature, "seed": settings.seed, "store": False}
    written: dict[str, Any] = {"model": settings.name, "messages": list(messages), dialect.tokens_field: max_tokens}
    if tools:
        written["tools"] = [_tool(tool, dialect.strict_tools) for tool in tools]
        optional["parallel_tool_calls"] = True
    if settings.reasoning_effort is not None:
        optional["reasoning_effort"] = settings.reasoning_effort
    written.update({name: value for name, value in optional.items() if name not in dialect.left_out})
    if schema is not None:
        if dialect.form == "json_schema":
            form = {"name": schema.name, "schema": schema.schema_, "strict": True}
            written["response_format"] = {"type": "json_schema", "json_schema": form}
        elif dialect.form == "json_object":
            written["response_format"] = {"type": "json_object"}
        if dialect.spoken or dialect.form != "json_schema":
            written["messages"] = with_schema(messages, schema)
    return written


def with_schema(messages: Sequence[Message], schema: ResponseSchema) -> list[Message]:
    """Return the messages with the schema written at the end of the first system message, so that it stays a prefix."""
    words = (
        "When you do not call a tool, answer with one JSON object that fits this JSON schema, and nothing else:\n"
        + json.dumps(schema.schema_, sort_keys=True, ensure_ascii=False)
    )
    first = messages[0] if messages else {}
    if first.get("role") in ("system", "developer") and isinstance(first.get("content"), str):
        return [{**first, "content": f"{first['content']}\n\n{words}"}, *messages[1:]]
    return [{"role": "system", "content": words}, *messages]


def _tool(tool: Tool, strict: bool) -> dict[str, Any]:
    function: dict[str, Any] = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    if strict:
        function["strict"] = True
    return {"type": "function", "function": function}

"""A model behind the shield: what goes out is covered and checked, what comes back is uncovered."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from agent.model.asking import Message, Model, ModelFault, Reply, ResponseSchema, Tool
from agent.shield.shield import Shield, leaks

_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
_KEPT = frozenset({"role", "type", "id", "tool_call_id"})
"""Keys of a message whose values the wire format sets."""
_SCHEMA_TEXT = frozenset({"description", "enum", "const", "title", "default", "examples"})
"""Keys of a schema whose values may be taken from a case; its property names are the program's own."""

Change = Callable[[str], str]


class ShieldedModel:
    """Asks `inner` so that nothing known of a person leaves, and nobody inside sees a token.

    Tokens are numbered in the order of the messages, anew at each asking: a talk that goes on keeps its tokens, the
    same talk always has the same, and several talks at once do not mix.
    """

    def __init__(self, inner: Model, shield: Shield) -> None:
        self._inner, self._shield = inner, shield

    @property
    def name(self) -> str:
        """The inner model's name."""
        return self._inner.name

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        """Ask the inner model; see `Model.ask`.

        Raises:
            ModelFault: `rejected` when something known is left in the request (nothing is then sent), or the inner's.
        """
        shield = self._shield.fresh()

        def out(text: str) -> str:
            return _covered(text, shield)

        sent = [
            # The program's own words may speak of tokens: they are no text of a case.
            _in_message(message, shield.cover_more if message.get("role") == "system" else out)
            for message in messages
        ]
        offered = tuple(
            Tool(
                name=tool.name,
                description=out(tool.description),
                parameters=_in_schema(tool.parameters, out),
            )
            for tool in tools
        )
        wanted = None if schema is None else ResponseSchema(name=schema.name, schema=_in_schema(schema.schema_, out))
        self._check(sent, offered, wanted)
        reply = self._inner.ask(sent, tools=offered, schema=wanted, seconds=seconds)
        back = shield.uncover
        return reply.model_copy(
            update={
                "message": _in_message(reply.message, lambda text: _through_json(text, back)),
                "text": _through_json(reply.text, back),
                "parsed": None if reply.parsed is None else _deep(reply.parsed, back),
                "calls": tuple(
                    call.model_copy(update={"arguments": _deep(call.arguments, back)}) for call in reply.calls
                ),
            }
        )

    def _check(self, messages: Sequence[Message], tools: Sequence[Tool], schema: ResponseSchema | None) -> None:
        found: list[str] = []

        def look(text: str) -> str:
            found.extend(leaks(text, self._shield.identifiers))
            return text

        for message in messages:
            _in_message(message, look)
        for tool in tools:
            look(tool.description)
            _in_schema(tool.parameters, look)
        if schema is not None:
            _in_schema(schema.schema_, look)
        if found:
            kinds = ", ".join(sorted({one.split(" ")[0].lower() for one in found}))
            raise ModelFault("rejected", f"the request still held {kinds}: nothing was sent")


def _covered(text: str, shield: Shield) -> str:
    """Cover a text; JSON string by string, so that a token stands for the words and not for their escapes."""
    if not _is_json(text):
        return shield.cover(text)
    return shield.cover_more(_through_json(text, shield.cover))


def _in_message(message: Message, change: Change) -> Message:
    return {key: value if key in _KEPT else _in_value(key, value, change) for key, value in message.items()}


def _in_value(key: str, value: Any, change: Change) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        # A tool's own name is the program's; the author's name of a message may be a person's.
        kept = _KEPT | {"name"} if key == "function" else _KEPT
        return {inner: part if inner in kept else _in_value(inner, part, change) for inner, part in value.items()}
    if isinstance(value, list):
        return [_in_value(key, part, change) for part in value]
    return value


def _in_schema(schema: Any, change: Change) -> Any:
    if isinstance(schema, dict):
        return {
            key: _deep(part, change) if key in _SCHEMA_TEXT and not isinstance(part, dict) else _in_schema(part, change)
            for key, part in schema.items()
        }
    return [_in_schema(part, change) for part in schema] if isinstance(schema, list) else schema


def _deep(value: Any, change: Change) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key): _deep(part, change) for key, part in value.items()}
    return [_deep(part, change) for part in value] if isinstance(value, list) else value


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _through_json(text: str, change: Change) -> str:
    """Change every string of a JSON text, numbers as they stand; a text that is no JSON as a whole."""
    if not _is_json(text):
        return change(text)
    return _LITERAL.sub(lambda found: json.dumps(change(json.loads(found.group())), ensure_ascii=False), text)

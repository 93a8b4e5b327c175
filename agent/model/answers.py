"""The body of a chat completion read with care: a usable answer, or what is wrong with it.

Nothing in a body is taken on trust: refusals, empty choices, cut answers and malformed tool arguments all come with
status 200. What is wrong is told without the answer's words.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from jsonschema import Draft202012Validator

from agent.model.asking import FaultKind, Message, Reply, ResponseSchema, Tool, ToolCall, Usage

_FENCED = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.S)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.S)


@dataclass(frozen=True, slots=True)
class Unusable:
    """An answer that cannot be used. `ask` is what to tell the model, once; "" where telling it does not help.

    `again` = the same request may bring a better one. `unenforced` = the endpoint does not hold the model to a schema.
    """

    kind: FaultKind
    says: str
    ask: str = ""
    again: bool = False
    unenforced: bool = False
    unhealthy: bool = False
    answered: Message | None = None


def body_of(content: bytes) -> dict[str, Any] | Unusable:
    """Return the object a body holds, or what is wrong: cut short, or of no chat completion at all."""
    try:
        body = json.loads(content)
    except UnicodeDecodeError:
        return Unusable("not_the_api", "the body is not text", again=True, unhealthy=True)
    except json.JSONDecodeError as error:
        text = content.decode("utf-8", "replace").strip()
        if text.startswith("{") and (error.pos >= len(text) - 1 or not text.endswith("}")):
            return Unusable("cut_off", "the body ended early", again=True, unhealthy=True)
        return Unusable("not_the_api", "the body is not JSON", unhealthy=True)
    except RecursionError:
        return Unusable("not_the_api", "the body is nested too deep", unhealthy=True)
    if not isinstance(body, dict):
        return Unusable("not_the_api", "the body is no object", unhealthy=True)
    return body


def usage_of(body: dict[str, Any]) -> Usage:
    """Return the tokens a body accounts for; what it does not say counts as 0."""
    usage = body.get("usage")
    if not isinstance(usage, dict):
        return Usage()
    details = usage.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else 0
    given = _count(usage.get("prompt_tokens"))
    return Usage(
        input_tokens=given, cached_tokens=min(cached, given), output_tokens=_count(usage.get("completion_tokens"))
    )


def read(body: dict[str, Any], tools: Sequence[Tool], schema: ResponseSchema | None) -> Reply | Unusable:
    """Return the answer in a body, held against the tools offered and the schema asked for."""
    choices = body.get("choices")
    if not isinstance(choices, list):
        return Unusable("not_the_api", "the body is no chat completion", unhealthy=True)
    choice = choices[0] if choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return Unusable("empty", "the answer holds no choice", again=True)
    ended = choice.get("finish_reason")
    if ended == "content_filter":
        return Unusable("content_filter", "the endpoint's content filter stopped the answer")
    if message.get("refusal"):
        return Unusable("refusal", "the model refuses to answer")
    if ended == "length":
        return Unusable("length", "the answer ended at the limit of its tokens")
    if message.get("tool_calls"):
        return _calls(message, tools)
    return _answer(message, schema)


def _answer(message: dict[str, Any], schema: ResponseSchema | None) -> Reply | Unusable:
    text = _text(message.get("content"))
    if not text.strip():
        return Unusable("empty", "the answer is empty", again=True)
    answered: Message = {"role": "assistant", "content": text}
    if not _encodable(text):
        return Unusable("not_json", "the answer holds broken characters", again=True)
    if schema is None:
        return Reply(message=answered, text=text)
    parsed = _object(text)
    if parsed is None:
        return Unusable(
            "not_json",
            "the answer is not one JSON object",
            ask="Your last answer was not one JSON object. Answer again with the JSON object alone.",
            unenforced=not text.lstrip().startswith("{"),
            answered=answered,
        )
    error = next(
        iter(sorted(Draft202012Validator(schema.schema_).iter_errors(parsed), key=lambda e: e.json_path)), None
    )
    if error is not None:
        return Unusable(
            "schema_mismatch",
            f"the answer does not fit the schema {schema.name} (rule {error.validator})",
            ask=f"Your last answer does not fit the schema at {error.json_path} (rule {error.validator}). "
            "Answer again with one JSON object that fits.",
            unenforced=True,
            answered=answered,
        )
    return Reply(message=answered, text=text, parsed=parsed)


def _calls(message: dict[str, Any], tools: Sequence[Tool]) -> Reply | Unusable:
    offered = {tool.name for tool in tools}
    listed = message["tool_calls"]
    if not isinstance(listed, list):
        return _misuse("its tool calls are no list", offered)
    calls: list[ToolCall] = []
    sent_back: list[dict[str, Any]] = []
    for number, call in enumerate(listed):
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or function.get("name") not in offered:
            return _misuse("it calls a tool that was not offered", offered)
        arguments = _arguments(function.get("arguments"))
        if arguments is None:
            return _misuse("the arguments of a tool call are not a JSON object", offered)
        given = call.get("id")
        taken = {made.id for made in calls}
        call_id = given if isinstance(given, str) and given and given not in taken else f"call_{number}"
        calls.append(ToolCall(id=call_id, name=function["name"], arguments=arguments))
        kept = {"name": function["name"], "arguments": json.dumps(arguments, ensure_ascii=False)}
        # Some endpoints sign a call beside its function and want the signature back.
        signed = {"extra_content": call["extra_content"]} if "extra_content" in call else {}
        sent_back.append({"id": call_id, "type": "function", "function": kept, **signed})
    text = _text(message.get("content"))
    text = text if _encodable(text) else ""
    answered: Message = {"role": "assistant", "content": text or None, "tool_calls": sent_back}
    return Reply(message=answered, text=text, calls=tuple(calls))


def _misuse(says: str, offered: set[str]) -> Unusable:
    names = ", ".join(sorted(offered))
    ask = f"Your last answer cannot be used: {says}. " + (
        f"The tools are: {names}." if names else "There are no tools."
    )
    return Unusable("tool_misuse", says, ask=ask)


def _arguments(given: object) -> dict[str, Any] | None:
    if isinstance(given, dict):
        return given
    if given is None or given == "":
        return {}
    return _parsed(given) if isinstance(given, str) and _encodable(given) else None


def _object(text: str) -> dict[str, Any] | None:
    """Return the one object a text holds: bare, in a code fence, or after a thought told aloud."""
    bare = _THOUGHT.sub("", text).strip()
    fenced = _FENCED.fullmatch(bare)
    return _parsed(fenced.group(1) if fenced else bare)


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text, parse_constant=_no_number)
        # An escaped half of a pair is legal JSON, and cannot be written to any file.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0

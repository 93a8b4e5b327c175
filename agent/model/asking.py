"""What the program knows of a language model: it is asked with messages and read-only tools, and answers or fails.

Nothing here imports openai. A model is passed in through the desk; None = the program works without one.
"""

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from pydantic import Field

from knowledge.types.practice import Frozen

Message = dict[str, Any]
"""A chat message in the wire form of chat completions: `role`, `content`, `tool_calls`, `tool_call_id`."""

FaultKind = Literal[
    "rate_limited",
    "out_of_quota",
    "server_error",
    "unreachable",
    "timed_out",
    "cut_off",
    "not_json",
    "schema_mismatch",
    "length",
    "content_filter",
    "refusal",
    "empty",
    "not_the_api",
    "rejected",
    "switched_off",
    "over_budget",
    "tool_misuse",
]
"""What went wrong.

`rate_limited`: 429 that passes; `out_of_quota`: 429 that does not. `cut_off`: the body ended early; `not_the_api`: an
answer that is no chat completion (an HTML page with status 200). `rejected`: any other 4xx (key, model, request).
`switched_off`: the breaker is open. `over_budget`: calls, seconds, tokens or money of the denial or the run are spent.
`tool_misuse`: an unknown tool, arguments that fit no schema, or no end of tool calls.
"""


class Usage(Frozen):
    """What one asking took.

    Tokens as the endpoint counts them (`cached_tokens` are part of the input), requests
    made (retries included), seconds of wall clock.
    """

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    requests: int = 0
    seconds: float = 0.0


def added(one: Usage, other: Usage) -> Usage:
    """Add what two askings took."""
    return Usage(
        input_tokens=one.input_tokens + other.input_tokens,
        cached_tokens=one.cached_tokens + other.cached_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        requests=one.requests + other.requests,
        seconds=one.seconds + other.seconds,
    )


class ModelFault(Exception):
    """A model could not be asked, or its answer cannot be used. `says` holds no patient data and no answer text.

    `usage` is what the failed asking cost all the same: an answer of the wrong form is paid for like a right one.
    """

    def __init__(self, kind: FaultKind, says: str, usage: Usage | None = None) -> None:
        super().__init__(f"{kind}: {says}")
        self.kind, self.says = kind, says
        self.usage = usage or Usage()


class Tool(Frozen):
    """A read-only tool offered to the model. `parameters` is a strict JSON schema of an object."""

    name: str
    description: str
    parameters: dict[str, Any]


class ToolCall(Frozen):
    """A tool the model asks for; `arguments` parsed, and not yet held against the tool's schema."""

    id: str
    name: str
    arguments: dict[str, Any]


class ResponseSchema(Frozen):
    """The form of the answer wanted: `schema_` is a strict JSON schema (every property required, nothing more)."""

    name: str
    schema_: dict[str, Any] = Field(alias="schema")


class Reply(Frozen):
    """A usable answer: `calls` of tools, or `parsed` after the schema asked for, or `text` where none was.

    `message` is the assistant's message as it must be sent back with the tools' results.
    """

    message: Message
    text: str = ""
    parsed: dict[str, Any] | None = None
    calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()


class Model(Protocol):
    """A model that can be asked. Implementations: the client of an endpoint, recorded answers, scripted ones."""

    @property
    def name(self) -> str:
        """The model's name as it goes into the record."""

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        """Ask once and return a usable answer, within `seconds` of wall clock, retries included.

        With tools the answer may be calls of them instead; with a schema and no call `parsed` fits the schema.

        Raises:
            ModelFault: no usable answer, and of what kind.
        """

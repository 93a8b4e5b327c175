"""A model that answers from a script: replies in turn, the last one again and again, every request kept."""

from collections.abc import Callable, Sequence
from typing import Any

from agent.model import Message, ModelFault, Reply, ResponseSchema, Tool, ToolCall, Usage

Step = dict[str, Any] | ModelFault | tuple[ToolCall, ...] | Callable[[Sequence[Message]], dict[str, Any]]


class Scripted:
    """Answers each asking with the next step: an answer, calls of tools, a fault, or a function of the messages."""

    name = "scripted"

    def __init__(self, *steps: Step) -> None:
        self._steps = steps
        self.requests: list[list[Message]] = []
        self.offered: list[tuple[str, ...]] = []

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        step = self._steps[min(len(self.requests), len(self._steps) - 1)]
        self.requests.append([dict(message) for message in messages])
        self.offered.append(tuple(tool.name for tool in tools))
        usage = Usage(input_tokens=100, output_tokens=10, requests=1, seconds=0.5)
        if isinstance(step, ModelFault):
            raise step
        if isinstance(step, tuple):
            return Reply(message={"role": "assistant", "tool_calls": []}, calls=step, usage=usage)
        parsed = step(messages) if callable(step) else step
        return Reply(message={"role": "assistant", "content": "{}"}, parsed=parsed, usage=usage)

    def said(self) -> str:
        """Everything that was sent."""
        return "\n".join(str(message.get("content", "")) for request in self.requests for message in request)


def answer(
    *facts: dict[str, Any], criteria: Sequence[dict[str, Any]] = (), ranking: Sequence[dict[str, Any]] = ()
) -> Any:
    return {"facts": list(facts), "criteria": list(criteria), "ranking": list(ranking)}


def fact(name: str, says: str, text_id: str, quote: str) -> dict[str, Any]:
    return {"fact": name, "answer": says, "text_id": text_id, "quote": quote, "why": "It says so."}


def criterion(name: str, says: str, text_id: str, quote: str) -> dict[str, Any]:
    return {"criterion_id": name, "answer": says, "text_id": text_id, "quote": quote, "why": "It says so."}

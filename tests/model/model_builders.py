from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import SecretStr

from agent.model import ResponseSchema, Tool
from agent.model.client import EndpointModel
from agent.model.settings import ModelSettings

URL = "http://127.0.0.1:9/v1"
POST = f"{URL}/chat/completions"
KEY = "sk-very-secret-4711"
SAID = "Zebulon Quill was born on 1951-02-03"
MESSAGES = [{"role": "system", "content": "Read."}, {"role": "user", "content": SAID}]
SCHEMA = ResponseSchema(
    name="read",
    schema={
        "type": "object",
        "properties": {"answer": {"type": "string"}, "n": {"type": "integer"}},
        "required": ["answer", "n"],
        "additionalProperties": False,
    },
)
SEARCH = Tool(
    name="chart_search",
    description="Search the chart.",
    parameters={
        "type": "object",
        "properties": {"query": {"type": "string"}},
        "required": ["query"],
        "additionalProperties": False,
    },
)


class Ticking:
    """A clock that stands still but for what is slept."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def settings(**changed: Any) -> ModelSettings:
    return ModelSettings.model_validate({"name": "m-1", "base_url": URL, "api_key": SecretStr(KEY), **changed})


def model(clock: Ticking, **changed: Any) -> EndpointModel:
    sleep: Callable[[float], Awaitable[None]] = clock.sleep
    return EndpointModel(settings(**changed), clock=clock, sleep=sleep, jitter=lambda: 0.5)

"""Answers written down and given again, so that evals can run without an endpoint.

Record inside the shield (`ShieldedModel(RecordingModel(endpoint, folder))`): what is written is then what came from
outside, and holds no identifier. A replayed run says nothing about a model's quality.
"""

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent.model.asking import Message, Model, ModelFault, Reply, ResponseSchema, Tool

_OF = "recording.json"
_TRANSIENT = frozenset(
    {
        *("rate_limited", "out_of_quota", "server_error", "unreachable", "timed_out", "cut_off"),
        *("not_the_api", "rejected", "switched_off", "over_budget"),
    }
)
"""Faults of the moment: they are not written down, for a replay should not repeat them."""


class RecordingMissing(LookupError):
    """No answer was recorded for a request. Not a `ModelFault`, so that no fallback hides it."""


def request_key(
    model: str, messages: Sequence[Message], tools: Sequence[Tool] = (), schema: ResponseSchema | None = None
) -> str:
    """Return the SHA-256 of a request in canonical form: model, messages, tools and schema; time limits left out."""
    canonical = {
        "model": model,
        "messages": list(messages),
        "tools": [tool.model_dump(mode="json") for tool in tools],
        "schema": schema.model_dump(mode="json", by_alias=True) if schema is not None else None,
    }
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


class RecordingModel:
    """Asks another model and writes its answers to a folder, one file a request; the last answer to one stands."""

    def __init__(self, inner: Model, folder: Path) -> None:
        self._inner, self._folder = inner, folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._write(_OF, {"model": inner.name})

    @property
    def name(self) -> str:
        """The model's name as it goes into the record."""
        return self._inner.name

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        """Ask the model within; its answer, or a fault that lies in the answer, is written down.

        Raises:
            ModelFault: as the model within.
        """
        key = request_key(self.name, messages, tools, schema)
        try:
            reply = self._inner.ask(messages, tools=tools, schema=schema, seconds=seconds)
        except ModelFault as fault:
            if fault.kind not in _TRANSIENT:
                self._write(f"{key}.json", {"fault": {"kind": fault.kind, "says": fault.says}})
            raise
        self._write(f"{key}.json", {"reply": reply.model_dump(mode="json")})
        return reply

    def _write(self, name: str, content: dict[str, Any]) -> None:
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, indent=1) + "\n"
        with self._lock:
            beside = self._folder / f"{name}.new"
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, self._folder / name)


class ReplayModel:
    """Gives recorded answers. Its name is the recorded model's.

    Raises:
        RecordingMissing: the folder is no recording.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self._name = str(json.loads((folder / _OF).read_text(encoding="utf-8"))["model"])
        except (OSError, ValueError, KeyError, TypeError):
            raise RecordingMissing(f"{folder.name} is no recording: it has no readable {_OF}") from None

    @property
    def name(self) -> str:
        """The recorded model's name."""
        return self._name

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        """Return the answer recorded for this very request.

        Raises:
            RecordingMissing: nothing usable was recorded for it.
            ModelFault: the answer recorded was such a fault.
        """
        key = request_key(self.name, messages, tools, schema)
        try:
            content = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            if "fault" in content:
                fault = ModelFault(content["fault"]["kind"], content["fault"]["says"])
            else:
                return Reply.model_validate(content["reply"])
        except FileNotFoundError:
            raise RecordingMissing(f"no answer is recorded for the request {key}: record anew") from None
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            raise RecordingMissing(f"the answer recorded as {key} cannot be read: record anew") from None
        raise fault

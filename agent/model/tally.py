"""What this process has had from the model since it began, for whoever watches it run: numbers, no content."""

import threading
from decimal import Decimal

from agent.model.asking import Usage
from knowledge.types.practice import Frozen


class Taken(Frozen):
    """What one model gave. `money` counts only what has a known price."""

    asked: int = 0
    faults: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0
    money: Decimal = Decimal(0)


class Tally:
    """Adds up by model. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_model: dict[str, Taken] = {}

    def add(self, model: str, usage: Usage, money: Decimal | None, *, fault: bool) -> None:
        """Add one asking, be it answered or failed."""
        with self._lock:
            had = self._by_model.get(model, Taken())
            self._by_model[model] = Taken(
                asked=had.asked + 1,
                faults=had.faults + int(fault),
                input_tokens=had.input_tokens + usage.input_tokens,
                output_tokens=had.output_tokens + usage.output_tokens,
                seconds=had.seconds + usage.seconds,
                money=had.money + (money or Decimal(0)),
            )

    def by_model(self) -> dict[str, Taken]:
        """Give the sums, by model in order."""
        with self._lock:
            return dict(sorted(self._by_model.items()))


PROCESS = Tally()
"""The tally of this process: everything that asks a model adds to it."""

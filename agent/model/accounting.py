"""What the model has taken: tokens, calls, seconds and money, by denial and in all; and the caps on them.

`Account` is kept for a run and shared by its threads. `BudgetedModel` is the model as one denial may use it.
"""

import json
import threading
from collections.abc import Callable, Sequence
from decimal import Decimal

from agent.model.asking import Message, Model, ModelFault, Reply, ResponseSchema, Tool, Usage
from agent.model.prices import Prices
from agent.model.settings import ModelSettings, ModelSettingsFault
from agent.model.tally import PROCESS
from knowledge.types.practice import Frozen

_CHARACTERS_A_TOKEN = 3
"""Fewer than the four or so of English, so that an estimate made before asking is high and not low."""


class Spent(Frozen):
    """What was taken. `asked` counts askings, `usage.requests` requests; `money` is US dollars, None = no price."""

    usage: Usage = Usage()
    asked: int = 0
    faults: int = 0
    money: Decimal | None = None


class Account:
    """Adds up a run's usage. Safe to share between threads.

    Raises:
        ModelSettingsFault: a money cap is given and the model has no price, so that the cap could not hold.
    """

    def __init__(self, model: str, prices: Prices, money_cap: Decimal | None = None) -> None:
        self._model, self._price = model, prices.of(model)
        self._cap = money_cap
        if money_cap is not None and self._price is None:
            raise ModelSettingsFault(
                "OVERTURN_MODEL_MONEY_PER_RUN",
                f"no price is known for the model {model}, so no cap on money can hold; name a price table in "
                "OVERTURN_MODEL_PRICES or drop the cap",
            )
        self.says = (
            f"no price is known for {model}: money is not counted"
            if self._price is None
            else f"prices of {prices.read.isoformat()}"
        )
        self._lock = threading.Lock()
        self._by_denial: dict[str, Spent] = {}
        self._total = Spent(money=self.money(Usage()))
        self._held = Decimal(0)

    def money(self, usage: Usage) -> Decimal | None:
        """Return what a usage costs in US dollars; None where no price is known."""
        return None if self._price is None else self._price.of(usage)

    def add(self, denial_id: str, usage: Usage, *, fault: bool = False) -> None:
        """Add one asking, be it answered or failed."""
        with self._lock:
            self._add(denial_id, usage, fault)

    def of(self, denial_id: str) -> Spent:
        """Return what a denial has taken so far."""
        with self._lock:
            return self._by_denial.get(denial_id, Spent(money=self.money(Usage())))

    @property
    def total(self) -> Spent:
        """What the run has taken so far."""
        with self._lock:
            return self._total

    def by_denial(self) -> dict[str, Spent]:
        """Return what each denial has taken, by id in order."""
        with self._lock:
            return dict(sorted(self._by_denial.items()))

    def hold(self, estimate: Usage) -> Decimal:
        """Set aside what an asking may cost, so that askings under way together cannot pass the cap.

        Raises:
            ModelFault: `over_budget`; the cap would be passed.
        """
        cost = self.money(estimate)
        if self._cap is None or cost is None:
            return Decimal(0)
        with self._lock:
            spent = self._total.money or Decimal(0)
            if spent + self._held + cost > self._cap:
                raise ModelFault("over_budget", f"the run's cap of ${self._cap} is reached (${spent:.4f} spent)")
            self._held += cost
        return cost

    def settle(self, held: Decimal, denial_id: str, usage: Usage, *, fault: bool = False) -> None:
        """Give back what was set aside, and add what was used."""
        with self._lock:
            self._held -= held
            self._add(denial_id, usage, fault)

    def _add(self, denial_id: str, usage: Usage, fault: bool) -> None:
        cost = self.money(usage)
        self._by_denial[denial_id] = _plus(self._by_denial.get(denial_id, Spent()), usage, cost, fault)
        self._total = _plus(self._total, usage, cost, fault)
        PROCESS.add(self._model, usage, cost, fault=fault)


class BudgetedModel:
    """A model as one denial may use it: so many calls, so many seconds, the run's money; and every call accounted.

    The seconds count from the first asking, by `clock`, and bound each asking's own deadline.
    """

    def __init__(
        self, inner: Model, account: Account, denial_id: str, settings: ModelSettings, clock: Callable[[], float]
    ) -> None:
        self._inner, self._account, self._denial_id = inner, account, denial_id
        self._settings, self._clock = settings, clock
        self._lock = threading.Lock()
        self._calls = 0
        self._ends: float | None = None

    @property
    def name(self) -> str:
        """The model's name as it goes into the record."""
        return self._inner.name

    @property
    def calls_left(self) -> int:
        """How many askings the denial may still make."""
        with self._lock:
            return self._settings.calls_per_denial - self._calls

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        """Ask within the denial's budget.

        Raises:
            ModelFault: `over_budget` where calls, seconds or money are spent; or what the asking itself ended in.
        """
        left = self._take_call()
        held = self._account.hold(_estimate(messages, tools, schema, self._settings.max_output_tokens))
        usage, fault = Usage(), True
        try:
            reply = self._inner.ask(messages, tools=tools, schema=schema, seconds=min(seconds, left))
            usage, fault = reply.usage, False
            return reply
        except ModelFault as ended:
            usage = ended.usage
            raise
        finally:
            self._account.settle(held, self._denial_id, usage, fault=fault)

    def _take_call(self) -> float:
        with self._lock:
            now = self._clock()
            if self._ends is None:
                self._ends = now + self._settings.denial_seconds
            if self._calls >= self._settings.calls_per_denial:
                raise ModelFault("over_budget", f"the denial's {self._settings.calls_per_denial} calls are made")
            if now >= self._ends:
                raise ModelFault("over_budget", f"the denial's {self._settings.denial_seconds:.0f} s are over")
            self._calls += 1
            return self._ends - now


def prefix_share(previous_messages: Sequence[Message], messages: Sequence[Message]) -> float:
    """Return which share of a request's text (0..1) repeats the previous one's beginning: what a cache can serve."""
    before, now = (_written(part) for part in (previous_messages, messages))
    if not now:
        return 0.0
    same = next((at for at, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), min(len(before), len(now)))
    return same / len(now)


def _written(messages: Sequence[Message]) -> str:
    return "".join(json.dumps(message, sort_keys=True, ensure_ascii=False) for message in messages)


def _estimate(
    messages: Sequence[Message], tools: Sequence[Tool], schema: ResponseSchema | None, max_output_tokens: int
) -> Usage:
    text = len(_written(messages)) + sum(len(tool.model_dump_json()) for tool in tools)
    text += len(schema.model_dump_json()) if schema is not None else 0
    return Usage(input_tokens=text // _CHARACTERS_A_TOKEN, output_tokens=max_output_tokens)


def _plus(spent: Spent, usage: Usage, cost: Decimal | None, fault: bool) -> Spent:
    one = spent.usage
    return Spent(
        usage=Usage(
            input_tokens=one.input_tokens + usage.input_tokens,
            cached_tokens=one.cached_tokens + usage.cached_tokens,
            output_tokens=one.output_tokens + usage.output_tokens,
            requests=one.requests + usage.requests,
            seconds=one.seconds + usage.seconds,
        ),
        asked=spent.asked + 1,
        faults=spent.faults + int(fault),
        money=None if cost is None else (spent.money or Decimal(0)) + cost,
    )

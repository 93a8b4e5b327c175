"""A language model and how it may be used: behind the shield of a practice, within the budget of each denial."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from agent.desk import Desk
from agent.model import Model
from agent.model.accounting import Account, BudgetedModel
from agent.model.prices import load_prices
from agent.model.settings import ModelSettings, from_environment
from agent.reading.briefing import system_prompt
from agent.shield import Shield, ShieldedModel, chart_bundles, identifiers_of
from prompts import version_of

PROMPTS = ("reading", "reading_again", "letter_argument", "letter_argument_again")


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Reader:
    """A model with its settings. `timer` is in seconds and never runs backwards; `close` lets go of connections."""

    model: Model
    settings: ModelSettings | None = None
    timer: Callable[[], float] = time.monotonic
    close: Callable[[], None] = field(default=_nothing)

    @property
    def limits(self) -> ModelSettings:
        """The settings, or their defaults for this model."""
        return self.settings or ModelSettings(name=self.model.name)

    def at(self, desk: Desk) -> Desk:
        """Return the desk with the model at hand, behind a shield that knows everyone of the practice."""
        limits = self.limits
        bundles = chart_bundles(desk.records, desk.practice_id)
        shield = Shield(identifiers_of(desk.casebook.inputs, bundles))
        prices = load_prices(limits.prices) if limits.prices else load_prices()
        account = Account(self.model.name, prices, limits.money_per_run)
        models = PracticeModels(ShieldedModel(self.model, shield), account, limits, self.timer)
        return replace(desk, models=models, model_concurrency=limits.concurrency)

    def stands_for(self) -> str:
        """Say which model and prompts answer: with others a case is worked anew."""
        return " ".join([self.model.name, system_prompt().version, *(version_of(name) for name in PROMPTS)])


class PracticeModels:
    """Gives each denial of a run its model: one budget a denial, shared by all who ask for it. Safe between threads."""

    def __init__(self, shielded: Model, account: Account, limits: ModelSettings, timer: Callable[[], float]) -> None:
        self.account = account
        self.limits = limits
        self._shielded, self._timer = shielded, timer
        self._lock = threading.Lock()
        self._given: dict[str, BudgetedModel] = {}

    def of(self, denial_id: str) -> Model:
        """Return the denial's model."""
        with self._lock:
            if denial_id not in self._given:
                self._given[denial_id] = BudgetedModel(
                    self._shielded, self.account, denial_id, self.limits, self._timer
                )
            return self._given[denial_id]


def reader_of(environment: Mapping[str, str]) -> Reader | None:
    """Return the model the environment names, ready to be asked; None where it names none.

    Raises:
        ModelSettingsFault: the environment asks for a model, or for tracing, in a way that is refused.
    """
    settings = from_environment(environment)
    if settings is None:
        return None
    # openai takes a second to import: a program without a model does not wait for it.
    from agent.model.client import EndpointModel

    model = EndpointModel(settings)
    return Reader(model, settings, close=model.close)
